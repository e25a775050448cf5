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
    Row,
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
_View = tuple[str, int]
_Build = tuple[str, int, int]


@dataclass
class MemoryDisk:
    """What survives a crash: rows of (position, JSON or tombstone) by build, and positions.

    ``last`` is the highest number that a generation of a view ever had.
    """

    rows: dict[_Build, dict[str, _Row]] = field(default_factory=dict)
    progress: dict[_View, Progress] = field(default_factory=dict)
    beside: dict[_View, Progress] = field(default_factory=dict)
    last: dict[_View, int] = field(default_factory=dict)

    def begin(self, view: _View) -> Progress:
        """The start of a generation that never was."""
        shown = self.progress.get(view, START).generation
        self.last[view] = max(shown, self.last.get(view, 0)) + 1
        return Progress(self.last[view], 0, "")

    def sweep(self, view: _View) -> None:
        """Drop the rows of every generation that is neither shown nor stands beside."""
        kept = {self.progress.get(view, START).generation}
        if view in self.beside:
            kept.add(self.beside[view].generation)
        for build in [b for b in self.rows if b[:2] == view and b[2] not in kept]:
            del self.rows[build]


class MemoryPair:
    """Copies of both generations."""

    def __init__(self, shown: Progress, beside: Progress, rows: dict[int, dict[str, _Row]]) -> None:
        self.shown = shown
        self.beside = beside
        self._rows = rows

    async def rows(self, generation: int, after: str, limit: int) -> list[Row]:
        """See ``Pair``."""
        rows = self._rows[generation]
        keys = sorted(key for key in rows if key > after)[:limit]
        return [Row(key, _document(key, rows[key][1]), rows[key][0]) for key in keys]

    async def close(self) -> None:
        """See ``Pair``."""


class MemoryViews:
    """The port over a ``MemoryDisk``.

    ``on_step`` is called before each effect with "view-documents" (once a batch),
    "view-document" (each document), "view-position", "view-begin-beside", "view-switch" and
    "view-sweep" (dropping a generation that is gone); what it raises stops there, as a crash
    would. ``guard=False`` lets every document overwrite: only to show that the guard is needed.
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
        return self._disk.progress.get(self._view(view), START)

    async def load(
        self, view: str, keys: Sequence[str], generation: int | None = None
    ) -> dict[str, Loaded]:
        """See ``ViewStore``."""
        check_keys(spec_of(self._specs, view), keys)
        rows = await self._rows(view, generation)
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
        place = self._view(view)
        self.on_step("view-position")
        for positions, before in (
            (self._disk.progress, await self.progress(view)),
            (self._disk.beside, await self.beside(view)),
        ):
            if before is not None and before.generation == progress.generation:
                if moved := before.position < progress.position:
                    positions[place] = progress
                return moved
        return False

    async def restart(self, view: str, generation: int) -> Progress:
        """See ``ViewStore``."""
        place = self._view(view)
        before = await self.progress(view)
        if before.generation != generation:
            return before
        begun = self._disk.progress[place] = self._disk.begin(place)
        self._disk.beside.pop(place, None)
        self._disk.sweep(place)
        return begun

    async def beside(self, view: str) -> Progress | None:
        """See ``ViewStore``."""
        return self._disk.beside.get(self._view(view))

    async def begin_beside(self, view: str) -> Progress:
        """See ``ViewStore``."""
        place = self._view(view)
        self.on_step("view-begin-beside")
        begun = self._disk.beside[place] = self._disk.begin(place)
        self.on_step("view-sweep")
        self._disk.sweep(place)
        return begun

    async def both(self, view: str) -> MemoryPair | None:
        """See ``ViewStore``."""
        shown, beside = await self.progress(view), await self.beside(view)
        if beside is None:
            return None
        generations = (shown.generation, beside.generation)
        rows = {number: dict(await self._rows(view, number)) for number in generations}
        return MemoryPair(shown, beside, rows)

    async def switch(self, view: str, shown: Progress, beside: Progress) -> bool:
        """See ``ViewStore``."""
        place = self._view(view)
        check_switch(spec_of(self._specs, view), shown, beside)
        self.on_step("view-switch")
        if (await self.progress(view), await self.beside(view)) != (shown, beside):
            return False
        self._disk.progress[place] = self._disk.beside.pop(place)
        self.on_step("view-sweep")
        self._disk.sweep(place)
        return True

    async def abandon(self, view: str) -> None:
        """See ``ViewStore``."""
        place = self._view(view)
        self._disk.beside.pop(place, None)
        self._disk.sweep(place)

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

    def _view(self, view: str) -> _View:
        spec = spec_of(self._specs, view)
        return spec.name, spec.version

    async def _rows(self, view: str, generation: int | None = None) -> dict[str, _Row]:
        if generation is None:
            generation = (await self.progress(view)).generation
        return self._disk.rows.get((*self._view(view), generation), {})

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
