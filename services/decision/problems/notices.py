"""Notices and their service."""

from __future__ import annotations

from typing import Final

from shared.web.problems import ProblemType

PROBLEMS: Final = (
    ProblemType("no-such-notice", 404, "没有该份告知书", "There is no such notice"),
    ProblemType("notice-served", 409, "该告知书已送达", "This notice was served before"),
    ProblemType("grant-not-confirmed", 409, "尚未确认同意", "Nothing was granted to tell"),
    ProblemType("grant-told", 409, "该确认已送达", "This grant was told before"),
    ProblemType(
        "notice-date-astray",
        422,
        "送达日期应在决定之后且不晚于今日",
        "A notice is served after its decision, and not ahead",
    ),
    ProblemType(
        "notice-recipient-astray",
        422,
        "公告送达无签收人，其他方式应写明签收人",
        "A public notice has no recipient, every other service has one",
    ),
    ProblemType(
        "notice-witness-missing",
        422,
        "留置送达应有见证人",
        "A notice that is left names a witness who is not its server",
    ),
)
