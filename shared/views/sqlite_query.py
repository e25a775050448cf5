"""Questions to a view as SQL over the table (key, position, document) of SQLite.

Names in the text come from declared, checked identifiers; every value is a parameter.
"""

from __future__ import annotations

from shared.views.query import KEY, Cursor, Filter, Scalar, Sort, prefix_end

_Clause = tuple[str, list[Scalar]]


def column(field: str) -> str:
    """The SQL expression of a field: the very text that the index was made of."""
    return "key" if field == KEY else f"json_extract(document, '$.{field}')"


def order(sort: Sort) -> str:
    """The ORDER BY of an order; NULL comes first going up, as everywhere in the port."""
    direction = "DESC" if sort.descending else "ASC"
    if sort.field == KEY:
        return f"key {direction}"
    return f"{column(sort.field)} {direction}, key {direction}"


def conditions(where: Filter) -> _Clause:
    """The WHERE of a filter over documents that are not deleted."""
    clauses: list[_Clause] = [("document IS NOT NULL", [])]
    clauses += [(f"{column(field)} IS ?", [value]) for field, value in where.equal.items()]
    clauses += [_prefix(field, prefix) for field, prefix in where.prefix.items()]
    clauses += [
        (f"{column(field)} {operator} ?", [value])
        for field, bounds in where.within.items()
        for operator, value in bounds.bounds()
    ]
    clauses += [
        (f"{column(field)} IN ({', '.join('?' * len(values))})", list(values))
        for field, values in where.one_of.items()
    ]
    text = " AND ".join(clause for clause, _ in clauses)
    return text, [value for _, values in clauses for value in values]


def past(after: Cursor | None, sort: Sort) -> _Clause:
    """The WHERE of everything that follows a place in the order.

    The bound on the field alone says nothing new; it lets the index begin at the place.
    """
    if after is None:
        return "TRUE", []
    beyond = "<" if sort.descending else ">"
    if sort.field == KEY:
        return f"key {beyond} ?", [after.key]
    field, value, key = column(sort.field), after.value, after.key
    if value is None and sort.descending:
        return f"({field} IS NULL AND key < ?)", [key]
    if value is None:
        return f"({field} IS NOT NULL OR key > ?)", [key]
    text = f"{field} {beyond}= ? AND ({field} {beyond} ? OR key {beyond} ?)"
    if sort.descending:
        return f"(({text}) OR {field} IS NULL)", [value, value, key]
    return f"({text})", [value, value, key]


def _prefix(field: str, prefix: str) -> _Clause:
    expression, end = column(field), prefix_end(prefix)
    # Any text compares as greater than any number: the lower bound alone finds only texts.
    if end is None:
        return f"{expression} >= ?", [prefix]
    return f"({expression} >= ? AND {expression} < ?)", [prefix, end]
