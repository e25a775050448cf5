"""A check's agenda: deadlines of survey, review and leads; departments still to be asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from services.verification.decisions import (
    NoteMissedReview,
    NoteMissedSpotCheck,
    NoteMissedStart,
    NoteMissedSurvey,
    NoteSilentHomes,
    NoteUnansweredLeads,
    note_missed_review,
    note_missed_spot_check,
    note_missed_start,
    note_missed_survey,
    note_silent_homes,
    note_unanswered_leads,
)
from services.verification.model import (
    ANSWERS_LATER,
    DEPARTMENT_QUERY,
    DEPARTMENT_RECEIPT,
    check_of,
    obligor_key,
)
from shared.contracts.departments import (
    AnswerSetAside,
    Department,
    DepartmentAnswered,
    DepartmentAsked,
    DepartmentFailed,
    DepartmentReceiptNoted,
)
from shared.contracts.home_visits import HomeVisitRecorded
from shared.contracts.leads import LeadAnswered, LeadCleared, LeadRaised
from shared.contracts.obligors import (
    ObligorAnswered,
    ObligorAsked,
    ObligorConsentWithdrawn,
    ObligorQueryFailed,
)
from shared.contracts.residence import HomeCountyAnswered, HomeCountyAsked
from shared.contracts.spot_checks import SpotCheckOwed, SpotVisitRecorded
from shared.contracts.verification import (
    CheckCompleted,
    CheckOpened,
    DataCheckStartMissed,
    DemocraticReviewHeld,
)
from shared.kernel.event import Document
from shared.kernel.store import AgendaChange, AgendaDone, AgendaEntry
from shared.kernel.submission import Submission, duty

SURVEY_MISSED: Final = "survey-missed"
REVIEW_MISSED: Final = "review-missed"
LEAD_UNANSWERED: Final = "lead-unanswered"
SPOT_CHECK_MISSED: Final = "spot-check-missed"
START_MISSED: Final = "data-check-start-missed"
HOME_COUNTY_SILENT: Final = "home-county-silent"


def agenda(document: Document[Any]) -> Iterable[AgendaChange]:
    """What an event of a check puts on the agenda, and what it takes off.

    A deadline falls due on the day after its last: only then has it been missed.
    """
    event = document.data
    yield from _of_home_counties(document)
    yield from _of_departments(document)
    yield from _of_obligors(document)
    match event:
        case CheckOpened():
            yield _entry(SURVEY_MISSED, document.subject, _after(event.survey_due.on), document)
            if event.departments_due is not None:
                due_on = _after(event.departments_due.on)
                yield _entry(START_MISSED, document.subject, due_on, document)
        case DataCheckStartMissed():
            yield AgendaDone(START_MISSED, document.subject)
        case HomeVisitRecorded():
            yield AgendaDone(SURVEY_MISSED, document.subject)
            if event.review_due is not None:
                due_on = _after(event.review_due.on)
                yield _entry(REVIEW_MISSED, document.subject, due_on, document)
        case DemocraticReviewHeld():
            yield AgendaDone(REVIEW_MISSED, document.subject)
        case LeadRaised():
            if event.answer_due is not None:
                due_on = _after(event.answer_due)
                yield _entry(LEAD_UNANSWERED, _key_of(document, event.lead), due_on, document)
        case LeadAnswered() | LeadCleared():
            yield AgendaDone(LEAD_UNANSWERED, _key_of(document, event.lead))
        case SpotCheckOwed():
            yield _entry(SPOT_CHECK_MISSED, document.subject, _after(event.due.on), document)
        case SpotVisitRecorded():
            yield AgendaDone(SPOT_CHECK_MISSED, document.subject)
        case CheckCompleted():
            yield AgendaDone(SURVEY_MISSED, document.subject)
            yield AgendaDone(REVIEW_MISSED, document.subject)
            yield AgendaDone(START_MISSED, document.subject)


def _of_departments(document: Document[Any]) -> Iterable[AgendaChange]:
    """A query has the id of the event that asks as its key, or of the one that has the receipt.

    Its answer is caused by that event, and so takes off this query and none that was asked since.
    """
    event = document.data
    match event:
        case DepartmentAsked():
            yield from _receipt_done(document, event.department)
            due_on = event.not_before or document.effective_on
            yield _entry(DEPARTMENT_QUERY, document.id, due_on, document)
        case DepartmentReceiptNoted():
            yield AgendaDone(DEPARTMENT_QUERY, document.causation_id)
            yield _entry(DEPARTMENT_RECEIPT, document.id, document.effective_on, document)
        case DepartmentAnswered() | DepartmentFailed() | AnswerSetAside():
            yield AgendaDone(DEPARTMENT_QUERY, document.causation_id)
            yield from _receipt_done(document, event.department)


def _of_obligors(document: Document[Any]) -> Iterable[AgendaChange]:
    """A question about an obligor; with the obligor's word it is taken off."""
    event, stream = document.data, document.stream
    match event:
        case ObligorAsked():
            due_on = event.not_before or document.effective_on
            for department in event.departments:
                key = obligor_key(stream, event.person_id, department)
                yield _entry(DEPARTMENT_QUERY, key, due_on, document)
        case ObligorAnswered() | ObligorQueryFailed():
            key = obligor_key(stream, event.person_id, event.department)
            yield AgendaDone(DEPARTMENT_QUERY, key)
        case ObligorConsentWithdrawn():
            for department in Department:
                key = obligor_key(stream, event.person_id, department)
                yield AgendaDone(DEPARTMENT_QUERY, key)


def _receipt_done(document: Document[Any], department: Department) -> Iterable[AgendaChange]:
    if department in ANSWERS_LATER:
        yield AgendaDone(DEPARTMENT_RECEIPT, document.causation_id)


def _of_home_counties(document: Document[Any]) -> Iterable[AgendaChange]:
    """A home county that did not answer is silent on the day after its last."""
    event = document.data
    if isinstance(event, HomeCountyAsked | HomeCountyAnswered):
        key = uuid5(document.subject, f"home/{event.county}")
        if isinstance(event, HomeCountyAnswered):
            yield AgendaDone(HOME_COUNTY_SILENT, key)
        else:
            due_on = _after(event.answer_due.on)
            yield _entry(HOME_COUNTY_SILENT, key, due_on, document)


def _entry(kind: str, key: UUID, due_on: date, document: Document[Any]) -> AgendaEntry:
    return AgendaEntry(
        kind, key, due_on, document.subject, document.stream, document.id, document.region
    )


def _key_of(document: Document[Any], lead: int) -> UUID:
    return uuid5(document.subject, f"lead/{lead}")


def _after(last_day: date) -> date:
    return last_day + timedelta(days=1)


def _survey_missed(entry: AgendaEntry) -> Submission:
    return duty(entry, (check_of(entry.subject),), note_missed_survey, NoteMissedSurvey())


def _start_missed(entry: AgendaEntry) -> Submission:
    return duty(entry, (check_of(entry.subject),), note_missed_start, NoteMissedStart())


def _review_missed(entry: AgendaEntry) -> Submission:
    command = NoteMissedReview(due_on=entry.due_on - timedelta(days=1))
    missed = duty(entry, (check_of(entry.subject),), note_missed_review, command)
    # A later visit may have its review due on the same day: each visit's is a duty of its own.
    return replace(missed, command_id=uuid5(missed.command_id, str(entry.source_event)))


def _lead_unanswered(entry: AgendaEntry) -> Submission:
    command = NoteUnansweredLeads(due_on=entry.due_on - timedelta(days=1))
    return duty(entry, (check_of(entry.subject),), note_unanswered_leads, command)


def _spot_check_missed(entry: AgendaEntry) -> Submission:
    command = NoteMissedSpotCheck(due_on=entry.due_on - timedelta(days=1))
    return duty(entry, (check_of(entry.subject),), note_missed_spot_check, command)


def _home_county_silent(entry: AgendaEntry) -> Submission:
    command = NoteSilentHomes(due_on=entry.due_on - timedelta(days=1))
    return duty(entry, (check_of(entry.subject),), note_silent_homes, command)


DUTIES: Final[Mapping[str, Callable[[AgendaEntry], Submission]]] = {
    SURVEY_MISSED: _survey_missed,
    REVIEW_MISSED: _review_missed,
    LEAD_UNANSWERED: _lead_unanswered,
    SPOT_CHECK_MISSED: _spot_check_missed,
    START_MISSED: _start_missed,
    HOME_COUNTY_SILENT: _home_county_silent,
}
