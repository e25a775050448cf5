"""Cursors as clients hold them: opaque text that only leads on in the order it came from."""

from __future__ import annotations

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final

from shared.views.query import Cursor, QueryError, Sort, check_cursor

CURSOR_LENGTH: Final = 1_024
"""Longest text taken for a cursor, in characters."""

_SHAPE_LENGTH = 4


class BadCursor(QueryError):
    """Text that is no cursor of this list. The way on is to begin with the first page."""


def encode_cursor(after: Cursor, sort: Sort) -> str:
    """The cursor as text: base64url without padding over JSON."""
    shape = [sort.field, sort.descending, after.value, after.key]
    text = json.dumps(shape, ensure_ascii=False, separators=(",", ":"))
    return urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def decode_cursor(text: str, sort: Sort) -> Cursor:
    """Read a cursor back, for the order in which the list is now asked for.

    Raises ``BadCursor`` for text that is no cursor, and for one from another order; the
    message repeats nothing of it.
    """
    if not 1 <= len(text) <= CURSOR_LENGTH:
        raise BadCursor(f"a cursor has 1 to {CURSOR_LENGTH} characters")
    try:
        raw = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        shape = json.loads(raw)
    except (binascii.Error, ValueError, RecursionError):
        raise BadCursor("this is no cursor; take it unchanged from the page before") from None
    if not isinstance(shape, list) or len(shape) != _SHAPE_LENGTH:
        raise BadCursor("this is no cursor; take it unchanged from the page before")
    field, descending, value, key = shape
    if field != sort.field or descending is not sort.descending:
        raise BadCursor("this cursor comes from another order; begin again with the first page")
    if not isinstance(key, str) or not isinstance(value, (str, int, type(None))):
        raise BadCursor("this is no cursor; take it unchanged from the page before")
    cursor = Cursor(value, key)
    try:
        check_cursor(cursor)
    except QueryError as error:
        raise BadCursor(str(error)) from None
    return cursor
