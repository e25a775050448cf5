"""Payments by their ids: those of a month, and those of an aid."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final, Literal
from uuid import UUID

from pydantic import Field

from services.payment.model import PaymentStage, aid_payment_id_of
from services.payment.rules import paying_division
from shared.calendar import Month
from shared.contracts.fields import DivisionCode
from shared.contracts.payment import (
    AidPaymentAwaited,
    AidPaymentIntended,
    AidPaymentNotDue,
    AidPaymentOverdue,
    PaymentIntended,
    PaymentReturned,
    PaymentSettled,
    ReturnReason,
)
from shared.kernel.event import Document as EventDocument
from shared.views.port import Document, ViewSpec
from shared.views.projector import Projection
from shared.views.rows import Row


class PaymentRow(Row):
    """One payment: for whom, how much in fen, and how far.

    A monthly one names its month and run. An aid's amount is known once it is granted; it was
    ``overdue`` if it was not settled by ``pay_by``, whatever became of it since.
    """

    payment_id: UUID = Field(validation_alias="_id")
    kind: Literal["monthly", "aid"]
    division: DivisionCode
    case_id: UUID
    stage: PaymentStage
    overdue: bool
    amount_fen: int | None = None
    month: Month | None = None
    run_id: UUID | None = None
    pay_by: date | None = None
    intended_on: date | None = None
    settled_on: date | None = None
    returned_on: date | None = None
    reason: ReturnReason | None = None


_OF_AN_AID: Final = (AidPaymentAwaited, AidPaymentOverdue, AidPaymentNotDue)
"""Of an aid's payment; they name it only where it is a later instalment's."""


def _by_payment(document: EventDocument[Any]) -> Iterable[str]:
    event = document.data
    if isinstance(event, AidPaymentAwaited | AidPaymentOverdue) and event.payment_id is not None:
        return (str(event.payment_id),)
    if isinstance(event, _OF_AN_AID):
        return (str(aid_payment_id_of(document.subject)),)
    return (str(event.payment_id),)


def fold_payment(
    _key: str, before: Document | None, document: EventDocument[Any]
) -> Document | None:
    """A payment: case, amount in fen, stage, and when it came there."""
    event = document.data
    day = document.effective_on.isoformat()
    match event:
        case PaymentIntended():
            return {
                "kind": "monthly",
                "division": document.region,
                "case_id": str(event.case_id),
                "month": str(event.month),
                "amount_fen": event.amount_fen,
                "run_id": str(event.run_id),
                "stage": PaymentStage.INTENDED.value,
                "overdue": False,
                "intended_on": day,
            }
        case PaymentSettled():
            return {**(before or {}), "stage": PaymentStage.SETTLED.value, "settled_on": day}
        case PaymentReturned():
            return {
                **(before or {}),
                "stage": PaymentStage.RETURNED.value,
                "returned_on": day,
                "reason": event.reason.value,
            }
    return _fold_aid(before or _aid(document), document)


def _aid(document: EventDocument[Any]) -> Document:
    """An aid's payment before anything is known of it; it is the township's, as a month's is."""
    return {
        "kind": "aid",
        "division": paying_division(document.region),
        "case_id": str(document.subject),
        "stage": PaymentStage.NONE.value,
        "overdue": False,
    }


def _fold_aid(before: Document, document: EventDocument[Any]) -> Document:
    event = document.data
    match event:
        case AidPaymentAwaited():
            none = before["stage"] == PaymentStage.NONE.value
            stage = PaymentStage.AWAITED.value if none else before["stage"]
            return {**before, "stage": stage, "pay_by": event.pay_by.on.isoformat()}
        case AidPaymentIntended():
            return {
                **before,
                "stage": PaymentStage.INTENDED.value,
                "amount_fen": event.amount_fen,
                "intended_on": document.effective_on.isoformat(),
            }
        case AidPaymentOverdue():
            return {**before, "overdue": True}
        case AidPaymentNotDue():
            return {**before, "stage": PaymentStage.NOT_DUE.value}
    return before


PAYMENTS: Final = Projection(
    ViewSpec(
        "payments",
        indexes=(("division", "month"), ("case_id",), ("stage",), ("division", "overdue")),
        version=2,
    ),
    (
        PaymentIntended,
        PaymentSettled,
        PaymentReturned,
        AidPaymentAwaited,
        AidPaymentIntended,
        AidPaymentOverdue,
        AidPaymentNotDue,
    ),
    fold_payment,
    _by_payment,
)
