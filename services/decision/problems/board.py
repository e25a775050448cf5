"""The public board."""

from __future__ import annotations

from typing import Final

from shared.web.problems import ProblemType

AREA_NOT_NAMED: Final = ProblemType(
    "board-area-not-named",
    422,
    "请指明一个乡镇（街道）或者村（社区）：公示、公布以申请家庭所在村（社区）为范围",
    "Name a township or a village: publicity is of the place where the household lives",
)
POSTING_UNKNOWN: Final = ProblemType(
    "posting-unknown",
    404,
    "没有该编号的公示，或者公示期已满",
    "Nothing hangs under this number, or no longer",
)

PROBLEMS: Final = (AREA_NOT_NAMED, POSTING_UNKNOWN)
