"""The projector: folds a service's own log into one of its views, a batch at a step.

It keeps nothing in memory between steps. Stopped anywhere and resumed whenever, beside another
one or not, it leaves the view as the log has it: what it writes is guarded by the positions it
read (see ``shared.views.port``), and it folds onto a document only what lies past the position
that wrote it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar

from shared.kernel.event import Document as EventDocument
from shared.kernel.event import Event, Recorded, read, read_as
from shared.views.port import Document, Loaded, Progress, Update, ViewSpec, ViewStore

EVENTS_PER_STEP: Final = 500
"""Most events that one step reads."""

KEYS_PER_STEP: Final = 2_000
"""A step ends early with the event that brings it to so many documents."""

logger = logging.getLogger(__name__)

T = TypeVar("T")

_ABSENT: Final = Loaded(None, 0)


class LogAfter(Protocol):
    """The part of a log that a projector reads; a kernel's ``Store`` is one."""

    def read_log(self, after: int, limit: int) -> list[Recorded]:
        """The events past a position, in order."""


class Elected(Protocol):
    """Whether this process is the projector of the view now; a kernel's ``Election`` is one."""

    def held(self) -> bool:
        """Ask the engine, not memory."""


class Offload(Protocol):
    """How a blocking call is made from a coroutine."""

    async def __call__(self, call: Callable[..., T], *arguments: Any) -> T:
        """The call's result."""


async def in_thread(call: Callable[..., T], *arguments: Any) -> T:
    """Make the call in a thread, so that the event loop goes on."""
    return await asyncio.to_thread(call, *arguments)


async def inline(call: Callable[..., T], *arguments: Any) -> T:
    """Make the call here and now: for the simulation, which never suspends."""
    return call(*arguments)


def by_subject(event: EventDocument[Any]) -> Iterable[str]:
    """One document per case, or per subject of what has no case."""
    return (str(event.subject),)


@dataclass(frozen=True)
class Projection:
    """What a service's ``views.py`` says of one view.

    ``events`` are the classes that it looks at; all others only move the position. ``keys``
    names the documents that an event concerns. ``fold`` makes one of them: given its key, the
    document before (``None``: there is none) and the event, it returns the document after, or
    ``None`` to delete it. Both are pure: the same log gives the same view. A changed fold comes
    with a raised ``spec.version``, or the view is rebuilt (see ``shared.views.rebuild``).
    """

    spec: ViewSpec
    events: Sequence[type[Event]]
    fold: Callable[[str, Document | None, EventDocument[Any]], Document | None]
    keys: Callable[[EventDocument[Any]], Iterable[str]] = by_subject


@dataclass(frozen=True, slots=True)
class Moved:
    """What a projector did: from where to where it brought a generation, with how many events.

    ``after`` is ``before`` where another one was faster.
    """

    before: Progress
    after: Progress
    events: int


@dataclass(frozen=True, slots=True)
class _Concerned:
    """An event, its position, and the documents it concerns."""

    position: int
    event: EventDocument[Any]
    keys: Sequence[str]


class Projector:
    """Brings one view forward while elected.

    ``views`` and ``log`` belong to the same service. ``offload`` makes the blocking calls to
    log and election.
    """

    def __init__(
        self,
        projection: Projection,
        views: ViewStore,
        log: LogAfter,
        election: Elected,
        *,
        events_per_step: int = EVENTS_PER_STEP,
        offload: Offload = in_thread,
    ) -> None:
        self.projection = projection
        self._types = frozenset(t for event in projection.events for t in read_as(event))
        self._views = views
        self._log = log
        self._election = election
        self._events_per_step = events_per_step
        self._offload = offload

    async def step(self) -> int:
        """Take in the next events of the log; how many, 0 if there are none or it isn't elected.

        Raises as ``advance`` does.
        """
        moved = await self.advance()
        return 0 if moved is None else moved.events

    async def advance(self) -> Moved | None:
        """Bring forward what readers see; ``None`` if this process isn't elected.

        A log that does not hold the event up to which the view was folded is another one (a
        database restored from an older copy, a service begun anew): the view is then begun
        anew too. Raises ``ViewsAway``, whatever the log raises, and ``InvalidEvent`` for an
        event that cannot be read; nothing is skipped.
        """
        if not await self._offload(self._election.held):
            return None
        view = self.projection.spec.name
        progress = await self._views.progress(view)
        moved = await self.fold(progress, self._events_per_step)
        if moved is None:
            logger.warning("view %s is of another log than this one; it begins anew", view)
            begun = await self._views.restart(view, progress.generation)
            moved = await self.fold(begun, self._events_per_step) or Moved(begun, begun, 0)
        return moved

    async def fold(self, progress: Progress, events: int, up_to: int | None = None) -> Moved | None:
        """Take the next ``events`` into the generation of ``progress``, none past ``up_to``.

        ``None`` if the log does not hold the event at ``progress``. Raises as ``advance`` does.
        """
        rows = await self._after(progress, events)
        if rows is None:
            return None
        if up_to is not None:
            rows = [row for row in rows if row.position <= up_to]
        return await self._take_in(progress, rows)

    async def _after(self, progress: Progress, events: int) -> list[Recorded] | None:
        """The events past the view's position; ``None`` if the log lacks the one at it."""
        if progress.position == 0:
            return await self._offload(self._log.read_log, 0, events)
        rows = await self._offload(self._log.read_log, progress.position - 1, events + 1)
        if not rows or rows[0].position != progress.position:
            return None
        return rows[1:] if rows[0].digest.hex() == progress.digest else None

    async def _take_in(self, progress: Progress, rows: Sequence[Recorded]) -> Moved:
        taken, concerned = self._concerned(rows)
        if not taken:
            return Moved(progress, progress, 0)
        view, last = self.projection.spec.name, taken[-1]
        keys = list(dict.fromkeys(key for one in concerned for key in one.keys))
        before = await self._views.load(view, keys, progress.generation) if keys else {}
        updates = self._fold(before, concerned)
        reached = Progress(progress.generation, last.position, last.digest.hex())
        moved = await self._views.apply(view, updates, reached)
        return Moved(progress, reached if moved else progress, len(taken))

    def _concerned(self, rows: Sequence[Recorded]) -> tuple[Sequence[Recorded], list[_Concerned]]:
        """The events this step takes, and those among them that concern documents."""
        concerned: list[_Concerned] = []
        seen: set[str] = set()
        for number, row in enumerate(rows, start=1):
            if row.type in self._types:
                event = read(row)
                keys = tuple(dict.fromkeys(self.projection.keys(event)))
                concerned.append(_Concerned(row.position, event, keys))
                seen.update(keys)
            if len(seen) >= KEYS_PER_STEP:
                return rows[:number], concerned
        return rows, concerned

    def _fold(self, before: dict[str, Loaded], concerned: Iterable[_Concerned]) -> list[Update]:
        """One update for each document that an event past its own position concerns."""
        updates: dict[str, Update] = {}
        for position, event, keys in ((one.position, one.event, one.keys) for one in concerned):
            for key in keys:
                loaded = before.get(key, _ABSENT)
                if position <= loaded.position:
                    continue
                updated = updates.get(key)
                document = loaded.document if updated is None else updated.document
                after = self.projection.fold(key, document, event)
                updates[key] = Update(key, position, after)
        return list(updates.values())
