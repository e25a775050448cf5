"""One look for all who wait for the same thing, so that a hundred who wait cost as much as one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final, Generic, TypeVar

T = TypeVar("T")

SHARED_S: Final = 0.015
"""How old a look may be that somebody who looks again is given."""


class SharedLook(Generic[T]):
    """The last look at something, and the one under way. For one event loop at a time."""

    def __init__(self) -> None:
        self._looked_at = float("-inf")
        self._seen: T | None = None
        self._looking: asyncio.Task[T] | None = None

    async def first(self, look: Callable[[], Awaitable[T]]) -> T:
        """A look made now: who begins to wait must not be shown what is older than that."""
        seen = await look()
        self._looked_at, self._seen = time.monotonic(), seen
        return seen

    async def again(self, look: Callable[[], Awaitable[T]]) -> T:
        """A look of this moment, whoever made it."""
        if self._seen is not None and time.monotonic() < self._looked_at + SHARED_S:
            return self._seen
        looking = self._looking
        if looking is None or looking.done():
            looking = self._looking = asyncio.ensure_future(self.first(look))
        # One who gives up waiting must not take the look from the others.
        return await asyncio.shield(looking)
