"""A turn on PostgreSQL: one round trip to look, one copy to write."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Final
from uuid import UUID

from psycopg import Connection, Cursor
from psycopg.rows import tuple_row

from shared.kernel.copies import CopiesEnd
from shared.kernel.event import Recorded
from shared.kernel.postgres.copies import COPIED, COPIES_END
from shared.kernel.postgres.copying import copy_copies, copy_events, copy_handled
from shared.kernel.postgres.schema import EVENT_COLUMNS
from shared.kernel.store import (
    AgendaDone,
    Handled,
    LogShrank,
    Look,
    Move,
    Seen,
    Turn,
    Write,
)

LOG_LOCK: Final = 0x446F756469
"""The advisory lock of a database's log."""

_LOCK = f"SELECT pg_advisory_xact_lock({LOG_LOCK})"
_HEAD = """SELECT clock_timestamp(), head.notification_id,
    CASE WHEN head.notification_id > %s THEN head.state END
    FROM (SELECT) AS always LEFT JOIN
    (SELECT notification_id, state FROM stored_events ORDER BY notification_id DESC LIMIT 1)
    AS head ON true"""
_STREAMS = f"""SELECT {EVENT_COLUMNS} FROM stored_events WHERE originator_id = ANY(%s)
    ORDER BY originator_id, originator_version"""
HANDLED = """SELECT command_id, body_digest, position, events, version, refusal, recorded_at
    FROM handled WHERE command_id = ANY(%s)"""
_MOVES = """FROM unnest(%s::text[], %s::uuid[], %s::int[], %s::bigint[], %s::bigint[])
    AS m (consumer, topic_id, partition, first, past)"""
MOVE_START = f"""INSERT INTO positions (consumer, topic_id, partition, position)
    SELECT m.consumer, m.topic_id, m.partition, 0 {_MOVES} WHERE m.first = 0
    ON CONFLICT DO NOTHING"""
MOVE = f"""UPDATE positions AS p SET position = m.past {_MOVES}
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
DONE = "DELETE FROM agenda WHERE kind = %s AND key = %s"
_PARK = "INSERT INTO parked VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
_UNPARK = "DELETE FROM parked WHERE consumer = %s AND key = %s AND ordinal = %s"


class PostgresTurn(Turn):
    """A transaction under the log's lock.

    The statements that guard the record are attributes, so that the tests can take one out and
    see what it keeps from happening.
    """

    lock: ClassVar[str] = _LOCK
    outcomes: ClassVar[str] = HANDLED
    move_start: ClassVar[str] = MOVE_START
    move: ClassVar[str] = MOVE
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
            parked = self._ask(self.parked, *columns_of(look.parked)) if look.parked else None
            annex = self._ask(_ANNEX, *columns_of(look.annex)) if look.annex else None
            copied = self._ask(COPIED, list(look.copies)) if look.copies else None
            copies_end = self._ask(COPIES_END) if look.copies else None
        self._locked = True
        if row := head.fetchone():
            seen.engine_now, seen.head, seen.head_document = row[0], row[1] or 0, row[2] or b""
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
        for event_id, body_digest in copied or ():
            seen.copied.setdefault(event_id, []).append(body_digest)
        for row in copies_end or ():
            seen.copies_end = CopiesEnd(*row)
        return seen

    def _ask(self, statement: str, *params: Any) -> Cursor[Any]:
        cursor = self._connection.cursor(binary=True, row_factory=tuple_row)
        return cursor.execute(statement, params, prepare=True)

    def _move(self, moves: Sequence[Move]) -> Cursor[Any]:
        columns = columns_of([m[:5] for m in moves])
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
                copy_events(cursor, write.events)
            if write.handled:
                copy_handled(cursor, write.handled)
            if write.copies:
                copy_copies(cursor, write.copies)
        if not (write.agenda or write.moves or write.park or write.unpark):
            return
        with self._connection.pipeline():
            for change in write.agenda:
                self._ask(DONE if isinstance(change, AgendaDone) else _OPEN, *change)
            if write.moves:
                marks = [(*m[:3], m.source_position) for m in write.moves]
                self._ask(_MOVED, write.own_position, *columns_of(marks))
            for record in write.park:
                self._ask(_PARK, *record)
            for place in write.unpark:
                self._ask(_UNPARK, *place)


def columns_of(rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """Rows as arrays, one per column, for ``unnest``."""
    return [list(column) for column in zip(*rows, strict=True)]
