"""Checks: one document for each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, Literal
from uuid import UUID

from pydantic import Field

from services.verification.model import Status
from shared.contracts.departments import (
    AnswerSetAside,
    Department,
    DepartmentAnswered,
    DepartmentAsked,
    DepartmentFailed,
    DepartmentFailure,
    DepartmentReceiptNoted,
)
from shared.contracts.fields import DivisionCode, Programme
from shared.contracts.home_visits import HomeVisitRecorded, SurveyDeadlineMissed
from shared.contracts.leads import (
    LeadAnswered,
    LeadCleared,
    LeadLeftUnanswered,
    LeadRaised,
    LeadResponse,
    LeadUpheld,
)
from shared.contracts.verification import (
    CheckCompleted,
    CheckOpened,
    CheckReopened,
    DataCheckStartMissed,
    DemocraticReviewHeld,
    ReviewDeadlineMissed,
)
from shared.kernel.event import Document as EventDocument
from shared.views.port import Document, ViewSpec
from shared.views.projector import Projection
from shared.views.rows import Row


class CheckRow(Row):
    """A check: how far it is and what is due next; money in fen a month.

    ``departments`` tells of each that was asked ``asked``, ``answered`` or why it failed.
    ``waiting_leads`` are the numbers of leads that wait for an answer or a recheck.
    ``unreached`` are departments that nobody has reached since they were to be asked, by
    ``departments_due_on``; ``start_missed`` says that this day passed with some of them left.
    """

    case_id: UUID = Field(validation_alias="_id")
    division: DivisionCode
    programme: Programme
    status: Status
    persons: int
    accepted_on: date
    due_on: date | None
    survey_missed: bool
    review_missed: bool
    departments: Mapping[Department, Literal["asked", "answered"] | DepartmentFailure]
    visited_on: date | None = None
    reviewed_on: date | None = None
    upheld: bool | None = None
    completed_on: date | None = None
    counted_income_fen: int | None = None
    waiting_leads: tuple[int, ...] = ()
    departments_due_on: date | None = None
    unreached: tuple[Department, ...] = ()
    start_missed: bool = False
    version: int


def fold(_key: str, before: Document | None, document: EventDocument[Any]) -> Document | None:
    """A check: how far it is, what stands next and by when, and at its end the figures in fen.

    ``due_on`` is the next statutory date: the survey's until the visit, then the review's.
    """
    case = {**(before or {}), "version": document.version}
    match document.data:
        case CheckOpened() as opened:
            return {
                "division": opened.division,
                "programme": opened.programme.value,
                "status": Status.OPEN.value,
                "persons": len(opened.members),
                "accepted_on": opened.accepted_on.isoformat(),
                "due_on": opened.survey_due.on.isoformat(),
                "survey_missed": False,
                "review_missed": False,
                "departments": {},
                "waiting_leads": [],
                "unreached": [],
                "start_missed": False,
                "departments_due_on": _asked_by(opened),
                "version": document.version,
            }
        case HomeVisitRecorded() as visit:
            due_on = visit.review_due.on.isoformat() if visit.review_due else None
            return {**case, "visited_on": visit.visited_on.isoformat(), "due_on": due_on}
        case SurveyDeadlineMissed() | ReviewDeadlineMissed() as missed:
            of_survey = isinstance(missed, SurveyDeadlineMissed)
            return {**case, "survey_missed" if of_survey else "review_missed": True}
        case DemocraticReviewHeld() as review:
            held_on = review.held_on.isoformat()
            return {**case, "reviewed_on": held_on, "upheld": review.upheld, "due_on": None}
        case LeadRaised(lead=lead):
            return _leads(case, with_lead=lead)
        case LeadAnswered(lead=lead, response=response):
            objected = response is LeadResponse.OBJECTED
            return _leads(case, **({"with_lead": lead} if objected else {"without": lead}))
        case LeadUpheld(lead=lead) | LeadCleared(lead=lead) | LeadLeftUnanswered(lead=lead):
            return _leads(case, without=lead)
        case CheckReopened():
            since = {"visited_on": None, "reviewed_on": None, "upheld": None}
            over = {"completed_on": None, "counted_income_fen": None}
            return {**case, **since, **over, "status": Status.OPEN.value, "review_missed": False}
        case CheckCompleted() as completed:
            return {
                **case,
                "status": Status.COMPLETED.value,
                "completed_on": document.effective_on.isoformat(),
                "due_on": None,
                "counted_income_fen": completed.counted_income_fen,
            }
    return _of_departments(case, document.data) or before


def _of_departments(case: Document, event: Any) -> Document | None:
    """Who was asked and who answered, and whom nobody has reached yet."""
    match event:
        case DepartmentAsked(department=department):
            return _department(_to_be_reached(case, department.value), department.value, "asked")
        case DepartmentAnswered(department=department):
            return _department(_reached(case, department.value), department.value, "answered")
        case DepartmentFailed(department=department, failure=failure):
            reached = _reached(case, department.value)
            return _department(reached, department.value, failure.value)
        case AnswerSetAside(department=department) | DepartmentReceiptNoted(department=department):
            return _reached(case, department.value)
        case DataCheckStartMissed():
            return {**case, "start_missed": True}
    return None


def _department(case: Document, name: str, standing: str) -> Document:
    return {**case, "departments": {**case["departments"], name: standing}}


def _asked_by(opened: CheckOpened) -> str | None:
    """By when departments are to be asked; ``None`` where the regime names no day."""
    due = opened.departments_due
    return None if due is None else due.on.isoformat()


def _to_be_reached(case: Document, name: str) -> Document:
    """Asked for the first time, a department is yet to be reached; asked again, it was."""
    if name in case["departments"]:
        return case
    return {**case, "unreached": [*case.get("unreached", ()), name]}


def _reached(case: Document, name: str) -> Document:
    return {**case, "unreached": [one for one in case.get("unreached", ()) if one != name]}


def _leads(case: Document, *, with_lead: int = 0, without: int = 0) -> Document:
    """The leads that wait for an answer or a recheck, by number."""
    waiting = {*case.get("waiting_leads", ()), with_lead} - {without, 0}
    return {**case, "waiting_leads": sorted(waiting)}


CHECKS: Final = Projection(
    ViewSpec(
        "checks",
        indexes=(
            ("division", "status"),
            ("division", "programme"),
            ("due_on",),
            ("start_missed",),
        ),
        version=2,
    ),
    (
        CheckOpened,
        DepartmentAsked,
        DepartmentAnswered,
        DepartmentFailed,
        HomeVisitRecorded,
        SurveyDeadlineMissed,
        DemocraticReviewHeld,
        ReviewDeadlineMissed,
        LeadRaised,
        LeadAnswered,
        LeadUpheld,
        LeadCleared,
        LeadLeftUnanswered,
        CheckCompleted,
        CheckReopened,
        AnswerSetAside,
        DepartmentReceiptNoted,
        DataCheckStartMissed,
    ),
    fold,
)
