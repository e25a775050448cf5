"""A confirmed household's income changes: another amount, a phase-out, a stop, and the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.decision.decisions.amounts import due_by_gap
from services.decision.decisions.command import Command
from services.decision.decisions.retroactive import amounts_since, months_beside
from services.decision.model import Change, Determination
from services.decision.rules import change as rules
from services.decision.rules import children, entitlement, hands, household
from shared.calendar import Month
from shared.contracts.changes import (
    AmountChanged,
    BenefitStopped,
    HearingHeld,
    HouseholdChanged,
    ManualReviewOpened,
    PhaseOutStarted,
    StopReason,
)
from shared.contracts.children import ChildCircumstances
from shared.contracts.decision import CaseEnded, EndReason
from shared.contracts.fields import Member, NoteRef
from shared.contracts.work import WithheldShare
from shared.kernel.decider import Decision, Fact, Moment, Refusal
from shared.kernel.event import Event
from shared.policy import Parameters


class AtStandard(StrEnum):
    """What officials decide of a household exactly at the standard: it stays, or it is stopped."""

    STAY = "stay"
    STOP = "stop"


class HoldHearing(Command):
    """Take down what the household says before its aid is reduced or stopped."""

    change_id: UUID
    statement: NoteRef


class DecideChange(Command):
    """Decide what a change comes to, in a role.

    ``phase_out_months`` is what the regime leaves to the approver, 0 for none with an
    ``explanation``; ``at_standard`` what is chosen after a manual review.
    """

    actor: UUID
    role: str
    change_id: UUID
    phase_out_months: int | None = None
    at_standard: AtStandard | None = None
    explanation: NoteRef | None = None


class EndCase(Command):
    """The last month that is paid is over."""


def hold_hearing(case: Determination, command: HoldHearing, at: Moment) -> Decision:
    """Record that the household was heard about an open change."""
    case.require_in_benefit(Month.of(at.date))
    case.open_change(command.change_id)
    return [HearingHeld(change_id=command.change_id, statement=command.statement)]


def decide_change(case: Determination, command: DecideChange, at: Moment) -> Decision:
    """Decide a change: by hands that neither surveyed the household nor reported the change."""
    case.require_in_benefit(Month.of(at.date))
    change = case.open_change(command.change_id)
    account = case.known_account()
    regime = entitlement.regime_on(account, change.reported.reported_on, at)
    hands.require_deciding_role(command.role, regime)
    before = {**case.hands("survey"), "report": frozenset((change.reported.reporter,))}
    hands.require_separate_hands(command.actor, before)
    if command.at_standard is not None and not change.under_review:
        raise Refusal("nothing-to-choose")
    weighed = _Weighed(case, change, command, regime, at)
    outcome = _outcome(weighed)
    if not any(isinstance(event, ManualReviewOpened) for event in outcome):
        outcome = [*_household_changed(weighed), *outcome]
    facts = [Fact(event, policy=regime.version) for event in outcome]
    happened_on = change.reported.happened_on
    if happened_on is not None:
        beside = months_beside(
            case,
            outcome,
            weighed.since,
            at,
            change_id=command.change_id,
            happened_on=happened_on,
            persons=weighed.persons,
            counted_income_fen=weighed.counted_fen,
        )
        facts += [Fact(e, effective_on=happened_on, policy=regime.version) for e in beside]
    return facts


def end_case(case: Determination, _command: EndCase, at: Moment) -> Decision:
    """End the case once its last month is over, unless it is entitled again or has ended."""
    leaving = case.leaving
    if leaving is None or case.ended is not None or Month.of(at.date) <= leaving.last_month:
        return []
    account = case.known_account()
    phased_out = isinstance(leaving, PhaseOutStarted)
    ended = CaseEnded(
        programme=account.programme,
        division=account.division,
        members=(*account.members, *(m for m in case.members if m not in account.members)),
        reason=EndReason.PHASE_OUT_OVER if phased_out else EndReason.STOPPED,
        last_month=leaving.last_month,
    )
    return [ended]


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A change beside all that decides it."""

    case: Determination
    change: Change
    command: DecideChange
    regime: Parameters
    at: Moment

    @property
    def members(self) -> tuple[Member, ...]:
        """The household as the change leaves it."""
        anew = self.change.reported.members
        return self.case.members if anew is None else anew

    @property
    def persons(self) -> int:
        return len(self.members)

    @property
    def standard_fen(self) -> int:
        basis = self.case.basis
        if not self.members and basis is not None:
            return basis.standard_fen  # nobody is left whose income could be tested
        if self.change.reported.child is not None:
            return children.standard_fen(self.change.reported.child, self.regime)
        return self.regime.fen("standard_monthly_fen")

    @property
    def counted_fen(self) -> int:
        return self.change.reported.counted_income_fen

    @property
    def next_month(self) -> Month:
        return entitlement.first_month_paid(self.at.date)

    @property
    def since(self) -> Month:
        """From which month on the change counts: the past, for a fact that does."""
        confirmed = self.case.confirmed
        pay_from = self.next_month if confirmed is None else confirmed.pay_from
        happened_on = self.change.reported.happened_on
        return household.counts_from(happened_on, pay_from, self.at.date)

    def stated(self, *more: Parameters) -> dict[str, Any]:
        """What every outcome states; taken last, when all parameters were read.

        ``more`` are the parameters of another level, where one was asked.
        """
        return {
            "change_id": self.command.change_id,
            "decider": self.command.actor,
            "persons": self.persons,
            "standard_fen": self.standard_fen,
            "counted_income_fen": self.counted_fen,
            "parameters": entitlement.parameters_used(self.regime, *more),
            "explanation": self.command.explanation,
        }


def _household_changed(weighed: _Weighed) -> list[Event]:
    """Who the household is now, and who is paid, where that is what has changed."""
    reported, case = weighed.change.reported, weighed.case
    if reported.household is None or reported.happened_on is None:
        return []
    account = case.known_account()
    gone = case.payee in reported.household.left
    changed = HouseholdChanged(
        change_id=reported.change_id,
        programme=account.programme,
        division=account.division,
        cause=reported.household.cause,
        happened_on=reported.happened_on,
        members=weighed.members,
        left=reported.household.left,
        joined=tuple(member.person_id for member in reported.household.joined),
        payee=reported.household.payee if gone else case.payee,
        from_month=weighed.since,
    )
    return [changed]


def _outcome(weighed: _Weighed) -> Sequence[Event]:
    if not weighed.members:
        return [_stopped(weighed, StopReason.NOBODY_LEFT)]
    if weighed.change.reported.child is not None:
        return _of_child(weighed, weighed.change.reported.child)
    figures = weighed.standard_fen, weighed.persons, weighed.counted_fen
    if rules.is_above_standard(*figures):
        if weighed.case.leaving is not None and weighed.change.reported.household is not None:
            return []  # what runs goes on: the household is another, and still above
        return [_leave(weighed)]
    if weighed.command.phase_out_months:
        months = weighed.command.phase_out_months
        facts: dict[str, int | str] = {"months": months, "because": "income_not_above_standard"}
        raise Refusal("no-phase-out", facts=facts)
    if entitlement.is_below_standard(*figures):
        return _continue(weighed)
    match _treatment_at_standard(weighed):
        case "manual_review":
            stated = weighed.stated()
            del stated["parameters"], stated["explanation"]
            return [ManualReviewOpened(**stated)]
        case AtStandard.STAY:
            return _continue(weighed)
        case _:
            return [_stop(weighed, StopReason.INCOME_AT_STANDARD)]


def _of_child(weighed: _Weighed, child: ChildCircumstances) -> Sequence[Event]:
    """A child's allowance by its circumstances as they are now; over where a parent can again.

    From the month after it happened. Source: 民发〔2019〕62号, 2(4) (及时终止其保障资格).
    """
    weighed.case.require_not_leaving()
    reason = children.reason_to_refuse(child, weighed.regime, weighed.standard_fen)
    if reason is not None:
        return [_stop(weighed, StopReason(reason.value))]
    amount_fen = children.allowance_fen(child, weighed.standard_fen)
    if amount_fen < weighed.case.amount_fen:
        rules.require_hearing(weighed.regime, heard=weighed.change.heard)
    current = AmountChanged(
        amount_fen=amount_fen, from_month=weighed.next_month, **weighed.stated()
    )

    def due(_regime: Parameters, standard_fen: int, _withheld: object) -> dict[str, Any]:
        return {"amount_fen": children.allowance_fen(child, standard_fen)}

    as_it_is = replace(weighed.case, child=child)
    return list(amounts_since(as_it_is, current, weighed.since, weighed.at, due))


def _treatment_at_standard(weighed: _Weighed) -> str:
    """Neither below the standard nor above it: as the deployment has it, or officials chose."""
    treatment = weighed.regime.code("eligibility_recipient_at_standard")
    if treatment == "manual_review" and weighed.change.under_review:
        if weighed.command.at_standard is None:
            raise Refusal("choice-missing", facts={"allowed": ", ".join(AtStandard)})
        return weighed.command.at_standard
    return treatment


def _continue(weighed: _Weighed) -> Sequence[AmountChanged]:
    """Still entitled, or entitled again: the gap, from the next month on.

    For a fact that counts in the past, every month since by its own standard as well.

    Who stays exactly at the standard keeps their standing, and the gap is nothing; top-ups go on.
    What is withheld of members' own shares for refused work stays withheld of them as they now are.
    """
    case = weighed.case
    people = [member.person_id for member in weighed.members]

    def due(
        regime: Parameters, standard_fen: int, withheld: tuple[WithheldShare, ...]
    ) -> dict[str, Any]:
        return due_by_gap(
            case,
            people,
            tuple(w for w in withheld if w.person_id in people),
            regime,
            standard_fen=standard_fen,
            counted_income_fen=weighed.counted_fen,
        )

    amount = due(weighed.regime, weighed.standard_fen, case.withheld)
    if amount["amount_fen"] < case.amount_fen:
        rules.require_hearing(weighed.regime, heard=weighed.change.heard)
    line_fen = weighed.regime.fen_or_none("poverty_line_yearly_fen")
    above_line = line_fen is not None and rules.is_above_poverty_line(
        line_fen, weighed.persons, weighed.counted_fen
    )
    current = AmountChanged(
        from_month=weighed.next_month,
        above_poverty_line=None if line_fen is None else above_line,
        **amount,
        **weighed.stated(),
    )
    return list(amounts_since(case, current, weighed.since, weighed.at, due))


def _leave(weighed: _Weighed) -> PhaseOutStarted | BenefitStopped:
    """Above the standard: paid on for a time where the regime grants it, else stopped."""
    granting = rules.phase_out_regime(weighed.regime, weighed.case.known_account().circumstances)
    months = rules.phase_out_months(
        granting,
        weighed.command.phase_out_months,
        by_employment=rules.has_risen_by_employment(
            weighed.case.income,
            weighed.change.reported.income,
            weighed.counted_fen,
            standard_fen=weighed.standard_fen,
            persons=weighed.persons,
        ),
        explained=weighed.command.explanation is not None,
    )
    if months == 0:
        return _stop(weighed, StopReason.INCOME_ABOVE_STANDARD, granting)
    _require_may_leave(weighed)
    amount_fen = rules.phase_out_fen(weighed.regime, weighed.case.amount_fen)
    return PhaseOutStarted(
        amount_fen=amount_fen,
        first_month=weighed.since,
        last_month=rules.last_month_of(weighed.since, months),
        **weighed.stated(granting),
    )


def _stop(weighed: _Weighed, reason: StopReason, *more: Parameters) -> BenefitStopped:
    """Stopped: the month of the decision is the last that is paid, or that of a past fact."""
    _require_may_leave(weighed)
    return _stopped(weighed, reason, *more)


def _stopped(weighed: _Weighed, reason: StopReason, *more: Parameters) -> BenefitStopped:
    last_month = weighed.since.previous()
    return BenefitStopped(reason=reason, last_month=last_month, **weighed.stated(*more))


def _require_may_leave(weighed: _Weighed) -> None:
    """A household leaves once, and is heard before where the regime wants it."""
    weighed.case.require_not_leaving()
    rules.require_hearing(weighed.regime, heard=weighed.change.heard)
