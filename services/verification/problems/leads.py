"""Leads, and what becomes of them."""

from __future__ import annotations

from typing import Final

from shared.web.problems import ProblemType

PROBLEMS: Final = (
    ProblemType("lead-unknown", 404, "没有该核对线索", "The check has no such lead"),
    ProblemType(
        "lead-not-open",
        409,
        "该线索已消除或者正在复查",
        "The lead is cleared, or is being checked again",
    ),
    ProblemType(
        "lead-conclusion-contradicts",
        422,
        "只有采纳家庭说明时才能不采信部门数据",
        "Data are set aside only where an explanation is accepted",
    ),
    ProblemType(
        "lead-without-department",
        409,
        "该线索不涉及部门数据，无法复查",
        "The lead is not of a department's data: nobody can be asked again",
    ),
    ProblemType(
        "lead-rechecked-before",
        409,
        "该线索已经复查过",
        "The lead has been checked again before",
    ),
    ProblemType(
        "leads-open",
        409,
        "尚有核对线索未经家庭说明或者正在复查",
        "Leads wait for the household's answer, or are being checked again",
    ),
)
