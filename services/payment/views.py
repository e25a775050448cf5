"""Payment's read models: payments and runs by their ids, entitlements by case."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final, Literal
from uuid import UUID

from pydantic import Field

from services.payment.model import PaymentStage
from shared.calendar import Month
from shared.contracts.fields import DivisionCode, Programme
from shared.contracts.payment import (
    EntitlementOpened,
    PaymentIntended,
    PaymentReturned,
    PaymentSettled,
    ReturnReason,
    RunApproved,
    RunPrepared,
)
from shared.kernel.event import Document as EventDocument
from shared.views.port import Document, ViewSpec
from shared.views.projector import Projection
from shared.views.rows import Row


class PaymentRow(Row):
    """One payment: for whom, which month, how much in fen, and how far."""

    payment_id: UUID = Field(validation_alias="_id")
    division: DivisionCode
    case_id: UUID
    month: Month
    amount_fen: int
    run_id: UUID
    stage: PaymentStage
    intended_on: date
    settled_on: date | None = None
    returned_on: date | None = None
    reason: ReturnReason | None = None


class RunRow(Row):
    """A township's run of a month: how many payments, their total in fen, and whose hands."""

    run_id: UUID = Field(validation_alias="_id")
    division: DivisionCode
    programme: Programme
    month: Month
    payments: int
    total_fen: int
    stage: Literal["prepared", "replaced", "approved"]
    preparer: UUID
    approver: UUID | None = None


class EntitlementRow(Row):
    """What a case is entitled to: fen a month, from which month on."""

    case_id: UUID = Field(validation_alias="_id")
    division: DivisionCode
    programme: Programme
    amount_fen: int
    from_month: Month


def _by_payment(document: EventDocument[Any]) -> Iterable[str]:
    return (str(document.data.payment_id),)


def _by_run(document: EventDocument[Any]) -> Iterable[str]:
    """The run, and the one whose place it takes."""
    event = document.data
    replaced = event.replaces if isinstance(event, RunPrepared) else None
    return tuple(str(run_id) for run_id in (event.run_id, replaced) if run_id)


def fold_payment(
    _key: str, before: Document | None, document: EventDocument[Any]
) -> Document | None:
    """A payment: case, month, amount in fen, stage, and when it came there."""
    event = document.data
    day = document.effective_on.isoformat()
    match event:
        case PaymentIntended():
            return {
                "division": document.region,
                "case_id": str(event.case_id),
                "month": str(event.month),
                "amount_fen": event.amount_fen,
                "run_id": str(event.run_id),
                "stage": "intended",
                "intended_on": day,
            }
        case PaymentSettled():
            return {**(before or {}), "stage": "settled", "settled_on": day}
        case PaymentReturned():
            return {
                **(before or {}),
                "stage": "returned",
                "returned_on": day,
                "reason": event.reason.value,
            }
    return before


def fold_run(key: str, before: Document | None, document: EventDocument[Any]) -> Document | None:
    """A township's run of a month: its payments, total in fen, stage and hands.

    A preparation whose place another took stays, as ``replaced``.
    """
    event = document.data
    match event:
        case RunPrepared() if key != str(event.run_id):
            return {**(before or {}), "stage": "replaced"}
        case RunPrepared():
            return {
                "division": event.division,
                "programme": event.programme.value,
                "month": str(event.month),
                "payments": event.payments,
                "total_fen": event.total_fen,
                "stage": "prepared",
                "preparer": str(event.preparer),
            }
        case RunApproved():
            return {**(before or {}), "stage": "approved", "approver": str(event.approver)}
    return before


def fold_entitlement(
    _key: str, _before: Document | None, document: EventDocument[Any]
) -> Document | None:
    """A case's entitlement: its amount in fen a month and its first month."""
    event = document.data
    return {
        "division": event.division,
        "programme": event.programme.value,
        "amount_fen": event.amount_fen,
        "from_month": str(event.from_month),
    }


PAYMENTS: Final = Projection(
    ViewSpec("payments", indexes=(("division", "month"), ("case_id",), ("stage",))),
    (PaymentIntended, PaymentSettled, PaymentReturned),
    fold_payment,
    _by_payment,
)
RUNS: Final = Projection(
    ViewSpec("runs", indexes=(("division", "month"), ("stage",))),
    (RunPrepared, RunApproved),
    fold_run,
    _by_run,
)
ENTITLEMENTS: Final = Projection(
    ViewSpec("entitlements", indexes=(("division",), ("programme",))),
    (EntitlementOpened,),
    fold_entitlement,
)

PROJECTIONS: Final = (PAYMENTS, RUNS, ENTITLEMENTS)
