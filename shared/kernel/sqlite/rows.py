"""Rows on SQLite, on their way in and out; ids are hexadecimal text, moments text in UTC."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID

from shared.kernel.event import Recorded
from shared.kernel.store import AnnexRow, Handled, LogConflict, Move, StoreAway

COLUMNS = (
    "notification_id, originator_id, originator_version, topic, state, previous_digest, digest"
)
HANDLED = "command_id, body_digest, position, events, version, refusal, recorded_at"
DONE = "DELETE FROM agenda WHERE kind = ? AND key = ?"
SAME_PLACE = "consumer = ? AND topic_id = ? AND partition = ?"
MOVE = f"UPDATE positions SET position = ? WHERE {SAME_PLACE} AND position = ?"


def recorded_of(row: sqlite3.Row) -> Recorded:
    """An event's row."""
    return Recorded(row[0], UUID(row[1]), *row[2:7])


def handled_of(row: sqlite3.Row) -> Handled:
    """An outcome's row."""
    return Handled(UUID(row[0]), row[1], row[2], row[3], row[4], row[5], instant_of(row[6]))


def annex_of(row: sqlite3.Row) -> AnnexRow:
    """A row of the annex."""
    return AnnexRow(row[0], row[1], row[2], instant_of(row[3]) if row[3] else None)


def text_of(at: datetime) -> str:
    """A moment as text of one width in UTC, so that texts order as moments do."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def instant_of(text: str) -> datetime:
    """The moment of such a text."""
    return datetime.fromisoformat(text)


def ids_of(ids: Iterable[UUID]) -> str:
    """Ids as JSON, for ``json_each``."""
    return json.dumps([i.hex for i in ids])


@contextmanager
def translated() -> Iterator[None]:
    """The driver's errors in the port's terms."""
    try:
        yield
    except sqlite3.IntegrityError as error:
        raise LogConflict(str(error)) from error
    except sqlite3.OperationalError as error:
        raise StoreAway(f"SQLite: {error}") from error


def place_of(m: Move) -> tuple[str, str, int]:
    """What names a position."""
    return m.consumer, m.topic_id.hex, m.partition


def move_in(db: sqlite3.Connection, m: Move, statement: str = MOVE) -> bool:
    """Compare-and-set; a missing row means 0."""
    if m.start == 0:
        db.execute(
            "INSERT OR IGNORE INTO positions (consumer, topic_id, partition, position) "
            "VALUES (?, ?, ?, 0)",
            place_of(m),
        )
    cursor = db.execute(statement, (m.end, *place_of(m), m.start))
    return cursor.rowcount == 1
