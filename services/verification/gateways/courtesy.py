"""How a department is spared: not too often a second, and not at all while it does not answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from shared.kernel.duties import OutsideAway


class Courtesy:
    """The calls to one department.

    At most ``per_second`` begin a second, evenly spaced. After ``failures`` in a row nobody calls
    for ``rest_s``; then one call tries, and its success opens the way for all. ``monotonic`` and
    ``sleep`` are the machine's unless a test says otherwise.
    """

    def __init__(
        self,
        *,
        per_second: int,
        failures: int,
        rest_s: float,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._interval_s = 1 / per_second
        self._failures_allowed = failures
        self._rest_s = rest_s
        self._monotonic = monotonic
        self._sleep = sleep
        self._next = 0.0
        self._failures = 0
        self._closed_until = 0.0

    async def turn(self) -> None:
        """Wait for the next call's time. Raises ``OutsideAway`` while the department rests."""
        now = self._monotonic()
        if self._failures >= self._failures_allowed:
            if now < self._closed_until:
                raise OutsideAway("resting after failures in a row")
            # This call tries; the others go on resting until it is back.
            self._closed_until = now + self._rest_s
        wait_s = self._next - now
        self._next = max(now, self._next) + self._interval_s
        if wait_s > 0:
            await self._sleep(wait_s)

    def succeeded(self) -> None:
        """The department answered, whatever it said."""
        self._failures = 0

    def failed(self) -> None:
        """The department did not answer."""
        self._failures += 1
        if self._failures >= self._failures_allowed:
            self._closed_until = self._monotonic() + self._rest_s
