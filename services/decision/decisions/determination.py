"""From a completed check's account to confirmation or refusal."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.decision.decisions import special_aid
from services.decision.decisions.command import Command
from services.decision.decisions.kin import require_kin_declared
from services.decision.decisions.proposing import came_of_age
from services.decision.decisions.recognition import recognition
from services.decision.model import Determination, Stage
from services.decision.rules import entitlement as rules
from services.decision.rules import hands, publicity, residence
from services.decision.rules.assessment import hardship_of
from services.decision.rules.conditions import not_met
from shared.calendar import Month
from shared.contracts.aid import AidInstalment
from shared.contracts.assessments import (
    Assistance,
    Condition,
)
from shared.contracts.decision import (
    BenefitProposed,
    CaseConfirmed,
    CaseRefused,
    ConfirmationDeferred,
    DeferralReason,
    DeterminationOpened,
    RefusalProposed,
    RefusalReason,
    TownshipApproved,
)
from shared.contracts.fields import Member
from shared.contracts.publicity import PublicityRound
from shared.contracts.recognition import PotentialRecipientListed
from shared.kernel.decider import Decision, Fact, Moment, Refusal
from shared.kernel.event import Event
from shared.policy import Parameters

HANDS = ("survey", "proposal", "approval")
"""Steps whose hands cannot confirm or refuse."""


class OpenDetermination(Command):
    """Take over a completed check's account."""

    account: DeterminationOpened


class Approve(Command):
    """The township's approval after its publicity."""

    actor: UUID


class Decide(Command):
    """Confirm or refuse, in a role; ``later`` are the stages of an aid for expenses."""

    actor: UUID
    role: str
    later: tuple[AidInstalment, ...] = ()


def open_determination(case: Determination, command: OpenDetermination, _at: Moment) -> Decision:
    """Open the determination of a completed check; one per application, and anew where the
    household was surveyed anew.
    """
    case.require(Stage.NONE, Stage.RESURVEY)
    return [command.account]


def approve(case: Determination, command: Approve, at: Moment) -> Decision:
    """The township approves a proposal whose publicity ended without an upheld objection."""
    case.require(Stage.PROPOSED)
    if not isinstance(case.proposal, BenefitProposed):
        raise Refusal("nothing-to-approve")
    hands.require_separate_hands(command.actor, case.hands("survey", "proposal"))
    _require_no_objection(case)
    regime = rules.regime_of(case.known_account(), at)
    until_on = _last_day(case, PublicityRound.FIRST, regime)
    if until_on is not None and not publicity.is_over(until_on, at.date):
        raise Refusal("publicity-not-over", facts={"round": PublicityRound.FIRST})
    approved = TownshipApproved(
        approver=command.actor, decision_due=publicity.decision_due(at.date, regime)
    )
    return [Fact(approved, policy=regime.version)]


def confirm(case: Determination, command: Decide, at: Moment) -> Decision:
    """Confirm an approved case by hands that had no part in it before, paid as its regime has it.

    While an objection is open or the second publicity runs, the attempt is recorded as deferred.
    Who is aided in their home county is not confirmed here until that has ended.
    """
    case.require(Stage.APPROVED)
    _require_no_stages(command)
    account = case.known_account()
    pay_from = rules.pay_from(account, rules.regime_of(account, at), at.date)
    return confirmed_from(case, command, at, pay_from)


def _require_no_stages(command: Decide) -> None:
    """Only aid for expenses is granted in stages."""
    if command.later:
        raise Refusal("stages-out-of-place", status=422)


def confirmed_from(case: Determination, command: Decide, at: Moment, pay_from: Month) -> Decision:
    """Confirm an approved case, as ``confirm`` does, paid from a month on."""
    case.require(Stage.APPROVED)
    _require_no_stages(command)
    account = case.known_account()
    regime = rules.regime_of(account, at)
    hands.require_deciding_role(command.role, regime)
    hands.require_separate_hands(command.actor, case.hands(*HANDS))
    waits = reason_to_wait(case, regime, at)
    if waits is not None:
        return [ConfirmationDeferred(reason=waits)]
    if not isinstance(case.proposal, BenefitProposed):
        raise Refusal("nothing-to-approve")
    if came_of_age(account, at):
        raise Refusal("came-of-age")
    at_home = (one for received in case.aided_at_home.values() for one in received)
    residence.require_not_aided_at_home(at_home, pay_from)
    require_kin_declared(case, regime)
    confirmed = CaseConfirmed(
        programme=account.programme,
        division=account.division,
        payee=_payee(account),
        members=_who_enters(account, case.proposal),
        amount_fen=case.proposal.amount_fen,
        pay_from=pay_from,
    )
    beside = recognition(case, account, regime, at, in_benefit=True)
    referred = special_aid.referral(case, account, regime)
    return [Fact(event, policy=regime.version) for event in (*beside, *referred, confirmed)]


def reason_to_wait(case: Determination, regime: Parameters, at: Moment) -> DeferralReason | None:
    """Why an approved case can not be confirmed yet; ``Refusal`` where it never can."""
    if case.objections:
        return DeferralReason.OBJECTION_OPEN
    _require_no_objection(case)
    until_on = _last_day(case, PublicityRound.SECOND, regime)
    if until_on is not None and not publicity.is_over(until_on, at.date):
        return DeferralReason.PUBLICITY_RUNNING
    return None


def refuse(case: Determination, command: Decide, at: Moment) -> Decision:
    """Refuse a case: as proposed, or because an objection was upheld."""
    return refused_for(case, command, at)


def refused_for(
    case: Determination, command: Decide, at: Moment, reason: RefusalReason | None = None
) -> Decision:
    """Refuse a case, as ``refuse`` does, or for a reason that is known by now."""
    case.require(Stage.PROPOSED, Stage.APPROVED)
    account = case.known_account()
    regime = rules.regime_of(account, at)
    hands.require_deciding_role(command.role, regime)
    hands.require_separate_hands(command.actor, case.hands(*HANDS))
    refused = CaseRefused(
        programme=account.programme,
        division=account.division,
        applicant=account.applicant,
        reason=reason or _reason(case, at),
        notice_due=publicity.notice_due(at.date, regime),
        not_met=None if case.objection_upheld else _conditions_missed(case),
    )
    beside: list[Event] = []
    if not case.objection_upheld:
        kept = _kept_in_mind(case, account, regime, at)
        beside = [*kept, *special_aid.referral(case, account, regime)]
    return [Fact(event, policy=regime.version) for event in (*beside, refused)]


def _payee(account: DeterminationOpened) -> UUID:
    """Who is paid: the applicant, or of a minor the guardian who applied.

    Source: 民发〔2019〕62号, 4(3) (补贴发放至其监护人).
    """
    minor = account.minor
    return account.applicant if minor is None or minor.payee is None else minor.payee


def _who_enters(account: DeterminationOpened, proposal: BenefitProposed) -> tuple[Member, ...]:
    """The household, or the members who enter alone."""
    if proposal.single_persons is None:
        return account.members
    entering = {person.person_id for person in proposal.single_persons}
    return tuple(member for member in account.members if member.person_id in entering)


def _kept_in_mind(
    case: Determination, account: DeterminationOpened, regime: Parameters, at: Moment
) -> list[Event]:
    """What a refused household has all the same: a recognition, or a place on the watch list.

    Not where an objection was upheld: then the account that it rests on does not hold.
    """
    if not case.qualifies(Assistance.WATCH_LIST):
        return recognition(case, account, regime, at, in_benefit=False)
    hardship = hardship_of(account, regime, regime.fen("standard_monthly_fen"))
    return [
        PotentialRecipientListed(
            programme=account.programme,
            division=account.division,
            applicant=account.applicant,
            members=account.members,
            hardship=hardship,
        )
    ]


def _reason(case: Determination, at: Moment) -> RefusalReason:
    if case.objection_upheld:
        return RefusalReason.OBJECTION_UPHELD
    if isinstance(case.proposal, RefusalProposed):
        return case.proposal.reason
    if came_of_age(case.known_account(), at):
        return RefusalReason.OF_AGE
    raise Refusal("no-reason-to-refuse")


def _conditions_missed(case: Determination) -> tuple[Condition, ...] | None:
    """All the conditions of dibao that a refused household does not meet; ``None`` where that is
    not why.
    """
    tests = case.assessment.tests if case.assessment else None
    return (not_met(tests) or None) if tests else None


def _last_day(case: Determination, round_: PublicityRound, regime: Parameters) -> date | None:
    """The last day of a publicity that the regime wants; ``None`` where it wants none.

    Raises ``Refusal`` where it wants one and none was posted.
    """
    if publicity.publicity_days(round_, regime) == 0:
        return None
    posted = case.publicity(round_)
    if posted is None:
        raise Refusal("publicity-missing", facts={"round": round_})
    return posted.posted.until_on


def _require_no_objection(case: Determination) -> None:
    if case.objections:
        raise Refusal("objection-open", facts={"open": len(case.objections)})
    if case.objection_upheld:
        raise Refusal("objection-upheld")
