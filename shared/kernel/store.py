"""The store's port: what a turn of the writer, and those who only read, ask of an engine.

A turn is one transaction: it holds the log's lock from its first statement, looks once at all
that the decisions need, and writes everything at once. SQLite, PostgreSQL and the simulation's
memory implement it and pass the same contract suite.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from shared.kernel.copies import NO_COPIES, Copies, CopiesEnd, Copy
from shared.kernel.event import Recorded


class StoreAway(Exception):
    """The engine cannot be reached, or broke off. Nothing is known to be committed."""


class LogConflict(Exception):
    """A version or position was taken: somebody wrote without the lock."""


class LogShrank(Exception):
    """The log ends before what this process has already seen of it: it was restored or cut."""


class Handled(NamedTuple):
    """The recorded outcome of a command.

    ``position`` is the log position to wait for to see it, ``events`` how many events it wrote
    (they end at ``position``), ``version`` its first stream's version. ``refusal`` is the JSON
    of a refusal, or empty. ``body_digest`` is the keyed digest of the body as received; empty
    where it is not known (a reaction, a duty, an outcome rebuilt from the log).
    """

    command_id: UUID
    body_digest: bytes
    position: int
    events: int
    version: int
    refusal: str
    recorded_at: datetime


class Move(NamedTuple):
    """A consumer's way through one partition: from exactly ``start`` to ``end`` (next to read).

    ``source_position`` is the ``log_position`` of the last record in between, 0 if unknown.
    """

    consumer: str
    topic_id: UUID
    partition: int
    start: int
    end: int
    source_position: int = 0


class Position(NamedTuple):
    """Where a consumer stands in one partition, and how far both logs were then."""

    consumer: str
    topic_id: UUID
    partition: int
    position: int
    source_position: int
    own_position: int


class Parked(NamedTuple):
    """A record set aside with its key. ``body`` is sealed, and empty once discarded.

    ``ordinal`` orders the records of one key; ``key`` is the record's key, or its coordinates
    where it had none.
    """

    consumer: str
    key: str
    ordinal: int
    topic: str
    topic_id: UUID
    partition: int
    offset: int
    reason: str
    body: bytes


class AgendaEntry(NamedTuple):
    """Something to be done: on a date (a duty) or outside the house (a gateway's request).

    ``source_event`` is the id of the event that opened it: the id under which a gateway's
    answer is submitted, so that asking twice has one effect. ``region`` is that event's.
    """

    kind: str
    key: UUID
    due_on: date
    subject: UUID
    stream: UUID
    source_event: UUID
    region: str


class AgendaDone(NamedTuple):
    """Takes an entry off the agenda."""

    kind: str
    key: UUID


AgendaChange = AgendaEntry | AgendaDone


class AnnexRow(NamedTuple):
    """A small row beside the log that may be emptied: the hand clock, sealed persons, notes."""

    kind: str
    key: str
    body: bytes
    expires_at: datetime | None = None


@dataclass(slots=True)
class Look:
    """Everything a turn wants to know, asked at once after the lock is held."""

    after: int = 0
    streams: Sequence[UUID] = ()
    commands: Sequence[UUID] = ()
    moves: Sequence[Move] = ()
    parked: Sequence[tuple[str, str]] = ()
    annex: Sequence[tuple[str, str]] = ()
    copies: Sequence[UUID] = ()


@dataclass(slots=True)
class Seen:
    """What a look found.

    ``head`` is the log's last position, ``head_document`` its bytes if it lies past
    ``look.after``. ``engine_now`` is the database server's clock, where it has one of its own.
    ``unmoved`` are the moves whose compare-and-set failed. ``parked`` gives the
    lowest and highest ordinal of each parked key. ``copied`` gives, of each event asked for that
    was copied before, the digests of its bodies, oldest first; ``copies_end`` is told with it.
    """

    head: int = 0
    head_document: bytes = b""
    engine_now: datetime | None = None
    streams: dict[UUID, list[Recorded]] = field(default_factory=dict)
    handled: dict[UUID, Handled] = field(default_factory=dict)
    unmoved: list[Move] = field(default_factory=list)
    parked: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    annex: dict[tuple[str, str], bytes] = field(default_factory=dict)
    copied: dict[UUID, list[bytes]] = field(default_factory=dict)
    copies_end: CopiesEnd = NO_COPIES


@dataclass(slots=True)
class Write:
    """Everything a turn writes. ``moves`` were already compared and set by the look."""

    events: list[Recorded] = field(default_factory=list)
    handled: list[Handled] = field(default_factory=list)
    agenda: list[AgendaChange] = field(default_factory=list)
    moves: Sequence[Move] = ()
    own_position: int = 0
    park: list[Parked] = field(default_factory=list)
    unpark: list[tuple[str, str, int]] = field(default_factory=list)
    copies: list[Copy] = field(default_factory=list)


class Turn(Protocol):
    """One transaction that holds the log's lock. Leaving it commits; an exception rolls back."""

    def look(self, look: Look) -> Seen:
        """Answer the questions. Raises ``LogShrank`` if the log ends before ``look.after``."""

    def appended_streams(self, after: int, limit: int) -> list[UUID]:
        """The streams of the events past a position, in order, at most ``limit``."""

    def write(self, write: Write) -> None:
        """Write it all. Raises ``LogConflict`` where a version or position is taken."""


class Election(Protocol):
    """Whether this process is the one that does an elected task now."""

    def held(self) -> bool:
        """Ask the engine, not memory: the lock dies silently with its connection."""

    def release(self) -> None:
        """Give the task up."""


class LogReader(Protocol):
    """Reading a service's log."""

    def head(self) -> int:
        """The last position, 0 for an empty log."""

    def read_log(self, after: int, limit: int) -> list[Recorded]:
        """The events past a position, in order."""

    def read_stream(self, stream: UUID, after_version: int = 0) -> list[Recorded]:
        """A stream's events past a version, in order."""


class Store(LogReader, Protocol):
    """One service's database."""

    @property
    def copies(self) -> Copies:
        """Everyone's events as this service received them; only oversight keeps any."""

    def create_table(self) -> None:
        """Create the tables that are missing."""

    def watch(self, reconnected: Callable[[], None]) -> None:
        """Have it called when the writing connection had to be made anew, before it is used.

        It may be another server that answers now, and an older copy of the log. What it raises
        ends the turn.
        """

    def turn(self) -> AbstractContextManager[Turn]:
        """Begin a transaction and take the log's lock. Raises ``StoreAway``."""

    def handled(self, command_ids: Sequence[UUID]) -> dict[UUID, Handled]:
        """Outcomes already recorded, outside any turn."""

    def positions(self, consumer: str) -> list[Position]:
        """Where a consumer stands, per partition; a missing row means 0."""

    def move(self, move: Move) -> bool:
        """Compare-and-set one position outside a turn (relay); whether it was set."""

    def agenda(self, kind: str, due_by: date, limit: int) -> list[AgendaEntry]:
        """What is open of a kind and due by a date, oldest first."""

    def next_due(self, kinds: Sequence[str], after: date) -> date | None:
        """The first date past ``after`` on which something of the kinds is due."""

    def agenda_done(self, entries: Iterable[AgendaEntry]) -> None:
        """Take entries off that have their outcome, unless opened anew: another date or event."""

    def parked(self, consumer: str | None, after: tuple[str, str, int], limit: int) -> list[Parked]:
        """Parked records in order of consumer, key and ordinal, past the given one."""

    def parked_count(self) -> int:
        """How many records are parked."""

    def parked_keys(self) -> int:
        """How many keys wait behind parked records."""

    def annex_get(self, kind: str, keys: Sequence[str]) -> dict[str, AnnexRow]:
        """Rows of a kind by key; keys without one are absent."""

    def annex_put(self, rows: Sequence[AnnexRow]) -> None:
        """Insert or replace rows."""

    def annex_add(self, rows: Sequence[AnnexRow]) -> None:
        """Insert rows; one that is there stays as it is."""

    def annex_expired(self, kind: str, at: datetime, limit: int) -> list[AnnexRow]:
        """Rows of a kind whose expiry lies before the moment, oldest first."""

    def annex_delete(
        self, kind: str, keys: Sequence[str], expired_by: datetime | None = None
    ) -> None:
        """Delete rows; absent ones are no error.

        With ``expired_by`` only those whose expiry lies before it: a row that somebody kept or
        put anew in the meantime stays.
        """

    def election(self, task: str) -> Election:
        """Stand for an elected task (relay, a view's projector)."""

    def version(self) -> str:
        """The engine's name and version, for an operator."""

    def close(self) -> None:
        """Let go of every connection."""
