"""Payments, each from intent to account: one stream per case and month, and of a case's aid one
per instalment.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import takewhile
from typing import Any, Final
from uuid import UUID, uuid5

from services.payment.model.entitlements import entitlement_of
from shared.calendar import Month
from shared.contracts.aid import MOST_INSTALMENTS
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
    """One case's payment for one month, or an instalment of its aid.

    ``pay_by`` is the day by which an aid is to be settled; ``overdue`` stays true whatever
    becomes of it later. ``later_id`` is its id where it is a later instalment.
    """

    stage: PaymentStage = PaymentStage.NONE
    intended: PaymentIntended | AidPaymentIntended | None = None
    bank_reference: UUID | None = None
    pay_by: Due | None = None
    overdue: bool = False
    later_id: UUID | None = None


def evolve_payment(state: Payment, event: Event) -> Payment:
    """Fold one event of a payment."""
    match event:
        case AidPaymentAwaited():
            awaited = state.stage is PaymentStage.NONE
            stage = PaymentStage.AWAITED if awaited else state.stage
            return replace(state, stage=stage, pay_by=event.pay_by, later_id=event.payment_id)
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
    """The streams of all payments that a case can have by a month: of its months, and its aid.

    Where a quarter is paid at once, its last month may be paid in its first.
    """
    entitled = state_of(entitlement_of(case_id)).entitled
    months = entitled.steps[0][0].through(by.quarter[1]) if entitled.steps else ()
    return [*_of_aid(case_id, state_of), *(payment_of(case_id, month) for month in months)]


def _of_aid(case_id: UUID, state_of: Callable[[Stream], Any]) -> list[Stream]:
    """The streams of an aid's instalments, as far as there are any; always that of the first."""
    ids = (aid_payment_id_of(case_id, number) for number in range(1, MOST_INSTALMENTS + 1))
    first, *later = (payment_of_aid(case_id, payment_id) for payment_id in ids)
    begun = takewhile(lambda stream: state_of(stream).stage is not PaymentStage.NONE, later)
    return [first, *begun]


def aid_payment_id_of(case_id: UUID, number: int = 1) -> UUID:
    """The id of an aid's payment, which follows from the case and the instalment's number."""
    return uuid5(case_id, "payment/aid" if number == 1 else f"payment/aid/{number}")


def payment_of_aid(case_id: UUID, payment_id: UUID | None = None) -> Stream:
    """The payment's stream of an aid's instalment: one, so that it cannot be paid twice.

    The first's unless ``payment_id`` names a later one's.
    """
    later = payment_id not in (None, aid_payment_id_of(case_id))
    return Stream(PAYMENT.name, f"{case_id}/aid{f'/{payment_id}' if later else ''}", case_id)


def payment_intended_by(intended: PaymentIntended | AidPaymentIntended) -> Stream:
    """The stream of a payment, by its intent."""
    if isinstance(intended, AidPaymentIntended):
        return payment_of_aid(intended.case_id, intended.payment_id)
    return payment_of(intended.case_id, intended.month)
