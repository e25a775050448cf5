"""The store on SQLite: the library's recorder, with turns, outcomes and positions.

WAL, ``synchronous=FULL``, one writer: a turn is a transaction that begins ``IMMEDIATE``.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, ClassVar, NoReturn
from uuid import UUID

from eventsourcing.persistence import StoredEvent
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore

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

SCHEMA = (
    """CREATE TABLE IF NOT EXISTS stored_events (
        notification_id INTEGER PRIMARY KEY AUTOINCREMENT,
        originator_id TEXT NOT NULL,
        originator_version INTEGER NOT NULL,
        topic TEXT NOT NULL,
        state BLOB NOT NULL,
        previous_digest BLOB NOT NULL,
        digest BLOB NOT NULL,
        UNIQUE (originator_id, originator_version))""",
    """CREATE TABLE IF NOT EXISTS handled (
        command_id TEXT PRIMARY KEY,
        body_digest BLOB NOT NULL,
        position INTEGER NOT NULL,
        events INTEGER NOT NULL,
        version INTEGER NOT NULL,
        refusal TEXT NOT NULL,
        recorded_at TEXT NOT NULL) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS positions (
        consumer TEXT NOT NULL,
        topic_id TEXT NOT NULL,
        partition INTEGER NOT NULL,
        position INTEGER NOT NULL,
        source_position INTEGER NOT NULL DEFAULT 0,
        own_position INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (consumer, topic_id, partition)) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS agenda (
        kind TEXT NOT NULL,
        key TEXT NOT NULL,
        due_on TEXT NOT NULL,
        subject TEXT NOT NULL,
        stream TEXT NOT NULL,
        source_event TEXT NOT NULL,
        region TEXT NOT NULL,
        PRIMARY KEY (kind, key)) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS agenda_due ON agenda (kind, due_on, key)",
    """CREATE TABLE IF NOT EXISTS parked (
        consumer TEXT NOT NULL,
        key TEXT NOT NULL,
        ordinal INTEGER NOT NULL,
        topic TEXT NOT NULL,
        topic_id TEXT NOT NULL,
        partition INTEGER NOT NULL,
        "offset" INTEGER NOT NULL,
        reason TEXT NOT NULL,
        body BLOB NOT NULL,
        PRIMARY KEY (consumer, key, ordinal)) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS annex (
        kind TEXT NOT NULL,
        key TEXT NOT NULL,
        body BLOB NOT NULL,
        expires_at TEXT,
        PRIMARY KEY (kind, key)) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS annex_expiry ON annex (kind, expires_at)",
)

_COLUMNS = (
    "notification_id, originator_id, originator_version, topic, state, previous_digest, digest"
)
_HANDLED = "command_id, body_digest, position, events, version, refusal, recorded_at"
_DONE = "DELETE FROM agenda WHERE kind = ? AND key = ?"
_SAME_PLACE = "consumer = ? AND topic_id = ? AND partition = ?"
_MOVE = f"UPDATE positions SET position = ? WHERE {_SAME_PLACE} AND position = ?"


def _recorded(row: sqlite3.Row) -> Recorded:
    return Recorded(row[0], UUID(row[1]), *row[2:7])


def _handled(row: sqlite3.Row) -> Handled:
    return Handled(UUID(row[0]), row[1], row[2], row[3], row[4], row[5], _instant(row[6]))


def _annex(row: sqlite3.Row) -> AnnexRow:
    return AnnexRow(row[0], row[1], row[2], _instant(row[3]) if row[3] else None)


def _text(at: datetime) -> str:
    """A moment as text of one width in UTC, so that texts order as moments do."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _ids(ids: Iterable[UUID]) -> str:
    return json.dumps([i.hex for i in ids])


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except sqlite3.IntegrityError as error:
        raise LogConflict(str(error)) from error
    except sqlite3.OperationalError as error:
        raise StoreAway(f"SQLite: {error}") from error


class SqliteTurn(Turn):
    """A transaction that holds the file's write lock.

    The statements that guard the record are attributes, so that the tests can take one out and
    see what it keeps from happening.
    """

    outcomes: ClassVar[str] = (
        f"SELECT {_HANDLED} FROM handled WHERE command_id IN (SELECT value FROM json_each(?))"
    )
    move: ClassVar[str] = _MOVE
    parked: ClassVar[str] = (
        "SELECT min(ordinal), max(ordinal) FROM parked WHERE consumer = ? AND key = ?"
    )

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def look(self, look: Look) -> Seen:
        """Answer every question."""
        seen = Seen()
        head = self._db.execute(
            f"SELECT {_COLUMNS} FROM stored_events ORDER BY notification_id DESC LIMIT 1"
        ).fetchone()
        if head is not None:
            seen.head = head[0]
            seen.head_document = head[4] if head[0] > look.after else b""
        if seen.head < look.after:
            raise LogShrank(f"the log ends at {seen.head}; {look.after} was seen before")
        for row in self._among(
            f"SELECT {_COLUMNS} FROM stored_events WHERE originator_id IN "
            "(SELECT value FROM json_each(?)) ORDER BY originator_id, originator_version",
            look.streams,
        ):
            seen.streams.setdefault(UUID(row[1]), []).append(_recorded(row))
        for row in self._among(self.outcomes, look.commands):
            seen.handled[UUID(row[0])] = _handled(row)
        seen.unmoved = [m for m in look.moves if not _move(self._db, m, self.move)]
        for consumer, key in look.parked:
            lowest, highest = self._db.execute(self.parked, (consumer, key)).fetchone()
            if lowest is not None:
                seen.parked[consumer, key] = lowest, highest
        for place in look.annex:
            found = self._db.execute(
                "SELECT body FROM annex WHERE kind = ? AND key = ?", place
            ).fetchone()
            if found is not None:
                seen.annex[place] = found[0]
        return seen

    def _among(self, statement: str, ids: Sequence[UUID]) -> Iterable[sqlite3.Row]:
        return self._db.execute(statement, (_ids(ids),)) if ids else ()

    def appended_streams(self, after: int, limit: int) -> list[UUID]:
        """The streams of the events past a position, in order."""
        rows = self._db.execute(
            "SELECT originator_id FROM stored_events WHERE notification_id > ? "
            "ORDER BY notification_id LIMIT ?",
            (after, limit),
        )
        return [UUID(row[0]) for row in rows]

    def write(self, write: Write) -> None:
        """Insert everything."""
        db = self._db
        db.executemany(
            f"INSERT INTO stored_events ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(e.position, e.stream.hex, *e[2:]) for e in write.events],
        )
        db.executemany(
            f"INSERT INTO handled ({_HANDLED}) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(h.command_id.hex, *h[1:6], _text(h.recorded_at)) for h in write.handled],
        )
        for change in write.agenda:
            if isinstance(change, AgendaDone):
                db.execute(_DONE, (change.kind, change.key.hex))
            else:
                db.execute(
                    "INSERT OR REPLACE INTO agenda VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (
                        change.kind,
                        change.key.hex,
                        change.due_on.isoformat(),
                        *(i.hex for i in change[3:6]),
                        change.region,
                    ),
                )
        db.executemany(
            "UPDATE positions SET own_position = ?, source_position = max(source_position, ?) "
            f"WHERE {_SAME_PLACE}",
            [(write.own_position, m.source_position, *_place(m)) for m in write.moves],
        )
        db.executemany(
            "INSERT INTO parked VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(*p[:4], p.topic_id.hex, *p[5:]) for p in write.park],
        )
        db.executemany(
            "DELETE FROM parked WHERE consumer = ? AND key = ? AND ordinal = ?", write.unpark
        )


def _place(m: Move) -> tuple[str, str, int]:
    return m.consumer, m.topic_id.hex, m.partition


def _move(db: sqlite3.Connection, m: Move, statement: str = _MOVE) -> bool:
    """Compare-and-set; a missing row means 0."""
    if m.start == 0:
        db.execute(
            "INSERT OR IGNORE INTO positions (consumer, topic_id, partition, position) "
            "VALUES (?, ?, ?, 0)",
            _place(m),
        )
    cursor = db.execute(statement, (m.end, *_place(m), m.start))
    return cursor.rowcount == 1


class SqliteElection(Election):
    """The embedded run is one process, which alone owns its files: it always holds the task."""

    def held(self) -> bool:
        """Always."""
        return True

    def release(self) -> None:
        """Nothing to give up."""


class SqliteStore(SQLiteApplicationRecorder):
    """One service's database in one SQLite file (``path``).

    ``lock_timeout_s`` bounds the wait for another process's turn; past it ``StoreAway``.
    """

    begin: ClassVar[str] = "BEGIN IMMEDIATE"
    turn_class: ClassVar[type[SqliteTurn]] = SqliteTurn

    def __init__(self, path: Path, *, lock_timeout_s: int = 5) -> None:
        self._path = path
        self._lock_timeout_s = lock_timeout_s
        super().__init__(SQLiteDatastore(f"file:{path}", lock_timeout=lock_timeout_s, pool_size=1))
        self._writing: sqlite3.Connection | None = None
        self._writing_lock = threading.RLock()
        self._reading: list[sqlite3.Connection] = []
        self._reading_lock = threading.Lock()

    def construct_create_table_statements(self) -> list[str]:
        """Our tables instead of the library's."""
        return list(SCHEMA)

    def create_table(self) -> None:
        """Create what is missing."""
        with _translated(), self._transaction() as db:
            for statement in self.create_table_statements:
                db.execute(statement)

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> NoReturn:
        """Closed: events are appended by a turn, which gives them their positions."""
        raise TypeError("append events through a turn of the writer")

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path,
            timeout=self._lock_timeout_s,
            isolation_level=None,
            check_same_thread=False,
        )
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        return connection

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._writing_lock:
            if self._writing is None:
                self._writing = self._connect()
            db = self._writing
            db.execute(self.begin)
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise

    def watch(self, reconnected: Callable[[], None]) -> None:
        """Nothing to watch: there is no server that could be another one."""

    @contextmanager
    def turn(self) -> Iterator[Turn]:
        """A transaction that holds the write lock; commits unless an exception leaves it."""
        with _translated(), self._transaction() as db:
            yield self.turn_class(db)

    def _fetch(self, statement: str, *params: Any) -> list[sqlite3.Row]:
        with _translated():
            with self._reading_lock:
                db = self._reading.pop() if self._reading else None
            db = db or self._connect()
            try:
                return db.execute(statement, params).fetchall()
            finally:
                with self._reading_lock:
                    self._reading.append(db)

    def head(self) -> int:
        """The log's last position."""
        return int(self._fetch("SELECT coalesce(max(notification_id), 0) FROM stored_events")[0][0])

    def read_log(self, after: int, limit: int) -> list[Recorded]:
        """The events past a position, in order."""
        statement = (
            f"SELECT {_COLUMNS} FROM stored_events WHERE notification_id > ? "
            "ORDER BY notification_id LIMIT ?"
        )
        return [_recorded(row) for row in self._fetch(statement, after, limit)]

    def read_stream(self, stream: UUID, after_version: int = 0) -> list[Recorded]:
        """A stream's events past a version, in order."""
        statement = (
            f"SELECT {_COLUMNS} FROM stored_events WHERE originator_id = ? "
            "AND originator_version > ? ORDER BY originator_version"
        )
        return [_recorded(row) for row in self._fetch(statement, stream.hex, after_version)]

    def handled(self, command_ids: Sequence[UUID]) -> dict[UUID, Handled]:
        """Outcomes already recorded."""
        statement = (
            f"SELECT {_HANDLED} FROM handled WHERE command_id IN (SELECT value FROM json_each(?))"
        )
        found = [_handled(row) for row in self._fetch(statement, _ids(command_ids))]
        return {h.command_id: h for h in found}

    def positions(self, consumer: str) -> list[Position]:
        """Where a consumer stands."""
        statement = (
            "SELECT consumer, topic_id, partition, position, source_position, own_position "
            "FROM positions WHERE consumer = ? ORDER BY topic_id, partition"
        )
        return [Position(r[0], UUID(r[1]), *r[2:]) for r in self._fetch(statement, consumer)]

    def move(self, move: Move) -> bool:
        """Compare-and-set one position."""
        with _translated(), self._transaction() as db:
            return _move(db, move)

    def agenda(self, kind: str, due_by: date, limit: int) -> list[AgendaEntry]:
        """What is open and due."""
        statement = (
            "SELECT kind, key, due_on, subject, stream, source_event, region FROM agenda "
            "WHERE kind = ? AND due_on <= ? ORDER BY due_on, key LIMIT ?"
        )
        return [
            AgendaEntry(
                r[0], UUID(r[1]), date.fromisoformat(r[2]), UUID(r[3]), UUID(r[4]), UUID(r[5]), r[6]
            )
            for r in self._fetch(statement, kind, due_by.isoformat(), limit)
        ]

    def agenda_done(self, entries: Iterable[AgendaEntry]) -> None:
        """Take entries off, unless opened anew."""
        with _translated(), self._transaction() as db:
            db.executemany(
                f"{_DONE} AND due_on = ? AND source_event = ?",
                [(e.kind, e.key.hex, e.due_on.isoformat(), e.source_event.hex) for e in entries],
            )

    def parked(self, consumer: str | None, after: tuple[str, str, int], limit: int) -> list[Parked]:
        """Parked records in order."""
        statement = (
            'SELECT consumer, key, ordinal, topic, topic_id, partition, "offset", reason, body '
            "FROM parked WHERE (? IS NULL OR consumer = ?) AND (consumer, key, ordinal) > (?, ?, ?)"
            " ORDER BY consumer, key, ordinal LIMIT ?"
        )
        rows = self._fetch(statement, consumer, consumer, *after, limit)
        return [Parked(r[0], r[1], r[2], r[3], UUID(r[4]), r[5], r[6], r[7], r[8]) for r in rows]

    def annex_get(self, kind: str, keys: Sequence[str]) -> dict[str, AnnexRow]:
        """Rows by key."""
        statement = (
            "SELECT kind, key, body, expires_at FROM annex WHERE kind = ? "
            "AND key IN (SELECT value FROM json_each(?))"
        )
        return {r[1]: _annex(r) for r in self._fetch(statement, kind, json.dumps(list(keys)))}

    def annex_put(self, rows: Sequence[AnnexRow]) -> None:
        """Insert or replace rows."""
        self._annex_write("INSERT OR REPLACE INTO annex VALUES (?, ?, ?, ?)", rows)

    def annex_add(self, rows: Sequence[AnnexRow]) -> None:
        """Insert what is not there."""
        self._annex_write("INSERT OR IGNORE INTO annex VALUES (?, ?, ?, ?)", rows)

    def _annex_write(self, statement: str, rows: Sequence[AnnexRow]) -> None:
        with _translated(), self._transaction() as db:
            db.executemany(
                statement, [(*r[:3], _text(r.expires_at) if r.expires_at else None) for r in rows]
            )

    def annex_expired(self, kind: str, at: datetime, limit: int) -> list[AnnexRow]:
        """Expired rows, oldest first."""
        statement = (
            "SELECT kind, key, body, expires_at FROM annex WHERE kind = ? AND expires_at < ? "
            "ORDER BY expires_at, key LIMIT ?"
        )
        return [_annex(r) for r in self._fetch(statement, kind, _text(at), limit)]

    def annex_delete(
        self, kind: str, keys: Sequence[str], expired_by: datetime | None = None
    ) -> None:
        """Delete rows."""
        past = _text(expired_by) if expired_by else None
        statement = "DELETE FROM annex WHERE kind = ? AND key = ? AND (? IS NULL OR expires_at < ?)"
        with _translated(), self._transaction() as db:
            db.executemany(statement, [(kind, key, past, past) for key in keys])

    def election(self, task: str) -> Election:
        """Stand for an elected task."""
        return SqliteElection()

    def version(self) -> str:
        """Engine and version."""
        return f"SQLite {sqlite3.sqlite_version}"

    def close(self) -> None:
        """Close every connection."""
        self.datastore.close()
        with self._writing_lock, self._reading_lock:
            for db in (*self._reading, *([self._writing] if self._writing else [])):
                db.close()
            self._reading.clear()
            self._writing = None
