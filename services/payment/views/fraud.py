"""Findings of money obtained by fraud, each with its fine."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final
from uuid import UUID

from pydantic import Field

from shared.calendar import Month
from shared.contracts.fields import DivisionCode, Programme
from shared.contracts.fraud import FraudFineImposed, FraudFinePaid, FraudFound
from shared.kernel.event import Document as EventDocument
from shared.views.port import Document, ViewSpec
from shared.views.projector import Projection
from shared.views.rows import Row


class FraudRow(Row):
    """What was obtained by fraud in which months, the fine for it, and whether that is paid.

    Amounts are in fen; the fine is owed beside what was obtained.
    """

    finding_id: UUID = Field(validation_alias="_id")
    division: DivisionCode
    case_id: UUID
    programme: Programme
    first_month: Month
    last_month: Month
    obtained_fen: int
    found_on: date
    fined: bool
    paid: bool
    fine_fen: int | None = None
    fined_on: date | None = None
    paid_on: date | None = None


def fold_fraud(_key: str, before: Document | None, document: EventDocument[Any]) -> Document | None:
    """A finding: what was obtained, the fine, and the day on which it was paid."""
    event = document.data
    match event:
        case FraudFound():
            return {
                "division": event.division,
                "case_id": str(document.subject),
                "programme": event.programme.value,
                "first_month": str(event.first_month),
                "last_month": str(event.last_month),
                "obtained_fen": event.obtained_fen,
                "found_on": document.effective_on.isoformat(),
                "fined": False,
                "paid": False,
            }
        case FraudFineImposed() if before is not None:
            fine = {"fine_fen": event.amount_fen, "fined_on": event.imposed_on.isoformat()}
            return {**before, **fine, "fined": True}
        case FraudFinePaid() if before is not None:
            return {**before, "paid": True, "paid_on": event.paid_on.isoformat()}
    return before


def _by_finding(document: EventDocument[Any]) -> Iterable[str]:
    return (str(document.data.finding_id),)


FRAUDS: Final = Projection(
    ViewSpec("frauds", indexes=(("division", "fined", "paid"), ("paid",))),
    (FraudFound, FraudFineImposed, FraudFinePaid),
    fold_fraud,
    _by_finding,
)
