"""What falls due, and what is asked outside: both read the agenda and end as commands.

The agenda is written in the same transaction as the events it follows from, so it is never
behind the log, and a fact that arrives late cannot be skipped.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future
from datetime import date
from uuid import UUID

from shared.kernel.store import AgendaEntry, Store, StoreAway
from shared.kernel.submission import Outcome, Submission, WriterBusy, WriterClosed
from shared.kernel.traced import traced
from shared.kernel.writer import Writer

log = logging.getLogger(__name__)

_PAGE = 200
_LOOKED_AT = 2_000
_CALLS_AT_ONCE = 32
_LONGEST_INSIDE_S = 8.0


class Duties:
    """Submits everything that is due on or before today and not yet done.

    ``kinds`` makes the submission of an entry, by the entry's kind. A refusal is an outcome and
    takes the entry off; an exception leaves it open, and with it its date. What stays open is
    tried again with every step and takes no place from what comes behind it.
    """

    def __init__(
        self,
        store: Store,
        writer: Writer,
        kinds: Mapping[str, Callable[[AgendaEntry], Submission]],
        today: Callable[[], date],
    ) -> None:
        self._store = store
        self._writer = writer
        self._kinds = kinds
        self._today = today
        self._flying: dict[AgendaEntry, Future[Outcome]] = {}
        self._failed: set[AgendaEntry] = set()

    def step(self) -> int:
        """Take in outcomes, then submit what is due; returns how many entries it moved on.

        Trying again what failed before counts for nothing: whoever steps may rest then.
        """
        moved = self._land()
        today = self._today()
        page = _PAGE + len(self._failed)
        open_: set[AgendaEntry] = set()
        for kind, submission_of in self._kinds.items():
            for entry in self._store.agenda(kind, today, page):
                open_.add(entry)
                if entry not in self._flying:
                    moved += self._start(entry, submission_of)
        self._failed &= open_
        return moved

    def _start(
        self, entry: AgendaEntry, submission_of: Callable[[AgendaEntry], Submission]
    ) -> bool:
        try:
            submission = submission_of(entry)
        except Exception:
            log.exception("duty %s of %s stays open", entry.kind, entry.due_on, extra=_of(entry))
            self._failed.add(entry)
            return False
        self._flying[entry] = self._writer.submit(submission)
        return entry not in self._failed

    @property
    def idle(self) -> bool:
        """Whether nothing is due and nothing under way."""
        today = self._today()
        return not self._flying and not any(
            self._store.agenda(kind, today, 1) for kind in self._kinds
        )

    def _land(self) -> int:
        done = [entry for entry, future in self._flying.items() if future.done()]
        finished = []
        for entry in done:
            error = self._flying.pop(entry).exception()
            if error is None:
                finished.append(entry)
            else:
                log.warning(
                    "duty %s of %s stays open: %s",
                    *(entry.kind, entry.due_on, error),
                    extra=_of(entry),
                )
                self._failed.add(entry)
        if finished:
            self._store.agenda_done(finished)
        return len(finished)


class OutsideAway(Exception):
    """A system outside the house cannot be reached or did not answer properly; ask again later."""


class NeighbourAway(OutsideAway):
    """Another service of the house, without which nobody outside can be asked; back soon."""


class Gateway:
    """Asks outside what the agenda says is to be asked, and submits the answers.

    ``kinds`` calls outside, by the entry's kind, and makes of the answer a submission (with
    ``shared.kernel.submission.answer``). Nothing is held while the outside thinks. A call that
    raises ``OutsideAway`` is made again, later and later up to ``longest_wait_s``; one whose
    answer our own writer or store could not take, or for which a neighbour was away, within
    seconds. What waits takes no place from others,
    until so much waits that whoever is asked must be away. At most some dozens are asked at once.
    """

    def __init__(
        self,
        store: Store,
        writer: Writer,
        kinds: Mapping[str, Callable[[AgendaEntry], Awaitable[Submission]]],
        today: Callable[[], date],
        *,
        longest_wait_s: float = 60.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._writer = writer
        self._kinds = kinds
        self._today = today
        self._longest_wait_s = longest_wait_s
        self._monotonic = monotonic
        self._waits: dict[AgendaEntry, tuple[float, float]] = {}
        self._calls = asyncio.Semaphore(_CALLS_AT_ONCE)

    async def step(self) -> int:
        """Ask everything that is open and not waiting; returns how many answers were recorded."""
        now = self._monotonic()
        today = await asyncio.to_thread(self._today)
        page = min(_PAGE + len(self._waits), _LOOKED_AT)
        open_: list[AgendaEntry] = []
        for kind in self._kinds:
            open_ += await asyncio.to_thread(self._store.agenda, kind, today, page)
        self._waits = {entry: self._waits[entry] for entry in open_ if entry in self._waits}
        entries = [e for e in open_ if self._waits.get(e, (0.0, 0.0))[0] <= now]
        answered = await asyncio.gather(*(self._ask(entry) for entry in entries))
        finished = [entry for entry in answered if entry is not None]
        if finished:
            await asyncio.to_thread(self._store.agenda_done, finished)
        return len(finished)

    @property
    def idle(self) -> bool:
        """Whether nothing is open."""
        today = self._today()
        return not any(self._store.agenda(kind, today, 1) for kind in self._kinds)

    async def _ask(self, entry: AgendaEntry) -> AgendaEntry | None:
        try:
            async with self._calls:
                submission = await self._kinds[entry.kind](entry)
                await self._writer.execute(submission)
        except (OutsideAway, StoreAway, WriterBusy, WriterClosed) as error:
            _until, wait_s = self._waits.get(entry, (0.0, 0.25))
            outside = isinstance(error, OutsideAway) and not isinstance(error, NeighbourAway)
            wait_s = min(wait_s * 2, self._longest_wait_s if outside else _LONGEST_INSIDE_S)
            self._waits[entry] = self._monotonic() + wait_s, wait_s
            away = type(error).__name__
            log.warning(
                "%s: %s (%s); asking again in %.1f s",
                *(entry.kind, away, error, wait_s),
                extra=_of(entry),
            )
            return None
        except Exception:
            self._waits[entry] = self._monotonic() + self._longest_wait_s, self._longest_wait_s
            log.exception("%s stays open", entry.kind, extra=_of(entry))
            return None
        self._waits.pop(entry, None)
        return entry


def _of(entry: AgendaEntry) -> dict[str, UUID | str]:
    return traced(entry.source_event, None)
