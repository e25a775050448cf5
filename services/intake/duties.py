"""Intake's agenda: last days of applications, screenings and requests, and keys to be destroyed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from services.intake.decisions import (
    NoteMissedAcceptance,
    NoteMissedDecision,
    note_missed_acceptance,
    note_missed_decision,
)
from services.intake.decisions.requests import NoteMissedStep, note_missed_step
from services.intake.decisions.screening import (
    NoteMissedRosters,
    NoteMissedSignOff,
    note_missed_rosters,
    note_missed_sign_off,
)
from services.intake.decisions.screening_tasks import (
    NoteMissedEnrolment,
    NoteMissedScreening,
    note_missed_enrolment,
    note_missed_screening,
)
from services.intake.model import application_stream, request_of, screening_of, screening_task_of
from services.intake.registry.erasure.model import agenda as erasure_agenda
from shared.contracts.intake import (
    ApplicationAccepted,
    ApplicationClosed,
    ApplicationSubmitted,
    ApplicationTransferred,
    ApplicationWithdrawn,
    EmergencyAccepted,
    MaterialsRequested,
    MaterialsSupplied,
)
from shared.contracts.requests import (
    RequestFedBack,
    RequestReceived,
    RequestRegistered,
    RequestStep,
    RequestTransferred,
)
from shared.contracts.screening import (
    ContestDecided,
    ExclusionConfirmed,
    ScreeningApplicationEnded,
    ScreeningApplied,
    ScreeningDeclined,
    ScreeningOpened,
    ScreeningReferred,
    ScreeningSignedOff,
    ScreeningTaskOpened,
)
from shared.kernel.event import Document
from shared.kernel.store import AgendaChange, AgendaDone, AgendaEntry
from shared.kernel.submission import Submission, duty

ACCEPTANCE_MISSED: Final = "acceptance-missed"
DECISION_MISSED: Final = "decision-missed"
ROSTERS_MISSED: Final = "rosters-missed"
SIGN_OFF_MISSED: Final = "sign-off-missed"
SCREENING_MISSED: Final = "screening-missed"
ENROLMENT_MISSED: Final = "enrolment-missed"

_STEPS: Final = {step: f"request-{step}-missed" for step in RequestStep}


def agenda(document: Document[Any]) -> Iterable[AgendaChange]:
    """What an event puts on intake's agenda, and what it takes off."""
    yield from erasure_agenda(document)
    yield from _of_applications(document)
    yield from _of_screening(document)
    yield from _of_requests(document)


def _of_applications(document: Document[Any]) -> Iterable[AgendaChange]:
    """The township answers within its days: it accepts, or names what is missing.

    Decision watches the day by which an accepted one is decided; what was put on the agenda here
    before it did is still taken off.
    """
    event = document.data
    if isinstance(event, ApplicationClosed):
        yield AgendaDone(DECISION_MISSED, document.subject)
    match event:
        case (
            MaterialsRequested()
            | ApplicationAccepted()
            | EmergencyAccepted()
            | ApplicationWithdrawn()
        ):
            yield AgendaDone(ACCEPTANCE_MISSED, document.subject)
        case ApplicationSubmitted() | MaterialsSupplied() | ApplicationTransferred():
            if event.acceptance_due is not None:
                yield AgendaDone(ACCEPTANCE_MISSED, document.subject)
                due_on = event.acceptance_due.on
                yield from _missed(ACCEPTANCE_MISSED, document.subject, due_on, document)


def _of_screening(document: Document[Any]) -> Iterable[AgendaChange]:
    """A step is missed on the day after its last, unless it was taken before."""
    event = document.data
    match event:
        case ScreeningOpened():
            yield from _missed(ROSTERS_MISSED, document.stream, event.rosters_due, document)
            yield from _missed(SIGN_OFF_MISSED, document.stream, event.sign_off_due, document)
        case ScreeningSignedOff():
            yield AgendaDone(SIGN_OFF_MISSED, document.stream)
        case ScreeningTaskOpened():
            yield from _missed(SCREENING_MISSED, event.task_id, event.screening_due, document)
        case ScreeningApplied():
            yield AgendaDone(SCREENING_MISSED, event.task_id)
            yield from _missed(ENROLMENT_MISSED, event.task_id, event.enrolment_due, document)
        case ScreeningApplicationEnded():
            yield AgendaDone(ENROLMENT_MISSED, event.task_id)
        case ExclusionConfirmed() | ScreeningDeclined() | ScreeningReferred():
            yield AgendaDone(SCREENING_MISSED, event.task_id)
        case ContestDecided() if event.reason is not None:
            yield AgendaDone(SCREENING_MISSED, event.task_id)


def _of_requests(document: Document[Any]) -> Iterable[AgendaChange]:
    """Each step of a request takes its own day off and puts the next one on."""
    event = document.data
    match event:
        case RequestReceived():
            yield from _missed(
                _STEPS[RequestStep.REGISTRATION],
                event.request_id,
                event.registration_due.on,
                document,
            )
        case RequestRegistered():
            yield AgendaDone(_STEPS[RequestStep.REGISTRATION], event.request_id)
            due_on = event.transfer_due.on
            yield from _missed(_STEPS[RequestStep.TRANSFER], event.request_id, due_on, document)
        case RequestTransferred():
            yield AgendaDone(_STEPS[RequestStep.TRANSFER], event.request_id)
            due_on = event.feedback_due.on
            yield from _missed(_STEPS[RequestStep.FEEDBACK], event.request_id, due_on, document)
        case RequestFedBack():
            yield AgendaDone(_STEPS[RequestStep.FEEDBACK], event.request_id)


def _missed(
    kind: str, key: UUID, last_day: date | None, document: Document[Any]
) -> Iterable[AgendaEntry]:
    if last_day is not None:
        due_on = last_day + timedelta(days=1)
        yield AgendaEntry(
            kind, key, due_on, document.subject, document.stream, document.id, document.region
        )


def _last_day(entry: AgendaEntry) -> date:
    return entry.due_on - timedelta(days=1)


def _screening_missed(entry: AgendaEntry) -> Submission:
    command = NoteMissedScreening(due_on=_last_day(entry))
    return duty(entry, (screening_task_of(entry.key),), note_missed_screening, command)


def _enrolment_missed(entry: AgendaEntry) -> Submission:
    command = NoteMissedEnrolment(due_on=_last_day(entry))
    return duty(entry, (screening_task_of(entry.key),), note_missed_enrolment, command)


def _rosters_missed(entry: AgendaEntry) -> Submission:
    reads = (screening_of(entry.region, _last_day(entry).year),)
    command = NoteMissedRosters(due_on=_last_day(entry))
    return duty(entry, reads, note_missed_rosters, command)


def _sign_off_missed(entry: AgendaEntry) -> Submission:
    reads = (screening_of(entry.region, _last_day(entry).year),)
    command = NoteMissedSignOff(due_on=_last_day(entry))
    return duty(entry, reads, note_missed_sign_off, command)


def _step_missed(step: RequestStep) -> Callable[[AgendaEntry], Submission]:
    def missed(entry: AgendaEntry) -> Submission:
        command = NoteMissedStep(step=step, due_on=_last_day(entry))
        return duty(entry, (request_of(entry.key),), note_missed_step, command)

    return missed


def _acceptance_missed(entry: AgendaEntry) -> Submission:
    command = NoteMissedAcceptance(due_on=_last_day(entry))
    return duty(entry, (application_stream(entry.key),), note_missed_acceptance, command)


def _decision_missed(entry: AgendaEntry) -> Submission:
    command = NoteMissedDecision(due_on=_last_day(entry))
    return duty(entry, (application_stream(entry.key),), note_missed_decision, command)


DUTIES: Final[Mapping[str, Callable[[AgendaEntry], Submission]]] = {
    ACCEPTANCE_MISSED: _acceptance_missed,
    DECISION_MISSED: _decision_missed,
    ROSTERS_MISSED: _rosters_missed,
    SIGN_OFF_MISSED: _sign_off_missed,
    SCREENING_MISSED: _screening_missed,
    ENROLMENT_MISSED: _enrolment_missed,
    **{kind: _step_missed(step) for step, kind in _STEPS.items()},
}
