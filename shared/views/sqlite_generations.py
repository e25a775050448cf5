"""The generations of a view in a SQLite file: a table each, and where each stands.

Every function works inside the caller's transaction. Names in the text come from declared,
checked identifiers; every value is a parameter.
"""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from shared.views.port import START, Progress, Row, ViewSpec, keyed
from shared.views.sqlite_lane import Moment
from shared.views.sqlite_query import column

_TABLES: Final = (
    """
    CREATE TABLE IF NOT EXISTS view_progress (
        view TEXT NOT NULL,
        version INTEGER NOT NULL,
        generation INTEGER NOT NULL,
        position INTEGER NOT NULL,
        digest TEXT NOT NULL,
        PRIMARY KEY (view, version)
    ) WITHOUT ROWID
    """,
    # What stands beside; without a generation nothing does, and the row keeps the last number.
    """
    CREATE TABLE IF NOT EXISTS view_beside (
        view TEXT NOT NULL,
        version INTEGER NOT NULL,
        last INTEGER NOT NULL,
        generation INTEGER,
        position INTEGER NOT NULL,
        digest TEXT NOT NULL,
        PRIMARY KEY (view, version)
    ) WITHOUT ROWID
    """,
)


def begin_all(connection: sqlite3.Connection, specs: Iterable[ViewSpec]) -> None:
    """Make what is missing: where views stand, and the tables and indexes of what stands."""
    for statement in _TABLES:
        connection.execute(statement)
    for spec in specs:
        connection.execute(
            "INSERT INTO view_progress VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (spec.name, spec.version, *START),
        )
        for progress in (shown_of(connection, spec), beside_of(connection, spec)):
            if progress is not None:
                _make_table(connection, spec, progress.generation)


def shown_of(connection: sqlite3.Connection, spec: ViewSpec) -> Progress:
    """How far the generation is that readers see."""
    row = connection.execute(
        "SELECT generation, position, digest FROM view_progress WHERE view = ? AND version = ?",
        (spec.name, spec.version),
    ).fetchone()
    return Progress(*row)


def beside_of(connection: sqlite3.Connection, spec: ViewSpec) -> Progress | None:
    """How far the generation beside it is, if there is one."""
    row = connection.execute(
        "SELECT generation, position, digest FROM view_beside "
        "WHERE view = ? AND version = ? AND generation IS NOT NULL",
        (spec.name, spec.version),
    ).fetchone()
    return None if row is None else Progress(*row)


def current_table(connection: sqlite3.Connection, spec: ViewSpec) -> str:
    """The table that readers see."""
    return _table(spec, shown_of(connection, spec).generation)


def standing_table(connection: sqlite3.Connection, spec: ViewSpec, generation: int) -> str | None:
    """The table of a generation, if it is the one shown or the one beside."""
    for progress in (shown_of(connection, spec), beside_of(connection, spec)):
        if progress is not None and progress.generation == generation:
            return _table(spec, generation)
    return None


def move(connection: sqlite3.Connection, spec: ViewSpec, progress: Progress) -> bool:
    """Move the generation's position forward, if it stands; whether it moved."""
    generation, position, digest = progress
    moved = 0
    for table in ("view_progress", "view_beside"):
        moved += connection.execute(
            f"UPDATE {table} SET position = ?, digest = ? "
            "WHERE view = ? AND version = ? AND generation = ? AND position < ?",
            (position, digest, spec.name, spec.version, generation, position),
        ).rowcount
    return moved > 0


def restart(connection: sqlite3.Connection, spec: ViewSpec, generation: int) -> Progress:
    """Show a new, empty generation in place of the given one; nothing stands beside it."""
    before = shown_of(connection, spec)
    if before.generation != generation:
        return before
    begun = begin_beside(connection, spec)
    _show_beside(connection, spec, begun)
    sweep(connection, spec)
    return begun


def begin_beside(connection: sqlite3.Connection, spec: ViewSpec) -> Progress:
    """Have a new, empty generation stand beside, under a number that never was."""
    place = (spec.name, spec.version)
    shown = shown_of(connection, spec).generation
    (number,) = connection.execute(
        "INSERT INTO view_beside VALUES (?, ?, ? + 1, ? + 1, 0, '') "
        "ON CONFLICT (view, version) DO UPDATE SET last = max(last, ?) + 1, "
        "generation = max(last, ?) + 1, position = 0, digest = '' RETURNING generation",
        (*place, shown, shown, shown, shown),
    ).fetchone()
    _make_table(connection, spec, number)
    return Progress(number, 0, "")


def switch(
    connection: sqlite3.Connection, spec: ViewSpec, shown: Progress, beside: Progress
) -> bool:
    """Show what stands beside, if both are exactly as given; whether that was done."""
    if (shown_of(connection, spec), beside_of(connection, spec)) != (shown, beside):
        return False
    _show_beside(connection, spec, beside)
    return True


def abandon(connection: sqlite3.Connection, spec: ViewSpec) -> None:
    """Have nothing stand beside."""
    connection.execute(
        "UPDATE view_beside SET generation = NULL WHERE view = ? AND version = ?",
        (spec.name, spec.version),
    )


def sweep(connection: sqlite3.Connection, spec: ViewSpec) -> None:
    """Drop the tables of generations that do not stand any more."""
    pattern = re.compile(re.escape(_table(spec, 0)[:-1]) + r"([0-9]+)")
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    for (table,) in tables:
        found = pattern.fullmatch(table)
        if found and standing_table(connection, spec, int(found[1])) is None:
            connection.execute(f"DROP TABLE {table}")


def _show_beside(connection: sqlite3.Connection, spec: ViewSpec, beside: Progress) -> None:
    connection.execute(
        "UPDATE view_progress SET generation = ?, position = ?, digest = ? "
        "WHERE view = ? AND version = ?",
        (*beside, spec.name, spec.version),
    )
    abandon(connection, spec)


def _make_table(connection: sqlite3.Connection, spec: ViewSpec, generation: int) -> None:
    table = _table(spec, generation)
    connection.execute(
        f"CREATE TABLE IF NOT EXISTS {table} "
        "(key TEXT PRIMARY KEY, position INTEGER NOT NULL, document TEXT) WITHOUT ROWID"
    )
    for index in spec.indexes:
        columns = ", ".join(column(field) for field in index)
        connection.execute(
            f"CREATE INDEX IF NOT EXISTS {table}__by__{'__'.join(index)} ON {table} "
            f"({columns}, key) WHERE document IS NOT NULL"
        )


def _table(spec: ViewSpec, generation: int) -> str:
    return f"view__{spec.name}__v{spec.version}__g{generation}"


class SqlitePair:
    """Both generations in one reading transaction of a connection of its own."""

    def __init__(self, moment: Moment, spec: ViewSpec, shown: Progress, beside: Progress) -> None:
        self.shown = shown
        self.beside = beside
        self._moment = moment
        self._spec = spec

    @classmethod
    async def opened(cls, path: Path, spec: ViewSpec) -> SqlitePair | None:
        """The pair as it is now, if something stands beside. Raises ``ViewsAway``."""
        moment = await asyncio.to_thread(Moment, path)
        try:
            shown = await moment.run(lambda connection: shown_of(connection, spec))
            beside = await moment.run(lambda connection: beside_of(connection, spec))
        except BaseException:
            moment.close()
            raise
        if beside is None:
            moment.close()
            return None
        return cls(moment, spec, shown, beside)

    async def rows(self, generation: int, after: str, limit: int) -> list[Row]:
        """See ``Pair``."""
        table = _table(self._spec, generation)

        def read(connection: sqlite3.Connection) -> list[tuple[str, int, str | None]]:
            return connection.execute(
                f"SELECT key, position, document FROM {table} WHERE key > ? ORDER BY key LIMIT ?",
                (after, limit),
            ).fetchall()

        return [
            Row(key, None if text is None else keyed(key, json.loads(text)), position)
            for key, position, text in await self._moment.run(read)
        ]

    async def close(self) -> None:
        """See ``Pair``."""
        self.release()

    def release(self) -> None:
        """Close at once, from wherever."""
        self._moment.close()
