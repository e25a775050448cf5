"""Payments, each from intent to account: one stream per case and month, and one per case's aid."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from services.payment.model.entitlements import entitlement_of
from shared.calendar import Month
from shared.contracts.fields import Due
from shared.contracts.payment import (
    AidPaymentAwaited,
    AidPaymentIntended,
    AidPaymentNotDue,
    AidPaymentOverdue,
    PaymentIntended,
    PaymentReturned,
    PaymentSettled,
)
from shared.kernel.decider import Aggregate, Stream
from shared.kernel.event import Event


class PaymentStage(StrEnum):
    """What became of a payment; only an aid's is awaited before it is intended, or not due."""

    NONE = "none"
    AWAITED = "awaited"
    INTENDED = "intended"
    SETTLED = "settled"
    RETURNED = "returned"
    NOT_DUE = "not_due"


@dataclass(frozen=True, slots=True)
class Payment:
    """One case's payment for one month, or of its aid.

    ``pay_by`` is the day by which an aid is to be settled; ``overdue`` stays true whatever
    becomes of it later.
    """

    stage: PaymentStage = PaymentStage.NONE
    intended: PaymentIntended | AidPaymentIntended | None = None
    bank_reference: UUID | None = None
    pay_by: Due | None = None
    overdue: bool = False


def evolve_payment(state: Payment, event: Event) -> Payment:
    """Fold one event of a payment."""
    match event:
        case AidPaymentAwaited():
            awaited = state.stage is PaymentStage.NONE
            stage = PaymentStage.AWAITED if awaited else state.stage
            return replace(state, stage=stage, pay_by=event.pay_by)
        case PaymentIntended() | AidPaymentIntended():
            return replace(state, stage=PaymentStage.INTENDED, intended=event)
        case PaymentSettled():
            return replace(state, stage=PaymentStage.SETTLED, bank_reference=event.bank_reference)
        case PaymentReturned():
            return replace(state, stage=PaymentStage.RETURNED)
        case AidPaymentOverdue():
            return replace(state, overdue=True)
        case AidPaymentNotDue():
            return replace(state, stage=PaymentStage.NOT_DUE)
    return state


PAYMENT: Final = Aggregate("payment", Payment(), evolve_payment)

BANK_INSTRUCTION: Final = "bank-instruction"
"""The agenda's kind of payments that are to be handed to the bank."""


def payment_of(case_id: UUID, month: Month) -> Stream:
    """The payment's stream of a case for a month: one, so that it cannot be paid twice."""
    return Stream(PAYMENT.name, f"{case_id}/{month}", case_id)


def payments_of(case_id: UUID, state_of: Callable[[Stream], Any], by: Month) -> list[Stream]:
    """The streams of all payments that a case can have by a month: of its months, and its aid."""
    entitled = state_of(entitlement_of(case_id)).entitled
    months = entitled.steps[0][0].through(by) if entitled.steps else ()
    return [payment_of_aid(case_id), *(payment_of(case_id, month) for month in months)]


def payment_of_aid(case_id: UUID) -> Stream:
    """The payment's stream of a case's aid: one, so that it cannot be paid twice."""
    return Stream(PAYMENT.name, f"{case_id}/aid", case_id)


def payment_intended_by(intended: PaymentIntended | AidPaymentIntended) -> Stream:
    """The stream of a payment, by its intent."""
    if isinstance(intended, AidPaymentIntended):
        return payment_of_aid(intended.case_id)
    return payment_of(intended.case_id, intended.month)
