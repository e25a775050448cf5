"""A household on the books: as what, what is known of it, and its periodic checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Final
from uuid import UUID, uuid5

from services.verification.model.leads import Lead, evolve_leads
from shared.contracts.departments import Department
from shared.contracts.leads import (
    AnsweredLead,
    ClearedLead,
    RaisedLead,
    UnansweredLead,
    UpheldLead,
)
from shared.contracts.standing_households import (
    HouseholdEnteredBooks,
    HouseholdLeftBooks,
    HouseholdPeopleNoted,
    Information,
    KnownMeans,
    KnownMeansNoted,
    MemberAuthorisationNoted,
    MemberAuthorisationWithdrawn,
    PeriodicAnswerReceived,
    PeriodicAnswerSetAside,
    PeriodicCheckOpened,
    PeriodicCheckScheduled,
    PeriodicQueryAsked,
    PeriodicQueryFailed,
    PeriodicReceiptNoted,
    ReviewCalledFor,
    Standing,
)
from shared.kernel.decider import Aggregate, Stream
from shared.kernel.event import Event


@dataclass(frozen=True, slots=True)
class StandingHousehold:
    """A household that is, or was, on the books.

    ``entered`` is how it last entered, ``standings`` as what it is there. ``words`` are members'
    own words by which they may be checked, each with its last day; once anybody signed or withdrew
    apart (``apart``), the one paper of the application stands for nobody. ``scheduled`` are the
    next checks, ``under_way`` who is being asked, ``set_aside`` useless answers in a row,
    ``answers`` what each last said. ``called`` are the leads by which a review was called for.
    """

    entered: HouseholdEnteredBooks | None = None
    standings: frozenset[Standing] = frozenset()
    people: tuple[UUID, ...] = ()
    known: KnownMeans | None = None
    words: Mapping[UUID, date | None] = field(default_factory=lambda: MappingProxyType({}))
    apart: bool = False
    scheduled: Mapping[Information, date] = field(default_factory=lambda: MappingProxyType({}))
    under_way: frozenset[Department] = frozenset()
    set_aside: Mapping[Department, int] = field(default_factory=lambda: MappingProxyType({}))
    answers: Mapping[Department, PeriodicAnswerReceived] = field(
        default_factory=lambda: MappingProxyType({})
    )
    leads: tuple[Lead, ...] = ()
    called: frozenset[int] = frozenset()


_Word = MemberAuthorisationNoted | MemberAuthorisationWithdrawn


def evolve_standing(state: StandingHousehold, event: Event) -> StandingHousehold:
    """One step of the fold of a household on the books."""
    match event:
        case HouseholdEnteredBooks():
            return replace(
                state,
                entered=event,
                standings=state.standings | {event.standing},
                people=event.people,
                known=event.known,
            )
        case HouseholdLeftBooks():
            standings = state.standings - {event.standing}
            if standings:
                return replace(state, standings=standings)
            over: Mapping[Information, date] = MappingProxyType({})
            return replace(
                state, standings=standings, scheduled=over, under_way=frozenset(), known=None
            )
        case HouseholdPeopleNoted(people=people):
            return replace(state, people=people)
        case KnownMeansNoted(known=known):
            return replace(state, known=known)
        case PeriodicCheckScheduled():
            scheduled = {**state.scheduled, event.information: event.due_on}
            return replace(state, scheduled=MappingProxyType(scheduled))
        case ReviewCalledFor(lead=lead):
            return replace(state, called=state.called | {lead})
        case MemberAuthorisationNoted() | MemberAuthorisationWithdrawn():
            return _evolve_words(state, event)
        case RaisedLead() | AnsweredLead() | UpheldLead() | ClearedLead() | UnansweredLead():
            return replace(state, leads=evolve_leads(state.leads, event))
        case _:
            return _evolve_queries(state, event)


def _evolve_words(state: StandingHousehold, event: _Word) -> StandingHousehold:
    """A new word replaces the old one; who takes one back ends what is being asked."""
    words = {who: until for who, until in state.words.items() if who != event.person_id}
    if isinstance(event, MemberAuthorisationNoted):
        words[event.person_id] = event.until_on
        return replace(state, words=MappingProxyType(words), apart=True)
    return replace(state, words=MappingProxyType(words), apart=True, under_way=frozenset())


def _evolve_queries(state: StandingHousehold, event: Event) -> StandingHousehold:
    match event:
        case PeriodicCheckOpened(departments=departments):
            return replace(state, under_way=state.under_way | set(departments))
        case PeriodicQueryAsked(department=department):
            return replace(state, under_way=state.under_way | {department})
        case PeriodicReceiptNoted():
            return state
        case PeriodicAnswerSetAside(department=department):
            useless = state.set_aside.get(department, 0) + 1
            return _heard(state, department, useless)
        case PeriodicQueryFailed(department=department):
            return _heard(state, department, 0)
        case PeriodicAnswerReceived(department=department):
            answers = MappingProxyType({**state.answers, department: event})
            return replace(_heard(state, department, 0), answers=answers)
        case _:
            raise TypeError(f"{event.type} is no event of a household on the books")


def _heard(state: StandingHousehold, department: Department, useless: int) -> StandingHousehold:
    set_aside = MappingProxyType({**state.set_aside, department: useless})
    return replace(state, under_way=state.under_way - {department}, set_aside=set_aside)


PERIODIC_QUERY: Final = "periodic-query"
"""The kind of agenda entry that has a department asked about a household on the books."""

_ORDINAL_AT: Final = 112
"""Before which bit of a key the department's place stands."""


def query_key(stream: UUID, department: Department) -> UUID:
    """The key of a household's question to a department: it has one at a time.

    The department's place comes first: the agenda is read in the order of its keys, and who asks
    about several households at once finds those of one department together.
    """
    place = tuple(Department).index(department)
    rest = uuid5(stream, department.value).int & ((1 << _ORDINAL_AT) - 1)
    return UUID(int=(place << _ORDINAL_AT) | rest)


STANDING_HOUSEHOLD: Final = Aggregate("standing", StandingHousehold(), evolve_standing)


def standing_of(case_id: UUID) -> Stream:
    """The stream of a case's household as far as it is on the books."""
    return Stream.of_case(STANDING_HOUSEHOLD.name, case_id)
