"""Temporary assistance."""

from __future__ import annotations

from typing import Final

from shared.web.problems import ProblemType

PROBLEMS: Final = (
    ProblemType(
        "not-the-granting-tier",
        403,
        "审批权限不在本级",
        "This aid lies with the other tier: the township up to its limit, above it the county",
    ),
    ProblemType(
        "aid-of-another-kind",
        409,
        "该类型的临时救助不按此程序办理",
        "Aid of this kind goes another way",
    ),
    ProblemType(
        "small-aid-above-limit",
        409,
        "超过小额快救限额，应按急难型办理",
        "Above the limit of small quick aid: what goes instead is emergency aid",
    ),
    ProblemType(
        "small-aid-had-before",
        409,
        "同一困难已给予小额快救，应按急难型办理",
        "Small quick aid was given in this hardship: what goes instead is emergency aid",
    ),
    ProblemType(
        "not-recognised-before",
        409,
        "所指个案未认定该家庭",
        "The case that is named does not recognise this household",
    ),
    ProblemType(
        "recognition-out-of-place",
        422,
        "只有支出型临时救助可以指明已认定的个案",
        "Only aid for expenses names a case that recognises the household",
    ),
    ProblemType("followed-up-before", 409, "已经跟进", "The household was looked after before"),
)
