"""Applications: one document for each."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID

from pydantic import Field

from services.intake.model import Status
from shared.contracts.fields import DivisionCode, Due, Programme
from shared.contracts.intake import (
    ApplicationAccepted,
    ApplicationClosed,
    ApplicationSubmitted,
    ApplicationTransferred,
    ApplicationWithdrawn,
    EmergencyAccepted,
    KinFiled,
    Material,
    MaterialsRequested,
    MaterialsSupplied,
    WayIn,
)
from shared.contracts.recognition import HouseholdStatus
from shared.contracts.watch_list import HouseholdRecognitionNoted
from shared.kernel.event import Document as EventDocument
from shared.views.port import Document, ViewSpec
from shared.views.projector import Projection
from shared.views.rows import Row


class ApplicationRow(Row):
    """An application: where, for what, how far, and its dates.

    ``recognised`` is what a refused household is all the same; ``reopens`` the refused case of
    the watch list that it came of. ``kin_owed``: it was accepted, and nobody has said if officials
    are near kin.
    """

    case_id: UUID = Field(validation_alias="_id")
    division: DivisionCode
    programme: Programme
    status: Status
    applicant: UUID
    persons: int
    outstanding: tuple[Material, ...]
    submitted_on: date
    acceptance_due_on: date | None = None
    requested_on: date | None = None
    accepted_on: date | None = None
    survey_due_on: date | None = None
    pay_by_on: date | None = None
    closed_on: date | None = None
    refused: bool | None = None
    recognised: HouseholdStatus | None = None
    reopens: UUID | None = None
    way: WayIn | None = None
    kin_owed: bool = False
    version: int


def fold(_key: str, before: Document | None, document: EventDocument[Any]) -> Document | None:
    """An application: where, for what, how far, what is outstanding, and its dates."""
    event = document.data
    day = document.effective_on.isoformat()
    case = {**(before or {}), "version": document.version}
    match event:
        case ApplicationSubmitted():
            return {
                "division": event.division,
                "programme": event.programme.value,
                "status": Status.SUBMITTED.value,
                "applicant": str(event.applicant),
                "persons": len(event.members),
                "outstanding": [],
                "submitted_on": day,
                **({"reopens": str(event.reopens)} if event.reopens else {}),
                **({"way": event.way.value} if event.way else {}),
                **_due(event.acceptance_due),
                "version": document.version,
            }
        case MaterialsRequested():
            outstanding = [material.value for material in event.materials]
            status = Status.MATERIALS_REQUESTED.value
            return {**case, "status": status, "outstanding": outstanding, "requested_on": day}
        case MaterialsSupplied():
            supplied = {material.value for material in event.materials}
            left = [m for m in case["outstanding"] if m not in supplied]
            return {**case, "outstanding": left, **_due(event.acceptance_due)}
        case ApplicationAccepted():
            return {
                **case,
                "status": Status.ACCEPTED.value,
                "accepted_on": day,
                "survey_due_on": event.survey_due.on.isoformat(),
                "kin_owed": bool(event.kin_owed),
            }
        case KinFiled():
            return {**case, "kin_owed": False}
        case EmergencyAccepted():
            return {
                **case,
                "status": Status.ACCEPTED.value,
                "accepted_on": day,
                "pay_by_on": event.pay_by.on.isoformat(),
            }
        case ApplicationTransferred():
            return {
                **case,
                "division": event.division,
                **_due(event.acceptance_due),
            }
        case ApplicationWithdrawn():
            return {**case, "status": Status.WITHDRAWN.value, "closed_on": day}
        case ApplicationClosed():
            return {
                **case,
                "status": Status.CLOSED.value,
                "closed_on": day,
                "refused": event.refused,
            }
        case HouseholdRecognitionNoted():
            return {**case, "recognised": event.status.value}
    return before


def _due(due: Due | None) -> Document:
    return {} if due is None else {"acceptance_due_on": due.on.isoformat()}


APPLICATIONS: Final = Projection(
    ViewSpec(
        "applications",
        indexes=(
            ("division", "status"),
            ("division", "programme"),
            ("submitted_on",),
            ("kin_owed",),
        ),
        version=3,
    ),
    (
        ApplicationSubmitted,
        MaterialsRequested,
        MaterialsSupplied,
        ApplicationAccepted,
        EmergencyAccepted,
        ApplicationTransferred,
        ApplicationWithdrawn,
        ApplicationClosed,
        HouseholdRecognitionNoted,
        KinFiled,
    ),
    fold,
)
