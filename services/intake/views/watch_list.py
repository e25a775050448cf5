"""The watch list (潜在救助对象): one document for each refused case that entered it."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID

from pydantic import Field

from services.intake.model import WatchStage
from shared.contracts.fields import DivisionCode, Programme
from shared.contracts.recognition import HardshipGround
from shared.contracts.watch_list import (
    PotentialRecipientRemoved,
    PotentialRecipientReopened,
    PotentialRecipientWatched,
    RemovalReason,
    ReopeningOccasion,
)
from shared.kernel.event import Document as EventDocument
from shared.views.port import Document, ViewSpec
from shared.views.projector import Projection
from shared.views.rows import Row


class WatchListRow(Row):
    """A refused household that is, or was, kept in mind: since when, why, and what came of it."""

    case_id: UUID = Field(validation_alias="_id")
    division: DivisionCode
    programme: Programme
    stage: WatchStage
    applicant: UUID
    persons: int
    hardship: tuple[HardshipGround, ...]
    listed_on: date
    closed_on: date | None = None
    occasion: ReopeningOccasion | None = None
    reopened_as: UUID | None = None
    removal: RemovalReason | None = None
    version: int


def fold_entry(_key: str, before: Document | None, document: EventDocument[Any]) -> Document | None:
    """An entry of the watch list; a case that is listed again begins anew."""
    event = document.data
    closed = {
        **(before or {}),
        "closed_on": document.effective_on.isoformat(),
        "version": document.version,
    }
    match event:
        case PotentialRecipientWatched():
            return {
                "division": event.division,
                "programme": event.programme.value,
                "stage": WatchStage.WATCHED.value,
                "applicant": str(event.applicant),
                "persons": len(event.members),
                "hardship": [ground.value for ground in event.hardship],
                "listed_on": event.listed_on.isoformat(),
                "version": document.version,
            }
        case PotentialRecipientReopened():
            return {
                **closed,
                "stage": WatchStage.REOPENED.value,
                "occasion": event.occasion.value,
                "reopened_as": str(event.reopened_as),
            }
        case PotentialRecipientRemoved():
            return {
                **closed,
                "stage": WatchStage.REMOVED.value,
                "removal": event.reason.value,
            }
    return before


WATCH_LIST: Final = Projection(
    ViewSpec("watch_list", indexes=(("division", "stage"), ("listed_on",))),
    (PotentialRecipientWatched, PotentialRecipientReopened, PotentialRecipientRemoved),
    fold_entry,
)
