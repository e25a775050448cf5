"""The store on PostgreSQL: the library's recorder, with turns, outcomes and positions.

Positions are given by the turn itself, under an advisory lock that is its first statement, so
they have no gaps; rows go in with binary ``COPY``. The library's own insert is closed: it would
give positions of its own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from struct import Struct
from typing import Any, ClassVar, NoReturn, TypeVar
from uuid import UUID

import psycopg
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg import Connection, Cursor
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import RowFactory, tuple_row
from psycopg.sql import SQL, Composed

from shared.kernel.event import Recorded
from shared.kernel.postgres_connections import AWAY, Connections, connect, translated
from shared.kernel.store import (
    AgendaDone,
    AgendaEntry,
    AnnexRow,
    Election,
    Handled,
    LogShrank,
    Look,
    Move,
    Parked,
    Position,
    Seen,
    Turn,
    Write,
)

T = TypeVar("T")

LOG_LOCK = 0x446F756469  # the advisory lock of this database's log
_ELECTION_SPACE = 0x456C6563  # the first half of the locks of elected tasks
_READERS = 4  # connections for reading; PostgreSQL gives all its clients together a hundred

SCHEMA = (
    """CREATE TABLE IF NOT EXISTS stored_events (
        originator_id uuid NOT NULL,
        originator_version bigint NOT NULL,
        topic text NOT NULL,
        state bytea NOT NULL,
        notification_id bigint NOT NULL,
        previous_digest bytea NOT NULL,
        digest bytea NOT NULL,
        PRIMARY KEY (originator_id, originator_version))""",
    "ALTER TABLE stored_events ALTER COLUMN state SET STORAGE EXTERNAL",
    "CREATE UNIQUE INDEX IF NOT EXISTS stored_events_position ON stored_events (notification_id)",
    """CREATE TABLE IF NOT EXISTS handled (
        command_id uuid PRIMARY KEY,
        body_digest bytea NOT NULL,
        position bigint NOT NULL,
        events integer NOT NULL,
        version bigint NOT NULL,
        refusal text NOT NULL,
        recorded_at timestamptz NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS positions (
        consumer text NOT NULL,
        topic_id uuid NOT NULL,
        partition integer NOT NULL,
        position bigint NOT NULL,
        source_position bigint NOT NULL DEFAULT 0,
        own_position bigint NOT NULL DEFAULT 0,
        PRIMARY KEY (consumer, topic_id, partition))""",
    """CREATE TABLE IF NOT EXISTS agenda (
        kind text NOT NULL,
        key uuid NOT NULL,
        due_on date NOT NULL,
        subject uuid NOT NULL,
        stream uuid NOT NULL,
        source_event uuid NOT NULL,
        region text NOT NULL,
        PRIMARY KEY (kind, key))""",
    "CREATE INDEX IF NOT EXISTS agenda_due ON agenda (kind, due_on, key)",
    """CREATE TABLE IF NOT EXISTS parked (
        consumer text NOT NULL,
        key text NOT NULL,
        ordinal bigint NOT NULL,
        topic text NOT NULL,
        topic_id uuid NOT NULL,
        partition integer NOT NULL,
        "offset" bigint NOT NULL,
        reason text NOT NULL,
        body bytea NOT NULL,
        PRIMARY KEY (consumer, key, ordinal))""",
    """CREATE TABLE IF NOT EXISTS annex (
        kind text NOT NULL,
        key text NOT NULL,
        body bytea NOT NULL,
        expires_at timestamptz,
        PRIMARY KEY (kind, key))""",
    "CREATE INDEX IF NOT EXISTS annex_expiry ON annex (kind, expires_at)",
)

_COLUMNS = (
    "notification_id, originator_id, originator_version, topic, state, previous_digest, digest"
)
_LOCK = f"SELECT pg_advisory_xact_lock({LOG_LOCK})"
_HEAD = """SELECT notification_id, CASE WHEN notification_id > %s THEN state END
    FROM stored_events ORDER BY notification_id DESC LIMIT 1"""
_STREAMS = f"""SELECT {_COLUMNS} FROM stored_events WHERE originator_id = ANY(%s)
    ORDER BY originator_id, originator_version"""
_HANDLED = """SELECT command_id, body_digest, position, events, version, refusal, recorded_at
    FROM handled WHERE command_id = ANY(%s)"""
_MOVES = """FROM unnest(%s::text[], %s::uuid[], %s::int[], %s::bigint[], %s::bigint[])
    AS m (consumer, topic_id, partition, first, past)"""
_MOVE_START = f"""INSERT INTO positions (consumer, topic_id, partition, position)
    SELECT m.consumer, m.topic_id, m.partition, 0 {_MOVES} WHERE m.first = 0
    ON CONFLICT DO NOTHING"""
_MOVE = f"""UPDATE positions AS p SET position = m.past {_MOVES}
    WHERE (p.consumer, p.topic_id, p.partition) = (m.consumer, m.topic_id, m.partition)
    AND p.position = m.first RETURNING p.consumer, p.topic_id, p.partition"""
_MOVED = """UPDATE positions AS p
    SET own_position = %s, source_position = greatest(p.source_position, m.source)
    FROM unnest(%s::text[], %s::uuid[], %s::int[], %s::bigint[])
    AS m (consumer, topic_id, partition, source)
    WHERE (p.consumer, p.topic_id, p.partition) = (m.consumer, m.topic_id, m.partition)"""
_PARKED = """SELECT p.consumer, p.key, min(p.ordinal), max(p.ordinal)
    FROM parked p JOIN unnest(%s::text[], %s::text[]) AS k (consumer, key)
    ON (p.consumer, p.key) = (k.consumer, k.key) GROUP BY p.consumer, p.key"""
_ANNEX = """SELECT a.kind, a.key, a.body
    FROM annex a JOIN unnest(%s::text[], %s::text[]) AS k (kind, key)
    ON (a.kind, a.key) = (k.kind, k.key)"""
_OPEN = """INSERT INTO agenda (kind, key, due_on, subject, stream, source_event, region)
    VALUES (%s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (kind, key) DO UPDATE SET due_on = excluded.due_on, region = excluded.region,
    subject = excluded.subject, stream = excluded.stream, source_event = excluded.source_event"""
_DONE = "DELETE FROM agenda WHERE kind = %s AND key = %s"
_PARK = "INSERT INTO parked VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
_UNPARK = "DELETE FROM parked WHERE consumer = %s AND key = %s AND ordinal = %s"

_COPY_EVENTS = f"COPY stored_events ({_COLUMNS}) FROM STDIN (FORMAT BINARY)"
_COPY_HANDLED = """COPY handled
    (command_id, body_digest, position, events, version, refusal, recorded_at)
    FROM STDIN (FORMAT BINARY)"""
_COPY_HEADER = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_COPY_TRAILER = b"\xff\xff"
_EVENT_FRONT = Struct(">hiqi16siqi")
_LENGTH = Struct(">i")
_EVENT_BACK = Struct(">i32si32s")
_HANDLED_FRONT = Struct(">hi16si")
_HANDLED_MIDDLE = Struct(">iqiiiqi")
_HANDLED_BACK = Struct(">iq")
_POSTGRES_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def _event_row(e: Recorded) -> bytes:
    topic = e.type.encode()
    return b"".join(
        (
            _EVENT_FRONT.pack(7, 8, e.position, 16, e.stream.bytes, 8, e.version, len(topic)),
            topic,
            _LENGTH.pack(len(e.document)),
            e.document,
            _EVENT_BACK.pack(32, e.previous_digest, 32, e.digest),
        )
    )


def _handled_row(h: Handled) -> bytes:
    refusal = h.refusal.encode()
    at = (h.recorded_at - _POSTGRES_EPOCH) // _MICROSECOND
    return b"".join(
        (
            _HANDLED_FRONT.pack(7, 16, h.command_id.bytes, len(h.body_digest)),
            h.body_digest,
            _HANDLED_MIDDLE.pack(8, h.position, 4, h.events, 8, h.version, len(refusal)),
            refusal,
            _HANDLED_BACK.pack(8, at),
        )
    )


def _recorded_row(_cursor: Any) -> Callable[[Sequence[Any]], Recorded]:
    """Rows of events made by the driver itself, without a tuple in between."""
    return Recorded._make


class PostgresTurn(Turn):
    """A transaction under the log's lock.

    The statements that guard the record are attributes, so that the tests can take one out and
    see what it keeps from happening.
    """

    lock: ClassVar[str] = _LOCK
    outcomes: ClassVar[str] = _HANDLED
    move_start: ClassVar[str] = _MOVE_START
    move: ClassVar[str] = _MOVE
    parked: ClassVar[str] = _PARKED

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection
        self._locked = False

    def look(self, look: Look) -> Seen:
        """One round trip: the lock first, then every question."""
        seen = Seen()
        with self._connection.pipeline():
            if not self._locked:
                # Begun here and not by the driver, which would wait for the server's answer first.
                self._ask("BEGIN")
                self._ask(self.lock)
            head = self._ask(_HEAD, look.after)
            streams = self._ask(_STREAMS, list(look.streams)) if look.streams else None
            handled = self._ask(self.outcomes, list(look.commands)) if look.commands else None
            moved = self._move(look.moves) if look.moves else None
            parked = self._ask(self.parked, *_columns(look.parked)) if look.parked else None
            annex = self._ask(_ANNEX, *_columns(look.annex)) if look.annex else None
        self._locked = True
        if row := head.fetchone():
            seen.head, seen.head_document = row[0], row[1] or b""
        if seen.head < look.after:
            raise LogShrank(f"the log ends at {seen.head}; {look.after} was seen before")
        for row in streams or ():
            seen.streams.setdefault(row[1], []).append(Recorded(*row))
        for row in handled or ():
            seen.handled[row[0]] = Handled(*row)
        if moved is not None:
            set_ = {tuple(row) for row in moved}
            seen.unmoved = [m for m in look.moves if m[:3] not in set_]
        for consumer, key, lowest, highest in parked or ():
            seen.parked[consumer, key] = lowest, highest
        for kind, key, body in annex or ():
            seen.annex[kind, key] = body
        return seen

    def _ask(self, statement: str, *params: Any) -> Cursor[Any]:
        cursor = self._connection.cursor(binary=True, row_factory=tuple_row)
        return cursor.execute(statement, params, prepare=True)

    def _move(self, moves: Sequence[Move]) -> Cursor[Any]:
        columns = _columns([m[:5] for m in moves])
        self._ask(self.move_start, *columns)
        return self._ask(self.move, *columns)

    def appended_streams(self, after: int, limit: int) -> list[UUID]:
        """The streams of the events past a position, in order."""
        statement = """SELECT originator_id FROM stored_events WHERE notification_id > %s
            ORDER BY notification_id LIMIT %s"""
        return [row[0] for row in self._ask(statement, after, limit)]

    def write(self, write: Write) -> None:
        """Copy the rows in, then the small tables in one round trip."""
        if not self._locked:
            self.look(Look())
        with self._connection.cursor() as cursor:
            if write.events:
                _copy(cursor, _COPY_EVENTS, map(_event_row, write.events))
            if write.handled:
                _copy(cursor, _COPY_HANDLED, map(_handled_row, write.handled))
        if not (write.agenda or write.moves or write.park or write.unpark):
            return
        with self._connection.pipeline():
            for change in write.agenda:
                self._ask(_DONE if isinstance(change, AgendaDone) else _OPEN, *change)
            if write.moves:
                marks = [(*m[:3], m.source_position) for m in write.moves]
                self._ask(_MOVED, write.own_position, *_columns(marks))
            for record in write.park:
                self._ask(_PARK, *record)
            for place in write.unpark:
                self._ask(_UNPARK, *place)


def _columns(rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _copy(cursor: Cursor[Any], statement: str, rows: Iterable[bytes]) -> None:
    with cursor.copy(statement) as copy:
        copy.write(b"".join((_COPY_HEADER, *rows, _COPY_TRAILER)))


class PostgresElection(Election):
    """An advisory lock on a connection of its own, asked anew each time."""

    def __init__(self, conninfo: str, task: str) -> None:
        self._conninfo = conninfo
        self._task = task
        self._connection: Connection[Any] | None = None

    def held(self) -> bool:
        """Whether the lock is ours; a lost connection means it is not."""
        try:
            if self._connection is None:
                self._connection = connect(self._conninfo, autocommit=True)
            row = self._connection.execute(
                """SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory'
                    AND pid = pg_backend_pid() AND classid = %s AND objid::bigint =
                    hashtext(%s)::bigint & 4294967295) OR pg_try_advisory_lock(%s, hashtext(%s))""",
                (_ELECTION_SPACE, self._task, _ELECTION_SPACE, self._task),
            ).fetchone()
        except AWAY:
            self.release()
            return False
        return bool(row and row[0])

    def release(self) -> None:
        """Close the connection, and with it the lock."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(psycopg.Error):
                connection.close()


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
        self._writing: Connection[Any] | None = None
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

    def _connect(self) -> Connection[Any]:
        if self._writing is None:
            self._writing = connect(self._url, autocommit=True, options=self._options)
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
        statement = f"""SELECT {_COLUMNS} FROM stored_events WHERE notification_id > %s
            ORDER BY notification_id LIMIT %s"""
        return self._fetch_events(statement, after, limit)

    def read_stream(self, stream: UUID, after_version: int = 0) -> list[Recorded]:
        """A stream's events past a version, in order."""
        statement = f"""SELECT {_COLUMNS} FROM stored_events
            WHERE originator_id = %s AND originator_version > %s ORDER BY originator_version"""
        return self._fetch_events(statement, stream, after_version)

    def handled(self, command_ids: Sequence[UUID]) -> dict[UUID, Handled]:
        """Outcomes already recorded."""
        return {row[0]: Handled(*row) for row in self._fetch(_HANDLED, list(command_ids))}

    def positions(self, consumer: str) -> list[Position]:
        """Where a consumer stands."""
        statement = """SELECT consumer, topic_id, partition, position, source_position,
            own_position FROM positions WHERE consumer = %s ORDER BY topic_id, partition"""
        return [Position(*row) for row in self._fetch(statement, consumer)]

    def move(self, move: Move) -> bool:
        """Compare-and-set one position."""
        columns = _columns([move[:5]])

        def set_(connection: Connection[Any]) -> bool:
            with connection.transaction():
                connection.execute(_MOVE_START, columns)
                return connection.execute(_MOVE, columns).fetchone() is not None

        return self._reading.run(set_, again=False)

    def agenda(self, kind: str, due_by: date, limit: int) -> list[AgendaEntry]:
        """What is open and due."""
        statement = """SELECT kind, key, due_on, subject, stream, source_event, region FROM agenda
            WHERE kind = %s AND due_on <= %s ORDER BY due_on, key LIMIT %s"""
        return [AgendaEntry(*row) for row in self._fetch(statement, kind, due_by, limit)]

    def agenda_done(self, entries: Iterable[AgendaEntry]) -> None:
        """Take entries off, unless opened anew."""
        self._execute_many(
            f"{_DONE} AND due_on = %s AND source_event = %s",
            [(*e[:3], e.source_event) for e in entries],
        )

    def parked(self, consumer: str | None, after: tuple[str, str, int], limit: int) -> list[Parked]:
        """Parked records in order."""
        statement = """SELECT consumer, key, ordinal, topic, topic_id, partition, "offset",
            reason, body FROM parked WHERE (%s::text IS NULL OR consumer = %s)
            AND (consumer, key, ordinal) > (%s, %s, %s) ORDER BY consumer, key, ordinal LIMIT %s"""
        return [Parked(*row) for row in self._fetch(statement, consumer, consumer, *after, limit)]

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
        return PostgresElection(self._url, task)

    def version(self) -> str:
        """Engine and version."""
        return "PostgreSQL " + str(self._fetch("SHOW server_version")[0][0])

    def close(self) -> None:
        """Close every connection."""
        self.datastore.close()
        self._reading.close()
        if self._writing is not None:
            self._writing.close()
            self._writing = None
