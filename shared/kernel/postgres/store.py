"""The store on PostgreSQL: the library's recorder, with turns, outcomes and positions.

Positions are given by the turn itself, under an advisory lock that is its first statement, so
they have no gaps; rows go in with binary ``COPY``. The library's own insert is closed: it would
give positions of its own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from typing import Any, ClassVar, Final, NoReturn, TypeVar
from uuid import UUID

import psycopg
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg import Connection
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import RowFactory, tuple_row
from psycopg.sql import SQL, Composed

from shared.kernel.event import Recorded
from shared.kernel.postgres.connections import Connections, connect, translated
from shared.kernel.postgres.copies import PostgresCopies
from shared.kernel.postgres.elections import PostgresElections
from shared.kernel.postgres.schema import EVENT_COLUMNS, SCHEMA
from shared.kernel.postgres.turn import DONE, HANDLED, MOVE, MOVE_START, PostgresTurn, columns_of
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

T = TypeVar("T")

_READERS: Final = 4
"""Connections for reading; PostgreSQL gives all its clients together a hundred."""


def _recorded_row(_cursor: Any) -> Callable[[Sequence[Any]], Recorded]:
    """Rows of events made by the driver itself, without a tuple in between."""
    return Recorded._make


class _Datastore(PostgresDatastore):
    """The library's, which is asked for nothing: a service starts also while its engine is away."""

    def register_type_adapters(self) -> None:
        """None are used, and looking them up needs the server."""


class PostgresStore(PostgresApplicationRecorder):
    """One service's database on PostgreSQL.

    ``url`` is a libpq URI. ``transaction_timeout_s`` bounds a turn, so that a stopped process
    cannot hold the others. Raises ``StoreAway`` whenever the server cannot be reached.
    """

    turn_class: ClassVar[type[PostgresTurn]] = PostgresTurn

    def __init__(self, url: str, *, transaction_timeout_s: float = 10.0) -> None:
        parts = conninfo_to_dict(url)
        super().__init__(
            _Datastore(
                dbname=str(parts.get("dbname", "")),
                host=str(parts.get("host", "")),
                port=str(parts.get("port", "5432")),
                user=str(parts.get("user", "")),
                password=str(parts.get("password", "")),
            )
        )
        self.sql_create_statements: list[Composed] = [Composed([SQL(s)]) for s in SCHEMA]
        self._url = url
        timeout_ms = int(transaction_timeout_s * 1000)
        self._options = f"-c transaction_timeout={timeout_ms} -c synchronous_commit=on"
        self._reading = Connections(url, _READERS)
        self._elections = PostgresElections(url)
        self.copies = PostgresCopies(self._reading)
        self._writing: Connection[Any] | None = None
        self._connected = False
        self._reconnected: Callable[[], None] | None = None
        self._writing_lock = threading.Lock()

    def create_table(self) -> None:
        """Create what is missing, one process at a time."""
        with translated(), connect(self._url, autocommit=False) as connection:
            connection.execute(SQL("SELECT pg_advisory_xact_lock(1, 1)"))
            for statement in self.sql_create_statements:
                connection.execute(statement)

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> NoReturn:
        """Closed: events are appended by a turn, which gives them their positions."""
        raise TypeError("append events through a turn of the writer")

    @contextmanager
    def turn(self) -> Iterator[Turn]:
        """A transaction on the writing connection; commits unless an exception leaves it."""
        with self._writing_lock, translated():
            connection = self._connect()
            try:
                yield self.turn_class(connection)
                connection.commit()
            except BaseException:
                self._drop(connection)
                raise

    def watch(self, reconnected: Callable[[], None]) -> None:
        """Have it called when the writing connection had to be made anew, before it is used."""
        self._reconnected = reconnected

    def _connect(self) -> Connection[Any]:
        if self._writing is None:
            self._writing = connect(self._url, autocommit=True, options=self._options)
            again, self._connected = self._connected, True
            if again and self._reconnected is not None:
                self._reconnected()
        return self._writing

    def _drop(self, connection: Connection[Any]) -> None:
        """Roll back; a connection that cannot even do that is thrown away."""
        try:
            connection.rollback()
        except psycopg.Error:
            self._writing = None
            with suppress(psycopg.Error):
                connection.close()

    def _fetch(self, statement: str, *params: Any) -> list[tuple[Any, ...]]:
        return self._fetch_as(tuple_row, statement, params)

    def _fetch_events(self, statement: str, *params: Any) -> list[Recorded]:
        return self._fetch_as(_recorded_row, statement, params)

    def _fetch_as(self, factory: RowFactory[T], statement: str, params: Sequence[Any]) -> list[T]:
        def fetch(connection: Connection[Any]) -> list[T]:
            cursor = connection.cursor(binary=True, row_factory=factory)
            return cursor.execute(statement, params, prepare=True).fetchall()

        return self._reading.run(fetch)

    def head(self) -> int:
        """The log's last position."""
        return int(self._fetch("SELECT coalesce(max(notification_id), 0) FROM stored_events")[0][0])

    def read_log(self, after: int, limit: int) -> list[Recorded]:
        """The events past a position, in order."""
        statement = f"""SELECT {EVENT_COLUMNS} FROM stored_events WHERE notification_id > %s
            ORDER BY notification_id LIMIT %s"""
        return self._fetch_events(statement, after, limit)

    def read_stream(self, stream: UUID, after_version: int = 0) -> list[Recorded]:
        """A stream's events past a version, in order."""
        statement = f"""SELECT {EVENT_COLUMNS} FROM stored_events
            WHERE originator_id = %s AND originator_version > %s ORDER BY originator_version"""
        return self._fetch_events(statement, stream, after_version)

    def handled(self, command_ids: Sequence[UUID]) -> dict[UUID, Handled]:
        """Outcomes already recorded."""
        return {row[0]: Handled(*row) for row in self._fetch(HANDLED, list(command_ids))}

    def positions(self, consumer: str) -> list[Position]:
        """Where a consumer stands."""
        statement = """SELECT consumer, topic_id, partition, position, source_position,
            own_position FROM positions WHERE consumer = %s ORDER BY topic_id, partition"""
        return [Position(*row) for row in self._fetch(statement, consumer)]

    def move(self, move: Move) -> bool:
        """Compare-and-set one position."""
        columns = columns_of([move[:5]])

        def set_(connection: Connection[Any]) -> bool:
            if move.start == 0:
                connection.execute(MOVE_START, columns)
            return connection.execute(MOVE, columns).fetchone() is not None

        return self._reading.run(set_, again=False)

    def agenda(self, kind: str, due_by: date, limit: int) -> list[AgendaEntry]:
        """What is open and due."""
        statement = """SELECT kind, key, due_on, subject, stream, source_event, region FROM agenda
            WHERE kind = %s AND due_on <= %s ORDER BY due_on, key LIMIT %s"""
        return [AgendaEntry(*row) for row in self._fetch(statement, kind, due_by, limit)]

    def next_due(self, kinds: Sequence[str], after: date) -> date | None:
        """The first date past another on which something is due."""
        statement = "SELECT min(due_on) FROM agenda WHERE kind = ANY(%s) AND due_on > %s"
        found: date | None = self._fetch(statement, list(kinds), after)[0][0]
        return found

    def agenda_done(self, entries: Iterable[AgendaEntry]) -> None:
        """Take entries off, unless opened anew."""
        self._execute_many(
            f"{DONE} AND due_on = %s AND source_event = %s",
            [(*e[:3], e.source_event) for e in entries],
        )

    def parked(self, consumer: str | None, after: tuple[str, str, int], limit: int) -> list[Parked]:
        """Parked records in order."""
        statement = """SELECT consumer, key, ordinal, topic, topic_id, partition, "offset",
            reason, body FROM parked WHERE (%s::text IS NULL OR consumer = %s)
            AND (consumer, key, ordinal) > (%s, %s, %s) ORDER BY consumer, key, ordinal LIMIT %s"""
        return [Parked(*row) for row in self._fetch(statement, consumer, consumer, *after, limit)]

    def parked_count(self) -> int:
        """How many records are parked."""
        return int(self._fetch("SELECT count(*) FROM parked")[0][0])

    def parked_keys(self) -> int:
        """How many keys wait behind parked records."""
        return int(self._fetch("SELECT count(DISTINCT (consumer, key)) FROM parked")[0][0])

    def annex_get(self, kind: str, keys: Sequence[str]) -> dict[str, AnnexRow]:
        """Rows by key."""
        statement = """SELECT kind, key, body, expires_at FROM annex
            WHERE kind = %s AND key = ANY(%s)"""
        return {row[1]: AnnexRow(*row) for row in self._fetch(statement, kind, list(keys))}

    def annex_put(self, rows: Sequence[AnnexRow]) -> None:
        """Insert or replace rows."""
        statement = """INSERT INTO annex VALUES (%s, %s, %s, %s) ON CONFLICT (kind, key)
            DO UPDATE SET body = excluded.body, expires_at = excluded.expires_at"""
        self._execute_many(statement, rows)

    def annex_add(self, rows: Sequence[AnnexRow]) -> None:
        """Insert what is not there."""
        statement = "INSERT INTO annex VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING"
        self._execute_many(statement, rows)

    def annex_expired(self, kind: str, at: datetime, limit: int) -> list[AnnexRow]:
        """Expired rows, oldest first."""
        statement = """SELECT kind, key, body, expires_at FROM annex
            WHERE kind = %s AND expires_at < %s ORDER BY expires_at, key LIMIT %s"""
        return [AnnexRow(*row) for row in self._fetch(statement, kind, at, limit)]

    def annex_delete(
        self, kind: str, keys: Sequence[str], expired_by: datetime | None = None
    ) -> None:
        """Delete rows."""
        statement = """DELETE FROM annex WHERE kind = %s AND key = %s
            AND (%s::timestamptz IS NULL OR expires_at < %s)"""
        past = [expired_by, expired_by]
        self._execute_many(statement, [(kind, key, *past) for key in keys])

    def _execute_many(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        wanted = list(rows)

        def execute(connection: Connection[Any]) -> None:
            with connection.transaction():
                connection.cursor().executemany(statement, wanted)

        self._reading.run(execute)

    def election(self, task: str) -> Election:
        """Stand for an elected task."""
        return self._elections.of(task)

    def version(self) -> str:
        """Engine and version."""
        return "PostgreSQL " + str(self._fetch("SHOW server_version")[0][0])

    def close(self) -> None:
        """Close every connection."""
        self.datastore.close()
        self._reading.close()
        self._elections.close()
        if self._writing is not None:
            self._writing.close()
            self._writing = None
