"""How each event of a determination changes it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from uuid import UUID

from services.decision.model.determination import Change, Determination, Publicity, Stage
from services.decision.model.standing import (
    paid_in_person,
    reinstated,
    revoked,
    standing_before,
)
from shared.calendar import Month
from shared.contracts.aid import AidUnderWay
from shared.contracts.appeals import DecisionRevoked, HouseholdReinstated
from shared.contracts.assessments import AssessmentDrawnUp, SinglePerson
from shared.contracts.changes import (
    AmountChanged,
    BenefitStopped,
    ChangeReported,
    HearingHeld,
    HouseholdChangeCause,
    HouseholdChanged,
    ManualReviewOpened,
    PhaseOutStarted,
    PropertyHeld,
)
from shared.contracts.coming_of_age import PayeeMoved
from shared.contracts.decision import (
    BenefitProposed,
    CaseConfirmed,
    CaseEnded,
    CaseRefused,
    ConfirmationDeferred,
    DeterminationOpened,
    RefusalProposed,
    TownshipApproved,
)
from shared.contracts.fields import Member
from shared.contracts.kin import KinDeclarationOwed, KinDeclared
from shared.contracts.publicity import (
    ObjectionRaised,
    ObjectionResolved,
    PublicityCompleted,
    PublicityPosted,
    ResurveyOrdered,
)
from shared.contracts.recognition import HouseholdRecognised, RecognitionEnded
from shared.contracts.residence import AidAtHomeNoted
from shared.contracts.special_aid import SpecialAidReferred
from shared.contracts.standards import AmountRedetermined, StandardReviewOpened
from shared.contracts.work import WithheldShare
from shared.kernel.decider import Aggregate, Stream
from shared.kernel.event import Event


def evolve(state: Determination, event: Event) -> Determination:
    """Fold one event of a determination."""
    match event:
        case DeterminationOpened():
            return replace(
                _before_survey(state),
                stage=Stage.OPENED,
                account=event,
                income=event.income,
                members=event.members,
                child=event.child,
                family=event.members,
                held=PropertyHeld(
                    deposits_fen=event.deposits_fen, houses=event.houses, vehicles=event.vehicles
                ),
            )
        case AssessmentDrawnUp():
            return replace(state, assessment=event)
        case BenefitProposed():
            return replace(state, stage=Stage.PROPOSED, proposal=event, basis=event)
        case RefusalProposed():
            return replace(state, stage=Stage.PROPOSED, proposal=event)
        case PublicityPosted():
            posted = {**state.publicities, event.round: Publicity(event)}
            return replace(state, publicities=posted)
        case PublicityCompleted():
            done = replace(state.publicities[event.round], completed=True)
            return replace(state, publicities={**state.publicities, event.round: done})
        case ObjectionRaised() | ObjectionResolved() | ResurveyOrdered():
            return _objected(state, event)
        case TownshipApproved():
            return replace(state, stage=Stage.APPROVED, approver=event.approver)
        case AidUnderWay():
            return replace(state, stage=Stage.AID_UNDER_WAY, deferred=None)
        case ConfirmationDeferred():
            return replace(state, deferred=event.reason)
        case CaseConfirmed():
            return replace(
                state,
                stage=Stage.CONFIRMED,
                alone=state.alone if state.confirmed else _proposed_alone(state),
                deferred=None,
                confirmed=state.confirmed or event,
                leaving=None,
                ended=None,
                amount_fen=event.amount_fen,
                amounts=state.amounts.since(event.pay_from, event.amount_fen),
                standards=state.standards.since(event.pay_from, _standard_of(state, event)),
                amount_from=event.pay_from,
                members=event.members,
                payee=event.payee,
            )
        case CaseRefused():
            return replace(state, stage=Stage.REFUSED, refused=event)
    return _evolve_decided(state, event)


def _objected(
    state: Determination, event: ObjectionRaised | ObjectionResolved | ResurveyOrdered
) -> Determination:
    match event:
        case ObjectionRaised():
            return replace(state, objections=state.objections | {event.objection_id})
        case ObjectionResolved():
            return replace(
                state,
                objections=state.objections - {event.objection_id},
                objection_upheld=state.objection_upheld or event.upheld,
            )
        case ResurveyOrdered():
            return replace(state, stage=Stage.RESURVEY, resurvey=event)


def _before_survey(state: Determination) -> Determination:
    """Nothing yet; of a household that is surveyed anew, whose hands its case went through."""
    if state.resurvey is None:
        return state
    hands = state.hands("survey", "proposal", "approval").values()
    return Determination(
        former_hands=frozenset().union(*hands),
        resurvey=state.resurvey,
        aided_at_home=state.aided_at_home,
        kin_owed=state.kin_owed,
    )


def _evolve_decided(state: Determination, event: Event) -> Determination:
    match event:
        case (
            AidAtHomeNoted()
            | KinDeclarationOwed()
            | KinDeclared()
            | HouseholdRecognised()
            | RecognitionEnded()
            | SpecialAidReferred()
        ):
            return _beside(state, event)
        case ChangeReported():
            return replace(state, change=Change(event))
        case HearingHeld() | ManualReviewOpened() if state.change is not None:
            change = state.change
            heard = change.heard or isinstance(event, HearingHeld)
            under_review = change.under_review or isinstance(event, ManualReviewOpened)
            looked_into = replace(change, heard=heard, under_review=under_review)
            return replace(state, change=looked_into)
        case AmountChanged():
            return replace(
                _decided(state, event.change_id),
                before=standing_before(state, event.change_id, event.from_month, event),
                stage=Stage.CONFIRMED,
                amount_fen=event.amount_fen,
                amount_from=event.from_month,
                basis=event,
                withheld=event.withheld or (),
                withheld_fen=event.withheld_fen or 0,
                amounts=state.amounts.since(event.from_month, event.amount_fen),
                standards=state.standards.since(event.from_month, event.standard_fen),
                withheld_since=_since(state, event.from_month, event.withheld or ()),
                leaving=None,
                alone=event.single_persons or state.alone,
            )
        case AmountRedetermined() | StandardReviewOpened():
            return _by_another_standard(state, event)
        case PhaseOutStarted():
            decided = _decided(state, event.change_id)
            before = standing_before(state, event.change_id, event.first_month, event)
            leaving = replace(decided, stage=Stage.PHASING_OUT, leaving=event, before=before)
            amounts = state.amounts.since(event.first_month, event.amount_fen, event.last_month)
            return replace(leaving, amount_fen=event.amount_fen, amounts=amounts)
        case BenefitStopped():
            since = event.last_month.next()
            return replace(
                _decided(state, event.change_id),
                before=standing_before(state, event.change_id, since, event),
                stage=Stage.STOPPED,
                leaving=event,
                amounts=state.amounts.since(since, 0),
            )
        case HouseholdReinstated():
            return reinstated(state, event)
        case HouseholdChanged():
            return replace(
                _decided(state, event.change_id),
                before=standing_before(state, event.change_id, event.from_month),
                members=event.members,
                alone=_of(state.alone, event.members),
                family=_family_after(state.family, event),
                payee=event.payee,
            )
        case PayeeMoved():
            return paid_in_person(state, event)
        case DecisionRevoked():
            return revoked(state, event)
        case CaseEnded():
            return replace(state, stage=Stage.ENDED, change=None, ended=event)
    return state


def _by_another_standard(
    state: Determination, event: AmountRedetermined | StandardReviewOpened
) -> Determination:
    if isinstance(event, StandardReviewOpened):
        return replace(state, standard_review=event)
    since, last = event.from_month, event.last_month
    if last is not None:
        return replace(
            state,
            amounts=state.amounts.over(since, last, event.amount_fen),
            standards=state.standards.over(since, last, event.standard_fen),
        )
    return replace(
        state,
        amount_fen=event.amount_fen,
        amount_from=since,
        basis=event,
        withheld_fen=event.withheld_fen or 0,
        amounts=state.amounts.since(since, event.amount_fen),
        standards=state.standards.since(since, event.standard_fen),
        standard_review=None,
    )


def _standard_of(state: Determination, confirmed: CaseConfirmed) -> int:
    """The standard that a confirmed amount rests on."""
    return replace(state, amount_fen=confirmed.amount_fen).standard_fen


def _beside(
    state: Determination,
    event: (
        AidAtHomeNoted
        | KinDeclarationOwed
        | KinDeclared
        | HouseholdRecognised
        | RecognitionEnded
        | SpecialAidReferred
    ),
) -> Determination:
    match event:
        case KinDeclarationOwed() | KinDeclared():
            return replace(state, kin_owed=isinstance(event, KinDeclarationOwed))
        case AidAtHomeNoted():
            aided = {**state.aided_at_home, event.county: event.received}
            return replace(state, aided_at_home=aided)
        case HouseholdRecognised():
            return replace(state, recognised=event, recognition_ended=None)
        case RecognitionEnded():
            return replace(state, recognition_ended=event)
        case SpecialAidReferred():
            return replace(state, special_aid=event)


def _since(
    state: Determination, month: Month, withheld: tuple[WithheldShare, ...]
) -> tuple[tuple[Month, tuple[WithheldShare, ...]], ...]:
    before = (known for known in state.withheld_since if known[0] < month)
    return (*before, (month, withheld))


def _decided(state: Determination, change_id: UUID) -> Determination:
    """If it is the open change that is decided, its account counts from now on."""
    if state.change is None or state.change.reported.change_id != change_id:
        return state
    reported = state.change.reported
    return replace(
        state,
        change=None,
        income=reported.income,
        child=reported.child or state.child,
        held=reported.property or state.held,
        standard_review=None,
    )


def _proposed_alone(state: Determination) -> tuple[SinglePerson, ...]:
    if isinstance(state.proposal, BenefitProposed):
        return state.proposal.single_persons or ()
    return ()


def _of(alone: tuple[SinglePerson, ...], members: tuple[Member, ...]) -> tuple[SinglePerson, ...]:
    people = {member.person_id for member in members}
    return tuple(person for person in alone if person.person_id in people)


def _family_after(family: tuple[Member, ...], event: HouseholdChanged) -> tuple[Member, ...]:
    """Who leaves dibao while others stay is of the family all the same."""
    left = () if event.cause is HouseholdChangeCause.NO_LONGER_ALONE else event.left
    joined = tuple(member for member in event.members if member.person_id in event.joined)
    return (*(member for member in family if member.person_id not in left), *joined)


DETERMINATION: Final = Aggregate("determination", Determination(), evolve)


def determination_of(case_id: UUID) -> Stream:
    """The determination's stream of a case."""
    return Stream.of_case(DETERMINATION.name, case_id)
