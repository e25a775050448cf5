"""Paydays of townships: what is still to be paid by when, and what was too late."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid5

from pydantic import Field

from shared.calendar import Month
from shared.contracts.fields import DivisionCode, Programme
from shared.contracts.paydays import PaydayMet, PaydayMissed, PaydaySet
from shared.kernel.event import Document as EventDocument
from shared.views.port import Document, ViewSpec
from shared.views.projector import Projection
from shared.views.rows import Row


class PaydayRow(Row):
    """A township's payday: through which month, whether it is to be met, and was missed.

    ``missed_payments`` and ``missed_fen`` are what no approved run had taken up when the day had
    passed; ``met_on`` and ``run_id`` are of the run that took up the last of it.
    """

    payday_id: UUID = Field(validation_alias="_id")
    division: DivisionCode
    programme: Programme
    month: Month
    last_month: Month
    due_on: date
    open: bool
    missed: bool
    missed_payments: int | None = None
    missed_fen: int | None = None
    met_on: date | None = None
    run_id: UUID | None = None


def fold_payday(
    _key: str, before: Document | None, document: EventDocument[Any]
) -> Document | None:
    """A payday: set, missed with what was left, met by a run or by nothing being due."""
    event = document.data
    match event:
        case PaydaySet():
            return {
                "division": event.division,
                "programme": event.programme.value,
                "month": str(event.month),
                "last_month": str(event.last_month or event.month),
                "due_on": event.due_on.isoformat(),
                "open": True,
                "missed": False,
            }
        case PaydayMissed() if before is not None:
            left = {"missed_payments": event.payments, "missed_fen": event.total_fen}
            return {**before, **left, "missed": True}
        case PaydayMet() if before is not None:
            run = {} if event.run_id is None else {"run_id": str(event.run_id)}
            return {**before, **run, "open": False, "met_on": document.effective_on.isoformat()}
    return before


def _by_payday(document: EventDocument[Any]) -> Iterable[str]:
    return (str(uuid5(document.stream, str(document.data.month))),)


PAYDAYS: Final = Projection(
    ViewSpec(
        "paydays", indexes=(("division", "open", "due_on"), ("missed",), ("programme",), ("month",))
    ),
    (PaydaySet, PaydayMissed, PaydayMet),
    fold_payday,
    _by_payday,
)
