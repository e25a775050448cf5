"""Entitlements by case."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from pydantic import Field

from services.payment.model import ByMonth
from shared.calendar import Month
from shared.contracts.fields import DivisionCode, Programme
from shared.contracts.payment import (
    EntitlementEnded,
    EntitlementOpened,
    EntitlementPart,
    EntitlementPartSet,
    PaidMonthsDiffer,
)
from shared.kernel.event import Document as EventDocument
from shared.views.port import Document, ViewSpec
from shared.views.projector import Projection
from shared.views.rows import Row


class PartRow(Row):
    """What is paid of a part in some months in a row, both included; fen a month."""

    part: EntitlementPart
    from_month: Month
    last_month: Month | None = None
    amount_fen: int


class DifferenceRow(Row):
    """Months in a row that runs took up with another amount than is due; fen a month.

    ``difference_fen`` is due less listed: negative where too much was paid.
    """

    first_month: Month
    last_month: Month
    difference_fen: int


class EntitlementRow(Row):
    """What a case is entitled to, part by part, from which month on, and whether it has ended.

    A part may be known before the case is confirmed: then ``programme`` and ``from_month`` are
    not. ``parts`` are as they were set: none is paid before ``from_month`` or, once the
    entitlement has ended, after ``last_month``.
    """

    case_id: UUID = Field(validation_alias="_id")
    division: DivisionCode
    programme: Programme | None = None
    from_month: Month | None = None
    last_month: Month | None = None
    ended: bool
    parts: tuple[PartRow, ...]
    differences: tuple[DifferenceRow, ...]


def part_rows(part: EntitlementPart, months: ByMonth) -> Iterable[PartRow]:
    """A part's months as rows."""
    for first, last, amount_fen in months.stretches():
        yield PartRow(part=part, from_month=first, last_month=last, amount_fen=amount_fen)


def difference_rows(differences: ByMonth) -> Iterable[DifferenceRow]:
    """The months that differ, as rows; months that runs took up, and so with a last one."""
    for first, last, fen in differences.stretches():
        if last is not None:
            yield DifferenceRow(first_month=first, last_month=last, difference_fen=fen)


def fold_entitlement(
    _key: str, before: Document | None, document: EventDocument[Any]
) -> Document | None:
    """A case's entitlement: its parts in fen a month, its months, and what differs."""
    event = document.data
    known = before or {
        "division": document.region,
        "ended": False,
        "parts": [],
        "differences": [],
    }
    match event:
        case EntitlementOpened():
            benefit = _set(known, EntitlementPart.BENEFIT, event.from_month, event.amount_fen)
            return {
                **{name: value for name, value in benefit.items() if name != "last_month"},
                "division": event.division,
                "programme": event.programme.value,
                "from_month": str(event.from_month),
                "ended": False,
            }
        case EntitlementPartSet():
            return _set(known, event.part, event.from_month, event.amount_fen, event.last_month)
        case EntitlementEnded():
            return {**known, "ended": True, "last_month": str(event.last_month)}
        case PaidMonthsDiffer():
            return _differing(known, event)
    return before


def _set(
    known: Document,
    part: EntitlementPart,
    from_month: Month,
    amount_fen: int,
    last_month: Month | None = None,
) -> Document:
    rows = [PartRow.model_validate(row) for row in known["parts"]]
    months = ByMonth()
    for row in rows:
        if row.part is part:
            months = months.since(row.from_month, row.amount_fen, row.last_month)
    changed = part_rows(part, months.since(from_month, amount_fen, last_month))
    others = [row for row in rows if row.part is not part]
    by_part = sorted([*others, *changed], key=lambda row: (row.part, row.from_month))
    return {**known, "parts": [_written(row) for row in by_part]}


def _differing(known: Document, event: PaidMonthsDiffer) -> Document:
    months = ByMonth()
    for row in map(DifferenceRow.model_validate, known["differences"]):
        months = months.over(row.first_month, row.last_month, row.difference_fen)
    a_month_fen = event.difference_fen // (event.first_month.months_until(event.last_month) + 1)
    months = months.over(event.first_month, event.last_month, a_month_fen)
    return {**known, "differences": [_written(row) for row in difference_rows(months)]}


def _written(row: Row) -> Document:
    return row.model_dump(mode="json", exclude_none=True)


ENTITLEMENTS: Final = Projection(
    ViewSpec("entitlements", indexes=(("division",), ("programme",)), version=2),
    (EntitlementOpened, EntitlementPartSet, EntitlementEnded, PaidMonthsDiffer),
    fold_entitlement,
)
