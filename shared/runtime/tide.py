"""When there is something new in a service's log: one look for all who wait for it.

Relay, follower and projectors all begin with the log. Were each to look by itself every few
milliseconds, a worker that has nothing to do would be busy with it, and none would be prompt.
"""

from __future__ import annotations

import asyncio
import threading
from typing import Final

_Sleeper = tuple[asyncio.AbstractEventLoop, "asyncio.Future[None]"]

UNKNOWN: Final = -1


class Tide:
    """The last known head of a log. Threads and coroutines sleep until it is another."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._sleepers: set[_Sleeper] = set()
        self.head = UNKNOWN

    def stands(self, head: int) -> None:
        """Note where the log ends; wakes whoever sleeps if that is elsewhere than before."""
        if head == self.head:
            return
        with self._changed:
            self.head = head
            self._changed.notify_all()
            sleepers, self._sleepers = self._sleepers, set()
        for loop, sleeper in sleepers:
            try:
                loop.call_soon_threadsafe(_wake, sleeper)
            except RuntimeError:  # its loop is closed: nobody sleeps there any more
                continue

    def sleep(self, seen: int, longest_s: float) -> None:
        """Return when the head is not ``seen``, or after that many seconds. For threads."""
        with self._changed:
            self._changed.wait_for(lambda: self.head != seen, longest_s)

    async def asleep(self, seen: int, longest_s: float) -> None:
        """As ``sleep``, for coroutines."""
        loop = asyncio.get_running_loop()
        sleeper = loop, loop.create_future()
        with self._changed:
            if self.head != seen:
                return
            self._sleepers.add(sleeper)
        try:
            async with asyncio.timeout(longest_s):
                await sleeper[1]
        except TimeoutError:
            pass
        finally:
            with self._changed:
                self._sleepers.discard(sleeper)


def _wake(sleeper: asyncio.Future[None]) -> None:
    if not sleeper.done():
        sleeper.set_result(None)
