"""What may be asked of a view: filters, an order, a page. The same on every engine.

A question names only fields that its view declared in an index, so that no question can turn
into a walk over everything. Strings compare by code point, a missing field is the same as
``None``, and ``None`` sorts before everything else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

Scalar = str | int | bool | None
"""What an indexed field may hold. One field holds one type in all documents of a view."""

KEY: Final = "_id"
"""The field under which every document carries its key."""

PAGE_LIMIT: Final = 500
"""Most documents of one page."""

COUNT_LIMIT: Final = 10_000
"""Where counting stops: a count that reaches its limit means "at least"."""

ALTERNATIVES_LIMIT: Final = 100
"""Most values of one ``one_of``."""

_LARGEST_INTEGER = 2**63 - 1
_LAST_CODE_POINT = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)


class QueryError(ValueError):
    """A question that the view cannot answer; the text says which part and what is allowed."""


@dataclass(frozen=True, slots=True)
class Range:
    """Bounds of a field's value; a document without the field lies in no range.

    Raises ``QueryError`` without any bound.
    """

    at_least: str | int | None = None
    at_most: str | int | None = None
    below: str | int | None = None

    def __post_init__(self) -> None:
        if not self.bounds():
            raise QueryError("a range has at least one bound")

    def bounds(self) -> list[tuple[str, str | int]]:
        """The bounds that are set, as comparison operators with their value."""
        pairs = ((">=", self.at_least), ("<=", self.at_most), ("<", self.below))
        return [(operator, value) for operator, value in pairs if value is not None]


@dataclass(frozen=True, slots=True)
class Filter:
    """Conditions by field; all of them hold for a document that is found.

    ``equal`` compares (``None``: the field is missing or null), ``prefix`` takes strings that
    begin so (a division's code finds all divisions under it), ``within`` takes a ``Range``,
    ``one_of`` at most ``ALTERNATIVES_LIMIT`` strings or numbers.
    """

    equal: Mapping[str, Scalar] = field(default_factory=dict)
    prefix: Mapping[str, str] = field(default_factory=dict)
    within: Mapping[str, Range] = field(default_factory=dict)
    one_of: Mapping[str, Sequence[str | int]] = field(default_factory=dict)

    def fields(self) -> set[str]:
        """Every field that a condition names."""
        return {*self.equal, *self.prefix, *self.within, *self.one_of}

    def values(self) -> list[Scalar]:
        """Every value that a condition compares with."""
        bounds = [value for item in self.within.values() for _, value in item.bounds()]
        alternatives = [value for values in self.one_of.values() for value in values]
        return [*self.equal.values(), *self.prefix.values(), *bounds, *alternatives]


EVERYTHING: Final = Filter()


@dataclass(frozen=True, slots=True)
class Sort:
    """An order: by one field, equal values by key in the same direction."""

    field: str = KEY
    descending: bool = False


BY_KEY: Final = Sort()


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place of a document in an order: the value it is sorted by, and its key."""

    value: Scalar
    key: str


@dataclass(frozen=True, slots=True)
class Page:
    """Documents in order, and where the next page begins (``None`` after the last one)."""

    documents: Sequence[dict[str, Any]]
    after: Cursor | None


def page_of(found: list[dict[str, Any]], sort: Sort, limit: int) -> Page:
    """The page of up to ``limit`` documents out of ``limit + 1`` that were looked for."""
    documents = found[:limit]
    if len(found) <= limit:
        return Page(documents, None)
    last = documents[-1]
    return Page(documents, Cursor(last.get(sort.field), last[KEY]))


def prefix_end(prefix: str) -> str | None:
    """The first string after all that begin with the prefix; ``None`` where there is none."""
    for length in range(len(prefix), 0, -1):
        following = ord(prefix[length - 1]) + 1
        if following in _SURROGATES:
            following = _SURROGATES.stop
        if following <= _LAST_CODE_POINT:
            return prefix[: length - 1] + chr(following)
    return None


def is_scalar(value: object) -> bool:
    """Whether every engine can store, compare and index the value alike."""
    if isinstance(value, str):
        return value.isascii() or _is_encodable(value)
    if isinstance(value, bool) or value is None:
        return True
    return isinstance(value, int) and abs(value) <= _LARGEST_INTEGER


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def check_page(
    declared: frozenset[str], where: Filter, sort: Sort, after: Cursor | None, limit: int
) -> None:
    """Refuse a page that cannot be asked for. Raises ``QueryError``."""
    _check_fields(declared, where.fields() | {sort.field})
    _check_values(where)
    check_cursor(after)
    _check_limit(limit, PAGE_LIMIT)


def check_count(declared: frozenset[str], where: Filter, limit: int) -> None:
    """Refuse a count that cannot be asked for. Raises ``QueryError``."""
    _check_fields(declared, where.fields())
    _check_values(where)
    _check_limit(limit, COUNT_LIMIT)


def check_cursor(after: Cursor | None) -> None:
    """Refuse a place that no document can have. Raises ``QueryError``."""
    if after is not None and not (is_scalar(after.value) and is_scalar(after.key)):
        raise QueryError("a page begins after a text, whole number, boolean or null, and a key")


def _check_fields(declared: frozenset[str], named: set[str]) -> None:
    undeclared = sorted(named - declared - {KEY})
    if undeclared:
        raise QueryError(
            f"no index of the view declares {', '.join(undeclared)}; "
            f"declared are {', '.join(sorted(declared)) or 'none'}"
        )


def _check_values(where: Filter) -> None:
    # The texts name what is allowed, never the value asked for.
    if not all(is_scalar(value) for value in where.values()):
        raise QueryError("a filter compares with text, whole numbers of 64 bits, booleans or null")
    if any(len(values) > ALTERNATIVES_LIMIT for values in where.one_of.values()):
        raise QueryError(f"at most {ALTERNATIVES_LIMIT} alternatives for one field")


def _check_limit(limit: int, most: int) -> None:
    if not 1 <= limit <= most:
        raise QueryError(f"a limit lies between 1 and {most}, not {limit}")
