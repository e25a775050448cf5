"""A young person comes of age: it is told ahead, school may go on, and support ends.

The end is nobody's finding: it follows from the month that intake recorded, so a duty records it.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID, uuid5

from services.decision.decisions.amounts import due_as_it_stands, standard_paid_by
from services.decision.decisions.command import Command
from services.decision.model import (
    ComingOfAge,
    Determination,
    coming_of_age_of,
    is_stop_suspended_or_fell,
)
from services.decision.rules import coming_of_age as rules
from services.decision.rules import entitlement
from shared.calendar import Month
from shared.contracts.changes import AmountChanged, BenefitStopped, StopReason
from shared.contracts.coming_of_age import (
    ComingOfAgeAnnounced,
    ComingOfAgeScheduled,
    PayeeMoved,
    SchoolingProven,
    SchoolKind,
)
from shared.contracts.fields import Programme, Sha256Hex
from shared.contracts.recognition import HardshipGround, PotentialRecipientListed
from shared.kernel.decider import Decision, Fact, Moment, Refusal
from shared.policy import Parameters

_NOTHING_WITHHELD: Final = ()


class ScheduleComingOfAge(Command):
    """The case is confirmed: when its young person comes of age is known from now on."""

    case_id: UUID


class AnnounceComingOfAge(Command):
    """The day has come on which officials are told."""

    case_id: UUID


class ProveSchooling(Command):
    """Take down that the young person is at school, to the end of a month."""

    case_id: UUID
    schooling_id: UUID
    recorder: UUID
    school: SchoolKind
    until: Month
    certificate: Sha256Hex


class MovePayee(Command):
    """The young person has an account of their own."""


class ComeOfAge(Command):
    """The first day of the month has come in which somebody turns eighteen, or school ends.

    ``actor`` is who records it: the system.
    """

    case_id: UUID
    actor: UUID


def schedule_coming_of_age(
    case: Determination, coming: ComingOfAge, command: ScheduleComingOfAge, at: Moment
) -> Decision:
    """Schedule the last month of a minor's support; nothing of anybody else's."""
    minor = rules.minor_by_age(case.known_account())
    if minor is None:
        return []
    until = None if coming.schooling is None else coming.schooling.until
    last_month = rules.last_month_of(minor.turns_eighteen, until)
    return [_scheduled(case, command.case_id, minor.turns_eighteen, last_month, at)]


def announce_coming_of_age(
    case: Determination, coming: ComingOfAge, command: AnnounceComingOfAge, _at: Moment
) -> Decision:
    """Tell officials and the child director, once of each last month; not of who has left."""
    scheduled = coming.scheduled
    if scheduled is None or coming.announced == scheduled.last_month or not _in_benefit(case):
        return []
    announced = ComingOfAgeAnnounced(
        programme=scheduled.programme,
        division=scheduled.division,
        person_id=scheduled.person_id,
        last_month=scheduled.last_month,
    )
    return [Fact(announced, coming_of_age_of(command.case_id))]


def prove_schooling(
    case: Determination, coming: ComingOfAge, command: ProveSchooling, at: Moment
) -> Decision:
    """School of a kind that counts keeps support on to its end; a later word takes its place.

    Proven after the end was recorded, and before the last month is over, support goes on without
    a gap.
    """
    case.require_in_benefit(Month.of(at.date))
    scheduled = coming.known()
    stopped = _stopped_by_age(case)
    if stopped is None:
        case.require_not_leaving()
    regime = entitlement.regime_on(case.known_account(), at.date, at)
    rules.require_school_counts(command.school, regime)
    rules.require_beyond(command.until, scheduled.turns_eighteen, at.date)
    proven = SchoolingProven(
        **command.model_dump(exclude={"case_id"}), parameters=entitlement.parameters_used(regime)
    )
    last_month = rules.last_month_of(scheduled.turns_eighteen, command.until)
    stream = coming_of_age_of(command.case_id)
    facts = [
        Fact(proven, stream, policy=regime.version),
        _scheduled(case, command.case_id, scheduled.turns_eighteen, last_month, at),
    ]
    if stopped is not None and last_month > stopped.last_month:
        facts.append(Fact(_paid_on(case, stopped, command, regime, at), policy=regime.version))
    return facts


def move_payee(
    case: Determination, coming: ComingOfAge, _command: MovePayee, at: Moment
) -> Decision:
    """Pay the young person by an account of their own, from when their coming of age is told."""
    case.require_in_benefit(Month.of(at.date))
    scheduled = coming.known()
    if coming.announced is None:
        facts: dict[str, int | str] = {"announced_on": str(scheduled.announced_on)}
        raise Refusal("coming-of-age-not-near", facts=facts)
    moved = _moved(case)
    if not moved:
        raise Refusal("own-account-already")
    return moved


def come_of_age(
    case: Determination, coming: ComingOfAge, command: ComeOfAge, at: Moment
) -> Decision:
    """Whoever turns eighteen this month is paid in person; with the last month support ends.

    Who leaves so is kept in mind for dibao, as a household or as a single person, so that they are
    assessed without anything being typed again. An end that fell on appeal, or is suspended, is not
    recorded by the clock once more.
    """
    scheduled = coming.scheduled
    if scheduled is None or not _in_benefit(case):
        return []
    this_month = Month.of(at.date)
    facts = _moved(case) if this_month >= scheduled.turns_eighteen else []
    last_month = scheduled.last_month
    if this_month < last_month or is_stop_suspended_or_fell(case, StopReason.OF_AGE, last_month):
        return facts
    account = case.known_account()
    regime = entitlement.regime_on(account, at.date, at)
    stopped = BenefitStopped(
        change_id=uuid5(command.case_id, f"coming-of-age/{last_month}"),
        decider=command.actor,
        persons=len(case.members),
        standard_fen=0 if case.basis is None else case.basis.standard_fen,
        counted_income_fen=case.counted_income_fen,
        parameters=(),
        reason=StopReason.OF_AGE,
        last_month=last_month,
    )
    kept_in_mind = PotentialRecipientListed(
        programme=Programme.DIBAO,
        division=account.division,
        applicant=account.applicant,
        members=case.members,
        hardship=(HardshipGround.CAME_OF_AGE,),
    )
    return [*facts, Fact(stopped, policy=regime.version), Fact(kept_in_mind)]


def _in_benefit(case: Determination) -> bool:
    return case.confirmed is not None and case.leaving is None and case.ended is None


def _stopped_by_age(case: Determination) -> BenefitStopped | None:
    leaving = case.leaving
    by_age = isinstance(leaving, BenefitStopped) and leaving.reason is StopReason.OF_AGE
    return leaving if isinstance(leaving, BenefitStopped) and by_age else None


def _moved(case: Determination) -> list[Fact]:
    applicant = case.known_account().applicant
    if case.payee is None or case.payee == applicant:
        return []
    return [Fact(PayeeMoved(payee=applicant, payee_before=case.payee))]


def _scheduled(
    case: Determination, case_id: UUID, turns_eighteen: Month, last_month: Month, at: Moment
) -> Fact:
    account = case.known_account()
    regime = entitlement.regime_on(account, at.date, at)
    scheduled = ComingOfAgeScheduled(
        programme=account.programme,
        division=account.division,
        person_id=account.applicant,
        turns_eighteen=turns_eighteen,
        last_month=last_month,
        announced_on=rules.announced_on(last_month, regime, at.date),
        parameters=entitlement.parameters_used(regime),
    )
    return Fact(scheduled, coming_of_age_of(case_id), policy=regime.version)


def _paid_on(
    case: Determination,
    stopped: BenefitStopped,
    command: ProveSchooling,
    regime: Parameters,
    at: Moment,
) -> AmountChanged:
    standard_fen = standard_paid_by(case, regime)
    due: dict[str, Any] = due_as_it_stands(
        case,
        _NOTHING_WITHHELD,
        regime,
        at,
        standard_fen=standard_fen,
        counted_income_fen=case.counted_income_fen,
    )
    return AmountChanged(
        change_id=command.schooling_id,
        decider=command.recorder,
        persons=len(case.members),
        standard_fen=standard_fen,
        counted_income_fen=case.counted_income_fen,
        parameters=entitlement.parameters_used(regime),
        from_month=stopped.last_month.next(),
        **due,
    )
