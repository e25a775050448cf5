"""The democratic review."""

from __future__ import annotations

from typing import Final

from shared.web.problems import ProblemType

PROBLEMS: Final = (
    ProblemType(
        "review-not-provided-for",
        409,
        "依规定不进行民主评议",
        "No democratic review is provided for",
    ),
    ProblemType(
        "review-before-visit",
        409,
        "民主评议应在入户调查之后",
        "A democratic review follows the home visit",
    ),
    ProblemType(
        "recorder-no-surveyor",
        409,
        "调查人员只能登记本人参加的入户调查",
        "A surveyor records only visits that they took part in",
    ),
    ProblemType(
        "review-day-impossible",
        409,
        "评议日期须在入户调查与当日之间",
        "A review lies between the visit and today",
    ),
    ProblemType(
        "review-counts-contradict",
        422,
        "评议人数前后矛盾",
        "More representatives or votes than people present",
    ),
    ProblemType(
        "too-few-representatives",
        409,
        "村（居）民代表比例不足",
        "Too few residents' representatives among those present",
    ),
)
