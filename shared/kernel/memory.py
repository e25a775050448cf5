"""The store in memory, for the simulation: same port, same contract suite, scripted faults.

A ``MemoryDatabase`` outlives its instances, as a server outlives its clients. Around every
effect the store calls ``on_step``, where a simulation switches to another actor, or raises to
lose the request or its acknowledgement. The guards can be taken out one at a time, to prove that
they matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from shared.kernel.copies import NO_COPIES, Copies, CopiesEnd, Copy
from shared.kernel.event import Recorded
from shared.kernel.store import (
    AgendaDone,
    AgendaEntry,
    AnnexRow,
    Election,
    Handled,
    LogConflict,
    LogShrank,
    Look,
    Move,
    Parked,
    Position,
    Seen,
    StoreAway,
    Turn,
    Write,
)


@dataclass(frozen=True, slots=True)
class Guards:
    """The store's guards; a simulation removes one and must then fail."""

    lock: bool = True
    handled: bool = True
    compare_and_set: bool = True
    parking: bool = True


Place = tuple[str, UUID, int]


@dataclass
class MemoryDatabase:
    """What one service's database holds."""

    log: list[Recorded] = field(default_factory=list)
    versions: dict[UUID, list[Recorded]] = field(default_factory=dict)
    handled: dict[UUID, Handled] = field(default_factory=dict)
    positions: dict[Place, Position] = field(default_factory=dict)
    agenda: dict[tuple[str, UUID], AgendaEntry] = field(default_factory=dict)
    parked: dict[tuple[str, str, int], Parked] = field(default_factory=dict)
    annex: dict[tuple[str, str], AnnexRow] = field(default_factory=dict)
    copies: list[Copy] = field(default_factory=list)
    locked_by: MemoryTurn | None = None
    elected: dict[str, MemoryElection] = field(default_factory=dict)

    def disconnect(self, store: MemoryStore) -> None:
        """Break a process's connections, as a server does when it is dead or holds the lock on.

        Its turn is rolled back and learns of it with its next statement; its elections are
        anybody's.
        """
        if self.locked_by is not None and self.locked_by.store is store:
            self.locked_by.broken = True
            self.locked_by = None
        self.elected = {t: e for t, e in self.elected.items() if e.store is not store}


class MemoryTurn(Turn):
    """A transaction: reads see what is committed, writes become visible at the commit."""

    def __init__(self, database: MemoryDatabase, store: MemoryStore) -> None:
        self._database = database
        self.store = store
        self.broken = False
        self._moves: list[Move] = []
        self._write = Write()

    def look(self, look: Look) -> Seen:
        """Answer every question."""
        self._statement("look")
        db = self._database
        head = len(db.log)
        if head < look.after:
            raise LogShrank(f"the log ends at {head}; {look.after} was seen before")
        seen = Seen(head, db.log[-1].document if head > look.after else b"")
        seen.streams = {i: list(db.versions[i]) for i in look.streams if i in db.versions}
        if self.store.guards.handled:
            seen.handled = {i: db.handled[i] for i in look.commands if i in db.handled}
        for move in look.moves:
            if self.store.guards.compare_and_set and _at(db, move[:3]) != move.start:
                seen.unmoved.append(move)
        self._moves += look.moves
        # Without the guard only consumed batches go ahead; an operator still finds what is parked.
        for place in look.parked if self.store.guards.parking or not look.moves else ():
            ordinals = [o for (consumer, key, o) in db.parked if (consumer, key) == place]
            if ordinals:
                seen.parked[place] = min(ordinals), max(ordinals)
        seen.annex = {p: db.annex[p].body for p in look.annex if p in db.annex}
        if look.copies:
            asked = set(look.copies)
            for copy in db.copies:
                if copy.event_id in asked:
                    seen.copied.setdefault(copy.event_id, []).append(copy.body_digest)
            seen.copies_end = _end(db)
        return seen

    def appended_streams(self, after: int, limit: int) -> list[UUID]:
        """The streams of the events past a position, in order."""
        self._statement("look")
        return [e.stream for e in self._database.log[after : after + limit]]

    def write(self, write: Write) -> None:
        """Keep it for the commit."""
        self._statement("insert")
        self._write = write

    def commit(self) -> None:
        """All at once, or a conflict."""
        self._statement("commit")
        db, write = self._database, self._write
        for offset, event in enumerate(write.events):
            if event.position != len(db.log) + offset + 1:
                raise LogConflict("stored_events_position")
        for handled in write.handled:
            if self.store.guards.handled and handled.command_id in db.handled:
                raise LogConflict("handled_pkey")
        for offset, copy in enumerate(write.copies):
            if copy.position != len(db.copies) + offset + 1:
                raise LogConflict("copies_pkey")
        versions: dict[UUID, int] = {}
        for event in write.events:
            last = versions.get(event.stream, len(db.versions.get(event.stream, ())))
            if event.version != last + 1:
                raise LogConflict("stored_events_pkey")
            versions[event.stream] = event.version
        for event in write.events:
            db.log.append(event)
            db.versions.setdefault(event.stream, []).append(event)
        db.handled.update({h.command_id: h for h in write.handled})
        sources = {m[:3]: m.source_position for m in write.moves}
        for move in self._moves:
            source = max(sources.get(move[:3], 0), _source(db, move[:3]))
            db.positions[move[:3]] = Position(*move[:3], move.end, source, write.own_position)
        self._small_tables(write)

    def _statement(self, name: str) -> None:
        self.store.on_step(name)
        if self.broken:
            raise StoreAway("the connection is broken")

    def _small_tables(self, write: Write) -> None:
        db = self._database
        for change in write.agenda:
            if isinstance(change, AgendaDone):
                db.agenda.pop((change.kind, change.key), None)
            else:
                db.agenda[change.kind, change.key] = change
        for record in write.park:
            db.parked[record.consumer, record.key, record.ordinal] = record
        for place in write.unpark:
            db.parked.pop(place, None)
        db.copies += write.copies


def _end(db: MemoryDatabase) -> CopiesEnd:
    return CopiesEnd(db.copies[-1].position, db.copies[-1].seal) if db.copies else NO_COPIES


class MemoryCopies(Copies):
    """The copies that a database holds."""

    def __init__(self, database: MemoryDatabase, store: MemoryStore) -> None:
        self._database = database
        self._store = store

    def end(self) -> CopiesEnd:
        """The last copy's position and seal."""
        self._store.on_step("read")
        return _end(self._database)

    def read(self, after: int, limit: int) -> list[Copy]:
        """The copies past a position, in order."""
        self._store.on_step("read")
        return self._database.copies[after : after + limit]

    def of_subject(self, subject: UUID, after: int, limit: int) -> list[Copy]:
        """The copies of a case's events past a position, in order."""
        return [c for c in self._all() if c.subject == subject and c.position > after][:limit]

    def of_events(self, event_ids: Sequence[UUID]) -> list[Copy]:
        """The copies of these events, in order."""
        return [c for c in self._all() if c.event_id in event_ids]

    def of_log(self, service: str, log_positions: Sequence[int]) -> list[Copy]:
        """The copies of the events at these positions of a service's log, in order."""
        return [c for c in self._all() if c.service == service and c.log_position in log_positions]

    def _all(self) -> list[Copy]:
        self._store.on_step("read")
        return self._database.copies


def _at(db: MemoryDatabase, place: Place) -> int:
    found = db.positions.get(place)
    return found.position if found else 0


def _source(db: MemoryDatabase, place: Place) -> int:
    found = db.positions.get(place)
    return found.source_position if found else 0


def _same_opening(open_: AgendaEntry, done: AgendaEntry) -> bool:
    return (open_.due_on, open_.source_event) == (done.due_on, done.source_event)


class MemoryElection(Election):
    """A task that one store instance holds until it lets go or its process dies."""

    def __init__(self, database: MemoryDatabase, task: str, store: MemoryStore) -> None:
        self._database = database
        self._task = task
        self.store = store

    def held(self) -> bool:
        """Whether it is ours, taking it if nobody has it."""
        self.store.on_step("election")
        return self._database.elected.setdefault(self._task, self) is self

    def release(self) -> None:
        """Let go."""
        if self._database.elected.get(self._task) is self:
            del self._database.elected[self._task]


def _no_step(_name: str) -> None:
    return


class MemoryStore:
    """One process's connection to a database.

    ``on_step`` is called with the name of what follows: in a turn ``lock``, ``locked`` (again and
    again while another holds it), ``look``, ``insert``, ``commit``, and ``committed`` after it;
    outside of one ``read``, ``election``, ``change``, and ``changed`` after it.
    """

    def __init__(
        self,
        database: MemoryDatabase,
        *,
        on_step: Callable[[str], None] = _no_step,
        guards: Guards = Guards(),
    ) -> None:
        self._database = database
        self.on_step = on_step
        self.guards = guards
        self.copies = MemoryCopies(database, self)

    def create_table(self) -> None:
        """Nothing to create."""

    def watch(self, reconnected: Callable[[], None]) -> None:
        """Nothing to watch: there is no server that could be another one."""

    @contextmanager
    def turn(self) -> Iterator[Turn]:
        """A transaction under the log's lock."""
        db = self._database
        turn = MemoryTurn(db, self)
        self.on_step("lock")
        while self.guards.lock and db.locked_by is not None:
            self.on_step("locked")
        db.locked_by = turn
        try:
            yield turn
            turn.commit()
        finally:
            if db.locked_by is turn:
                db.locked_by = None
        self.on_step("committed")

    def head(self) -> int:
        """The log's last position."""
        self.on_step("read")
        return len(self._database.log)

    def read_log(self, after: int, limit: int) -> list[Recorded]:
        """The events past a position, in order."""
        self.on_step("read")
        return self._database.log[after : after + limit]

    def read_stream(self, stream: UUID, after_version: int = 0) -> list[Recorded]:
        """A stream's events past a version, in order."""
        self.on_step("read")
        return self._database.versions.get(stream, [])[after_version:]

    def handled(self, command_ids: Sequence[UUID]) -> dict[UUID, Handled]:
        """Outcomes already recorded."""
        self.on_step("read")
        return {i: self._database.handled[i] for i in command_ids if i in self._database.handled}

    def positions(self, consumer: str) -> list[Position]:
        """Where a consumer stands."""
        self.on_step("read")
        return [p for place, p in sorted(self._database.positions.items()) if place[0] == consumer]

    def move(self, move: Move) -> bool:
        """Compare-and-set one position."""
        self.on_step("change")
        db = self._database
        if self.guards.compare_and_set and _at(db, move[:3]) != move.start:
            return False
        known = db.positions.get(move[:3], Position(*move[:4], 0, 0))
        db.positions[move[:3]] = known._replace(position=move.end)
        self.on_step("changed")
        return True

    def agenda(self, kind: str, due_by: date, limit: int) -> list[AgendaEntry]:
        """What is open and due."""
        self.on_step("read")
        due = [e for e in self._database.agenda.values() if e.kind == kind and e.due_on <= due_by]
        return sorted(due, key=lambda e: (e.due_on, e.key))[:limit]

    def next_due(self, kinds: Sequence[str], after: date) -> date | None:
        """The first date past another on which something is due."""
        self.on_step("read")
        entries = self._database.agenda.values()
        due = (e.due_on for e in entries if e.kind in kinds and e.due_on > after)
        return min(due, default=None)

    def agenda_done(self, entries: Iterable[AgendaEntry]) -> None:
        """Take entries off, unless opened anew."""
        self.on_step("change")
        agenda = self._database.agenda
        for entry in entries:
            place = entry.kind, entry.key
            if place in agenda and _same_opening(agenda[place], entry):
                del agenda[place]
        self.on_step("changed")

    def parked(self, consumer: str | None, after: tuple[str, str, int], limit: int) -> list[Parked]:
        """Parked records in order."""
        self.on_step("read")
        rows = sorted((place, row) for place, row in self._database.parked.items())
        wanted = [r for place, r in rows if place > after and consumer in (None, r.consumer)]
        return wanted[:limit]

    def parked_count(self) -> int:
        """How many records are parked."""
        self.on_step("read")
        return len(self._database.parked)

    def parked_keys(self) -> int:
        """How many keys wait behind parked records."""
        self.on_step("read")
        return len({(consumer, key) for consumer, key, _ordinal in self._database.parked})

    def annex_get(self, kind: str, keys: Sequence[str]) -> dict[str, AnnexRow]:
        """Rows by key."""
        self.on_step("read")
        annex = self._database.annex
        return {key: annex[kind, key] for key in keys if (kind, key) in annex}

    def annex_put(self, rows: Sequence[AnnexRow]) -> None:
        """Insert or replace rows."""
        self.on_step("change")
        self._database.annex.update({(row.kind, row.key): row for row in rows})
        self.on_step("changed")

    def annex_add(self, rows: Sequence[AnnexRow]) -> None:
        """Insert what is not there."""
        self.on_step("change")
        for row in rows:
            self._database.annex.setdefault((row.kind, row.key), row)
        self.on_step("changed")

    def annex_expired(self, kind: str, at: datetime, limit: int) -> list[AnnexRow]:
        """Expired rows, oldest first."""
        self.on_step("read")
        rows = [r for r in self._database.annex.values() if r.kind == kind and r.expires_at]
        expired = [(r.expires_at, r.key, r) for r in rows if r.expires_at and r.expires_at < at]
        return [row for _at_, _key, row in sorted(expired)][:limit]

    def annex_delete(
        self, kind: str, keys: Sequence[str], expired_by: datetime | None = None
    ) -> None:
        """Delete rows."""
        self.on_step("change")
        annex = self._database.annex
        for place in [(kind, key) for key in keys if (kind, key) in annex]:
            expires_at = annex[place].expires_at
            if expired_by is None or (expires_at and expires_at < expired_by):
                del annex[place]
        self.on_step("changed")

    def election(self, task: str) -> Election:
        """Stand for an elected task."""
        return MemoryElection(self._database, task, self)

    def version(self) -> str:
        """Engine and version."""
        return "memory"

    def close(self) -> None:
        """Nothing to close."""
