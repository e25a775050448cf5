"""Reports of what has changed: income, who belongs to the household, since when."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from services.decision.decisions.command import Command
from services.decision.model import Determination
from services.decision.rules import household
from services.decision.rules.children import paid_beside_fen
from services.decision.rules.entitlement import regime_on
from shared.accounts import (
    chosen_by,
    counted_income_fen,
    income_apart,
    require_deductions_allowed,
    require_income_of_members,
    within_bounds,
)
from shared.calendar import Month
from shared.children import require_complete
from shared.contracts.changes import (
    ChangeReported,
    DeathAdjustmentMissed,
    HouseholdChange,
    HouseholdChangeCause,
    PropertyHeld,
)
from shared.contracts.children import ChildCircumstances
from shared.contracts.fields import (
    DeductionLine,
    IncomeLine,
    IncomeTreatment,
    Member,
    NoteRef,
    Programme,
)
from shared.kernel.decider import Decision, Fact, Moment, Refusal
from shared.policy import Parameters


class ReportChange(Command):
    """Take down a household's account anew, in fen a month.

    ``happened_on`` where it counts from before today; ``household`` where somebody left or joined;
    ``property`` where that changed. Of members who entered alone it is their family's account.
    ``basic_pension`` is what the reporter decides of it where the regime leaves it unsettled.
    ``child`` is what a child's allowance rests on now, in the place of income.
    """

    change_id: UUID
    reporter: UUID
    income: tuple[IncomeLine, ...]
    deductions: tuple[DeductionLine, ...]
    explanation: NoteRef
    happened_on: date | None = None
    household: HouseholdChange | None = None
    basic_pension: IncomeTreatment | None = None
    child: ChildCircumstances | None = None
    property: PropertyHeld | None = None


class NoteMissedAdjustment(Command):
    """The last day for the check and adjustment after a death is over."""


def report_change(case: Determination, command: ReportChange, at: Moment) -> Decision:
    """Open a change of income or household; a later report stands in an earlier one's place.

    Not in that of a household's change: it is decided first. Its regime is today's, to its end.
    """
    case.require_in_benefit(Month.of(at.date))
    account = case.known_account()
    _require_takes_place(case, command, at)
    if command.child is not None:
        return [_of_child(case, command, command.child, at)]
    members = _members_after(case, command)
    if account.programme is not Programme.DIBAO and members:
        raise Refusal("programme-without-changes", facts={"programme": account.programme})
    if case.alone and command.household is not None and command.household.joined:
        raise Refusal("nobody-joins-who-entered-alone", status=409)
    regime = regime_on(account, at.date, at)
    require_income_of_members(command.income, _whose_income(case, command, members))
    require_deductions_allowed(regime, command.deductions)
    chosen = chosen_by(command.basic_pension, command.reporter)
    income = income_apart(regime, command.income, chosen, account.circumstances)
    counted_fen = counted_income_fen(
        income.income_fen,
        within_bounds(sum(line.amount_fen for line in command.deductions)),
    )
    reported = ChangeReported(
        change_id=command.change_id,
        reporter=command.reporter,
        reported_on=at.date,
        income=income.counted,
        deductions=command.deductions,
        counted_income_fen=counted_fen,
        explanation=command.explanation,
        excluded=income.left_out,
        basic_pension=income.chosen,
        property=command.property,
        **_facts_of(command, members, account.programme, regime, at),
    )
    return [Fact(reported, policy=regime.version)]


def _of_child(
    case: Determination, command: ReportChange, child: ChildCircumstances, at: Moment
) -> Fact:
    """A child's circumstances anew: a parent came back, was found, is able; or it lives elsewhere.

    Source: 民发〔2019〕62号, 2(4).
    """
    account = case.known_account()
    if account.programme is not Programme.CHILD_ALLOWANCE:
        facts: dict[str, int | str] = {"programme": account.programme}
        raise Refusal("child-circumstances-out-of-place", facts=facts, status=422)
    beside = command.household is not None or command.property is not None
    if command.income or command.deductions or beside:
        raise Refusal("child-change-is-all", status=422)
    case.require_not_leaving()
    require_complete(child)
    regime = regime_on(account, at.date, at)
    reported = ChangeReported(
        change_id=command.change_id,
        reporter=command.reporter,
        reported_on=at.date,
        income=(),
        deductions=(),
        counted_income_fen=paid_beside_fen(child),
        explanation=command.explanation,
        child=child,
        **({} if command.happened_on is None else {"happened_on": command.happened_on}),
    )
    return Fact(reported, policy=regime.version)


def _require_takes_place(case: Determination, command: ReportChange, at: Moment) -> None:
    """A household's change that waits is decided first; a fact does not lie ahead."""
    if case.change is not None and case.change.reported.household is not None:
        facts: dict[str, int | str] = {"reported_on": str(case.change.reported.reported_on)}
        raise Refusal("household-change-waits", facts=facts)
    if command.household is not None and command.happened_on is None:
        raise Refusal("change-date-astray", status=422)
    if command.happened_on is not None and command.happened_on > at.date:
        raise Refusal("change-date-astray", status=422)


def _members_after(case: Determination, command: ReportChange) -> tuple[Member, ...]:
    if command.household is None:
        return case.members
    family = case.family if case.alone else ()
    return household.members_after(case.members, command.household, case.payee, family)


def _whose_income(
    case: Determination, command: ReportChange, members: tuple[Member, ...]
) -> tuple[Member, ...]:
    """Whose income the account tells of: of who entered alone the family's as well."""
    if not case.alone:
        return members
    left = command.household.left if command.household is not None else ()
    return tuple(member for member in case.family if member.person_id not in left)


def _facts_of(
    command: ReportChange,
    members: tuple[Member, ...],
    programme: Programme,
    regime: Parameters,
    at: Moment,
) -> dict[str, Any]:
    """What a report states beside the account: when it happened, and who the household is now."""
    if command.happened_on is None:
        return {}
    facts: dict[str, Any] = {"happened_on": command.happened_on}
    if programme is Programme.DIBAO:
        late = household.may_be_admonished(command.happened_on, at.date, regime)
        facts["admonishable"] = late
    if command.household is None:
        return facts
    facts |= {"household": command.household, "members": members}
    if command.household.cause is HouseholdChangeCause.DEATH and programme is Programme.DIBAO:
        facts["adjust_by"] = household.adjust_by(command.happened_on, regime)
    return facts


def note_missed_adjustment(
    case: Determination, _command: NoteMissedAdjustment, at: Moment
) -> Decision:
    """A death was not followed by a decision in time: that is recorded, once."""
    waiting = case.change
    adjust_by = waiting.reported.adjust_by if waiting is not None else None
    if waiting is None or adjust_by is None or at.date <= adjust_by:
        return []
    change_id = waiting.reported.change_id
    return [DeathAdjustmentMissed(change_id=change_id, due_on=adjust_by)]
