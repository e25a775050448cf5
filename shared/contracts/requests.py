"""Events of requests for help (求助) that are no application yet, and what a citizen is told."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from shared.contracts.fields import DivisionCode, Due, NoteRef, Sha256Hex
from shared.contracts.intake import WayIn
from shared.contracts.screening import OtherHelp
from shared.kernel.event import Event


class RequestKind(StrEnum):
    """What a request turns out to be about."""

    LIVING = "living"
    EMERGENCY = "emergency"
    MEDICAL = "medical"
    EDUCATION = "education"
    HOUSING = "housing"
    EMPLOYMENT = "employment"
    QUESTION = "question"
    COMPLAINT = "complaint"


class RequestStep(StrEnum):
    """The steps that a request waits for, each with its last day (接收、登记、转办、反馈)."""

    REGISTRATION = "registration"
    TRANSFER = "transfer"
    FEEDBACK = "feedback"


class RequestReceived(Event, service="intake", name="request-received"):
    """Somebody asked for help. ``first_handler`` answers for it until it is fed back (首问负责)."""

    request_id: UUID
    way: WayIn
    division: DivisionCode
    first_handler: UUID
    words: NoteRef
    registration_due: Due
    person_id: UUID | None = None
    query_code: Sha256Hex | None = None


class RequestRegistered(Event, service="intake", name="request-registered"):
    """What the request is about was registered; who can help is to be found next."""

    request_id: UUID
    kind: RequestKind
    transfer_due: Due


class RequestTransferred(Event, service="intake", name="request-transferred"):
    """The request is another's to answer: a division's, and there perhaps a department's."""

    request_id: UUID
    division: DivisionCode
    to: OtherHelp | None = None
    feedback_due: Due


class RequestFedBack(Event, service="intake", name="request-fed-back"):
    """The citizen has an answer: an explanation, or the application that the request became."""

    request_id: UUID
    answered_by: UUID
    answer: NoteRef
    case_id: UUID | None = None


class RequestStepMissed(Event, service="intake", name="request-step-missed"):
    """A step's last day passed; ``first_handler`` answers for it."""

    request_id: UUID
    step: RequestStep
    due_on: date
    first_handler: UUID


class PublicityNoted(Event, service="intake", name="publicity-noted"):
    """The case is in publicity up to and including a day, as its household can ask by its code."""

    until_on: date
