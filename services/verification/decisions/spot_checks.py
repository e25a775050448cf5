"""Spot checks of the county: listed, drawn, owed, visited."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from uuid import UUID

from services.verification import rules
from services.verification.decisions.command import Command
from services.verification.model import Check, Listed, Lot
from shared.contracts.fields import Due, NoteRef, Programme
from shared.contracts.kin import KinNoted
from shared.contracts.spot_checks import (
    CheckListed,
    NamedForSpotCheck,
    SpotCheckGround,
    SpotCheckMissed,
    SpotCheckOwed,
    SpotChecksDrawn,
    SpotCheckStratum,
    SpotVisitRecorded,
)
from shared.contracts.verification import CheckCompleted
from shared.deadlines import working_day_due
from shared.kernel.decider import Decision, Fact, Moment, Refusal
from shared.policy import Parameters


class ListCheck(Command):
    """A check is complete: it joins those that are drawn of."""

    case_id: UUID
    division: str
    accepted_on: date
    completed_on: date


class DrawSpotChecks(Command):
    """Draw of all checks that were completed up to a day and are in no draw yet.

    ``seed`` is random, 64 hexadecimal digits; ``named`` are visited beside those drawn.
    """

    division: str
    programme: Programme
    until_on: date
    seed: str
    named: tuple[NamedForSpotCheck, ...]


class OweSpotCheck(Command):
    """A household is owed a visit of the county by a date."""

    ground: SpotCheckGround
    due: Due


class OweKinVisit(Command):
    """A check is complete; where kin of officials are of the household, a visit is owed."""


class NoteKin(Command):
    """After the acceptance somebody said that officials are near kin of the household."""


class RecordSpotVisit(Command):
    """The county's own people visited."""

    visited_on: date
    visitors: tuple[UUID, ...]
    confirms: bool
    findings: NoteRef
    recorder: UUID


class NoteMissedSpotCheck(Command):
    """The last day for the county's visit is over; ``due_on`` is the date it was."""

    due_on: date


def list_check(lot: Lot, command: ListCheck, _at: Moment) -> Decision:
    """List a completed check, once."""
    if lot.holds(command.case_id):
        return []
    return [
        CheckListed(
            case_id=command.case_id,
            division=command.division,
            accepted_on=command.accepted_on,
            completed_on=command.completed_on,
        )
    ]


def draw_spot_checks(lot: Lot, command: DrawSpotChecks, at: Moment) -> Decision:
    """Draw, and name who is visited beside; nobody is drawn of twice.

    Each case by the share of the regime of its acceptance: cases of one share are drawn together.
    """
    if command.until_on > at.date:
        facts: dict[str, int | str] = {"until": command.until_on.isoformat()}
        raise Refusal("spot-check-day-ahead", facts=facts)
    waiting = [case for case in lot.waiting if case.completed_on <= command.until_on]
    if not waiting:
        raise Refusal("nothing-to-draw", facts={"waiting": len(lot.waiting)})
    _require_named(waiting, command, at)
    strata = _strata(waiting, command, at)
    rules.require_room(sum(len(stratum.drawn) for stratum in strata))
    today = at.policy.at(command.division, command.programme, at.date)
    drawn = SpotChecksDrawn(
        division=command.division,
        programme=command.programme,
        until_on=command.until_on,
        seed=command.seed,
        population=len(waiting),
        strata=strata,
        named=command.named,
        due=working_day_due(today, at.date, today.whole("decision_within_working_days")),
    )
    return [Fact(drawn, policy=today.version)]


def owe_spot_check(check: Check, command: OweSpotCheck, _at: Moment) -> Decision:
    """Record that a visit is owed, once; one that took place already is not owed again."""
    if check.completed is None or check.spot_check is not None or check.spot_visit is not None:
        return []
    return [SpotCheckOwed(ground=command.ground, due=command.due)]


def owe_kin_visit(check: Check, _command: OweKinVisit, at: Moment) -> Decision:
    """Owe the household of kin a visit, once, whatever is drawn, where its regime always visits it.

    Source: 民发〔2012〕220号, art. 26; 民发〔2021〕57号, art. 20.
    """
    completed = check.completed
    if completed is None or not check.kin_filed:
        return []
    if SpotCheckGround.KIN not in _regime(completed, at).codes("spot_check_always_for"):
        return []
    today = at.policy.at(completed.division, completed.programme, at.date)
    due = working_day_due(today, at.date, today.whole("decision_within_working_days"))
    return owe_spot_check(check, OweSpotCheck(ground=SpotCheckGround.KIN, due=due), at)


def note_kin(check: Check, _command: NoteKin, _at: Moment) -> Decision:
    """Note that the household is one of kin, once; of one that is not checked there is no need."""
    return [] if check.opened is None or check.kin_filed else [KinNoted()]


def record_spot_visit(check: Check, command: RecordSpotVisit, at: Moment) -> Decision:
    """Record the county's visit, by people who had no part in the survey.

    A household may be visited without owing it; a late visit has its lateness beside it.
    """
    completed = _require_completed(check)
    parameters = _regime(completed, at)
    rules.require_day_between(
        "visit-day-impossible", command.visited_on, completed.accepted_on, at.date
    )
    rules.require_surveyors(parameters, command.visitors)
    own = {*command.visitors, command.recorder}
    both = own.intersection(check.hands)
    if both:
        raise Refusal("spot-check-same-hands", facts={"persons": len(both)})
    visit = SpotVisitRecorded(
        visited_on=command.visited_on,
        visitors=tuple(dict.fromkeys(command.visitors)),
        confirms=command.confirms,
        findings=command.findings,
    )
    owed = check.spot_check
    late = owed is not None and command.visited_on > owed.due.on and not check.spot_check_missed
    missed = [SpotCheckMissed(due=owed.due)] if late and owed is not None else []
    return [*missed, Fact(visit, policy=parameters.version)]


def note_missed_spot_check(check: Check, command: NoteMissedSpotCheck, _at: Moment) -> Decision:
    """Nobody of the county visited in time: that is recorded, once."""
    owed = check.spot_check
    if owed is None or owed.due.on != command.due_on:
        return []
    if check.spot_visit is not None or check.spot_check_missed:
        return []
    return [SpotCheckMissed(due=owed.due)]


def _strata(
    waiting: Iterable[Listed], command: DrawSpotChecks, at: Moment
) -> tuple[SpotCheckStratum, ...]:
    of_share: dict[Fraction, list[UUID]] = {}
    for case in waiting:
        regime = at.policy.at(case.division, command.programme, case.accepted_on)
        share = rules.share_of_spot_checks(regime)
        if share is not None and share > 0:
            of_share.setdefault(share, []).append(case.case_id)
    return tuple(
        SpotCheckStratum(
            share=rules.in_ten_thousandths(share),
            population=len(population),
            population_digest=rules.digest_of_population(population),
            drawn=rules.drawn_of(command.seed, population, share),
        )
        for share, population in sorted(of_share.items())
    )


def _require_named(waiting: Sequence[Listed], command: DrawSpotChecks, at: Moment) -> None:
    known = {case.case_id: case for case in waiting}
    unknown = sum(named.case_id not in known for named in command.named)
    if unknown:
        raise Refusal("spot-check-case-unknown", facts={"cases": unknown}, status=422)
    if len({named.case_id for named in command.named}) != len(command.named):
        raise Refusal("line-listed-twice", facts={"lines": len(command.named)}, status=422)
    for named in command.named:
        case = known[named.case_id]
        regime = at.policy.at(case.division, command.programme, case.accepted_on)
        rules.require_ground(regime, named.ground)


def _require_completed(check: Check) -> CheckCompleted:
    if check.completed is None:
        raise Refusal("check-not-complete", facts={"status": check.status})
    return check.completed


def _regime(completed: CheckCompleted, at: Moment) -> Parameters:
    return at.policy.at(completed.division, completed.programme, completed.accepted_on)
