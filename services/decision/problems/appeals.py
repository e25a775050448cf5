"""Appeals, and what is taken back on them."""

from __future__ import annotations

from typing import Final

from shared.web.problems import ProblemType

PROBLEMS: Final = (
    ProblemType("no-such-appeal", 404, "没有该项复议、诉讼或信访", "There is no such appeal"),
    ProblemType("appeal-ruled", 409, "已有结论", "The appeal was ruled upon"),
    ProblemType("appeal-replied", 409, "已经答复", "The appeal was answered before"),
    ProblemType(
        "appeal-date-astray",
        422,
        "日期应依次且不晚于今日",
        "An appeal follows its decision, a ruling the appeal, and neither lies ahead",
    ),
    ProblemType(
        "nothing-to-carry-out",
        409,
        "没有需要执行的撤销或重作决定",
        "No decision fell that is still to be taken back",
    ),
    ProblemType(
        "later-decision-stands",
        409,
        "其后已有新的决定",
        "A later decision rests on this one: it is taken back or reported anew first",
    ),
    ProblemType("appeal-suspended", 409, "已决定停止执行", "The decision is suspended already"),
    ProblemType(
        "nothing-to-suspend",
        409,
        "只有停发或者减发可以停止执行",
        "Only a stop or a cut can wait for a ruling",
    ),
)
