"""Views in one SQLite file per service: JSON documents under expression indexes.

One thread writes and one reads, each with its own connection, so that a long batch holds up
neither the event loop nor a query. Losing power may lose the last writes but never their order
(WAL, ``synchronous=NORMAL``), so the position cannot outlive the documents it speaks for.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

from shared.views.port import (
    START,
    Document,
    Loaded,
    OnStep,
    Progress,
    Update,
    ViewSpec,
    body_of,
    by_name,
    check_keys,
    check_updates,
    keyed,
    no_step,
    spec_of,
)
from shared.views.query import (
    BY_KEY,
    COUNT_LIMIT,
    EVERYTHING,
    Cursor,
    Filter,
    Page,
    Sort,
    check_count,
    check_page,
    page_of,
)
from shared.views.sqlite_lane import Lane
from shared.views.sqlite_query import column, conditions, order, past

BULK: Final = 500
"""Documents of one transaction."""

_PROGRESS_TABLE: Final = """
CREATE TABLE IF NOT EXISTS view_progress (
    view TEXT NOT NULL,
    version INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    position INTEGER NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (view, version)
) WITHOUT ROWID
"""


class SqliteViews:
    """The port over the file ``path``, whose folder exists.

    ``on_step`` is called before each effect with "view-documents" (once a batch),
    "view-document" (each transaction of up to ``bulk`` documents) and "view-position". Raises
    ``ViewsAway`` where the file cannot be opened.
    """

    def __init__(
        self,
        path: Path,
        specs: Iterable[ViewSpec],
        *,
        on_step: OnStep = no_step,
        bulk: int = BULK,
    ) -> None:
        self._specs = by_name(specs)
        self.on_step = on_step
        self._bulk = bulk
        self._writer = Lane(path, "IMMEDIATE")
        self._writer.run_here(self._begin_all)
        self._reader = Lane(path, "DEFERRED")

    async def progress(self, view: str) -> Progress:
        """See ``ViewStore``."""
        spec = spec_of(self._specs, view)
        return await self._reader.run(lambda connection: _progress(connection, spec))

    async def load(self, view: str, keys: Sequence[str]) -> dict[str, Loaded]:
        """See ``ViewStore``."""
        spec = spec_of(self._specs, view)
        check_keys(spec, keys)

        def read(connection: sqlite3.Connection) -> list[tuple[str, str | None, int]]:
            table = _table(spec, _progress(connection, spec))
            return connection.execute(
                f"SELECT key, document, position FROM {table} "
                "WHERE key IN (SELECT value FROM json_each(?))",
                (json.dumps(list(keys)),),
            ).fetchall()

        rows = await self._reader.run(read)
        return {key: Loaded(_document(key, text), position) for key, text, position in rows}

    async def apply(self, view: str, updates: Sequence[Update], progress: Progress) -> bool:
        """See ``ViewStore``."""
        spec = spec_of(self._specs, view)
        check_updates(spec, updates, progress)
        rows = [(key, position, _text(one)) for one in updates for key, position, _ in [one]]
        if rows:
            self.on_step("view-documents")
        remaining = iter(rows)
        while bulk := list(islice(remaining, self._bulk)):
            self.on_step("view-document")
            await self._writer.run(_documents_writer(spec, progress, bulk))
        return await self.set_position(view, progress)

    async def set_position(self, view: str, progress: Progress) -> bool:
        """See ``ViewStore``."""
        spec = spec_of(self._specs, view)
        self.on_step("view-position")
        generation, position, digest = progress

        def write(connection: sqlite3.Connection) -> bool:
            moved = connection.execute(
                "UPDATE view_progress SET position = ?, digest = ? "
                "WHERE view = ? AND version = ? AND generation = ? AND position < ?",
                (position, digest, spec.name, spec.version, generation, position),
            )
            return moved.rowcount == 1

        return await self._writer.run(write)

    async def restart(self, view: str, generation: int) -> Progress:
        """See ``ViewStore``."""
        spec = spec_of(self._specs, view)

        def write(connection: sqlite3.Connection) -> Progress:
            before = _progress(connection, spec)
            if before.generation != generation:
                return before
            begun = Progress(generation + 1, 0, "")
            _begin(connection, spec, begun)
            connection.execute(f"DROP TABLE {_table(spec, before)}")
            return begun

        return await self._writer.run(write)

    async def get(self, view: str, key: str) -> Document | None:
        """See ``ViewStore``."""
        found = (await self.load(view, [key])).get(key)
        return None if found is None else found.document

    async def query(
        self,
        view: str,
        where: Filter = EVERYTHING,
        sort: Sort = BY_KEY,
        after: Cursor | None = None,
        limit: int = 50,
    ) -> Page:
        """See ``ViewStore``."""
        spec = spec_of(self._specs, view)
        check_page(spec.fields, where, sort, after, limit)
        found, found_values = conditions(where)
        place, place_values = past(after, sort)

        def read(connection: sqlite3.Connection) -> list[tuple[str, str]]:
            table = _table(spec, _progress(connection, spec))
            return connection.execute(
                f"SELECT key, document FROM {table} "
                f"WHERE {found} AND {place} ORDER BY {order(sort)} LIMIT ?",
                (*found_values, *place_values, limit + 1),
            ).fetchall()

        rows = await self._reader.run(read)
        return page_of([keyed(key, json.loads(text)) for key, text in rows], sort, limit)

    async def count(self, view: str, where: Filter = EVERYTHING, limit: int = COUNT_LIMIT) -> int:
        """See ``ViewStore``."""
        spec = spec_of(self._specs, view)
        check_count(spec.fields, where, limit)
        found, values = conditions(where)

        def read(connection: sqlite3.Connection) -> int:
            table = _table(spec, _progress(connection, spec))
            (number,) = connection.execute(
                f"SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {found} LIMIT ?)",
                (*values, limit),
            ).fetchone()
            return int(number)

        return await self._reader.run(read)

    async def engine(self) -> str:
        """See ``ViewStore``."""
        return f"SQLite {sqlite3.sqlite_version}"

    async def close(self) -> None:
        """See ``ViewStore``."""
        self._reader.close()
        self._writer.close()

    def _begin_all(self, connection: sqlite3.Connection) -> None:
        connection.execute(_PROGRESS_TABLE)
        for spec in self._specs.values():
            _begin(connection, spec, START)


def _begin(connection: sqlite3.Connection, spec: ViewSpec, begun: Progress) -> None:
    """Make the table of a generation and let the view begin there, unless it has begun."""
    connection.execute(
        "INSERT INTO view_progress VALUES (?, ?, ?, ?, ?) ON CONFLICT (view, version) DO UPDATE "
        "SET generation = excluded.generation, position = excluded.position, "
        "digest = excluded.digest WHERE excluded.generation > view_progress.generation",
        (spec.name, spec.version, *begun),
    )
    table = _table(spec, _progress(connection, spec))
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


def _progress(connection: sqlite3.Connection, spec: ViewSpec) -> Progress:
    row = connection.execute(
        "SELECT generation, position, digest FROM view_progress WHERE view = ? AND version = ?",
        (spec.name, spec.version),
    ).fetchone()
    return Progress(*row)


def _table(spec: ViewSpec, progress: Progress) -> str:
    return f"view__{spec.name}__v{spec.version}__g{progress.generation}"


def _documents_writer(
    spec: ViewSpec, progress: Progress, rows: list[tuple[str, int, str | None]]
) -> Callable[[sqlite3.Connection], None]:
    table = _table(spec, progress)

    def write(connection: sqlite3.Connection) -> None:
        if _progress(connection, spec).generation != progress.generation:
            return  # begun anew meanwhile: the generation's table is gone
        connection.executemany(
            f"INSERT INTO {table} VALUES (?, ?, ?) "
            "ON CONFLICT (key) DO UPDATE "
            "SET position = excluded.position, document = excluded.document "
            f"WHERE excluded.position > {table}.position",
            rows,
        )

    return write


def _text(update: Update) -> str | None:
    body = body_of(update)
    return None if body is None else json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _document(key: str, text: str | None) -> Document | None:
    return None if text is None else keyed(key, json.loads(text))
