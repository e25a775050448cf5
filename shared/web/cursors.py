"""Page cursors: opaque, sealed, and good only for the list and the filter they came from.

A cursor is the place after which the next page begins. It is sealed so that nobody can step
into a part of a list that the filter (and with it the jurisdiction) keeps from him.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from dataclasses import dataclass
from typing import Annotated, Final, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel

from shared.sealing import SealingKey
from shared.web.problems import Known, Problem

DEFAULT_LIMIT: Final = 50
MAX_LIMIT: Final = 200
MAX_CURSOR_CHARACTERS: Final = 512
_SEAL_BYTES: Final = 16

Place = tuple[int | str, ...]

Item = TypeVar("Item")


class Page(BaseModel, Generic[Item]):
    """One page of a list: its items, and the cursor of the next page unless this is the last."""

    items: list[Item]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class PageQuery:
    """What a client asks of a list: at most ``limit`` items after the place of ``cursor``."""

    limit: int = DEFAULT_LIMIT
    cursor: str | None = None


class Cursors:
    """Seals and opens the cursors of a service, with a key that all its instances hold."""

    def __init__(self, key: SealingKey) -> None:
        self._key = key

    def seal(self, place: Place, scope: str) -> str:
        """The cursor of a place. ``scope`` names the list and its filter (division, query)."""
        text = json.dumps(list(place), separators=(",", ":"), ensure_ascii=False).encode()
        sealed = self._tag(text, scope) + text
        cursor = base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()
        if len(cursor) > MAX_CURSOR_CHARACTERS:
            raise ValueError(
                f"a cursor of {len(cursor)} characters; at most {MAX_CURSOR_CHARACTERS}"
            )
        return cursor

    def open(self, cursor: str | None, scope: str) -> Place | None:
        """The place of a cursor, ``None`` for no cursor.

        Raises a 400 problem for one that is altered, too long, or of another list or filter.
        """
        if cursor is None:
            return None
        if len(cursor) > MAX_CURSOR_CHARACTERS:
            raise _invalid()
        try:
            sealed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise _invalid() from None
        tag, text = sealed[:_SEAL_BYTES], sealed[_SEAL_BYTES:]
        if not hmac.compare_digest(tag, self._tag(text, scope)):
            raise _invalid()
        return tuple(json.loads(text))

    def _tag(self, text: bytes, scope: str) -> bytes:
        head = scope.encode()
        return self._key.digest(len(head).to_bytes(4, "big") + head + text)[:_SEAL_BYTES]


def _invalid() -> Problem:
    return Problem(
        Known.CURSOR_INVALID,
        "请从第一页重新开始 / Start again from the first page",
    )


async def _page_query(
    limit: Annotated[
        int, Query(ge=1, le=MAX_LIMIT, description="每页条数 / Items per page")
    ] = DEFAULT_LIMIT,
    cursor: Annotated[
        str | None,
        Query(
            description="上一页的 next / The `next` of the page before",
            json_schema_extra={"pattern": "^[A-Za-z0-9_-]+$"},
        ),
    ] = None,
) -> PageQuery:
    return PageQuery(limit, cursor)


Paging = Annotated[PageQuery, Depends(_page_query)]
"""For a list route's parameter: the page asked for."""
