"""Periodic checks that fall due, departments to be asked for them, and leads nobody answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID, uuid5

from services.verification.decisions.leads import NoteUnansweredLeads
from services.verification.decisions.periodic import OpenPeriodicCheck, open_periodic_check
from services.verification.decisions.standing_leads import note_unanswered_standing_leads
from services.verification.model import (
    ANSWERS_LATER,
    DEPARTMENT_RECEIPT,
    PERIODIC_QUERY,
    check_of,
    query_key,
    standing_of,
)
from shared.contracts.departments import Department
from shared.contracts.standing_households import (
    Information,
    MemberAuthorisationWithdrawn,
    PeriodicAnswerReceived,
    PeriodicCheckOpened,
    PeriodicCheckScheduled,
    PeriodicQueryAsked,
    PeriodicQueryFailed,
    PeriodicReceiptNoted,
    StandingLeadAnswered,
    StandingLeadCleared,
    StandingLeadRaised,
)
from shared.kernel.event import Document
from shared.kernel.store import AgendaChange, AgendaDone, AgendaEntry
from shared.kernel.submission import Submission, duty

STANDING_LEAD_UNANSWERED: Final = "standing-lead-unanswered"


def periodic_check(information: Information) -> str:
    """The kind of agenda entry that opens a household's check of one kind of information."""
    return f"periodic-check-{information.value}"


def agenda(document: Document[Any]) -> Iterable[AgendaChange]:
    """What an event of a household on the books puts on the agenda, and what it takes off.

    A household has one check of a kind ahead, and one question to a department at a time: the
    stream is their key. Of a household that has left the books, what stands there comes to nothing
    when its day comes.
    """
    event, stream = document.data, document.stream
    match event:
        case PeriodicCheckScheduled():
            yield _entry(periodic_check(event.information), stream, event.due_on, document)
        case PeriodicCheckOpened():
            for department in event.departments:
                key = query_key(stream, department)
                yield _entry(PERIODIC_QUERY, key, document.effective_on, document)
        case PeriodicQueryAsked():
            yield from _receipt_done(stream, event.department)
            due_on = event.not_before or document.effective_on
            yield _entry(PERIODIC_QUERY, query_key(stream, event.department), due_on, document)
        case PeriodicReceiptNoted():
            key = query_key(stream, event.department)
            yield AgendaDone(PERIODIC_QUERY, key)
            yield _entry(DEPARTMENT_RECEIPT, key, document.effective_on, document)
        case PeriodicAnswerReceived() | PeriodicQueryFailed():
            yield from _asked_no_more(stream, event.department)
        case MemberAuthorisationWithdrawn():
            for department in Department:
                yield from _asked_no_more(stream, department)
        case StandingLeadRaised():
            if event.answer_due is not None:
                key = uuid5(stream, f"lead/{event.lead}")
                due_on = event.answer_due + timedelta(days=1)
                yield _entry(STANDING_LEAD_UNANSWERED, key, due_on, document)
        case StandingLeadAnswered() | StandingLeadCleared():
            yield AgendaDone(STANDING_LEAD_UNANSWERED, uuid5(stream, f"lead/{event.lead}"))


def _asked_no_more(stream: UUID, department: Department) -> Iterable[AgendaChange]:
    yield AgendaDone(PERIODIC_QUERY, query_key(stream, department))
    yield from _receipt_done(stream, department)


def _receipt_done(stream: UUID, department: Department) -> Iterable[AgendaChange]:
    if department in ANSWERS_LATER:
        yield AgendaDone(DEPARTMENT_RECEIPT, query_key(stream, department))


def _entry(kind: str, key: UUID, due_on: date, document: Document[Any]) -> AgendaEntry:
    return AgendaEntry(
        kind, key, due_on, document.subject, document.stream, document.id, document.region
    )


def _opens(information: Information, entry: AgendaEntry) -> Submission:
    command = OpenPeriodicCheck(information=information, due_on=entry.due_on)
    reads = (standing_of(entry.subject), check_of(entry.subject))
    return duty(entry, reads, open_periodic_check, command)


def _unanswered(entry: AgendaEntry) -> Submission:
    command = NoteUnansweredLeads(due_on=entry.due_on - timedelta(days=1))
    return duty(entry, (standing_of(entry.subject),), note_unanswered_standing_leads, command)


DUTIES: Final[Mapping[str, Callable[[AgendaEntry], Submission]]] = {
    **{periodic_check(information): partial(_opens, information) for information in Information},
    STANDING_LEAD_UNANSWERED: _unanswered,
}
