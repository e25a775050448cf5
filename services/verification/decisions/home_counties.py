"""Home counties are asked about members who are registered there, and answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from services.verification import rules
from services.verification.decisions.command import Command
from services.verification.model import Check, HomeInquiry
from shared.contracts.fields import NoteRef
from shared.contracts.residence import (
    HomeAnswerWay,
    HomeCountyAnswered,
    HomeCountyAnswerMissed,
    HomeCountyAsked,
    ReceivedAtHome,
    Residence,
)
from shared.contracts.verification import CheckOpened
from shared.deadlines import working_day_due
from shared.kernel.decider import Decision, Fact, Moment, Refusal
from shared.policy import Parameters


class AnswerForHome(Command):
    """What a home county says: who is aided there, and what its survey found; money in fen."""

    county: str
    actor: UUID
    way: HomeAnswerWay
    received: tuple[ReceivedAtHome, ...]
    surveyed_on: date
    deposits_fen: int
    houses: int
    vehicles: int
    findings: NoteRef
    document_digest: str | None = None


class NoteSilentHomes(Command):
    """The last day of home counties is over."""

    due_on: date


def asked_of_home(
    opened: CheckOpened, residences: Sequence[Residence], parameters: Parameters, on: date
) -> list[HomeCountyAsked]:
    """The home counties that are asked, where the regime has them asked.

    Source: 民发〔2021〕57号, art. 5.
    """
    days = parameters.whole_or_none("home_county_answers_within_working_days")
    if days is None:
        return []
    return [
        HomeCountyAsked(
            county=county,
            programme=opened.programme,
            persons=persons,
            asked_on=on,
            answer_due=working_day_due(parameters, on, days),
        )
        for county, persons in rules.home_counties(residences, opened.division).items()
    ]


def answer_for_home(check: Check, command: AnswerForHome, at: Moment) -> Decision:
    """A home county answers, late or not, and again when something has changed there.

    An answer after the check's end is recorded too: whether somebody is aided at home is asked
    until the case is confirmed.
    """
    inquiry = inquiry_of(check, command.county)
    rules.require_day_between(
        "visit-day-impossible", command.surveyed_on, inquiry.asked.asked_on, at.date
    )
    rules.require_asked_about(inquiry.asked.persons, command.received)
    means = (command.deposits_fen, command.houses, command.vehicles)
    rules.require_no_means(inquiry.asked.programme, *means)
    by_letter = command.way is HomeAnswerWay.LETTER
    if by_letter != (command.document_digest is not None):
        raise Refusal("letter-without-digest", status=422)
    due_on = inquiry.asked.answer_due.on
    late = rules.is_late(due_on, at.date)
    answered = HomeCountyAnswered(
        county=command.county,
        answered_by=command.actor,
        way=command.way,
        received=command.received,
        surveyed_on=command.surveyed_on,
        deposits_fen=command.deposits_fen,
        houses=command.houses,
        vehicles=command.vehicles,
        findings=command.findings,
        late=late,
        document_digest=command.document_digest,
    )
    missed = []
    if late and inquiry.answer is None and not inquiry.missed:
        missed.append(HomeCountyAnswerMissed(county=command.county, due_on=due_on))
    return [*missed, Fact(answered, policy=at.policy.version)]


def note_silent_homes(check: Check, command: NoteSilentHomes, _at: Moment) -> Decision:
    """Home counties that did not answer in time: that is recorded, once of each."""
    return [
        HomeCountyAnswerMissed(county=county, due_on=inquiry.asked.answer_due.on)
        for county, inquiry in check.home.items()
        if inquiry.answer is None
        and not inquiry.missed
        and inquiry.asked.answer_due.on <= command.due_on
    ]


def require_home_heard(check: Check, parameters: Parameters, on: date) -> None:
    """A check waits for home counties until their last day; afterwards as the regime has it."""
    silent = [county for county, one in check.home.items() if one.answer is None]
    waiting = [c for c in silent if not rules.is_late(check.home[c].asked.answer_due.on, on)]
    if waiting:
        until = max(check.home[county].asked.answer_due.on for county in waiting)
        facts: dict[str, int | str] = {"counties": ", ".join(waiting), "until": until.isoformat()}
        raise Refusal("home-county-outstanding", facts=facts, source=rules.ASSISTANCE_SOURCE)
    rules.require_answer_if_needed(parameters, silent)


def inquiry_of(check: Check, county: str) -> HomeInquiry:
    """What the county was asked; ``Refusal`` (404) if nothing."""
    inquiry = check.home.get(county)
    if inquiry is None:
        raise Refusal("home-county-not-asked", status=404)
    return inquiry
