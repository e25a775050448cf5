"""Questions to a view as a MongoDB filter over rows {_id, position, deleted, document}."""

from __future__ import annotations

from typing import Any, Final

from shared.views.query import BY_KEY, KEY, Cursor, Filter, Range, Sort, prefix_end

_Clause = dict[str, Any]

_OPERATORS: Final = {">=": "$gte", "<=": "$lte", "<": "$lt"}


def path(field: str) -> str:
    """Where a field of a document lies in its row."""
    return KEY if field == KEY else f"document.{field}"


def order(sort: Sort) -> list[tuple[str, int]]:
    """The sort of an order; null and missing come first going up."""
    direction = -1 if sort.descending else 1
    if sort.field == KEY:
        return [(KEY, direction)]
    return [(path(sort.field), direction), (KEY, direction)]


def conditions(where: Filter, after: Cursor | None = None, sort: Sort = BY_KEY) -> _Clause:
    """The filter over rows that are not deleted and follow a place in the order."""
    clauses: list[_Clause] = [{"deleted": False}]
    clauses += [{path(field): {"$eq": value}} for field, value in where.equal.items()]
    clauses += [{path(field): _prefix(prefix)} for field, prefix in where.prefix.items()]
    clauses += [{path(field): _within(bounds)} for field, bounds in where.within.items()]
    clauses += [{path(field): {"$in": list(values)}} for field, values in where.one_of.items()]
    if after is not None:
        clauses.append(_past(after, sort))
    return {"$and": clauses}


def _past(after: Cursor, sort: Sort) -> _Clause:
    """Everything that follows a place. Comparisons skip null, so going down negates them.

    The bound on the field alone says nothing new; it lets the index begin at the place.
    """
    field, value = path(sort.field), after.value
    key: _Clause = {KEY: {"$lt" if sort.descending else "$gt": after.key}}
    if sort.field == KEY:
        return key
    if value is None and sort.descending:
        return {field: None, **key}
    if value is None:
        return {"$or": [{field: {"$ne": None}}, key]}
    if sort.descending:
        not_beyond = {field: {"$not": {"$gt": value}}}
        return {**not_beyond, "$or": [{field: {"$not": {"$gte": value}}}, key]}
    return {field: {"$gte": value}, "$or": [{field: {"$gt": value}}, key]}


def _prefix(prefix: str) -> _Clause:
    end = prefix_end(prefix)
    return {"$gte": prefix} if end is None else {"$gte": prefix, "$lt": end}


def _within(bounds: Range) -> _Clause:
    return {_OPERATORS[operator]: value for operator, value in bounds.bounds()}
