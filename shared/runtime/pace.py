"""How long a loop rests after a step: not while it is behind, longer while it fails."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Final

from shared.bus.port import BusAway, MemberFenced, PositionOutside, TopicMissing
from shared.kernel.store import StoreAway
from shared.kernel.submission import ClockAstray, PositionMoved, WriterBusy, WriterClosed
from shared.views.port import ViewsAway

log = logging.getLogger(__name__)

PASSING: Final = (
    StoreAway,
    BusAway,
    ViewsAway,
    WriterBusy,
    WriterClosed,
    PositionMoved,
    ClockAstray,
    TopicMissing,
)
"""What goes away by itself, or while the loop waits."""

FINAL: Final = (PositionOutside, MemberFenced)
"""What a person must decide."""

BEHIND: Final = 100
"""A step that moved so many, or a whole batch, has more before it; it is not waited for."""

FIRST_REST_S: Final = 0.1
LONGEST_REST_S: Final = 5.0


class Pace:
    """The rests of one loop. ``troubles`` is told, by the loop's name, what holds it up.

    ``idle_s`` is the rest after a step that found nothing, ``busy_s`` after one that found a
    little: what came meanwhile is then taken together.
    """

    def __init__(
        self,
        name: str,
        troubles: MutableMapping[str, str],
        *,
        idle_s: float,
        busy_s: float = 0.0,
        behind: int = BEHIND,
    ) -> None:
        self._name = name
        self._troubles = troubles
        self._idle_s = idle_s
        self._busy_s = busy_s
        self._behind = behind
        self._failures = 0
        self.idle = False
        """Whether the last step found nothing to do."""
        self.ended = False
        """Whether the loop is over: a person must decide."""

    def after(self, step: Callable[[], int]) -> float:
        """Step, and say how many seconds to rest."""
        try:
            return self._well(step())
        except Exception as error:  # noqa: BLE001 - a loop outlives its steps
            return self._badly(error)

    async def after_awaiting(self, step: Callable[[], Awaitable[int]]) -> float:
        """Step, and say how many seconds to rest."""
        try:
            return self._well(await step())
        except Exception as error:  # noqa: BLE001 - a loop outlives its steps
            return self._badly(error)

    def _well(self, moved: int) -> float:
        if self._failures:
            log.info("%s goes on", self._name)
            self._failures = 0
            self._troubles.pop(self._name, None)
        self.idle = moved == 0
        if self.idle:
            return self._idle_s
        return 0.0 if moved >= self._behind else self._busy_s

    def _badly(self, error: Exception) -> float:
        self._failures += 1
        self.idle = False
        if isinstance(error, FINAL):
            log.error("%s has stopped; a person must decide: %s", self._name, error)
            self._troubles[self._name] = "a-person-must-decide"
            self.ended = True
            return 0.0
        if not isinstance(error, PASSING):
            log.error("%s failed", self._name, exc_info=error)
        elif self._failures == 1:
            log.warning("%s waits: %s: %s", self._name, type(error).__name__, error)
        if isinstance(error, TopicMissing):
            self._troubles[self._name] = "topics-not-right"
        elif not isinstance(error, PositionMoved | WriterBusy | WriterClosed):
            self._troubles[self._name] = "engine-away"
        return min(FIRST_REST_S * 2.0 ** min(self._failures, 6), LONGEST_REST_S)
