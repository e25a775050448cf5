"""Households that are recognised as something beside dibao: one document per case."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID

from pydantic import Field

from shared.contracts.appeals import DecisionRevoked
from shared.contracts.fields import DivisionCode
from shared.contracts.recognition import (
    HouseholdRecognised,
    HouseholdStatus,
    RecognitionEnded,
    RecognitionEndReason,
)
from shared.kernel.event import Document as EventDocument
from shared.views.port import Document, ViewSpec
from shared.views.projector import Projection
from shared.views.rows import Row


class RecognisedHouseholdRow(Row):
    """What a household is recognised as, since when, until when, and whether it still is.

    ``members`` are all of it, so that whoever aids or watches one of them can see it.
    """

    case_id: UUID = Field(validation_alias="_id")
    division: DivisionCode
    status: HouseholdStatus
    applicant: UUID
    members: tuple[UUID, ...]
    recognised_on: date
    active: bool
    valid_until: date | None = None
    ended_on: date | None = None
    end_reason: RecognitionEndReason | None = None


def fold(_key: str, before: Document | None, document: EventDocument[Any]) -> Document | None:
    """A case's recognition; gone where the decision that it stood beside counts as never made."""
    event = document.data
    match event:
        case HouseholdRecognised():
            return {
                "division": event.division,
                "status": event.status.value,
                "applicant": str(event.applicant),
                "members": [str(member.person_id) for member in event.members],
                "recognised_on": document.effective_on.isoformat(),
                "active": True,
                "valid_until": event.valid_until.isoformat() if event.valid_until else None,
            }
        case RecognitionEnded() if before is not None:
            ended = {"ended_on": event.since.isoformat(), "end_reason": event.reason.value}
            return {**before, **ended, "active": False}
        case DecisionRevoked() if event.change_id is None:
            return None
    return before


RECOGNISED_HOUSEHOLDS: Final = Projection(
    ViewSpec(
        "recognised_households",
        indexes=(("division", "status", "active"), ("status",), ("active",), ("applicant",)),
    ),
    (HouseholdRecognised, RecognitionEnded, DecisionRevoked),
    fold,
)
