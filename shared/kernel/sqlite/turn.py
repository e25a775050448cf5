"""A turn on SQLite: every question, then everything that is written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import ClassVar
from uuid import UUID

from shared.kernel.copies import CopiesEnd
from shared.kernel.sqlite.copies import COPIED, COPIES_END, INSERT_COPY, row_of
from shared.kernel.sqlite.rows import (
    COLUMNS,
    DONE,
    HANDLED,
    MOVE,
    SAME_PLACE,
    handled_of,
    ids_of,
    move_in,
    place_of,
    recorded_of,
    text_of,
)
from shared.kernel.store import AgendaDone, LogShrank, Look, Seen, Turn, Write


class SqliteTurn(Turn):
    """A transaction that holds the file's write lock.

    The statements that guard the record are attributes, so that the tests can take one out and
    see what it keeps from happening.
    """

    outcomes: ClassVar[str] = (
        f"SELECT {HANDLED} FROM handled WHERE command_id IN (SELECT value FROM json_each(?))"
    )
    move: ClassVar[str] = MOVE
    parked: ClassVar[str] = (
        "SELECT min(ordinal), max(ordinal) FROM parked WHERE consumer = ? AND key = ?"
    )

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def look(self, look: Look) -> Seen:
        """Answer every question."""
        seen = Seen()
        head = self._db.execute(
            f"SELECT {COLUMNS} FROM stored_events ORDER BY notification_id DESC LIMIT 1"
        ).fetchone()
        if head is not None:
            seen.head = head[0]
            seen.head_document = head[4] if head[0] > look.after else b""
        if seen.head < look.after:
            raise LogShrank(f"the log ends at {seen.head}; {look.after} was seen before")
        for row in self._among(
            f"SELECT {COLUMNS} FROM stored_events WHERE originator_id IN "
            "(SELECT value FROM json_each(?)) ORDER BY originator_id, originator_version",
            look.streams,
        ):
            seen.streams.setdefault(UUID(row[1]), []).append(recorded_of(row))
        for row in self._among(self.outcomes, look.commands):
            seen.handled[UUID(row[0])] = handled_of(row)
        seen.unmoved = [m for m in look.moves if not move_in(self._db, m, self.move)]
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
        for event_id, body_digest in self._among(COPIED, look.copies):
            seen.copied.setdefault(UUID(event_id), []).append(body_digest)
        for row in self._db.execute(COPIES_END) if look.copies else ():
            seen.copies_end = CopiesEnd(*row)
        return seen

    def _among(self, statement: str, ids: Sequence[UUID]) -> Iterable[sqlite3.Row]:
        return self._db.execute(statement, (ids_of(ids),)) if ids else ()

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
            f"INSERT INTO stored_events ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(e.position, e.stream.hex, *e[2:]) for e in write.events],
        )
        db.executemany(
            f"INSERT INTO handled ({HANDLED}) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(h.command_id.hex, *h[1:6], text_of(h.recorded_at)) for h in write.handled],
        )
        for change in write.agenda:
            if isinstance(change, AgendaDone):
                db.execute(DONE, (change.kind, change.key.hex))
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
            f"WHERE {SAME_PLACE}",
            [(write.own_position, m.source_position, *place_of(m)) for m in write.moves],
        )
        db.executemany(
            "INSERT INTO parked VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(*p[:4], p.topic_id.hex, *p[5:]) for p in write.park],
        )
        db.executemany(
            "DELETE FROM parked WHERE consumer = ? AND key = ? AND ordinal = ?", write.unpark
        )
        db.executemany(INSERT_COPY, [row_of(copy) for copy in write.copies])
