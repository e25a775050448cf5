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
from weakref import WeakSet

from shared.views import sqlite_generations as generations
from shared.views.port import (
    Document,
    Loaded,
    OnStep,
    Progress,
    Update,
    ViewSpec,
    body_of,
    by_name,
    check_keys,
    check_switch,
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
from shared.views.sqlite_generations import SqlitePair, current_table, shown_of, standing_table
from shared.views.sqlite_lane import Lane
from shared.views.sqlite_query import conditions, order, past

BULK: Final = 500
"""Documents of one transaction."""


class SqliteViews:
    """The port over the file ``path``, whose folder exists.

    ``on_step`` is called before each effect with "view-documents" (once a batch),
    "view-document" (each transaction of up to ``bulk`` documents), "view-position",
    "view-begin-beside", "view-switch" and "view-sweep" (dropping a generation that is gone).
    Raises ``ViewsAway`` where the file cannot be opened.
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
        self._path = path
        self._pairs: WeakSet[SqlitePair] = WeakSet()
        self.on_step = on_step
        self._bulk = bulk
        self._writer = Lane(path, "IMMEDIATE")
        self._writer.run_here(lambda db: generations.begin_all(db, self._specs.values()))
        self._reader = Lane(path, "DEFERRED")

    async def progress(self, view: str) -> Progress:
        """See ``ViewStore``."""
        spec = spec_of(self._specs, view)
        return await self._reader.run(lambda connection: shown_of(connection, spec))

    async def load(
        self, view: str, keys: Sequence[str], generation: int | None = None
    ) -> dict[str, Loaded]:
        """See ``ViewStore``."""
        spec = spec_of(self._specs, view)
        check_keys(spec, keys)

        def read(connection: sqlite3.Connection) -> list[tuple[str, str | None, int]]:
            table = (
                current_table(connection, spec)
                if generation is None
                else standing_table(connection, spec, generation)
            )
            if table is None:
                return []
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
        return await self._writer.run(lambda db: generations.move(db, spec, progress))

    async def restart(self, view: str, generation: int) -> Progress:
        """See ``ViewStore``."""
        spec = spec_of(self._specs, view)
        return await self._writer.run(lambda db: generations.restart(db, spec, generation))

    async def beside(self, view: str) -> Progress | None:
        """See ``ViewStore``."""
        spec = spec_of(self._specs, view)
        return await self._reader.run(lambda db: generations.beside_of(db, spec))

    async def begin_beside(self, view: str) -> Progress:
        """See ``ViewStore``."""
        spec = spec_of(self._specs, view)
        self.on_step("view-begin-beside")
        begun = await self._writer.run(lambda db: generations.begin_beside(db, spec))
        await self._sweep(spec)
        return begun

    async def both(self, view: str) -> SqlitePair | None:
        """See ``ViewStore``."""
        pair = await SqlitePair.opened(self._path, spec_of(self._specs, view))
        if pair is not None:
            self._pairs.add(pair)
        return pair

    async def switch(self, view: str, shown: Progress, beside: Progress) -> bool:
        """See ``ViewStore``."""
        spec = spec_of(self._specs, view)
        check_switch(spec, shown, beside)
        self.on_step("view-switch")
        switched = await self._writer.run(lambda db: generations.switch(db, spec, shown, beside))
        if switched:
            await self._sweep(spec)
        return switched

    async def abandon(self, view: str) -> None:
        """See ``ViewStore``."""
        spec = spec_of(self._specs, view)
        await self._writer.run(lambda db: generations.abandon(db, spec))
        await self._sweep(spec)

    async def _sweep(self, spec: ViewSpec) -> None:
        """Drop what is gone, in a transaction of its own: a large table takes its time."""
        self.on_step("view-sweep")
        await self._writer.run(lambda db: generations.sweep(db, spec))

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
            table = current_table(connection, spec)
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
            table = current_table(connection, spec)
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
        for pair in tuple(self._pairs):
            pair.release()
        self._reader.close()
        self._writer.close()


def _documents_writer(
    spec: ViewSpec, progress: Progress, rows: list[tuple[str, int, str | None]]
) -> Callable[[sqlite3.Connection], None]:
    def write(connection: sqlite3.Connection) -> None:
        table = standing_table(connection, spec, progress.generation)
        if table is None:
            return  # begun anew, switched or abandoned meanwhile: the table is gone
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
