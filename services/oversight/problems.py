"""Oversight's own kinds of refusal, for its catalogue."""

from __future__ import annotations

from typing import Final

from shared.web.problems import ProblemType

SERVICE_AWAY: Final = ProblemType(
    "service-away", 503, "另一服务暂无应答", "Another service gives no answer now"
)
COPIES_BEHIND: Final = ProblemType(
    "copies-behind",
    503,
    "监督副本尚未跟上各服务",
    "The copies have not caught up with the services yet",
)
MOMENT_AHEAD: Final = ProblemType(
    "moment-ahead", 422, "该时刻尚未到来", "That moment has not come yet"
)
PROBLEMS: Final = (SERVICE_AWAY, COPIES_BEHIND, MOMENT_AHEAD)
