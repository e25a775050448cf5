"""Read your writes: wait until a view shows what a command brought about, here or elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol, TypeVar
from weakref import WeakKeyDictionary

from shared.views.looking import SharedLook
from shared.views.port import Progress, ViewStore

WAIT_SECONDS: Final = 10.0
"""Longest wait that may be asked for."""

_FIRST_PAUSE: Final = 0.002
_LONGEST_PAUSE: Final = 0.02
_PAUSE_GROWTH: Final = 1.5

T = TypeVar("T")


class ViewBehind(TimeoutError):
    """The view did not get as far in time. The command is recorded all the same.

    ``wanted`` and ``reached`` are positions: of the service's own log, or of ``source``'s log
    as far as it has been consumed, where that is what was waited for.
    """

    def __init__(self, view: str, wanted: int, reached: int, source: str = "") -> None:
        place = f"log position {wanted}" + (f" of {source}" if source else "")
        super().__init__(
            f"the view {view} does not show {place} yet; it has reached {reached}. Ask again later"
        )
        self.view = view
        self.wanted = wanted
        self.reached = reached
        self.source = source


@dataclass(frozen=True, slots=True)
class Consumed:
    """How far a consumer is in the partition on which one case's events come.

    ``source_position`` is the ``log_position`` of the last record taken in, ``own_position``
    the consuming service's own log position then: both as the kernel's ``Position`` has them,
    0 where there is no row. ``drained`` says that the partition is taken in to its end, and
    that its end lies past everything the source's log held up to the position asked for.
    """

    source_position: int
    own_position: int
    drained: bool = False


class CasePartition(Protocol):
    """A case's partition of another service's topic, as this service consumes it."""

    @property
    def source(self) -> str:
        """The other service's name."""

    async def consumed(self, position: int) -> Consumed:
        """How far the consumer is, ``drained`` with respect to the source's ``position``.

        The first time as it is now, then as it was some milliseconds ago at most.
        """


async def wait_for(
    views: ViewStore, view: str, position: int, within_seconds: float = WAIT_SECONDS
) -> None:
    """Return once the view shows everything up to the log position.

    Raises ``ViewBehind`` when it does not in time, and ``ValueError`` for a wait longer than
    ``WAIT_SECONDS``.
    """
    await _wait_for(views, view, position, _deadline(within_seconds))


async def wait_for_foreign(
    views: ViewStore,
    view: str,
    partition: CasePartition,
    position: int,
    within_seconds: float = WAIT_SECONDS,
) -> None:
    """Return once the view shows what followed here from another service's log position.

    First the case's partition must have been taken in up to that position; what followed from
    it was written in the same transaction, so it lies at or before this service's own position
    of that moment, for which the view is then waited for. Raises as ``wait_for`` does.
    """
    deadline = _deadline(within_seconds)

    def has_come(seen: Consumed) -> bool:
        return seen.drained or seen.source_position >= position

    seen = await _poll(lambda: partition.consumed(position), has_come, deadline)
    if not has_come(seen):
        raise ViewBehind(view, position, seen.source_position, partition.source)
    await _wait_for(views, view, seen.own_position, deadline)


_looks: WeakKeyDictionary[ViewStore, dict[str, SharedLook[Progress]]] = WeakKeyDictionary()


async def _wait_for(views: ViewStore, view: str, position: int, deadline: float) -> None:
    shared = _looks.setdefault(views, {}).setdefault(view, SharedLook())
    look = partial(views.progress, view)

    def is_enough(seen: Progress) -> bool:
        return seen.position >= position

    seen = await shared.first(look)
    if not is_enough(seen):
        seen = await _poll(lambda: shared.again(look), is_enough, deadline)
    if seen.position < position:
        raise ViewBehind(view, position, seen.position)


async def _poll(
    look: Callable[[], Awaitable[T]], enough: Callable[[T], bool], deadline: float
) -> T:
    """What was seen when it was enough, or last before the deadline; looks at least once."""
    clock = asyncio.get_running_loop().time
    pause = _FIRST_PAUSE
    while True:
        seen = await look()
        left = deadline - clock()
        if enough(seen) or left <= 0:
            return seen
        await asyncio.sleep(min(pause, left))
        pause = min(pause * _PAUSE_GROWTH, _LONGEST_PAUSE)


def _deadline(within_seconds: float) -> float:
    if not 0 <= within_seconds <= WAIT_SECONDS:
        raise ValueError(f"a wait lasts 0 to {WAIT_SECONDS} seconds, not {within_seconds}")
    return asyncio.get_running_loop().time() + within_seconds
