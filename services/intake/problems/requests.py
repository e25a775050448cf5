"""A request that came in by another way, and the code to follow it by."""

from __future__ import annotations

from typing import Final

from shared.web.problems import ProblemType

PROGRESS_UNKNOWN: Final = ProblemType(
    "progress-unknown",
    404,
    "查询码无效",
    "No application or request has this code",
)

PROBLEMS: Final = (
    PROGRESS_UNKNOWN,
    ProblemType(
        "request-received-before",
        409,
        "该求助已接收",
        "The request was taken in before",
    ),
    ProblemType(
        "request-elsewhere",
        409,
        "该求助不在此环节",
        "The request is not at this step",
    ),
    ProblemType(
        "no-such-application",
        422,
        "所填个案没有申请",
        "There is no application of that case",
    ),
    ProblemType(
        "application-is-there",
        422,
        "该申请已在所填乡镇（街道）",
        "The application is with that division already",
    ),
)
