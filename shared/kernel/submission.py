"""What goes into the writer's queue, and what comes out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from shared.contracts.kernel import ParkReason
from shared.kernel.copies import Copy
from shared.kernel.decider import HOUSE, Decide, Refusal, Stream
from shared.kernel.event import Document
from shared.kernel.store import AgendaEntry, Move

SYSTEM_ACTOR = uuid5(HOUSE, "actor/system")
"""Who acts when nobody does: reactions and duties."""

SYSTEM_ROLE = "service"
NATIONWIDE = "000000000000"
"""The region of what concerns no division, such as a parked record."""


class Note(NamedTuple):
    """A note in the vault that the command's events will name; void after ``expires_at``."""

    note_id: UUID
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Submission:
    """A command on its way to a decision.

    ``reads`` are the streams the decision reads; events go to the first unless a ``Fact`` says
    otherwise. ``decide(*states, command, at)`` decides. ``body_digest`` is the keyed digest of
    the body as received (empty for reactions and duties). ``on`` is the legal date it counts
    from, today if none. ``expected_version`` is the first stream's version the caller saw.
    """

    command_id: UUID
    command: Any
    reads: tuple[Stream, ...]
    decide: Decide
    actor: UUID
    role: str
    region: str
    causation_id: UUID
    body_digest: bytes = b""
    traceparent: str | None = None
    on: date | None = None
    expected_version: int | None = None
    notes: tuple[Note, ...] = ()


def reaction(
    name: str,
    document: Document[Any],
    reads: tuple[Stream, ...],
    decide: Decide,
    command: Any,
) -> Submission:
    """What an event makes a service do next.

    Its id comes of the event, the reaction's name and the target stream, so that it takes
    effect once however often the event arrives; it is dated by the event.
    """
    return Submission(
        command_id=uuid5(document.id, f"{name}/{reads[0].aggregate}/{reads[0].key}"),
        command=command,
        reads=reads,
        decide=decide,
        actor=SYSTEM_ACTOR,
        role=SYSTEM_ROLE,
        region=document.region,
        causation_id=document.id,
        traceparent=document.traceparent,
        on=document.effective_on,
    )


def duty(entry: AgendaEntry, reads: tuple[Stream, ...], decide: Decide, command: Any) -> Submission:
    """What falls due, dated by the due date: its id comes of the duty, its date and its key."""
    return Submission(
        command_id=uuid5(entry.key, f"{entry.kind}/{entry.due_on}"),
        command=command,
        reads=reads,
        decide=decide,
        actor=SYSTEM_ACTOR,
        role=SYSTEM_ROLE,
        region=entry.region,
        causation_id=entry.source_event,
        on=entry.due_on,
    )


def answer(
    entry: AgendaEntry, reads: tuple[Stream, ...], decide: Decide, command: Any
) -> Submission:
    """What the outside answered to a request, under the id of the event that asked.

    Asking twice, since nobody knows whether the first answer was lost, has one effect.
    """
    return Submission(
        command_id=uuid5(entry.source_event, f"{entry.kind}/{entry.key}"),
        command=command,
        reads=reads,
        decide=decide,
        actor=SYSTEM_ACTOR,
        role=SYSTEM_ROLE,
        region=entry.region,
        causation_id=entry.source_event,
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a command.

    ``position`` is the log position to wait for, ``version`` the first stream's version,
    ``events`` how many were written. ``refusal`` says why not, if it was refused. ``repeated``
    is true where this is the recorded outcome of an earlier time.
    """

    command_id: UUID
    position: int
    version: int
    events: int
    refusal: Refusal | None = None
    repeated: bool = False

    def or_raise(self) -> Outcome:
        """Itself, or its refusal raised."""
        if self.refusal is not None:
            raise self.refusal
        return self


class Place(NamedTuple):
    """Where a record came from."""

    topic: str
    topic_id: UUID
    partition: int
    offset: int

    def context(self, consumer: str) -> bytes:
        """What the sealed bytes of a record that this consumer parked are bound to."""
        return f"{consumer}/{self.topic_id}/{self.partition}/{self.offset}".encode()


Contradicted = Callable[[Copy, bytes], Submission]
"""What follows from an event that comes again under its id with other bytes: given its copy and
the digest of the body that was copied first."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One record of a batch: its effects, or why it can have none.

    ``key`` is the record's key (or its coordinates), ``body`` its bytes, kept only if parked.
    ``copy`` is what is to be copied of it, unless it was before.
    """

    key: str
    place: Place
    body: bytes
    submissions: tuple[Submission, ...] = ()
    unreadable: ParkReason | None = None
    copy: Copy | None = None
    contradicted: Contradicted | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Polled records, the positions they move and all their commands: one item, one turn.

    At most one move per partition. A record without effects may be left out of ``arrivals``.
    """

    consumer: str
    moves: tuple[Move, ...]
    arrivals: tuple[Arrival, ...] = ()


@dataclass(frozen=True, slots=True)
class Unpark:
    """Take the lowest parked record of a key off: with effects (redriven) or without (discarded).

    ``arrival`` is the parked record read again; ``note`` names the vault's note with the reason
    of a discard, and is ``None`` for a redrive. ``body_digest`` is as in ``Submission``.
    """

    command_id: UUID
    consumer: str
    ordinal: int
    arrival: Arrival
    actor: UUID
    role: str
    note: Note | None = None
    body_digest: bytes = b""


@dataclass(frozen=True, slots=True)
class BatchDone:
    """A batch was applied: how many records were parked, and the log's position afterwards."""

    parked: int
    position: int


class PositionMoved(Exception):
    """A partition's stored position is not where the batch began: somebody else moved it."""


class KeyReused(Exception):
    """The command's id was used before with another body."""


class VersionMismatch(Exception):
    """The stream is not at the version the caller saw."""

    def __init__(self, expected: int, seen: int) -> None:
        super().__init__(f"expected version {expected}, the stream is at {seen}")
        self.expected = expected
        self.seen = seen


class NoteExpired(Exception):
    """A note that the command names has expired in the vault; send the command again."""


class NotParked(Exception):
    """The record is not the first one parked under its key."""


class NotApplicable(NotParked):
    """The parked record still cannot be applied: it stays where it is."""


class ClockAstray(Exception):
    """This machine's clock differs too much from the database's, or from what is recorded.

    Nothing is decided by it: deadlines, publicities and notes would count from a wrong day, and
    what was recorded in the future could never be followed by an earlier moment.
    """


class WriterBusy(Exception):
    """The queue is full."""


class WriterClosed(Exception):
    """The writer takes nothing: it is stopping, or the log has not yet passed its check."""
