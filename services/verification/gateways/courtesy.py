"""How a department is spared: not too often a second, and not at all while it does not answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from shared.kernel.duties import OutsideAway


def _of_the_loop() -> float:
    return asyncio.get_running_loop().time()


class Courtesy:
    """The calls to one department.

    At most ``per_second`` begin within a second; what is more is asked again later, as if the
    department were away. Calls of one question begin ``apart_s`` after one another. After
    ``failures`` in a row nobody calls for ``rest_s``; then one question tries, and its success
    opens the way for all. ``monotonic`` are the running loop's seconds, unless a test says
    otherwise.
    """

    def __init__(
        self,
        *,
        per_second: int,
        failures: int,
        rest_s: float,
        monotonic: Callable[[], float] = _of_the_loop,
    ) -> None:
        self.apart_s = 1 / per_second
        self._per_second = per_second
        self._failures_allowed = failures
        self._rest_s = rest_s
        self._monotonic = monotonic
        self._free = float(per_second)
        self._counted_at = 0.0
        self._failures = 0
        self._closed_until = 0.0

    def take_turn(self, calls: int) -> None:
        """Count the calls of a question that begins now, together: none may end half-way.

        What they take beyond a second's calls, later questions wait for. Raises ``OutsideAway``
        where it may not begin yet.
        """
        now = self._monotonic()
        if self._failures >= self._failures_allowed and now < self._closed_until:
            raise OutsideAway("resting after failures in a row")
        passed_s = now - self._counted_at
        self._counted_at = now
        self._free = min(float(self._per_second), self._free + passed_s * self._per_second)
        if self._free < 1:
            raise OutsideAway("called as often as it bears")
        self._free -= calls
        if self._failures >= self._failures_allowed:
            # This one tries; the others go on resting until it is back.
            self._closed_until = now + self._rest_s

    def succeeded(self) -> None:
        """The department answered, whatever it said."""
        self._failures = 0

    def failed(self) -> None:
        """The department did not answer."""
        self._failures += 1
        if self._failures >= self._failures_allowed:
            self._closed_until = self._monotonic() + self._rest_s
