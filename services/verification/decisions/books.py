"""Who is on the books, what is known of them, and by whose word they may be checked."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.verification.decisions.calling_reviews import unauthorised
from services.verification.decisions.command import Command
from services.verification.model import Check, StandingHousehold
from services.verification.rules import standing as rules
from shared.contracts.fields import IncomeLine, Programme
from shared.contracts.standing_households import (
    HouseholdEnteredBooks,
    HouseholdLeftBooks,
    HouseholdPeopleNoted,
    Information,
    KnownMeans,
    KnownMeansNoted,
    MemberAuthorisationNoted,
    MemberAuthorisationWithdrawn,
    PeriodicCheckScheduled,
    Standing,
)
from shared.kernel.decider import Decision, Fact, Moment


class EnterBooks(Command):
    """A household is aided, recognised or kept in mind, from now on; ``people`` are its members."""

    case_id: UUID
    standing: Standing
    programme: Programme
    division: str
    people: tuple[UUID, ...]


class LeaveBooks(Command):
    """A household is no longer what it was on the books as; of one of several standings any."""

    standings: tuple[Standing, ...]


class NotePeople(Command):
    """Who left a household on the books, and who joined it."""

    left: tuple[UUID, ...]
    joined: tuple[UUID, ...]


class NoteKnownMeans(Command):
    """What the household reported of its income, fen a month, and where it did, of its property."""

    income: tuple[IncomeLine, ...]
    property: KnownMeans | None = None


class NoteAuthorisation(Command):
    """A member's means may be checked, until a day."""

    person_id: UUID
    until_on: date | None = None


class NoteAuthorisationWithdrawn(Command):
    """Somebody took the word back by which their means were checked."""

    person_id: UUID


def enter_books(
    state: StandingHousehold, check: Check, command: EnterBooks, at: Moment
) -> Decision:
    """Put a household on the books, and its first checks on days of their own.

    Checked are all members of the application, those who entered dibao alone and their family.
    Of a household that was on the books before, what was known of it since goes on counting.
    """
    if command.standing in state.standings:
        return []
    account = check.completed
    if state.standings:
        people, known = state.people, state.known
    else:
        members = check.opened.members if check.opened is not None else ()
        people = tuple(member.person_id for member in members) or command.people
        known = None if account is None else rules.known_of(account)
    entered = HouseholdEnteredBooks(
        standing=command.standing,
        programme=command.programme,
        division=command.division,
        people=people,
        known=known,
    )
    regime = at.policy.at(command.division, command.programme, at.date)
    standings = state.standings | {command.standing}
    scheduled = []
    for information in Information:
        months = rules.interval_months(standings, information, regime)
        due_on = rules.first_due(command.case_id, information, at.date, months)
        if information not in state.scheduled or due_on < state.scheduled[information]:
            scheduled.append(PeriodicCheckScheduled(information=information, due_on=due_on))
    return [entered, *(Fact(event, policy=regime.version) for event in scheduled)]


def leave_books(state: StandingHousehold, command: LeaveBooks, _at: Moment) -> Decision:
    """Take a household off the books; with its last standing nobody asks any more."""
    gone = [standing for standing in command.standings if standing in state.standings]
    return [HouseholdLeftBooks(standing=standing) for standing in gone]


def note_people(state: StandingHousehold, command: NotePeople, _at: Moment) -> Decision:
    """Whose means count changes with who belongs to the household.

    Who joined is asked about once they have given their word as well.
    """
    if not state.standings:
        return []
    stay = (person for person in state.people if person not in command.left)
    people = tuple(dict.fromkeys((*stay, *command.joined)))
    return [] if people == state.people else [HouseholdPeopleNoted(people=people)]


def note_known_means(state: StandingHousehold, command: NoteKnownMeans, _at: Moment) -> Decision:
    """What a household has reported is known: a department that says the same tells no news.

    What it did not report of stays as it was known; of whom nobody knows what they have, income
    alone tells nothing.
    """
    had = command.property or state.known
    if not state.standings or had is None:
        return []
    known = had.model_copy(update={"income": command.income})
    return [] if known == state.known else [KnownMeansNoted(known=known)]


def note_authorisation(
    state: StandingHousehold, command: NoteAuthorisation, _at: Moment
) -> Decision:
    """Note a member's word, whether the household is on the books yet or not."""
    person = command.person_id
    if person in state.words and state.words[person] == command.until_on:
        return []
    return [MemberAuthorisationNoted(person_id=person, until_on=command.until_on)]


def note_authorisation_withdrawn(
    state: StandingHousehold, check: Check, command: NoteAuthorisationWithdrawn, _at: Moment
) -> Decision:
    """From now on nobody is asked about the household; somebody else's word is none of this.

    What a department was to be asked again about stands.
    """
    members = {member.person_id for member in check.opened.members} if check.opened else set()
    if command.person_id not in {*members, *state.people, *state.words}:
        return []
    if state.apart and command.person_id not in state.words:
        return []
    return [MemberAuthorisationWithdrawn(person_id=command.person_id), *unauthorised(state)]


def may_be_asked(
    state: StandingHousehold, check: Check, people: tuple[UUID, ...], on: date
) -> bool:
    """Whether departments may be asked about people of a household on a day."""
    by_paper = {member.person_id for member in check.opened.members} if check.opened else set()
    return rules.may_be_asked(people, by_paper, state.words, on, apart=state.apart)
