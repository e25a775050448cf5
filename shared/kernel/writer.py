"""The one writer of a process: a bounded queue, turns of group commit, answers.

Everything that changes a service's log goes through here. ``step`` takes what is queued,
makes one turn of it and answers; ``service.py`` puts a thread around it and the simulation
calls it itself.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.clock import legal_date
from shared.kernel.answering import Item, Ticket, deliver
from shared.kernel.deciding import Deciding, Missing, Setting
from shared.kernel.event import Envelope
from shared.kernel.states import States
from shared.kernel.store import Handled, LogShrank, Look, Move, Seen, Store, StoreAway, Turn
from shared.kernel.submission import (
    Batch,
    BatchDone,
    ClockAstray,
    Outcome,
    PositionMoved,
    Submission,
    Unpark,
    WriterBusy,
    WriterClosed,
)
from shared.kernel.timekeeping import CLOCK_TOLERANCE

log = logging.getLogger(__name__)

_GATHER_S = 0.0005
_GATHER_EACH_S = 0.00002


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a writer: items queued, items in a turn, states cached.

    Where others appended more than ``appended`` events since the last turn, all cached states
    are forgotten rather than those of the events' streams.
    """

    queued: int = 10_000
    turn: int = 512
    states: int = 50_000
    appended: int = 10_000


@dataclass(frozen=True, slots=True)
class Turned:
    """One turn: its answers, the outcomes that it recorded, how many events, and its seconds.

    ``commit_s`` is what of them went into writing and committing. Of a turn that failed, the
    answers are its exceptions.
    """

    answers: list[tuple[Ticket, Any]]
    handled: Sequence[Handled] = ()
    events: int = 0
    turn_s: float = 0.0
    commit_s: float = 0.0


def _untold(_turned: Turned) -> None:
    """Tell nobody."""


class Writer:
    """The writer of one service in one process.

    ``now`` reads the clock from what the turn saw (the hand clock is a row in the database) and
    ``annex`` names the rows it needs for that. ``told`` hears of every turn, once all are
    answered. A writer starts closed: ``open`` is called once the log has passed its check against
    the topic.
    """

    def __init__(
        self,
        store: Store,
        setting: Setting,
        now: Callable[[Seen], datetime],
        *,
        annex: Sequence[tuple[str, str]] = (),
        limits: Limits = Limits(),
        told: Callable[[Turned], None] = _untold,
    ) -> None:
        self._store = store
        self._setting = setting
        self._now = now
        self._annex = annex
        self._limits = limits
        self._told = told
        self._states = States(limits.states)
        self._queue: deque[Ticket] = deque()
        self._wake = threading.Condition()
        self._wanted = 1
        self._answered = 0
        self._ended = False
        self.trouble: str | None = None
        """What keeps turns from being made, as words joined by hyphens; ``None`` if nothing."""
        self._closed: str | None = "the log has not been checked against its topic yet"

    def open(self) -> None:
        """Take items from now on, unless the writer was closed for good."""
        with self._wake:
            if not self._ended:
                self._closed = None
                self.trouble = None

    def close(self, why: str = "the service is stopping") -> None:
        """Take no more, for good; what is queued is refused."""
        self._ended = True
        self.suspend(why)

    def suspend(self, why: str) -> None:
        """Take no more until ``open``; what is queued is refused."""
        with self._wake:
            self._closed = why
            dropped = list(self._queue)
            self._queue.clear()
            self._wake.notify_all()
        deliver([(ticket, WriterClosed(why)) for ticket in dropped])

    def submit(self, item: Item) -> Future[Any]:
        """Queue an item from a thread.

        The future gives an ``Outcome`` (a ``BatchDone`` for a batch) or raises what recorded
        nothing. Raises ``WriterBusy`` and ``WriterClosed`` at once.
        """
        future: Future[Any] = Future()
        self._put(Ticket(item, future))
        return future

    async def execute(self, submission: Submission | Unpark) -> Outcome:
        """Queue a command from a coroutine and await its outcome; raises as ``submit`` does."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Outcome] = loop.create_future()
        self._put(Ticket(submission, future, loop))
        return await future

    def _put(self, ticket: Ticket) -> None:
        with self._wake:
            if self._closed is not None:
                raise WriterClosed(self._closed)
            if len(self._queue) >= self._limits.queued:
                raise WriterBusy(f"{len(self._queue)} items are waiting")
            self._queue.append(ticket)
            if len(self._queue) >= self._wanted:
                self._wake.notify()

    @property
    def is_open(self) -> bool:
        """Whether it takes items."""
        return self._closed is None

    @property
    def queued(self) -> int:
        """How many items wait."""
        return len(self._queue)

    def step(self, wait_s: float = 0.0) -> int:
        """Take what is queued, waiting up to ``wait_s`` for a first item, and make one turn.

        Returns how many items were answered. An engine that is away is an answer too.
        """
        tickets = self._take(wait_s)
        answered = 0
        while tickets:
            try:
                turned = self._attempt(tickets)
                answers, tickets = turned.answers, []
            except _Moved as moved:
                # Answered at once, since nobody knows what becomes of the others' new turn.
                answers, tickets = self._drop(tickets, moved.consumers)
                turned = Turned(answers)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is the answer
                # The commit's outcome is unknown: what was cached may or may not be true.
                self._states.forget()
                self._note(error)
                answers, tickets = [(ticket, error) for ticket in tickets], []
                turned = Turned(answers)
            deliver(answers)
            self._told(turned)
            answered += len(answers)
        self._answered = answered
        return answered

    def _note(self, error: Exception) -> None:
        """What a failed turn means for the next."""
        if isinstance(error, LogShrank):
            # Another log than the one that was checked: nothing may be added to it unchecked.
            self.suspend(str(error))
        if isinstance(error, ClockAstray):
            if self.trouble is None:
                log.error("no turn is made: %s", error)
            self.trouble = "clock-astray"
        elif not isinstance(error, StoreAway | WriterClosed):
            log.error("a turn failed", exc_info=error)

    def run(self, stopping: threading.Event) -> None:
        """Step until told to stop."""
        while not stopping.is_set():
            self.step(wait_s=0.1)

    def _await(self, wait_s: float) -> None:
        """Wait for a first item; before that, for as many as the last turn answered, for a moment.

        So turns stay full. Without it callers split into halves that commit in turns: one waits
        while the other is written. Nobody wakes this thread for less, since each time it would
        take Python's lock from those who are about to come.
        """
        if len(self._queue) < self._answered:
            self._wanted = self._answered
            self._wake.wait(_GATHER_S + _GATHER_EACH_S * self._answered)
            self._wanted = 1
        if not self._queue:
            self._wake.wait(wait_s)

    def _take(self, wait_s: float) -> list[Ticket]:
        """The next items; of each consumer only its first batch, so that positions follow on."""
        with self._wake:
            if wait_s > 0:
                self._await(wait_s)
            taken: list[Ticket] = []
            later: list[Ticket] = []
            consumers: set[str] = set()
            while self._queue and len(taken) < self._limits.turn:
                ticket = self._queue.popleft()
                if isinstance(ticket.item, Batch):
                    if ticket.item.consumer in consumers:
                        later.append(ticket)
                        continue
                    consumers.add(ticket.item.consumer)
                taken.append(ticket)
            self._queue.extendleft(reversed(later))
            return taken

    def _drop(
        self, tickets: list[Ticket], consumers: set[str]
    ) -> tuple[list[tuple[Ticket, Any]], list[Ticket]]:
        """Drop the consumers' batches, the queued ones too; their answers, and who is left."""
        gone = [t for t in tickets if _is_batch_of(t, consumers)]
        with self._wake:
            gone += [t for t in self._queue if _is_batch_of(t, consumers)]
            kept = [t for t in self._queue if not _is_batch_of(t, consumers)]
            self._queue.clear()
            self._queue.extend(kept)
        error = PositionMoved("the stored position is not where the batch began")
        left = [t for t in tickets if not _is_batch_of(t, consumers)]
        return [(ticket, error) for ticket in gone], left

    def _attempt(self, tickets: list[Ticket]) -> Turned:
        """One transaction for the tickets; raises ``_Moved`` to roll back for a lost position."""
        states = self._states
        began = time.perf_counter()
        with self._store.turn() as turn:
            look, asked, read = self._questions(tickets)
            seen = turn.look(look)
            if seen.unmoved:
                raise _Moved({move.consumer for move in seen.unmoved})
            if seen.head > look.after:
                self._catch_up(turn, look, seen, asked, read)
            now = self._moment(seen)
            while True:
                deciding = Deciding(self._setting, states, seen, asked, now, legal_date(now))
                try:
                    answers = [(ticket, _decide(deciding, ticket.item)) for ticket in tickets]
                    break
                except Missing as missing:
                    asked.add(missing.stream)
                    more = turn.look(Look(after=seen.head, streams=[missing.stream]))
                    seen.streams |= more.streams
            write = deciding.write
            write.own_position = deciding.position
            decided = time.perf_counter()
            turn.write(write)
        committed = time.perf_counter()
        states.advance(deciding.states, deciding.position, now)
        self.trouble = None
        spent = committed - began, committed - decided
        return Turned(answers, write.handled, len(write.events), *spent)

    def _moment(self, seen: Seen) -> datetime:
        """The moment of the turn, never before what is recorded. Raises ``ClockAstray``."""
        now = self._now(seen)
        recorded_at = self._states.recorded_at
        if recorded_at is None:
            return now
        if recorded_at - now > CLOCK_TOLERANCE:
            raise ClockAstray(f"the log ends at {recorded_at.isoformat()}, and it is {now}")
        return max(now, recorded_at)

    def _questions(self, tickets: list[Ticket]) -> tuple[Look, set[UUID], set[UUID]]:
        """All that the tickets' decisions need to know: the look, the streams that it asks for,
        and all streams that they read."""
        cell, service = self._setting.cell, self._setting.domain.service
        moves: list[Move] = []
        parked: set[tuple[str, str]] = set()
        copies: list[UUID] = []
        submissions: list[Submission] = []
        commands: list[UUID] = []
        for ticket in tickets:
            item = ticket.item
            if isinstance(item, Submission):
                submissions.append(item)
                continue
            arrivals = item.arrivals if isinstance(item, Batch) else (item.arrival,)
            if isinstance(item, Batch):
                moves += item.moves
            else:
                commands.append(item.command_id)
            for arrival in arrivals:
                parked.add((item.consumer, arrival.key))
                if arrival.copy is not None:
                    copies.append(arrival.copy.event_id)
                submissions += arrival.submissions
        read: set[UUID] = set()
        for submission in submissions:
            commands.append(submission.command_id)
            read.update(stream.id(cell, service) for stream in submission.reads)
        asked = {stream for stream in read if stream not in self._states}
        look = Look(
            after=self._states.after,
            streams=list(asked),
            commands=commands,
            moves=moves,
            parked=list(parked),
            annex=self._annex,
            copies=copies,
        )
        return look, asked, read

    def _catch_up(
        self, turn: Turn, look: Look, seen: Seen, asked: set[UUID], read: set[UUID]
    ) -> None:
        """Take note of what other instances appended since this one's last turn."""
        states = self._states
        states.recorded_at = Envelope.model_validate_json(seen.head_document).recorded_at
        if not len(states):
            return
        limit = self._limits.appended
        appended = turn.appended_streams(look.after, limit + 1)
        states.forget(None if len(appended) > limit else appended)
        forgotten = {stream for stream in read - asked if stream not in states}
        if forgotten:
            asked |= forgotten
            seen.streams |= turn.look(Look(after=seen.head, streams=list(forgotten))).streams


class _Moved(Exception):
    def __init__(self, consumers: set[str]) -> None:
        super().__init__(", ".join(sorted(consumers)))
        self.consumers = consumers


def _is_batch_of(ticket: Ticket, consumers: set[str]) -> bool:
    return isinstance(ticket.item, Batch) and ticket.item.consumer in consumers


def _decide(deciding: Deciding, item: Item) -> Any:
    """An item's answer: an outcome, or the exception that recorded nothing."""
    if isinstance(item, Batch):
        parked = deciding.batch(item)
        return BatchDone(parked, deciding.position)
    try:
        if isinstance(item, Unpark):
            return deciding.unpark(item)
        return deciding.command(item)
    except Missing:
        raise
    except StopIteration as error:
        # A future cannot carry this one, and would leave the batch-mates behind it unanswered.
        return RuntimeError(f"a decision raised {error!r}")
    except Exception as error:  # noqa: BLE001 - it is the command's own answer, not the batch's
        return error
