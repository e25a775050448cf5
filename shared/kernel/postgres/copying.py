"""Rows on their way in: PostgreSQL's binary ``COPY`` format, packed by hand.

Several times faster than parameters: the driver has nothing to adapt and the server to parse.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from struct import Struct
from typing import Any

from psycopg import Cursor

from shared.kernel.copies import Copy
from shared.kernel.event import Recorded
from shared.kernel.postgres.schema import COPY_COLUMNS, EVENT_COLUMNS
from shared.kernel.store import Handled

_COPY_EVENTS = f"COPY stored_events ({EVENT_COLUMNS}) FROM STDIN (FORMAT BINARY)"
_COPY_HANDLED = """COPY handled
    (command_id, body_digest, position, events, version, refusal, recorded_at)
    FROM STDIN (FORMAT BINARY)"""
_COPY_COPIES = f"COPY copies ({COPY_COLUMNS}) FROM STDIN (FORMAT BINARY)"
_COPY_HEADER = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_COPY_TRAILER = b"\xff\xff"
_EVENT_FRONT = Struct(">hiqi16siqi")
_LENGTH = Struct(">i")
_EVENT_BACK = Struct(">i32si32s")
_HANDLED_FRONT = Struct(">hi16si")
_HANDLED_MIDDLE = Struct(">iqiiiqi")
_HANDLED_BACK = Struct(">iq")
_COPY_FRONT = Struct(">hiqi")
_COPY_MIDDLE = Struct(">iqi16si16si16siqi")
_COPY_PLACE = Struct(">i16siiiqi")
_COPY_BACK = Struct(">i32si32si32si32s")
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


def _copy_row(c: Copy) -> bytes:
    service, type_ = c.service.encode(), c.type.encode()
    return b"".join(
        (
            _COPY_FRONT.pack(16, 8, c.position, len(service)),
            service,
            _COPY_MIDDLE.pack(
                8,
                c.log_position,
                16,
                c.event_id.bytes,
                16,
                c.subject.bytes,
                16,
                c.stream.bytes,
                8,
                c.version,
                len(type_),
            ),
            type_,
            _COPY_PLACE.pack(16, c.topic_id.bytes, 4, c.partition, 8, c.offset, len(c.document)),
            c.document,
            _COPY_BACK.pack(32, c.body_digest, 32, c.previous_digest, 32, c.digest, 32, c.seal),
        )
    )


def copy_events(cursor: Cursor[Any], events: Iterable[Recorded]) -> None:
    """Copy events in."""
    _copy(cursor, _COPY_EVENTS, map(_event_row, events))


def copy_handled(cursor: Cursor[Any], handled: Iterable[Handled]) -> None:
    """Copy outcomes in."""
    _copy(cursor, _COPY_HANDLED, map(_handled_row, handled))


def copy_copies(cursor: Cursor[Any], copies: Iterable[Copy]) -> None:
    """Copy copies in."""
    _copy(cursor, _COPY_COPIES, map(_copy_row, copies))


def _copy(cursor: Cursor[Any], statement: str, rows: Iterable[bytes]) -> None:
    with cursor.copy(statement) as copy:
        copy.write(b"".join((_COPY_HEADER, *rows, _COPY_TRAILER)))
