"""Decisions on payments: intended before anything leaves the house, then the bank's word."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.payment.decisions.command import Command
from services.payment.model import Payment, PaymentStage, payment_of
from services.payment.rules import day_after
from shared.contracts.fields import Due
from shared.contracts.payment import (
    AidPaymentAwaited,
    AidPaymentIntended,
    AidPaymentNotDue,
    AidPaymentOverdue,
    PaymentIntended,
    PaymentReturned,
    PaymentSettled,
    ReturnReason,
    RunLine,
)
from shared.kernel.decider import Decision, Fact, Moment, Refusal


class IntendPayments(Command):
    """Record the payments of one released page before anything leaves the house."""

    run_id: UUID
    lines: tuple[RunLine, ...]


class Settle(Command):
    """The bank credited the account, under its own reference."""

    bank_reference: UUID


class Return(Command):
    """The payment was not made, or came back."""

    reason: ReturnReason


class AwaitAid(Command):
    """An emergency is to be paid by a date, if it is granted; or a later instalment, by its id."""

    pay_by: Due
    payment_id: UUID | None = None


class IntendAid(Command):
    """Record the payment of a granted aid, ``amount_fen`` once."""

    payment_id: UUID
    case_id: UUID
    payee: UUID
    amount_fen: int


class DeclineAid(Command):
    """The aid was refused, or is wholly in kind."""


class NoteOverdueAid(Command):
    """The date passed by which an aid was to be paid."""


def intend_payments(*rest: Any) -> Decision:
    """Record an intent for each line of a page, each in the payment's own stream.

    Called with one payment per line, the command and the moment. A payment that was intended
    before is left as it is: the stream of case and month is what makes paying twice impossible.
    """
    *payments, command, _at = rest
    return [
        Fact(_intent(command.run_id, line), stream=payment_of(line.case_id, line.month))
        for line, payment in zip(command.lines, payments, strict=True)
        if payment.stage is PaymentStage.NONE
    ]


def _intent(run_id: UUID, line: RunLine) -> PaymentIntended:
    return PaymentIntended(
        payment_id=line.payment_id,
        run_id=run_id,
        case_id=line.case_id,
        payee=line.payee,
        month=line.month,
        amount_fen=line.amount_fen,
    )


def settle(payment: Payment, command: Settle, at: Moment) -> Decision:
    """Record that the bank credited the account; late, where an aid was to be there before."""
    intended = _require_intended(payment)
    settled = PaymentSettled(
        payment_id=intended.payment_id,
        amount_fen=intended.amount_fen,
        bank_reference=command.bank_reference,
    )
    pay_by = payment.pay_by
    # The bank's word may overtake the duty of that day, which then finds a settled payment.
    if pay_by is not None and at.date > pay_by.on and not payment.overdue:
        return [_overdue(payment, pay_by), settled]
    return [settled]


def send_back(payment: Payment, command: Return, _at: Moment) -> Decision:
    """Record that the money did not reach the payee."""
    intended = _require_intended(payment)
    return [
        PaymentReturned(
            payment_id=intended.payment_id,
            amount_fen=intended.amount_fen,
            reason=command.reason,
        )
    ]


def await_aid(payment: Payment, command: AwaitAid, _at: Moment) -> Decision:
    """Record by when an aid is to be paid.

    Intake says so when it accepts, and decision again when it grants: whichever is heard first
    is recorded, since neither waits for the other. An aid that is not due is not awaited.
    """
    if payment.pay_by is not None or payment.stage is PaymentStage.NOT_DUE:
        return []
    return [AidPaymentAwaited(pay_by=command.pay_by, payment_id=command.payment_id)]


def intend_aid(payment: Payment, command: IntendAid, _at: Moment) -> Decision:
    """Record the intent of an aid's payment; one that was intended before is left as it is."""
    if payment.stage not in (PaymentStage.NONE, PaymentStage.AWAITED):
        return []
    return [
        AidPaymentIntended(
            payment_id=command.payment_id,
            case_id=command.case_id,
            payee=command.payee,
            amount_fen=command.amount_fen,
        )
    ]


def decline_aid(payment: Payment, _command: DeclineAid, _at: Moment) -> Decision:
    """Record that nothing is to be paid. Refuses where a payment was intended."""
    if payment.stage not in (PaymentStage.NONE, PaymentStage.AWAITED):
        raise Refusal("payment-intended", facts={"stage": payment.stage})
    return [AidPaymentNotDue()]


def note_overdue_aid(payment: Payment, _command: NoteOverdueAid, _at: Moment) -> Decision:
    """Record that an aid is overdue, once; nothing for one that is settled or not due.

    What the bank sent back has not reached the household, and becomes overdue like the rest.
    """
    settled = payment.stage in (PaymentStage.SETTLED, PaymentStage.NOT_DUE)
    if settled or payment.overdue or payment.pay_by is None:
        return []
    return [_overdue(payment, payment.pay_by)]


def _overdue(payment: Payment, pay_by: Due) -> Fact:
    overdue = AidPaymentOverdue(due=pay_by, payment_id=payment.later_id)
    return Fact(overdue, effective_on=day_after(pay_by.on))


def _require_intended(payment: Payment) -> PaymentIntended | AidPaymentIntended:
    if payment.stage is not PaymentStage.INTENDED or payment.intended is None:
        raise Refusal("payment-not-open", facts={"stage": payment.stage})
    return payment.intended
