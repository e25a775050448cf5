"""The copies on PostgreSQL: reading them, and the rows on their way in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final
from uuid import UUID

from psycopg import Connection

from shared.kernel.copies import NO_COPIES, Copies, CopiesEnd, Copy
from shared.kernel.postgres.connections import Connections
from shared.kernel.postgres.schema import COPY_COLUMNS

COPIES_END: Final = "SELECT position, seal FROM copies ORDER BY position DESC LIMIT 1"
COPIED: Final = """SELECT event_id, body_digest FROM copies WHERE event_id = ANY(%s)
    ORDER BY position"""
_READ = f"SELECT {COPY_COLUMNS} FROM copies WHERE position > %s ORDER BY position LIMIT %s"
_OF_SUBJECT = f"""SELECT {COPY_COLUMNS} FROM copies WHERE subject = %s AND position > %s
    ORDER BY position LIMIT %s"""
_OF_EVENTS = f"SELECT {COPY_COLUMNS} FROM copies WHERE event_id = ANY(%s) ORDER BY position"
_OF_LOG = f"""SELECT {COPY_COLUMNS} FROM copies WHERE service = %s AND log_position = ANY(%s)
    ORDER BY position"""


def _copy_row(_cursor: Any) -> Callable[[Sequence[Any]], Copy]:
    return Copy._make


class PostgresCopies(Copies):
    """The copies in one service's database, over its connections for reading."""

    def __init__(self, reading: Connections) -> None:
        self._reading = reading

    def end(self) -> CopiesEnd:
        """The last copy's position and seal."""

        def fetch(connection: Connection[Any]) -> CopiesEnd:
            row = connection.cursor(binary=True).execute(COPIES_END).fetchone()
            return NO_COPIES if row is None else CopiesEnd(*row)

        return self._reading.run(fetch)

    def read(self, after: int, limit: int) -> list[Copy]:
        """The copies past a position, in order."""
        return self._fetch(_READ, after, limit)

    def of_subject(self, subject: UUID, after: int, limit: int) -> list[Copy]:
        """The copies of a case's events past a position, in order."""
        return self._fetch(_OF_SUBJECT, subject, after, limit)

    def of_events(self, event_ids: Sequence[UUID]) -> list[Copy]:
        """The copies of these events, in order."""
        return self._fetch(_OF_EVENTS, list(event_ids))

    def of_log(self, service: str, log_positions: Sequence[int]) -> list[Copy]:
        """The copies of the events at these positions of a service's log, in order."""
        return self._fetch(_OF_LOG, service, list(log_positions))

    def _fetch(self, statement: str, *params: Any) -> list[Copy]:
        def fetch(connection: Connection[Any]) -> list[Copy]:
            cursor = connection.cursor(binary=True, row_factory=_copy_row)
            return cursor.execute(statement, params, prepare=True).fetchall()

        return self._reading.run(fetch)
