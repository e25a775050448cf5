"""Events of the person registry: registered, corrected, looked up, read.

Who a person is never enters an event: ``person_id`` is random and says nothing, and what was
read is told by fields' names, never by their content.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.kernel.event import Event, RegionCode

MAX_CONSULTED = 200
"""How many persons or notes one reading may name."""


class ConsultationPurpose(StrEnum):
    """What personal data is read for. A service's token names the same purpose."""

    APPLICATION = "application"
    MEANS_CHECK = "means-check"
    HOME_VISIT = "home-visit"
    PUBLICITY = "publicity"
    NOTICE = "notice"
    PAYMENT = "payment"
    AUDIT = "audit"


class PersonField(StrEnum):
    """What the registry knows of a person."""

    NAME = "name"
    ID_NUMBER = "id_number"
    BIRTH_DATE = "birth_date"
    PHONE = "phone"
    ADDRESS = "address"
    ACCOUNT = "account"


class PersonRegistered(Event, service="intake", name="person-registered"):
    """A person entered the registry; ``region`` is the division that registered them."""

    person_id: UUID
    region: RegionCode


class PersonRecognised(Event, service="intake", name="person-recognised"):
    """Somebody was registered again, perhaps elsewhere, and found to be a person known before."""

    person_id: UUID
    region: RegionCode


class PersonNameMismatched(Event, service="intake", name="person-name-mismatched"):
    """A number was sent under another name than its holder's; whoever sent it learnt nothing."""

    person_id: UUID
    region: RegionCode


class PersonAmended(Event, service="intake", name="person-amended"):
    """What the registry knows of a person was corrected: which fields, never their content."""

    person_id: UUID
    fields: Annotated[tuple[PersonField, ...], Field(min_length=1, max_length=6)]


class PersonLookedUp(Event, service="intake", name="person-looked-up"):
    """The registry was asked whether an ID number is known; no ``person_id`` if it is not."""

    purpose: ConsultationPurpose
    person_id: UUID | None = None


class PersonsConsulted(Event, service="intake", name="persons-consulted"):
    """Personal data was read: these fields of these persons, in one reading."""

    purpose: ConsultationPurpose
    count: int = Field(ge=1, le=MAX_CONSULTED)
    fields: tuple[PersonField, ...]
    person_ids: Annotated[tuple[UUID, ...], Field(max_length=MAX_CONSULTED)]


class NotesRead(Event, service="intake", name="notes-read"):
    """Notes of the vault were read, in one reading."""

    purpose: ConsultationPurpose
    count: int = Field(ge=1, le=MAX_CONSULTED)
    note_ids: Annotated[tuple[UUID, ...], Field(max_length=MAX_CONSULTED)]
