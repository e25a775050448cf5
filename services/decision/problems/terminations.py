"""The end of one person's support."""

from __future__ import annotations

from typing import Final

from shared.web.problems import ProblemType

PROBLEMS: Final = (
    ProblemType(
        "no-such-termination", 404, "没有该项拟终止供养", "No such end of support is proposed"
    ),
    ProblemType(
        "termination-proposed-before",
        409,
        "已拟终止供养，尚未办结",
        "The end of support was proposed before and is not concluded",
    ),
    ProblemType(
        "programme-without-termination",
        409,
        "以提出终止意见的方式结束，仅适用于特困人员和残疾人两项补贴",
        "Only tekun and the subsidies for disabled people end by a proposal",
    ),
    ProblemType(
        "termination-ground-out-of-place",
        422,
        "终止理由不属于该项保障",
        "The ground is none on which this support ends",
    ),
)
