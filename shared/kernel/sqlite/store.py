"""The store on SQLite: the library's recorder, with turns, outcomes and positions.

WAL, ``synchronous=FULL``, one writer: a turn is a transaction that begins ``IMMEDIATE``.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, ClassVar, NoReturn
from uuid import UUID

from eventsourcing.persistence import StoredEvent
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore

from shared.kernel.event import Recorded
from shared.kernel.sqlite.copies import SqliteCopies
from shared.kernel.sqlite.rows import (
    COLUMNS,
    DONE,
    HANDLED,
    annex_of,
    handled_of,
    ids_of,
    move_in,
    recorded_of,
    text_of,
    translated,
)
from shared.kernel.sqlite.schema import SCHEMA
from shared.kernel.sqlite.turn import SqliteTurn
from shared.kernel.store import (
    AgendaEntry,
    AnnexRow,
    Election,
    Handled,
    Move,
    Parked,
    Position,
    Turn,
)


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
        self.copies = SqliteCopies(self._fetch)

    def construct_create_table_statements(self) -> list[str]:
        """Our tables instead of the library's."""
        return list(SCHEMA)

    def create_table(self) -> None:
        """Create what is missing."""
        with translated(), self._transaction() as db:
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
        with translated(), self._transaction() as db:
            yield self.turn_class(db)

    def _fetch(self, statement: str, *params: Any) -> list[sqlite3.Row]:
        with translated():
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
            f"SELECT {COLUMNS} FROM stored_events WHERE notification_id > ? "
            "ORDER BY notification_id LIMIT ?"
        )
        return [recorded_of(row) for row in self._fetch(statement, after, limit)]

    def read_stream(self, stream: UUID, after_version: int = 0) -> list[Recorded]:
        """A stream's events past a version, in order."""
        statement = (
            f"SELECT {COLUMNS} FROM stored_events WHERE originator_id = ? "
            "AND originator_version > ? ORDER BY originator_version"
        )
        return [recorded_of(row) for row in self._fetch(statement, stream.hex, after_version)]

    def handled(self, command_ids: Sequence[UUID]) -> dict[UUID, Handled]:
        """Outcomes already recorded."""
        statement = (
            f"SELECT {HANDLED} FROM handled WHERE command_id IN (SELECT value FROM json_each(?))"
        )
        found = [handled_of(row) for row in self._fetch(statement, ids_of(command_ids))]
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
        with translated(), self._transaction() as db:
            return move_in(db, move)

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

    def next_due(self, kinds: Sequence[str], after: date) -> date | None:
        """The first date past another on which something is due."""
        statement = (
            "SELECT min(due_on) FROM agenda WHERE kind IN (SELECT value FROM json_each(?)) "
            "AND due_on > ?"
        )
        found = self._fetch(statement, json.dumps(list(kinds)), after.isoformat())[0][0]
        return None if found is None else date.fromisoformat(found)

    def agenda_done(self, entries: Iterable[AgendaEntry]) -> None:
        """Take entries off, unless opened anew."""
        with translated(), self._transaction() as db:
            db.executemany(
                f"{DONE} AND due_on = ? AND source_event = ?",
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

    def parked_count(self) -> int:
        """How many records are parked."""
        return int(self._fetch("SELECT count(*) FROM parked")[0][0])

    def parked_keys(self) -> int:
        """How many keys wait behind parked records."""
        statement = "SELECT count(*) FROM (SELECT DISTINCT consumer, key FROM parked)"
        return int(self._fetch(statement)[0][0])

    def annex_get(self, kind: str, keys: Sequence[str]) -> dict[str, AnnexRow]:
        """Rows by key."""
        statement = (
            "SELECT kind, key, body, expires_at FROM annex WHERE kind = ? "
            "AND key IN (SELECT value FROM json_each(?))"
        )
        return {r[1]: annex_of(r) for r in self._fetch(statement, kind, json.dumps(list(keys)))}

    def annex_put(self, rows: Sequence[AnnexRow]) -> None:
        """Insert or replace rows."""
        self._annex_write("INSERT OR REPLACE INTO annex VALUES (?, ?, ?, ?)", rows)

    def annex_add(self, rows: Sequence[AnnexRow]) -> None:
        """Insert what is not there."""
        self._annex_write("INSERT OR IGNORE INTO annex VALUES (?, ?, ?, ?)", rows)

    def _annex_write(self, statement: str, rows: Sequence[AnnexRow]) -> None:
        with translated(), self._transaction() as db:
            db.executemany(
                statement, [(*r[:3], text_of(r.expires_at) if r.expires_at else None) for r in rows]
            )

    def annex_expired(self, kind: str, at: datetime, limit: int) -> list[AnnexRow]:
        """Expired rows, oldest first."""
        statement = (
            "SELECT kind, key, body, expires_at FROM annex WHERE kind = ? AND expires_at < ? "
            "ORDER BY expires_at, key LIMIT ?"
        )
        return [annex_of(r) for r in self._fetch(statement, kind, text_of(at), limit)]

    def annex_delete(
        self, kind: str, keys: Sequence[str], expired_by: datetime | None = None
    ) -> None:
        """Delete rows."""
        past = text_of(expired_by) if expired_by else None
        statement = "DELETE FROM annex WHERE kind = ? AND key = ? AND (? IS NULL OR expires_at < ?)"
        with translated(), self._transaction() as db:
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
