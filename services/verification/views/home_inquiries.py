"""What home counties are asked: one document per case and county, for the county."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from pydantic import Field

from shared.contracts.fields import DivisionCode, Programme
from shared.contracts.residence import (
    HomeCountyAnswered,
    HomeCountyAnswerMissed,
    HomeCountyAsked,
)
from shared.kernel.event import Document as EventDocument
from shared.views.port import Document, ViewSpec
from shared.views.projector import Projection
from shared.views.rows import Row


class HomeInquiryStanding(StrEnum):
    """How a question to a home county stands; ``OVERDUE`` while it did not answer in time."""

    ASKED = "asked"
    OVERDUE = "overdue"
    ANSWERED = "answered"


class HomeInquiryRow(Row):
    """A question to a home county, the ``division``: about whom, by when, and how it stands."""

    inquiry: str = Field(validation_alias="_id")
    case_id: UUID
    division: DivisionCode
    programme: Programme
    persons: tuple[UUID, ...]
    due_on: date
    standing: HomeInquiryStanding
    answered_on: date | None = None
    late: bool | None = None


def keys(document: EventDocument[Any]) -> Iterable[str]:
    """A county is asked once about a case."""
    return (f"{document.subject}/{document.data.county}",)


def fold(_key: str, before: Document | None, document: EventDocument[Any]) -> Document | None:
    """A question to a home county, as it stands."""
    event = document.data
    match event:
        case HomeCountyAsked():
            return {
                "case_id": str(document.subject),
                "division": event.county,
                "programme": event.programme.value,
                "persons": [str(person) for person in event.persons],
                "due_on": event.answer_due.on.isoformat(),
                "standing": HomeInquiryStanding.ASKED.value,
            }
        case HomeCountyAnswered() if before is not None:
            standing = HomeInquiryStanding.ANSWERED.value
            day = document.effective_on.isoformat()
            return {**before, "standing": standing, "answered_on": day, "late": event.late}
        case HomeCountyAnswerMissed() if before is not None:
            return {**before, "standing": HomeInquiryStanding.OVERDUE.value}
    return before


HOME_INQUIRIES: Final = Projection(
    ViewSpec("home_inquiries", indexes=(("division", "standing"), ("standing",))),
    (HomeCountyAsked, HomeCountyAnswered, HomeCountyAnswerMissed),
    fold,
    keys,
)
