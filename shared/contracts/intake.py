"""Events of the intake service: applications, and the person registry.

Who a person is never enters an event: ``person_id`` is random and says nothing, and what was
read is told by fields' names, never by their content.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.fields import AidRequest, DivisionCode, Due, Member, NoteRef, Programme
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


class Material(StrEnum):
    """Papers that an applicant brings, where no department can be asked for them."""

    IDENTITY = "identity"
    HOUSEHOLD_REGISTRATION = "household_registration"
    CHECK_AUTHORIZATION = "check_authorization"
    INCOME_STATEMENT = "income_statement"
    MEDICAL_RECORD = "medical_record"
    DISABILITY_CERTIFICATE = "disability_certificate"
    SCHOOLING_PROOF = "schooling_proof"


class ApplicationSubmitted(Event, service="intake", name="application-submitted"):
    """A household applied. ``division`` handles the case; ``reason`` is what they wrote.

    ``aid`` is given with temporary assistance.
    """

    programme: Programme
    division: DivisionCode
    applicant: UUID
    members: tuple[Member, ...]
    materials: tuple[Material, ...]
    reason: NoteRef
    aid: AidRequest | None = None


class MaterialsRequested(Event, service="intake", name="materials-requested"):
    """The one notice of everything that is missing (民发〔2021〕57号: once only)."""

    materials: tuple[Material, ...]


class MaterialsSupplied(Event, service="intake", name="materials-supplied"):
    """The applicant brought papers."""

    materials: tuple[Material, ...]


class ApplicationAccepted(Event, service="intake", name="application-accepted"):
    """The application is complete and accepted; its regime is that of its effective date."""

    programme: Programme
    division: DivisionCode
    applicant: UUID
    members: tuple[Member, ...]
    survey_due: Due


class EmergencyAccepted(Event, service="intake", name="emergency-accepted"):
    """An emergency was accepted: decided without check and publicity (民发〔2018〕23号).

    ``pay_by`` is the last day for the money to reach the household.
    """

    programme: Programme
    division: DivisionCode
    applicant: UUID
    members: tuple[Member, ...]
    aid: AidRequest
    pay_by: Due


class ApplicationWithdrawn(Event, service="intake", name="application-withdrawn"):
    """The applicant took the application back."""

    reason: NoteRef


class ApplicationClosed(Event, service="intake", name="application-closed"):
    """The case was decided: its members may apply anew if it was refused."""

    refused: bool
    programme: Programme
    members: tuple[Member, ...]


class OpenApplicationClaimed(Event, service="intake", name="open-application-claimed"):
    """A person's one open application for a programme is this case."""

    case_id: UUID


class OpenApplicationReleased(Event, service="intake", name="open-application-released"):
    """The person has no open application for the programme any more."""

    case_id: UUID
    released_on: date
