"""Meetings on a case, and slips of the pen."""

from __future__ import annotations

from typing import Final

from shared.web.problems import ProblemType

PROBLEMS: Final = (
    ProblemType(
        "meeting-attendance-twice", 422, "参会人员重复", "Somebody is listed as attending twice"
    ),
    ProblemType(
        "meeting-too-small",
        409,
        "参会部门不足",
        "Too few bodies attended for a meeting on a case",
    ),
    ProblemType("meeting-date-astray", 422, "会议日期不晚于今日", "A meeting does not lie ahead"),
    ProblemType(
        "not-a-slip",
        409,
        "此项不属笔误，应另行作出决定",
        "Something rests on this: it is changed by a decision of its own",
    ),
    ProblemType(
        "correction-astray",
        422,
        "请填写一项更正后的内容",
        "Say what the field should read, and only that",
    ),
)
