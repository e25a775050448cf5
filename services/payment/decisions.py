"""Payment's decisions: commands and states in, facts out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.payment import rules
from services.payment.model import (
    Entitlement,
    Payment,
    PaymentStage,
    Roster,
    Run,
    RunStage,
    payment_of,
    roster_of,
)
from shared.calendar import Month
from shared.contracts.fields import Programme
from shared.contracts.payment import (
    EntitlementOpened,
    PaymentIntended,
    PaymentReturned,
    PaymentSettled,
    ReturnReason,
    RosterEntryAdded,
    RosterMonthsListed,
    RunApproved,
    RunLine,
    RunPageListed,
    RunPageReleased,
    RunPrepared,
)
from shared.kernel.decider import Decision, Fact, Moment, Refusal


class _Command(BaseModel):
    model_config = ConfigDict(frozen=True)


class OpenEntitlement(_Command):
    """Enter a confirmed case; ``division`` handles it, ``amount_fen`` is in fen a month."""

    case_id: UUID
    programme: Programme
    division: str
    payee: UUID
    amount_fen: int
    from_month: Month


class PrepareRun(_Command):
    """Prepare the run of a month for a township; ``run_id`` names this preparation."""

    actor: UUID
    run_id: UUID
    programme: Programme
    division: str
    month: Month


class ApproveRun(_Command):
    """Approve the preparation ``run_id`` of a run."""

    actor: UUID
    run_id: UUID


class IntendPayments(_Command):
    """Record the payments of one released page before anything leaves the house."""

    run_id: UUID
    lines: tuple[RunLine, ...]


class Settle(_Command):
    """The bank credited the account, under its own reference."""

    bank_reference: UUID


class Return(_Command):
    """The payment was not made, or came back."""

    reason: ReturnReason


def open_entitlement(
    entitlement: Entitlement, _roster: Roster, command: OpenEntitlement, _at: Moment
) -> Decision:
    """Open a case's entitlement and enter it in the roster.

    A case confirmed anew while its entitlement is open is refused: amounts change by a decision
    on the change, never by a second entitlement.
    """
    if entitlement.opened is not None:
        raise Refusal("entitlement-open")
    entry = RosterEntryAdded(
        case_id=command.case_id,
        payee=command.payee,
        amount_fen=command.amount_fen,
        from_month=command.from_month,
    )
    opened = EntitlementOpened(
        programme=command.programme,
        division=command.division,
        payee=command.payee,
        amount_fen=command.amount_fen,
        from_month=command.from_month,
    )
    roster = roster_of(command.programme, rules.paying_division(command.division))
    return [Fact(entry, stream=roster), opened]


def prepare_run(run: Run, roster: Roster, command: PrepareRun, at: Moment) -> Decision:
    """List everything that is due and unlisted; preparing again replaces what is not approved.

    After an approved run of the month another takes up what became known since. Refuses a
    division that has no runs, a month that has not begun, and a run with nothing to pay.
    """
    rules.require_township(command.division)
    rules.require_month_begun(command.month, at.date)
    lines = _unlisted_lines(roster, command.month)
    if not lines:
        raise Refusal("nothing-to-pay", facts={"month": str(command.month)})
    pages = rules.pages_of(lines)
    replaced = run.prepared if run.stage is RunStage.PREPARED else None
    prepared = RunPrepared(
        preparer=command.actor,
        programme=command.programme,
        division=command.division,
        month=command.month,
        run_id=command.run_id,
        payments=len(lines),
        total_fen=sum(line.amount_fen for line in lines),
        pages=len(pages),
        replaces=replaced.run_id if replaced else None,
    )
    listed = [
        RunPageListed(run_id=command.run_id, page=number, lines=page)
        for number, page in enumerate(pages, start=1)
    ]
    return [prepared, *listed]


def approve_run(run: Run, roster: Roster, command: ApproveRun, _at: Moment) -> Decision:
    """Release a prepared run's pages and take its months off the roster's open ones.

    Refuses the preparer's own hand, another preparation than the present one, and lines that
    no longer are what the roster has open: then it has to be prepared anew.
    """
    prepared = run.prepared
    if run.stage is not RunStage.PREPARED or prepared is None:
        raise Refusal("run-not-prepared", facts={"stage": run.stage})
    if prepared.run_id != command.run_id:
        raise Refusal("run-replaced")
    rules.require_separate_hands(prepared.preparer, command.actor)
    if run.lines != _unlisted_lines(roster, prepared.month):
        raise Refusal("run-outdated")
    roster_stream = roster_of(prepared.programme, prepared.division)
    # Released before they are marked as listed: if ever only the beginning of this were to
    # survive, the months would be listed again, and a payment's own stream keeps it single.
    released: list[Fact] = []
    marked: list[Fact] = []
    for number, page in enumerate(run.pages, start=1):
        cases = tuple(dict.fromkeys(line.case_id for line in page))
        listed = RosterMonthsListed(run_id=prepared.run_id, month=prepared.month, cases=cases)
        released.append(Fact(RunPageReleased(run_id=prepared.run_id, page=number, lines=page)))
        marked.append(Fact(listed, stream=roster_stream))
    approved = RunApproved(
        approver=command.actor,
        programme=prepared.programme,
        division=prepared.division,
        month=prepared.month,
        run_id=prepared.run_id,
        payments=prepared.payments,
        total_fen=prepared.total_fen,
    )
    return [*released, Fact(approved), *marked]


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


def settle(payment: Payment, command: Settle, _at: Moment) -> Decision:
    """Record that the bank credited the account."""
    intended = _require_intended(payment)
    return [
        PaymentSettled(
            payment_id=intended.payment_id,
            amount_fen=intended.amount_fen,
            bank_reference=command.bank_reference,
        )
    ]


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


def _require_intended(payment: Payment) -> PaymentIntended:
    if payment.stage is not PaymentStage.INTENDED or payment.intended is None:
        raise Refusal("payment-not-open", facts={"stage": payment.stage})
    return payment.intended


def _unlisted_lines(roster: Roster, through: Month) -> tuple[RunLine, ...]:
    """What a run of the month ``through`` must list, ordered by case and month, in fen."""
    return tuple(
        RunLine(
            payment_id=rules.payment_id_of(entry.case_id, month),
            case_id=entry.case_id,
            payee=entry.payee,
            month=month,
            amount_fen=entry.amount_fen,
        )
        for entry in sorted(roster.entries.values(), key=lambda e: e.case_id)
        for month in rules.unlisted_months(entry.from_month, entry.listed_through, through)
    )
