"""Young people whose support has a last month, as they are listed: one document per case."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from pydantic import Field

from shared.calendar import Month
from shared.contracts.coming_of_age import (
    ComingOfAgeAnnounced,
    ComingOfAgeScheduled,
    PayeeMoved,
    SchoolingProven,
    SchoolKind,
)
from shared.contracts.decision import CaseEnded
from shared.contracts.fields import DivisionCode, Programme
from shared.kernel.event import Document as EventDocument
from shared.views.port import Document, ViewSpec
from shared.views.projector import Projection
from shared.views.rows import Row


class ComingOfAgeRow(Row):
    """Until when somebody is supported; ``announced`` once it is told, ``ended`` once it is over.

    ``school`` is where they are, ``own_account`` that they are paid in person.
    """

    case_id: UUID = Field(validation_alias="_id")
    division: DivisionCode
    programme: Programme
    turns_eighteen: Month
    last_month: Month
    announced: bool
    own_account: bool
    ended: bool
    school: SchoolKind | None = None


def fold(_key: str, before: Document | None, document: EventDocument[Any]) -> Document | None:
    """What is known of a young person's coming of age; nothing of a case without one."""
    event = document.data
    match event:
        case ComingOfAgeScheduled():
            last_month = str(event.last_month)
            known = before or {"own_account": False, "school": None}
            # A last month is told once, however often it is scheduled.
            told = known.get("announced", False) and known["last_month"] == last_month
            return {
                **known,
                "division": event.division,
                "programme": event.programme.value,
                "turns_eighteen": str(event.turns_eighteen),
                "last_month": last_month,
                "announced": told,
                "ended": False,
            }
        case ComingOfAgeAnnounced() if before is not None:
            return {**before, "announced": True}
        case SchoolingProven() if before is not None:
            return {**before, "school": event.school.value}
        case PayeeMoved() if before is not None:
            return {**before, "own_account": True}
        case CaseEnded() if before is not None:
            return {**before, "ended": True}
    return before


COMING_OF_AGE: Final = Projection(
    ViewSpec("coming_of_age", indexes=(("division", "announced"), ("programme",))),
    (ComingOfAgeScheduled, ComingOfAgeAnnounced, SchoolingProven, PayeeMoved, CaseEnded),
    fold,
)
