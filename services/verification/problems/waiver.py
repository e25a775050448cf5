"""When a family's check is waived."""

from __future__ import annotations

from typing import Final

from shared.web.problems import ProblemType

PROBLEMS: Final = (
    ProblemType(
        "family-waiver-not-provided-for",
        409,
        "该地区、该日期、该救助种类不得免予家庭经济状况核对",
        "In that division, on that date, for that programme no family's check is waived",
    ),
    ProblemType(
        "family-waiver-over",
        409,
        "脱贫攻坚期已过，家庭经济状况须经核对",
        "The campaign is over: the family's means are checked",
    ),
    ProblemType(
        "family-waiver-without-ground",
        409,
        "家庭成员均不属于可免予家庭经济状况核对的单人保情形",
        "Nobody in the household enters alone on a ground for which the family's check is waived",
    ),
    ProblemType(
        "family-waiver-by-surveyor",
        409,
        "入户调查人员不得决定免予家庭经济状况核对",
        "Who surveyed the household does not decide the waiver",
    ),
    ProblemType(
        "family-waived-before",
        409,
        "已决定免予家庭经济状况核对",
        "The family's check was waived already",
    ),
)
