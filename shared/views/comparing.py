"""What two generations of a view have different, document by document, at one log position."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from shared.views.port import Document, Pair

LISTED: Final = 100
"""How many differing documents are named; all are counted, and all are in the digest."""

_NOT_THERE: Final = ""
"""In place of a field's JSON, which is never empty."""


class Uneven(Exception):
    """The two generations are not at one position: somebody was writing to one of them."""


class OnlyIn(StrEnum):
    """Which generation alone holds a document."""

    SHOWN = "shown"
    BESIDE = "beside"


class Difference(BaseModel):
    """A document that is not the same in both: its key, and the top-level fields that differ.

    Field names only, never what stands in them. ``only_in`` names the generation that holds it,
    where the other holds none; it has no fields then.
    """

    model_config = ConfigDict(frozen=True)

    key: str
    only_in: OnlyIn | None = None
    fields: tuple[str, ...] = ()


class Differences(BaseModel):
    """Everything that differs at log position ``position``.

    ``compared`` documents were looked at, ``differing`` of them differ, the first ``LISTED`` in
    the order of their keys are ``listed``. ``digest`` is a SHA-256 over all that differ, listed
    or not: two comparisons that found the same documents and fields have the same.
    """

    model_config = ConfigDict(frozen=True)

    position: int = Field(ge=0)
    compared: int = Field(ge=0)
    differing: int = Field(ge=0)
    digest: str
    listed: tuple[Difference, ...]


class Comparison:
    """A walk through both generations in the order of the keys, a page of each at a time.

    Raises ``Uneven`` unless both stand at the same event of the log.
    """

    def __init__(self, pair: Pair) -> None:
        if pair.shown[1:] != pair.beside[1:]:
            raise Uneven("one generation has moved on")
        self._pair = pair
        self._after = ""
        self._compared = 0
        self._differing = 0
        self._digest = sha256()
        self._listed: list[Difference] = []

    async def walk(self, documents: int) -> Differences | None:
        """Look at the next ``documents`` of each; what was found, once all were looked at.

        Raises ``Uneven`` for a document that a later position wrote, which a projector has left
        that did not live to move the view's position, or that is writing although another was
        elected; ``PairGone`` and ``ViewsAway`` as the pair does.
        """
        shown, more = await self._page(self._pair.shown.generation, documents)
        beside, more_beside = await self._page(self._pair.beside.generation, documents)
        ends = [max(page) for page, follows in ((shown, more), (beside, more_beside)) if follows]
        end = min(ends, default=None)
        for key in sorted(shown.keys() | beside.keys()):
            if end is not None and key > end:
                break
            self._compare(key, shown.get(key), beside.get(key))
        if end is not None:
            self._after = end
            return None
        return Differences(
            position=self._pair.shown.position,
            compared=self._compared,
            differing=self._differing,
            digest=self._digest.hexdigest(),
            listed=tuple(self._listed),
        )

    async def close(self) -> None:
        """Let the generations' moment go."""
        await self._pair.close()

    async def _page(
        self, generation: int, limit: int
    ) -> tuple[Mapping[str, Document | None], bool]:
        """The next documents of a generation by key, and whether more may follow."""
        rows = await self._pair.rows(generation, self._after, limit)
        if any(row.position > self._pair.shown.position for row in rows):
            raise Uneven("a document is ahead of the view's position")
        return {row.key: row.document for row in rows}, len(rows) == limit

    def _compare(self, key: str, shown: Document | None, beside: Document | None) -> None:
        if shown is None and beside is None:
            return  # deleted, in one of them perhaps without a trace
        self._compared += 1
        found = _difference(key, shown, beside)
        if found is None:
            return
        self._differing += 1
        self._digest.update(found.model_dump_json().encode() + b"\n")
        if len(self._listed) < LISTED:
            self._listed.append(found)


def _difference(key: str, shown: Document | None, beside: Document | None) -> Difference | None:
    if shown is None or beside is None:
        return Difference(key=key, only_in=OnlyIn.BESIDE if shown is None else OnlyIn.SHOWN)
    if _json(shown) == _json(beside):
        return None
    fields = [
        name
        for name in sorted(shown.keys() | beside.keys())
        if _field(shown, name) != _field(beside, name)
    ]
    return Difference(key=key, fields=tuple(fields))


def _field(document: Document, name: str) -> str:
    return _json(document[name]) if name in document else _NOT_THERE


def _json(value: Any) -> str:
    """Text that is the same only for the same JSON: 1, 1.0 and true are three things."""
    return json.dumps(value, sort_keys=True)
