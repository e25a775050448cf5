"""A confirmed household's income changes: another amount, a phase-out, a stop, and the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from services.decision.decisions.alone import outcome_alone
from services.decision.decisions.amounts import due_by_method
from services.decision.decisions.command import Command
from services.decision.decisions.retroactive import amounts_since, months_beside
from services.decision.decisions.weighing import (
    AtStandard,
    DecideChange,
    Weighed,
    leave,
    refuse_phase_out,
    stop,
    stopped,
    treatment_at_standard,
)
from services.decision.model import Determination
from services.decision.rules import change as rules
from services.decision.rules import children, entitlement, hands
from services.decision.rules.assessment import hardship_of
from shared.calendar import Month
from shared.contracts.assessments import Outcome
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
from shared.contracts.fields import NoteRef
from shared.contracts.recognition import PotentialRecipientListed
from shared.contracts.work import WithheldShare
from shared.kernel.decider import Decision, Fact, Moment, Refusal
from shared.kernel.event import Event
from shared.policy import Parameters


class HoldHearing(Command):
    """Take down what the household says before its aid is reduced or stopped."""

    change_id: UUID
    statement: NoteRef


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
    weighed = Weighed(case, change, command, regime, at)
    outcome = _outcome(weighed)
    if not any(isinstance(event, ManualReviewOpened) for event in outcome):
        outcome = [*_household_changed(weighed), *outcome]
    facts = [Fact(event, policy=regime.version) for event in outcome]
    happened_on = change.reported.happened_on
    if happened_on is not None:
        told = [event for event in outcome if isinstance(event, AmountChanged)]
        beside = months_beside(
            case,
            outcome,
            weighed.since,
            at,
            change_id=command.change_id,
            happened_on=happened_on,
            persons=told[-1].persons if told else weighed.persons,
            counted_income_fen=told[-1].counted_income_fen if told else weighed.counted_fen,
        )
        facts += [Fact(e, effective_on=happened_on, policy=regime.version) for e in beside]
    return facts


def end_case(case: Determination, _command: EndCase, at: Moment) -> Decision:
    """End the case once its last month is over, unless it is entitled again or has ended.

    A household in some hardship is kept in mind.
    """
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
    return [ended, *_kept_in_mind(case, leaving, at)]


def _kept_in_mind(
    case: Determination, leaving: PhaseOutStarted | BenefitStopped, at: Moment
) -> list[Event]:
    """Whoever left dibao for something less, and is near the standard still, is kept in mind.

    An alert or a visit then makes them apply without typing anything again; what they may ask for
    they were told. Source: 社会救助兜底脱贫行动方案 (2020); 闽民救〔2020〕21号, 2(1).3
    (不符合救助条件但存在一定困难).
    """
    if not any(one.outcome is Outcome.QUALIFIES for one in leaving.lesser or ()):
        return []
    account = case.known_account()
    now = {"members": case.members, "counted_income_fen": leaving.counted_income_fen}
    regime = entitlement.regime_on(account, at.date, at)
    hardship = hardship_of(account.model_copy(update=now), regime, leaving.standard_fen)
    if not hardship or not regime.flag("watch_list_for_refused_in_hardship"):
        return []
    return [
        PotentialRecipientListed(
            programme=account.programme,
            division=account.division,
            applicant=account.applicant,
            members=case.members,
            hardship=hardship,
        )
    ]


def _household_changed(weighed: Weighed) -> list[Event]:
    """Who the household is now, and who is paid, where that is what has changed."""
    reported, case = weighed.change.reported, weighed.case
    if reported.household is None or reported.happened_on is None:
        return []
    account = case.known_account()
    changed = HouseholdChanged(
        change_id=reported.change_id,
        programme=account.programme,
        division=account.division,
        cause=reported.household.cause,
        happened_on=reported.happened_on,
        members=weighed.members,
        left=reported.household.left,
        joined=tuple(member.person_id for member in reported.household.joined),
        payee=weighed.payee,
        from_month=weighed.since,
    )
    return [changed]


def _outcome(weighed: Weighed) -> Sequence[Event]:
    if not weighed.members:
        return [stopped(weighed, StopReason.NOBODY_LEFT)]
    if weighed.change.reported.child is not None:
        return _of_child(weighed, weighed.change.reported.child)
    if weighed.case.alone:
        return outcome_alone(weighed)
    if weighed.has_property_above:
        refuse_phase_out(weighed, StopReason.PROPERTY_ABOVE_LIMIT)
        return stop(weighed, StopReason.PROPERTY_ABOVE_LIMIT)
    figures = weighed.standard_fen, weighed.persons, weighed.counted_fen
    if rules.is_above_standard(*figures):
        return leave(weighed)
    refuse_phase_out(weighed, "income_not_above_standard")
    if entitlement.is_below_standard(*figures):
        return _continue(weighed)
    match treatment_at_standard(weighed):
        case "manual_review":
            stated = weighed.stated()
            del stated["parameters"], stated["explanation"]
            return [ManualReviewOpened(**stated)]
        case AtStandard.STAY:
            return _continue(weighed)
        case _:
            return stop(weighed, StopReason.INCOME_AT_STANDARD)


def _of_child(weighed: Weighed, child: ChildCircumstances) -> Sequence[Event]:
    """A child's allowance by its circumstances as they are now; over where a parent can again.

    From the month after it happened. Source: 民发〔2019〕62号, 2(4) (及时终止其保障资格).
    """
    weighed.case.require_not_leaving()
    refuse_phase_out(weighed, "no_test_of_means")
    reason = children.reason_to_refuse(child, weighed.regime, weighed.standard_fen)
    if reason is not None:
        return stop(weighed, StopReason(reason.value))
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


def _continue(weighed: Weighed) -> Sequence[AmountChanged]:
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
        return due_by_method(
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
