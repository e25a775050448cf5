"""The draw of cases looked at again."""

from __future__ import annotations

from typing import Final

from shared.web.problems import ProblemType

PROBLEMS: Final = (
    ProblemType(
        "spot-check-day-ahead",
        409,
        "抽查截止日期尚未到来",
        "Spot checks are drawn up to a past day",
    ),
    ProblemType(
        "nothing-to-draw",
        409,
        "截至该日没有尚未抽取的个案",
        "No check completed up to that day has not been drawn of yet",
    ),
    ProblemType(
        "spot-check-draw-too-large",
        409,
        "一次抽取的户数过多，请提前截止日期、分次抽取",
        "Too many households for one draw: draw up to an earlier day first",
    ),
    ProblemType(
        "spot-check-case-unknown",
        422,
        "所列个案不在本次抽取范围内",
        "A named case is not among those that are drawn of",
    ),
    ProblemType(
        "spot-check-ground-unknown",
        409,
        "依规定该情形不属于应当入户的情形",
        "The regime does not name this as a ground for a visit of the county",
    ),
    ProblemType(
        "spot-check-same-hands",
        409,
        "参与调查的人员不得参加该户的入户抽查",
        "Who had a part in the survey does not spot-check it",
    ),
)
