"""Views in memory, for the simulation: deterministic, and interruptible at every effect.

The methods are coroutines that never suspend. What would be a process's storage is a
``MemoryDisk``, which two instances of a service share and which outlives a crash.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

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
    KEY,
    Cursor,
    Filter,
    Page,
    Range,
    Scalar,
    Sort,
    check_count,
    check_page,
    page_of,
)

_Row = tuple[int, str | None]
_Build = tuple[str, int, int]


@dataclass
class MemoryDisk:
    """What survives a crash: rows of (position, JSON or tombstone) by build, and positions."""

    rows: dict[_Build, dict[str, _Row]] = field(default_factory=dict)
    progress: dict[tuple[str, int], Progress] = field(default_factory=dict)


class MemoryViews:
    """The port over a ``MemoryDisk``.

    ``on_step`` is called before each effect with "view-documents" (once a batch),
    "view-document" (each document) and "view-position"; what it raises stops the batch there,
    as a crash would. ``guard=False`` lets every document overwrite: only to show that the guard
    is needed.
    """

    def __init__(
        self,
        specs: Iterable[ViewSpec],
        disk: MemoryDisk | None = None,
        *,
        on_step: OnStep = no_step,
        guard: bool = True,
    ) -> None:
        self._specs = by_name(specs)
        self._disk = MemoryDisk() if disk is None else disk
        self.on_step = on_step
        self._guard = guard

    async def progress(self, view: str) -> Progress:
        """See ``ViewStore``."""
        spec = spec_of(self._specs, view)
        return self._disk.progress.get((spec.name, spec.version), START)

    async def load(self, view: str, keys: Sequence[str]) -> dict[str, Loaded]:
        """See ``ViewStore``."""
        check_keys(spec_of(self._specs, view), keys)
        rows = await self._rows(view)
        return {
            key: Loaded(_document(key, text), position)
            for key in keys
            if key in rows
            for position, text in [rows[key]]
        }

    async def apply(self, view: str, updates: Sequence[Update], progress: Progress) -> bool:
        """See ``ViewStore``."""
        spec = spec_of(self._specs, view)
        check_updates(spec, updates, progress)
        if updates:
            self.on_step("view-documents")
        for update in updates:
            self.on_step("view-document")
            self._write(spec, update, progress.generation)
        return await self.set_position(view, progress)

    async def set_position(self, view: str, progress: Progress) -> bool:
        """See ``ViewStore``."""
        spec = spec_of(self._specs, view)
        self.on_step("view-position")
        before = await self.progress(view)
        if before.generation != progress.generation or before.position >= progress.position:
            return False
        self._disk.progress[spec.name, spec.version] = progress
        return True

    async def restart(self, view: str, generation: int) -> Progress:
        """See ``ViewStore``."""
        spec = spec_of(self._specs, view)
        before = await self.progress(view)
        if before.generation != generation:
            return before
        begun = Progress(generation + 1, 0, "")
        self._disk.progress[spec.name, spec.version] = begun
        self._disk.rows.pop((spec.name, spec.version, generation), None)
        return begun

    async def get(self, view: str, key: str) -> Document | None:
        """See ``ViewStore``."""
        row = (await self._rows(view)).get(key)
        return None if row is None else _document(key, row[1])

    async def query(
        self,
        view: str,
        where: Filter = EVERYTHING,
        sort: Sort = BY_KEY,
        after: Cursor | None = None,
        limit: int = 50,
    ) -> Page:
        """See ``ViewStore``."""
        check_page(spec_of(self._specs, view).fields, where, sort, after, limit)
        found = await self._found(view, where)
        if after is not None:
            place = _place(after.value, after.key)
            found = [row for row in found if _is_after(_place_of(row, sort), place, sort)]
        found.sort(key=lambda row: _place_of(row, sort), reverse=sort.descending)
        return page_of(found[: limit + 1], sort, limit)

    async def count(self, view: str, where: Filter = EVERYTHING, limit: int = COUNT_LIMIT) -> int:
        """See ``ViewStore``."""
        check_count(spec_of(self._specs, view).fields, where, limit)
        return min(limit, len(await self._found(view, where)))

    async def engine(self) -> str:
        """See ``ViewStore``."""
        return "memory"

    async def close(self) -> None:
        """See ``ViewStore``."""

    async def _rows(self, view: str) -> dict[str, _Row]:
        spec = spec_of(self._specs, view)
        generation = (await self.progress(view)).generation
        return self._disk.rows.get((spec.name, spec.version, generation), {})

    async def _found(self, view: str, where: Filter) -> list[Document]:
        documents = (_document(key, text) for key, (_, text) in (await self._rows(view)).items())
        return [one for one in documents if one is not None and _matches(one, where)]

    def _write(self, spec: ViewSpec, update: Update, generation: int) -> None:
        rows = self._disk.rows.setdefault((spec.name, spec.version, generation), {})
        before = rows.get(update.key)
        if self._guard and before is not None and before[0] >= update.position:
            return
        body = body_of(update)
        rows[update.key] = (update.position, None if body is None else json.dumps(body))


def _document(key: str, text: str | None) -> Document | None:
    return None if text is None else keyed(key, json.loads(text))


def _place(value: Scalar, key: str) -> tuple[Any, ...]:
    return (value is not None, value, key)


def _place_of(document: Document, sort: Sort) -> tuple[Any, ...]:
    return _place(document.get(sort.field), document[KEY])


def _is_after(one: tuple[Any, ...], other: tuple[Any, ...], sort: Sort) -> bool:
    return one < other if sort.descending else one > other


def _matches(document: Document, where: Filter) -> bool:
    return (
        all(document.get(name) == value for name, value in where.equal.items())
        and all(_begins(document.get(name), prefix) for name, prefix in where.prefix.items())
        and all(_lies_in(document.get(name), bounds) for name, bounds in where.within.items())
        and all(document.get(name) in values for name, values in where.one_of.items())
    )


def _begins(value: object, prefix: str) -> bool:
    return isinstance(value, str) and value.startswith(prefix)


def _lies_in(value: Any, bounds: Range) -> bool:
    return value is not None and (
        (bounds.at_least is None or value >= bounds.at_least)
        and (bounds.at_most is None or value <= bounds.at_most)
        and (bounds.below is None or value < bounds.below)
    )
