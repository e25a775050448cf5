"""Leads about households on the books: raised, answered, checked again, and what follows of them.

What a department says differently is never a verdict (民发〔2021〕57号, art. 18): it is put to the
household, and what stands of it calls for a review of its case.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from services.verification import rules
from services.verification.decisions.books import may_be_asked
from services.verification.decisions.calling_reviews import review_called_for
from services.verification.decisions.leads import (
    AnswerLead,
    NoteUnansweredLeads,
    department_to_recheck,
    lead_to_answer,
)
from services.verification.model import Check, Lead, StandingHousehold
from services.verification.rules import standing as standing_rules
from shared.contracts.departments import Department, DepartmentAnswered
from shared.contracts.leads import Contradiction, LeadClearance, LeadResponse, LeadStanding
from shared.contracts.standing_households import (
    PeriodicAnswerReceived,
    PeriodicQueryAsked,
    StandingLeadAnswered,
    StandingLeadCleared,
    StandingLeadLeftUnanswered,
    StandingLeadRaised,
    StandingLeadUpheld,
)
from shared.kernel.decider import Decision, Fact, Moment, Refusal
from shared.kernel.event import Event
from shared.policy import Parameters


def after_answer(
    state: StandingHousehold,
    before: DepartmentAnswered | None,
    heard: Iterable[Department],
    answer: PeriodicAnswerReceived,
    regime: Parameters,
    on: date,
) -> list[Event | Fact]:
    """What an answer does to the leads of its department: cleared, upheld, or raised.

    ``before`` is what it said when the account was drawn up; where nobody knows anything of the
    household, its first answer since is what later ones are held against. A lead that was put to
    the household stands for all that says no more than it. Nothing is said of who has left it.
    """
    department = answer.department
    if before is None and state.known is None:
        first = state.answers.get(department)
        before = DepartmentAnswered(**dict(first)) if first is not None else None
    tolerance = regime.ratio("periodic_check_tolerance_share")
    superseded = department is Department.BANKS and Department.PBOC_NETWORK in set(heard)
    said = standing_rules.news(state.known, before, answer, tolerance, superseded=superseded)
    found = [one for one in said if one.person_id is None or one.person_id in state.people]
    alive = [lead for lead in state.leads if not lead.cleared]
    events: list[Event | Fact] = [
        StandingLeadCleared(lead=lead.number, by=LeadClearance.SUPERSEDED)
        for lead in alive
        if department is Department.PBOC_NETWORK and rules.is_superseded(lead.contradiction)
    ]
    own = [lead for lead in alive if lead.contradiction.department is department]
    for lead in own:
        again = next((c for c in found if _same(lead, c)), None)
        if again is None:
            events.append(StandingLeadCleared(lead=lead.number, by=LeadClearance.RECHECK))
        elif lead.standing is LeadStanding.BEING_RECHECKED:
            events += [StandingLeadUpheld(lead=lead.number), *review_called_for(state, lead)]
    fresh = [
        contradiction
        for contradiction in found
        if all(
            standing_rules.adds_to(lead.contradiction, contradiction, tolerance)
            for lead in own
            if _same(lead, contradiction)
        )
    ]
    return [*events, *_raised(state, fresh, regime, on)]


def answer_standing_lead(
    state: StandingHousehold, check: Check, command: AnswerLead, at: Moment
) -> Decision:
    """Record an answer: accepted against the data it ends the lead; otherwise the case is reviewed.

    Where the household objects, the department is asked again first, once.
    Source: 民发〔2012〕220号, art. 20; 民发〔2021〕57号, art. 18.
    """
    if not state.standings:
        raise Refusal("household-not-on-books")
    lead = lead_to_answer(state.leads, command)
    answered = StandingLeadAnswered(
        lead=command.lead,
        response=command.response,
        statement=command.statement,
        data_stand=command.data_stand,
        concluded_by=command.actor,
    )
    if command.response is LeadResponse.OBJECTED:
        department = department_to_recheck(lead)
        if not may_be_asked(state, check, state.people, at.date):
            source = standing_rules.AUTHORISATION_SOURCE
            raise Refusal("household-not-authorised", source=source)
        asked = [] if department in state.under_way else [PeriodicQueryAsked(department=department)]
        return [answered, *asked]
    if not command.data_stand:
        return [answered]
    return [answered, *review_called_for(state, lead, command.actor)]


def note_unanswered_standing_leads(
    state: StandingHousehold, command: NoteUnansweredLeads, _at: Moment
) -> Decision:
    """Leads that nobody answered in time are marked, once, and the case is reviewed without."""
    if not state.standings:
        return []
    return [
        event
        for lead in state.leads
        if lead.standing is LeadStanding.OPEN
        and lead.raised.answer_due is not None
        and lead.raised.answer_due <= command.due_on
        for event in (StandingLeadLeftUnanswered(lead=lead.number), *review_called_for(state, lead))
    ]


def _raised(
    state: StandingHousehold, fresh: Iterable[Contradiction], regime: Parameters, on: date
) -> list[Fact]:
    days = regime.whole_or_none("lead_answer_within_days")
    due = None if days is None else on + timedelta(days=days)
    return [
        Fact(
            StandingLeadRaised(lead=number, contradiction=contradiction, answer_due=due),
            policy=regime.version,
        )
        for number, contradiction in enumerate(fresh, len(state.leads) + 1)
    ]


def _same(lead: Lead, contradiction: Contradiction) -> bool:
    return standing_rules.is_of_the_same(lead.contradiction, contradiction)
