"""Decisions on a month's run: prepared by one, approved by another."""

from __future__ import annotations

from uuid import UUID

from services.payment import rules
from services.payment.decisions.command import Command
from services.payment.decisions.paydays import paydays_met, regimes_of
from services.payment.model import Roster, Run, RunStage, roster_of
from shared.calendar import Month
from shared.contracts.fields import Programme
from shared.contracts.payment import (
    RosterMonthsListed,
    RunApproved,
    RunLine,
    RunPageListed,
    RunPageReleased,
    RunPrepared,
)
from shared.kernel.decider import Decision, Fact, Moment, Refusal


class PrepareRun(Command):
    """Prepare the run of a month for a township; ``run_id`` names this preparation."""

    actor: UUID
    run_id: UUID
    programme: Programme
    division: str
    month: Month


class ApproveRun(Command):
    """Approve the preparation ``run_id`` of a run."""

    actor: UUID
    run_id: UUID


def prepare_run(run: Run, roster: Roster, command: PrepareRun, at: Moment) -> Decision:
    """List everything that is due and unlisted; preparing again replaces what is not approved.

    After an approved run of the month another takes up what became known since. Where a quarter is
    paid at once, the run of its first month takes up the other two, each as a month of its own.
    Refuses a division that has no runs, another month of such a quarter, a month that has not
    begun, and a run with nothing to pay.
    """
    rules.require_township(command.division)
    regimes = regimes_of(command.division, command.programme, at)
    first, last = rules.months_paid_at_once(command.month, at.date, regimes)
    rules.require_first_month(command.month, first)
    rules.require_month_begun(first, at.date)
    lines = _unlisted_lines(roster, last)
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
        last_month=last if last != first else None,
    )
    listed = [
        RunPageListed(run_id=command.run_id, page=number, lines=page)
        for number, page in enumerate(pages, start=1)
    ]
    return [prepared, *listed]


def approve_run(run: Run, roster: Roster, command: ApproveRun, at: Moment) -> Decision:
    """Release a prepared run's pages and take its months off the roster's open ones.

    With them goes every payday by which nothing is left to be paid.

    Refuses the preparer's own hand, another preparation than the present one, and lines that
    no longer are what the roster has open: then it has to be prepared anew.
    """
    prepared = run.prepared
    if run.stage is not RunStage.PREPARED or prepared is None:
        raise Refusal("run-not-prepared", facts={"stage": run.stage})
    if prepared.run_id != command.run_id:
        raise Refusal("run-replaced")
    rules.require_separate_hands(prepared.preparer, command.actor)
    through = prepared.last_month or prepared.month
    if run.lines != _unlisted_lines(roster, through):
        raise Refusal("run-outdated")
    roster_stream = roster_of(prepared.programme, prepared.division)
    # Released before they are marked as listed: if ever only the beginning of this were to
    # survive, the months would be listed again, and a payment's own stream keeps it single.
    released: list[Fact] = []
    marked: list[Fact] = []
    for number, page in enumerate(run.pages, start=1):
        cases = tuple(dict.fromkeys(line.case_id for line in page))
        listed = RosterMonthsListed(run_id=prepared.run_id, month=through, cases=cases)
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
    taken_up = [fact.event for fact in marked]
    met = paydays_met(roster, taken_up, prepared.run_id, roster_stream, at.date)
    return [*released, Fact(approved), *marked, *met]


def _unlisted_lines(roster: Roster, through: Month) -> tuple[RunLine, ...]:
    """What a run of the month ``through`` must list, ordered by case and month, in fen.

    An entitlement that became known late is so paid from its first month on: nobody is skipped.
    """
    return tuple(
        RunLine(
            payment_id=rules.payment_id_of(entry.case_id, month),
            case_id=entry.case_id,
            payee=entry.payee,
            month=month,
            amount_fen=amount_fen,
        )
        for entry in sorted(roster.entries.values(), key=lambda e: e.case_id)
        for month, amount_fen in entry.unlisted.months(through)
    )
