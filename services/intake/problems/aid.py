"""What is asked for with temporary assistance."""

from __future__ import annotations

from typing import Final

from shared.web.problems import ProblemType

PROBLEMS: Final = (
    ProblemType(
        "aid-request-missing",
        422,
        "临时救助申请须写明救助类型、原因、地点和金额",
        "Temporary assistance says what is asked for, why, where and how much",
    ),
    ProblemType(
        "aid-request-out-of-place",
        422,
        "只有临时救助申请可以写明救助类型",
        "Only temporary assistance says what is asked for",
    ),
    ProblemType(
        "aid-kind-not-provided-for",
        422,
        "该地区、该日期不办理该类型的临时救助",
        "In that division on that date aid of this kind is not granted",
    ),
    ProblemType(
        "aid-place-not-allowed",
        422,
        "该地区、该日期不在此地受理临时救助申请",
        "In that division on that date aid is asked for elsewhere",
    ),
)
