"""Standards and the floors that they are held against."""

from __future__ import annotations

from typing import Final

from shared.web.problems import ProblemType

PROBLEMS: Final = (
    ProblemType(
        "division-sets-no-standards",
        422,
        "该级区划不制定保障标准",
        "Counties, prefectures and provinces set standards",
    ),
    ProblemType(
        "floor-is-the-provinces",
        422,
        "最低指导标准由省级制定",
        "The floor that standards are held against is the province's to set",
    ),
    ProblemType(
        "standard-not-ahead",
        409,
        "该项标准应自尚未开始的月份起执行",
        "A standard of this kind counts from a month that has not begun",
    ),
    ProblemType(
        "standard-too-far-back",
        409,
        "标准追溯执行的月份过早",
        "A standard does not count from a month so long ago",
    ),
    ProblemType(
        "lowered-standard-not-ahead",
        409,
        "标准低于已开始月份的执行标准，只能自尚未开始的月份起执行",
        "A standard below what held counts from a month that has not begun",
    ),
    ProblemType(
        "later-standard-set",
        409,
        "已核定更晚月份起执行的标准",
        "Something is set already from a later month on",
    ),
    ProblemType(
        "floor-not-set",
        409,
        "本省尚未制定该项最低指导标准",
        "The province has set no floor to hold this standard against",
    ),
    ProblemType(
        "standard-below-floor",
        409,
        "不得低于全省最低指导标准",
        "A standard does not lie below the province's floor",
    ),
    ProblemType(
        "standard-raised-too-little",
        409,
        "儿童基本生活标准的提高幅度低于规定",
        "What is paid to children is raised by less than the place's plan asks",
    ),
    ProblemType(
        "no-such-standard", 404, "没有该项待核定的标准", "No such standard waits to be set"
    ),
)
