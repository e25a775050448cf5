"""The copies on SQLite: reading them, and the rows on their way in."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, Final
from uuid import UUID

from shared.kernel.copies import NO_COPIES, Copies, CopiesEnd, Copy
from shared.kernel.sqlite.rows import ids_of

COPIES_END: Final = "SELECT position, seal FROM copies ORDER BY position DESC LIMIT 1"
COPIED: Final = (
    "SELECT event_id, body_digest FROM copies WHERE event_id IN (SELECT value FROM json_each(?)) "
    "ORDER BY position"
)
INSERT_COPY: Final = f"INSERT INTO copies VALUES ({', '.join('?' * len(Copy._fields))})"
_SELECT = "SELECT * FROM copies WHERE"

Fetch = Callable[..., list[sqlite3.Row]]


def row_of(copy: Copy) -> tuple[Any, ...]:
    """A copy as SQLite keeps it: ids in hexadecimal."""
    return tuple(value.hex if isinstance(value, UUID) else value for value in copy)


def _copy_of(row: sqlite3.Row) -> Copy:
    ids = (UUID(value) for value in row[3:6])
    return Copy._make((*row[:3], *ids, *row[6:8], UUID(row[8]), *row[9:]))


class SqliteCopies(Copies):
    """The copies in one service's file; ``fetch`` runs a statement on a connection for reading."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch

    def end(self) -> CopiesEnd:
        """The last copy's position and seal."""
        rows = self._fetch(COPIES_END)
        return CopiesEnd(*rows[0]) if rows else NO_COPIES

    def read(self, after: int, limit: int) -> list[Copy]:
        """The copies past a position, in order."""
        return self._found(f"{_SELECT} position > ? ORDER BY position LIMIT ?", after, limit)

    def of_subject(self, subject: UUID, after: int, limit: int) -> list[Copy]:
        """The copies of a case's events past a position, in order."""
        statement = f"{_SELECT} subject = ? AND position > ? ORDER BY position LIMIT ?"
        return self._found(statement, subject.hex, after, limit)

    def of_events(self, event_ids: Sequence[UUID]) -> list[Copy]:
        """The copies of these events, in order."""
        among = "event_id IN (SELECT value FROM json_each(?))"
        return self._found(f"{_SELECT} {among} ORDER BY position", ids_of(event_ids))

    def of_log(self, service: str, log_positions: Sequence[int]) -> list[Copy]:
        """The copies of the events at these positions of a service's log, in order."""
        among = "service = ? AND log_position IN (SELECT value FROM json_each(?))"
        positions = json.dumps(list(log_positions))
        return self._found(f"{_SELECT} {among} ORDER BY position", service, positions)

    def _found(self, statement: str, *params: Any) -> list[Copy]:
        return [_copy_of(row) for row in self._fetch(statement, *params)]
