"""The views' port: named collections of documents, each written under guard.

A view is what a projector folded out of a log. Whatever it holds can be folded again, so an
adapter promises little but that wholly: a document is only ever replaced by one that a *later*
log position wrote, and the view's own position never runs ahead of its documents. With these two
a batch may be applied twice, half, late or by two projectors at once, and the view is the same.

A view may have a second generation of documents *beside* the one that readers see, with a position
of its own: what a rebuild folds, compares, and switches to in one write. Generations are numbered
and no number is ever used twice, so whoever still writes to one that is gone changes nothing.

MongoDB, SQLite and the simulation's memory implement the port and pass one contract suite.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple, Protocol

from shared.views.query import (
    BY_KEY,
    COUNT_LIMIT,
    EVERYTHING,
    KEY,
    Cursor,
    Filter,
    Page,
    Sort,
    is_scalar,
)

Document = dict[str, Any]
"""A view's document: what JSON can hold. When read it carries its key under ``_id``."""

BATCH_LIMIT: Final = 10_000
"""Most updates of one ``apply``, and most keys of one ``load``."""

KEY_LENGTH: Final = 200
"""Longest key of a document, in characters."""

_NAME = re.compile(r"[a-z]+(_[a-z]+)*\Z")
_NAME_LENGTH: Final = 40
_FIELD = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")


class ViewsAway(Exception):
    """The engine of the views cannot be reached, or broke off. Asking again later may help."""


class UnknownView(LookupError):
    """No view of that name was given to the store."""


class PairGone(Exception):
    """The moment of a ``Pair`` is not kept any longer. Asking for another pair helps."""


class BadUpdate(ValueError):
    """An update that no engine, or not every engine, could keep as it is."""


@dataclass(frozen=True)
class ViewSpec:
    """What a service says of one of its views.

    ``indexes`` are tuples of top-level fields, in the order of the index; only fields named in
    one may be asked for. ``version`` is raised with every change of what the projection writes:
    each version has documents and a position of its own, so that two releases of a service run
    side by side and a new one folds the log from its beginning.

    Raises ``ValueError`` for a name that is no lower-case identifier of up to 40 letters; that
    of a view stands in events, and has no digits.
    """

    name: str
    indexes: Sequence[tuple[str, ...]] = ()
    version: int = 1

    def __post_init__(self) -> None:
        if not _NAME.match(self.name) or len(self.name) > _NAME_LENGTH:
            raise ValueError(f"not a name of a view: {self.name!r}")
        for name in self.fields:
            if not _FIELD.match(name):
                raise ValueError(f"not a name of an indexed field: {name!r}")
        if self.version < 1:
            raise ValueError(f"a view's version counts from 1, not {self.version}")

    @cached_property
    def fields(self) -> frozenset[str]:
        """Every indexed field."""
        return frozenset(field for index in self.indexes for field in index)


class Update(NamedTuple):
    """A document as the log position ``position`` left it; ``None`` deletes it."""

    key: str
    position: int
    document: Document | None


class Loaded(NamedTuple):
    """A document as it lies there, with the position that wrote it; ``None`` for a tombstone."""

    document: Document | None
    position: int


class Progress(NamedTuple):
    """How far a view is: everything up to log position ``position`` is in its documents.

    ``digest`` is the hexadecimal digest of the event there, so that a log which holds another
    one is recognised. ``generation`` numbers the documents it speaks of: those that readers see,
    or those beside them.
    """

    generation: int
    position: int
    digest: str


START: Final = Progress(1, 0, "")

OnStep = Callable[[str], None]
"""Called before each effect on storage, with its name. A simulation may switch or crash there."""


def no_step(_name: str) -> None:
    """What happens before an effect when nobody looks."""


class Row(NamedTuple):
    """A document of one generation as it lies there, with its key; ``None`` for a tombstone."""

    key: str
    document: Document | None
    position: int


class Pair(Protocol):
    """Both generations of a view as they were at one moment, however they go on meanwhile."""

    @property
    def shown(self) -> Progress:
        """How far the generation was that readers saw."""

    @property
    def beside(self) -> Progress:
        """How far the generation beside it was."""

    async def rows(self, generation: int, after: str, limit: int) -> list[Row]:
        """The documents and tombstones of one of the two past a key, in order of the keys.

        Raises ``PairGone`` where the engine does not keep that moment any longer, and
        ``ViewsAway``.
        """

    async def close(self) -> None:
        """Let the moment go."""


class ViewStore(Protocol):
    """The views of one service, in a database (or file) of their own.

    Every method raises ``UnknownView`` for a view the store was not given and ``ViewsAway``
    where the engine cannot be reached.
    """

    async def progress(self, view: str) -> Progress:
        """How far the view is; ``START`` for one that nothing was ever written to."""

    async def load(
        self, view: str, keys: Sequence[str], generation: int | None = None
    ) -> dict[str, Loaded]:
        """The documents, or tombstones, of these keys; those never written are absent.

        ``generation`` is the one that readers see unless it is named; one that is gone is empty.
        """

    async def apply(self, view: str, updates: Sequence[Update], progress: Progress) -> bool:
        """Write the documents under guard and then, in a write of its own, the position.

        They go to the generation of ``progress``: the one that readers see, or the one beside.
        A document stays as it is when a position as high or higher wrote it. The result is that
        of ``set_position``. One update per document: raises ``BadUpdate`` for two of one key, a
        position beyond ``progress``, or a document that is not JSON.
        """

    async def set_position(self, view: str, progress: Progress) -> bool:
        """Move the view's position forward, within its generation; whether it moved."""

    async def restart(self, view: str, generation: int) -> Progress:
        """Begin the view anew, empty, if its generation is still the given one.

        Returns the progress it has then. Whoever still writes to the generation before it
        changes nothing any more; nothing stands beside it any more either.
        """

    async def beside(self, view: str) -> Progress | None:
        """How far the generation beside the one that readers see is, if there is one."""

    async def begin_beside(self, view: str) -> Progress:
        """Begin a generation, empty, beside the one that readers see; its progress.

        One that stood there is gone.
        """

    async def both(self, view: str) -> Pair | None:
        """Both generations as they are now, to be read page by page; ``None`` if there is one."""

    async def switch(self, view: str, shown: Progress, beside: Progress) -> bool:
        """Have readers see the generation beside; whether that was done.

        Done in one write, and only while both still stand exactly as given. What readers saw is
        then dropped. A query under way shows a page of the one or of the other generation. Raises
        ``BadUpdate`` unless both stand at the same event of the log: readers would be taken back.
        """

    async def abandon(self, view: str) -> None:
        """Drop the generation beside, if there is one."""

    async def get(self, view: str, key: str) -> Document | None:
        """The document of a key, or ``None``."""

    async def query(
        self,
        view: str,
        where: Filter = EVERYTHING,
        sort: Sort = BY_KEY,
        after: Cursor | None = None,
        limit: int = 50,
    ) -> Page:
        """A page of the documents found, in order, after the place ``after``.

        While documents come and go, one whose place in the order stays is shown exactly once
        over all pages. Raises ``QueryError``.
        """

    async def count(self, view: str, where: Filter = EVERYTHING, limit: int = COUNT_LIMIT) -> int:
        """How many documents are found, counting no further than ``limit``."""

    async def engine(self) -> str:
        """The engine's name and version, for an operator."""

    async def close(self) -> None:
        """Let go of every connection and thread."""


def by_name(specs: Iterable[ViewSpec]) -> dict[str, ViewSpec]:
    """The specs by view. Raises ``ValueError`` where two share a name."""
    named: dict[str, ViewSpec] = {}
    for spec in specs:
        if named.setdefault(spec.name, spec) is not spec:
            raise ValueError(f"two views are called {spec.name}")
    return named


def spec_of(specs: dict[str, ViewSpec], view: str) -> ViewSpec:
    """The view's spec. Raises ``UnknownView``."""
    spec = specs.get(view)
    if spec is None:
        raise UnknownView(f"no view is called {view!r}; there are {', '.join(specs) or 'none'}")
    return spec


def check_keys(spec: ViewSpec, keys: Sequence[str]) -> None:
    """Refuse to load more than ``BATCH_LIMIT`` documents at once. Raises ``BadUpdate``."""
    if len(keys) > BATCH_LIMIT:
        raise BadUpdate(f"{spec.name}: {len(keys)} keys at once; {BATCH_LIMIT} at most")


def check_updates(spec: ViewSpec, updates: Sequence[Update], progress: Progress) -> None:
    """Hold a batch against the port's terms, whichever engine it goes to. Raises ``BadUpdate``.

    The text names view and field, never a document's content.
    """
    if len(updates) > BATCH_LIMIT:
        raise BadUpdate(f"{spec.name}: {len(updates)} updates in one batch; {BATCH_LIMIT} at most")
    if len({update.key for update in updates}) != len(updates):
        raise BadUpdate(f"{spec.name}: a batch folds to one update per document")
    for key, position, document in updates:
        if not 1 <= position <= progress.position:
            raise BadUpdate(f"{spec.name}: position {position} is not in 1..{progress.position}")
        if not 1 <= len(key) <= KEY_LENGTH or not is_scalar(key):
            raise BadUpdate(f"{spec.name}: a key has 1 to {KEY_LENGTH} characters")
        if document is None:
            continue
        if document.get(KEY, key) != key:
            raise BadUpdate(f"{spec.name}: a document's _id is its key")
        if not _is_json(document):
            raise BadUpdate(f"{spec.name}: a document holds only what JSON can hold")
        for field in spec.fields:
            value = document.get(field)
            if isinstance(value, (float, list, dict)):
                raise BadUpdate(f"{spec.name}: the indexed field {field} holds no single value")


def check_switch(spec: ViewSpec, shown: Progress, beside: Progress) -> None:
    """Refuse a switch between two places of the log. Raises ``BadUpdate``."""
    if shown[1:] != beside[1:] or shown.generation == beside.generation:
        raise BadUpdate(f"{spec.name}: readers are switched at one position of one log")


def body_of(update: Update) -> Document | None:
    """The update's document without its key, which every engine keeps apart."""
    if update.document is None:
        return None
    return {name: value for name, value in update.document.items() if name != KEY}


def keyed(key: str, body: Document) -> Document:
    """A document as readers get it: its key first."""
    return {KEY: key, **body}


def _is_json(value: object) -> bool:
    if isinstance(value, dict):
        return all(isinstance(k, str) and _is_json(v) for k, v in value.items())
    if isinstance(value, list):
        return all(_is_json(item) for item in value)
    if isinstance(value, float):
        return math.isfinite(value)
    return is_scalar(value)
