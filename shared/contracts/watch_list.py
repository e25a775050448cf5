"""Events of intake's watch list: refused households that are kept in mind (潜在救助对象)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.fields import DivisionCode, Member, NoteRef, Programme
from shared.contracts.recognition import HardshipGround, HouseholdStatus
from shared.kernel.event import Event


class ReopeningOccasion(StrEnum):
    """What brought a watched household back to mind."""

    PROVINCIAL_ALERT = "provincial_alert"
    DEPARTMENT_MATCH = "department_match"
    VILLAGE_VISIT = "village_visit"
    HOTLINE = "hotline"
    REPORT = "report"


class RemovalReason(StrEnum):
    """Why a household need not be kept in mind any more."""

    HARDSHIP_OVER = "hardship_over"
    AIDED_OTHERWISE = "aided_otherwise"
    MOVED_AWAY = "moved_away"
    DECEASED = "deceased"
    OWN_REQUEST = "own_request"


class PotentialRecipientWatched(Event, service="intake", name="potential-recipient-watched"):
    """A household that was refused on ``listed_on`` is kept in mind, with what weighs on it."""

    listed_on: date
    programme: Programme
    division: DivisionCode
    applicant: UUID
    members: tuple[Member, ...]
    hardship: Annotated[tuple[HardshipGround, ...], Field(min_length=1)]


class PotentialRecipientReopened(Event, service="intake", name="potential-recipient-reopened"):
    """An alert or a visit made the household apply again: ``reopened_as`` is the other case."""

    reopened_as: UUID
    occasion: ReopeningOccasion


class PotentialRecipientRemoved(Event, service="intake", name="potential-recipient-removed"):
    """The household left the watch list without applying again."""

    reason: RemovalReason
    explanation: NoteRef


class HouseholdRecognitionNoted(Event, service="intake", name="household-recognition-noted"):
    """The household of a refused application was recognised as something less."""

    status: HouseholdStatus
