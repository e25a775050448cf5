"""Leads: contradictions raised, answered by the household, checked again, cleared.

What contradicts a household is never a verdict (民发〔2021〕57号, art. 18): it waits for an answer,
and the check is not completed before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from uuid import UUID

from services.verification import rules
from services.verification.decisions.command import Command, parameters_of, require_open
from services.verification.model import Check, Lead, Status
from shared.contracts.departments import (
    Department,
    DepartmentAnswered,
    DepartmentAsked,
    DepartmentFailure,
)
from shared.contracts.fields import NoteRef
from shared.contracts.home_visits import HomeVisitRecorded
from shared.contracts.leads import (
    Contradiction,
    LeadAnswered,
    LeadClearance,
    LeadCleared,
    LeadLeftUnanswered,
    LeadRaised,
    LeadResponse,
    LeadStanding,
    LeadUpheld,
)
from shared.contracts.waivers import FamilyWaiver
from shared.kernel.decider import Decision, Fact, Moment, Refusal
from shared.kernel.event import Event
from shared.policy import Parameters


class AnswerLead(Command):
    """Take down how the household meets a lead, and what ``actor`` concludes from it.

    ``data_stand`` is false where an explanation is accepted against the data.
    """

    lead: int
    response: LeadResponse
    statement: NoteRef
    data_stand: bool
    actor: UUID


class NoteUnansweredLeads(Command):
    """The last day for answers is over; ``due_on`` is the date it was."""

    due_on: date


def answer_lead(check: Check, command: AnswerLead, at: Moment) -> Decision:
    """Record an answer; where the household objects, the department is asked again, once.

    Source: 民发〔2012〕220号, art. 20; 民发〔2021〕57号, art. 18.
    """
    opened = require_open(check)
    lead = lead_to_answer(check.leads, command)
    answered = LeadAnswered(
        lead=command.lead,
        response=command.response,
        statement=command.statement,
        data_stand=command.data_stand,
        concluded_by=command.actor,
    )
    facts_so_far: list[Event | Fact] = [Fact(answered, policy=parameters_of(opened, at).version)]
    if command.response is LeadResponse.OBJECTED:
        department = department_to_recheck(lead)
        if department not in check.unanswered:
            facts_so_far.append(DepartmentAsked(department=department))
    return facts_so_far


def lead_to_answer(leads: Sequence[Lead], command: AnswerLead) -> Lead:
    """The lead that is answered; ``Refusal`` where it is not there, not open, or the conclusion
    does not go with the answer.
    """
    if not 1 <= command.lead <= len(leads):
        raise Refusal("lead-unknown", facts={"leads": len(leads)}, status=404)
    lead = leads[command.lead - 1]
    if lead.standing in (LeadStanding.CLEARED, LeadStanding.BEING_RECHECKED):
        raise Refusal("lead-not-open", facts={"standing": lead.standing})
    if not command.data_stand and command.response is not LeadResponse.EXPLAINED:
        facts: dict[str, int | str] = {"response": command.response}
        raise Refusal("lead-conclusion-contradicts", facts=facts, status=422)
    return lead


def note_unanswered_leads(check: Check, command: NoteUnansweredLeads, _at: Moment) -> Decision:
    """Leads that nobody answered in time are marked, once: the check goes on without an answer."""
    if check.status is not Status.OPEN:
        return []
    return [
        LeadLeftUnanswered(lead=lead.number)
        for lead in check.leads
        if lead.standing is LeadStanding.OPEN
        and lead.raised.answer_due is not None
        and lead.raised.answer_due <= command.due_on
    ]


def after_answer(
    check: Check, answer: DepartmentAnswered, parameters: Parameters, on: date
) -> list[Event | Fact]:
    """What a department's answer does to its leads: cleared, upheld, or raised."""
    others = (one for one in check.answers if one.department is not answer.department)
    *_others, heard = rules.without_superseded((*others, answer))
    contradicted = rules.contradictions(check.visit, heard) if check.visit is not None else ()
    found = rules.contradictions_that_matter(check.waiver, contradicted)
    own = [lead for lead in _alive(check) if lead.contradiction.department is answer.department]
    events: list[Event | Fact] = [
        LeadCleared(lead=lead.number, by=LeadClearance.SUPERSEDED)
        for lead in _alive(check)
        if answer.department is Department.PBOC_NETWORK and rules.is_superseded(lead.contradiction)
    ]
    for lead in own:
        if _among(found, lead) is None:
            events.append(LeadCleared(lead=lead.number, by=LeadClearance.RECHECK))
        elif lead.standing is LeadStanding.BEING_RECHECKED:
            events.append(LeadUpheld(lead=lead.number))
    fresh = [c for c in found if not any(_same(lead.contradiction, c) for lead in own)]
    return [*events, *_raised(check, fresh, parameters, on)]


def after_failure(check: Check, department: Department, failure: DepartmentFailure) -> list[Event]:
    """A department that gives no data any more contradicts nobody.

    But where only the household's word is missing, what it said before stands, and its leads with
    it: who objects and then takes the word back has not refuted anything. See docs/decisions/0068.
    """
    own = [lead for lead in _alive(check) if lead.contradiction.department is department]
    if failure is DepartmentFailure.NOT_AUTHORISED and department in check.said:
        rechecked = (one for one in own if one.standing is LeadStanding.BEING_RECHECKED)
        return [LeadUpheld(lead=lead.number) for lead in rechecked]
    return [LeadCleared(lead=lead.number, by=LeadClearance.RECHECK) for lead in own]


def after_waiver(check: Check, waiver: FamilyWaiver) -> list[Event]:
    """What is said against a family that is not checked any more is nobody's to answer."""
    return [
        LeadCleared(lead=lead.number, by=LeadClearance.WAIVER)
        for lead in _alive(check)
        if not rules.concerns(waiver, lead.contradiction)
    ]


def after_visit(
    check: Check,
    visit: HomeVisitRecorded,
    reused: Sequence[Contradiction],
    parameters: Parameters,
    on: date,
) -> list[Event | Fact]:
    """What a household's declaration does to the leads; ``reused`` are bills of other cases.

    A department that is being asked is not heard yet: its leads wait for its answer.
    """
    found = [*reused]
    for answer in rules.without_superseded(check.answers):
        found += rules.contradictions(visit, answer)
    alive = _alive(check)
    cleared = [
        LeadCleared(lead=lead.number, by=LeadClearance.DECLARATION)
        for lead in alive
        if _among(found, lead) is None and lead.contradiction.department not in check.unanswered
    ]
    fresh = [c for c in found if not any(_same(lead.contradiction, c) for lead in alive)]
    return [*cleared, *_raised(check, fresh, parameters, on)]


def require_leads_settled(check: Check) -> None:
    """No check is completed while something contradicts the household and waits for its answer."""
    if check.waiting_leads:
        numbers = ", ".join(str(lead.number) for lead in check.waiting_leads)
        raise Refusal("leads-open", facts={"leads": numbers}, source=rules.RECHECK_SOURCE)


def _raised(
    check: Check, fresh: Iterable[Contradiction], parameters: Parameters, on: date
) -> list[Fact]:
    first = len(check.leads) + 1
    fresh = list(fresh)
    if not fresh:
        return []
    days = parameters.whole_or_none("lead_answer_within_days")
    due = None if days is None else on + timedelta(days=days)
    return [
        Fact(
            LeadRaised(lead=number, contradiction=contradiction, answer_due=due),
            policy=parameters.version,
        )
        for number, contradiction in enumerate(fresh, first)
    ]


def _alive(check: Check) -> list[Lead]:
    return [lead for lead in check.leads if not lead.cleared]


def _among(found: Iterable[Contradiction], lead: Lead) -> Contradiction | None:
    return next((c for c in found if _same(lead.contradiction, c)), None)


def _same(one: Contradiction, other: Contradiction) -> bool:
    """The same data say the same: what was declared may have come nearer to it."""
    return one.model_copy(update={"declared": other.declared}) == other


def department_to_recheck(lead: Lead) -> Department:
    """Who is asked again about a lead: once, and only where a department said it."""
    department = lead.contradiction.department
    if department is None:
        raise Refusal("lead-without-department", facts={"kind": lead.contradiction.kind})
    if lead.rechecked:
        raise Refusal("lead-rechecked-before", source=rules.RECHECK_SOURCE)
    return department
