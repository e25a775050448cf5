"""The days from the acceptance to the decision."""

from __future__ import annotations

from typing import Final

from shared.web.problems import ProblemType

PROBLEMS: Final = (
    ProblemType(
        "no-decision-owed",
        404,
        "该个案没有自受理起算的办结期限",
        "This case has no last day counted from its acceptance",
    ),
    ProblemType(
        "decision-term-over",
        409,
        "个案已办结或者办结期限已过，不能再延长",
        "The case is decided, or its last day is over: nothing is left to extend",
    ),
    ProblemType(
        "decision-term-not-longer",
        409,
        "该个案已按特殊情况计算期限，或者所依规定没有更长期限",
        "The case has the days of a special one already, or its regime knows no longer ones",
    ),
)
