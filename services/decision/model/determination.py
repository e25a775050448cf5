"""The determination of one case: from its account to confirmation, and on to its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from shared.by_month import NOTHING, ByMonth
from shared.calendar import Month
from shared.contracts.appeals import DecisionRevoked, HouseholdReinstated
from shared.contracts.assessments import AssessmentDrawnUp, Assistance, Outcome, SinglePerson
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
from shared.contracts.children import ChildCircumstances
from shared.contracts.coming_of_age import PayeeMoved
from shared.contracts.decision import (
    BenefitProposed,
    CaseConfirmed,
    CaseEnded,
    CaseRefused,
    ConfirmationDeferred,
    DeferralReason,
    DeterminationOpened,
    RefusalProposed,
    TownshipApproved,
)
from shared.contracts.fields import IncomeLine, Member
from shared.contracts.publicity import (
    ObjectionRaised,
    ObjectionResolved,
    PublicityCompleted,
    PublicityPosted,
    PublicityRound,
    ResurveyOrdered,
)
from shared.contracts.recognition import HouseholdRecognised, RecognitionEnded
from shared.contracts.residence import AidAtHomeNoted, ReceivedAtHome
from shared.contracts.special_aid import SpecialAidReferred
from shared.contracts.standards import AmountRedetermined, StandardReviewOpened
from shared.contracts.work import WithheldShare
from shared.kernel.decider import Aggregate, Refusal, Stream
from shared.kernel.event import Event


class Stage(StrEnum):
    """How far a determination is."""

    NONE = "none"
    OPENED = "opened"
    PROPOSED = "proposed"
    RESURVEY = "resurvey"
    APPROVED = "approved"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    PHASING_OUT = "phasing_out"
    STOPPED = "stopped"
    ENDED = "ended"


IN_BENEFIT: Final = (Stage.CONFIRMED, Stage.PHASING_OUT, Stage.STOPPED)
"""Stages in which the household is paid, if only to the end of a month."""


@dataclass(frozen=True, slots=True)
class Publicity:
    """One round of publicity."""

    posted: PublicityPosted
    completed: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """A reported change that is not decided yet: whether the household was heard about it, and
    whether it lies exactly at the standard and officials look into it.
    """

    reported: ChangeReported
    heard: bool = False
    under_review: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """How a case stood before a decision, should that fall on appeal.

    Who made it, from which month on it counts, and what it came to.
    """

    state: Determination
    from_month: Month
    decider: UUID | None = None
    outcome: AmountChanged | PhaseOutStarted | BenefitStopped | None = None

    def hands(self) -> dict[str, frozenset[UUID]]:
        """Who decided, and who reported what was decided."""
        decider = frozenset() if self.decider is None else frozenset((self.decider,))
        change = self.state.change
        report = frozenset() if change is None else frozenset((change.reported.reporter,))
        return {"decision": decider, "report": report}


@dataclass(frozen=True, slots=True)
class Determination:
    """A case's determination: what it rests on, what is proposed, who had a hand in it.

    ``assessment`` is what dibao's account comes to for each kind of assistance.
    ``recognised`` is what the household is beside dibao, until ``recognition_ended``;
    ``special_aid`` what else it was referred to.
    ``objections`` are those still open; ``deferred`` is why the last confirmation had to wait.
    Once confirmed: ``amount_fen`` is what was last set a month, ``income`` the lines that it
    rests on, ``basis`` the event with its figures, ``withheld`` and ``withheld_fen`` what of the
    gap was taken off it for refused work, ``leaving`` the phase-out or stop that runs.
    ``amounts`` is what is due by month, ``standards`` the standard that it rests on,
    ``withheld_since`` what was withheld from which month on, all as known now; ``members`` are the
    household as it is, ``payee`` who is paid. ``alone`` are they with what each gets, where they
    entered alone; ``family`` is then the whole household around them, and ``held`` what that was
    last known to have. ``before`` is how it stood before each decision, the latest last, but for
    those that fell; ``restorations`` are the appeals by which they did, ``former_hands`` whose
    decisions they were, or fell by an objection after which it was surveyed anew (``resurvey``).
    ``amount_from`` is the month from which the amount counts, ``standard_review`` the lowered
    standard that officials look into, and since when. ``child`` is what a child's allowance rests
    on, ``aided_at_home`` by home county who is aided there.
    """

    stage: Stage = Stage.NONE
    account: DeterminationOpened | None = None
    assessment: AssessmentDrawnUp | None = None
    proposal: BenefitProposed | RefusalProposed | None = None
    publicities: Mapping[PublicityRound, Publicity] = field(
        default_factory=lambda: MappingProxyType({})
    )
    objections: frozenset[UUID] = frozenset()
    objection_upheld: bool = False
    approver: UUID | None = None
    deferred: DeferralReason | None = None
    confirmed: CaseConfirmed | None = None
    refused: CaseRefused | None = None
    recognised: HouseholdRecognised | None = None
    recognition_ended: RecognitionEnded | None = None
    special_aid: SpecialAidReferred | None = None
    amount_fen: int = 0
    amount_from: Month | None = None
    standard_review: StandardReviewOpened | None = None
    income: tuple[IncomeLine, ...] = ()
    basis: BenefitProposed | AmountChanged | AmountRedetermined | None = None
    withheld: tuple[WithheldShare, ...] = ()
    withheld_fen: int = 0
    amounts: ByMonth = NOTHING
    standards: ByMonth = NOTHING
    withheld_since: tuple[tuple[Month, tuple[WithheldShare, ...]], ...] = ()
    members: tuple[Member, ...] = ()
    alone: tuple[SinglePerson, ...] = ()
    family: tuple[Member, ...] = ()
    held: PropertyHeld | None = None
    payee: UUID | None = None
    child: ChildCircumstances | None = None
    before: Mapping[UUID, Standing] = field(default_factory=lambda: MappingProxyType({}))
    restorations: frozenset[UUID] = frozenset()
    former_hands: frozenset[UUID] = frozenset()
    resurvey: ResurveyOrdered | None = None
    change: Change | None = None
    leaving: PhaseOutStarted | BenefitStopped | None = None
    ended: CaseEnded | None = None
    aided_at_home: Mapping[str, tuple[ReceivedAtHome, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )

    def require(self, *stages: Stage) -> None:
        """Raises ``Refusal`` unless the determination is at one of the stages."""
        if self.stage not in stages:
            allowed = ", ".join(stages)
            raise Refusal("wrong-stage", facts={"stage": self.stage, "allowed": allowed})

    def require_in_benefit(self, month: Month) -> None:
        """Raises ``Refusal`` unless the household is paid in the month or later."""
        self.require(*IN_BENEFIT)
        if self.leaving is not None and self.leaving.last_month < month:
            last_month = str(self.leaving.last_month)
            raise Refusal("benefit-over", facts={"last_month": last_month})

    def require_not_leaving(self) -> None:
        """Raises ``Refusal`` while a phase-out or a stop runs: a household leaves once."""
        if self.leaving is not None:
            last_month = str(self.leaving.last_month)
            raise Refusal("already-leaving", facts={"last_month": last_month})

    @property
    def counted_income_fen(self) -> int:
        """The income that counts, by the figures that the amount or the exit rests on."""
        figures = self.leaving or self.basis
        return 0 if figures is None else figures.counted_income_fen

    @property
    def standard_fen(self) -> int:
        """The standard that the amount rests on.

        One person is paid the standard itself, but for a child that is topped up to it.
        """
        alone = self.account is not None and self.account.programme.is_of_one_person
        if alone and self.child is None:
            return self.amount_fen
        return 0 if self.basis is None else self.basis.standard_fen

    @property
    def gap_fen(self) -> int:
        """What the household is due a month before anything is withheld for refused work."""
        return self.amount_fen + self.withheld_fen

    def people(self) -> tuple[UUID, ...]:
        """The members' ids; none before there is an account."""
        return tuple(member.person_id for member in self.members)

    def withheld_in(self, month: Month) -> tuple[WithheldShare, ...]:
        """What was withheld for refused work in a month."""
        known = [shares for since, shares in self.withheld_since if since <= month]
        return known[-1] if known else ()

    def open_change(self, change_id: UUID) -> Change:
        """The change that is to be decided; ``Refusal`` if it is another one, or none."""
        if self.change is None or self.change.reported.change_id != change_id:
            raise Refusal("no-such-change", status=404)
        return self.change

    def known_account(self) -> DeterminationOpened:
        """The account that the determination rests on; ``Refusal`` before there is one."""
        if self.account is None:
            raise Refusal("wrong-stage", facts={"stage": self.stage, "allowed": Stage.OPENED})
        return self.account

    def qualifies(self, assistance: Assistance) -> bool:
        """Whether the assessment, where there is one, found that the household qualifies."""
        outcomes = self.assessment.outcomes if self.assessment else ()
        return any(
            one.assistance is assistance and one.outcome is Outcome.QUALIFIES for one in outcomes
        )

    def hands(self, *steps: str) -> dict[str, frozenset[UUID]]:
        """Who had a hand in the steps ``survey``, ``proposal``, ``approval``, by step.

        And always whose decisions fell: what follows is decided by new hands.
        """
        known = {
            "survey": self.account.surveyors if self.account else (),
            "proposal": (self.proposal.proposer,) if self.proposal else (),
            "approval": (self.approver,) if self.approver else (),
        }
        hands = {step: frozenset(known[step]) for step in steps}
        fell = "before_resurvey" if self.resurvey is not None else "revoked_decision"
        return hands | {fell: self.former_hands} if self.former_hands else hands

    def publicity(self, round_: PublicityRound) -> Publicity | None:
        """A round of publicity, if it was posted."""
        return self.publicities.get(round_)


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
    )


def _evolve_decided(state: Determination, event: Event) -> Determination:
    match event:
        case AidAtHomeNoted() | HouseholdRecognised() | RecognitionEnded() | SpecialAidReferred():
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
                before=_standing(state, event.change_id, event.from_month, event),
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
            before = _standing(state, event.change_id, event.first_month, event)
            leaving = replace(decided, stage=Stage.PHASING_OUT, leaving=event, before=before)
            amounts = state.amounts.since(event.first_month, event.amount_fen, event.last_month)
            return replace(leaving, amount_fen=event.amount_fen, amounts=amounts)
        case BenefitStopped():
            since = event.last_month.next()
            return replace(
                _decided(state, event.change_id),
                before=_standing(state, event.change_id, since, event),
                stage=Stage.STOPPED,
                leaving=event,
                amounts=state.amounts.since(since, 0),
            )
        case HouseholdReinstated():
            return replace(
                state,
                before=_standing(state, event.appeal_id, event.from_month),
                members=event.members,
                payee=event.payee,
            )
        case HouseholdChanged():
            return replace(
                _decided(state, event.change_id),
                before=_standing(state, event.change_id, event.from_month),
                members=event.members,
                alone=_of(state.alone, event.members),
                family=_family_after(state.family, event),
                payee=event.payee,
            )
        case PayeeMoved():
            return replace(state, payee=event.payee)
        case DecisionRevoked():
            return _revoked(state, event)
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
    event: AidAtHomeNoted | HouseholdRecognised | RecognitionEnded | SpecialAidReferred,
) -> Determination:
    match event:
        case AidAtHomeNoted():
            aided = {**state.aided_at_home, event.county: event.received}
            return replace(state, aided_at_home=aided)
        case HouseholdRecognised():
            return replace(state, recognised=event, recognition_ended=None)
        case RecognitionEnded():
            return replace(state, recognition_ended=event)
        case SpecialAidReferred():
            return replace(state, special_aid=event)


def _standing(
    state: Determination,
    change_id: UUID,
    since: Month,
    outcome: AmountChanged | PhaseOutStarted | BenefitStopped | None = None,
) -> dict[UUID, Standing]:
    """What is kept of how the case stood before a decision, at the first of its events."""
    # Without what was kept before it, or every decision would double what the state holds.
    forgetful = replace(state, before=MappingProxyType({}))
    known = state.before.get(change_id) or Standing(forgetful, since)
    if outcome is not None and known.decider is None:
        known = replace(known, decider=outcome.decider)
    return {**state.before, change_id: replace(known, outcome=outcome or known.outcome)}


def _revoked(state: Determination, event: DecisionRevoked) -> Determination:
    """A refusal that fell is proposed anew; any other decision leaves what stood before it."""
    standing = state.before.get(event.change_id) if event.change_id is not None else None
    if standing is None:
        proposer = () if state.proposal is None else (state.proposal.proposer,)
        approver = () if state.approver is None else (state.approver,)
        return replace(
            Determination(),
            stage=Stage.OPENED,
            account=state.account,
            income=state.income,
            members=state.members,
            child=state.child,
            family=state.family,
            held=state.held,
            former_hands=state.former_hands.union(proposer, approver),
            aided_at_home=state.aided_at_home,
        )
    prior = standing.state
    decider = () if standing.decider is None else (standing.decider,)
    return replace(
        state,
        before={one: kept for one, kept in state.before.items() if one != event.change_id},
        restorations=state.restorations | {event.appeal_id},
        income=prior.income,
        members=prior.members,
        alone=prior.alone,
        family=prior.family,
        held=prior.held,
        payee=prior.payee,
        child=prior.child,
        withheld_since=prior.withheld_since,
        change=prior.change if event.redo else state.change,
        former_hands=state.former_hands.union(decider),
    )


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
