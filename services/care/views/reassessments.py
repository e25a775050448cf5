"""Reported changes of self-care, and the new assessments that are owed by them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final
from uuid import UUID

from pydantic import Field

from shared.contracts.care import (
    AbilityChangeReported,
    AbilityReporter,
    CareEnded,
    ReassessmentMissed,
    SelfCareAssessed,
)
from shared.contracts.fields import CareLevel, DivisionCode
from shared.kernel.event import Document as EventDocument
from shared.views.port import Document, ViewSpec
from shared.views.projector import Projection
from shared.views.rows import Row


class ReassessmentRow(Row):
    """A new assessment that a report owes: until when, whether it is still owed, or was missed.

    ``assessed_on`` and ``level`` are of the assessment that answered for it; ``lapsed`` where
    care ended without one.
    """

    report_id: UUID = Field(validation_alias="_id")
    case_id: UUID
    division: DivisionCode
    reporter: AbilityReporter
    reported_on: date
    due_on: date
    provisional: bool
    open: bool
    missed: bool
    lapsed: bool
    assessed_on: date | None = None
    level: CareLevel | None = None


def fold_reassessment(
    _key: str, before: Document | None, document: EventDocument[Any]
) -> Document | None:
    """A report's assessment: owed, late, done, or lapsed with the end of care."""
    event = document.data
    match event:
        case AbilityChangeReported():
            return {
                "case_id": str(document.subject),
                "division": document.region,
                "reporter": event.reporter.value,
                "reported_on": event.reported_on.isoformat(),
                "due_on": event.due.on.isoformat(),
                "provisional": event.due.provisional,
                "open": True,
                "missed": False,
                "lapsed": False,
            }
        case ReassessmentMissed() if before is not None:
            return {**before, "missed": True}
        case SelfCareAssessed() if before is not None:
            assessed_on = event.assessed_on.isoformat()
            done = {"open": False, "assessed_on": assessed_on, "level": event.level.value}
            return {**before, **done}
        case CareEnded() if before is not None:
            return {**before, "open": False, "lapsed": True}
    return before


def _by_report(document: EventDocument[Any]) -> Iterable[str]:
    report_id = document.data.report_id
    return () if report_id is None else (str(report_id),)


REASSESSMENTS: Final = Projection(
    ViewSpec("reassessments", indexes=(("division", "open", "due_on"), ("missed",))),
    (AbilityChangeReported, ReassessmentMissed, SelfCareAssessed, CareEnded),
    fold_reassessment,
    _by_report,
)
