"""Events of erasure: a person's data asked to be erased, held back, destroyed."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.contracts.fields import DivisionCode, NoteRef
from shared.kernel.event import Event


class ErasureGround(StrEnum):
    """Why a person's data is to be erased (个人信息保护法, art. 47)."""

    PERSON_REQUEST = "person_request"
    RETENTION_OVER = "retention_over"
    REGISTERED_IN_ERROR = "registered_in_error"


class HoldGround(StrEnum):
    """What still needs a person's data."""

    AUDIT = "audit"
    APPEAL = "appeal"
    COURT = "court"


class ErasureRequested(Event, service="intake", name="erasure-requested"):
    """An official asked for a person's data to be erased; nothing is erased yet.

    ``reason`` is sealed under the erasure's own key, which outlives the person's.
    """

    erasure_id: UUID
    person_id: UUID
    requester: UUID
    ground: ErasureGround
    division: DivisionCode
    reason: NoteRef


class ErasureRejected(Event, service="intake", name="erasure-rejected"):
    """Another official than the requester said no; it can be requested anew."""

    erasure_id: UUID
    approver: UUID
    reason: NoteRef


class ErasureApproved(Event, service="intake", name="erasure-approved"):
    """Another official than the requester said yes: from here on it cannot be stopped.

    ``identity`` is the random name under which the registry recognised the person's ID number;
    absent where their row was lost before.
    """

    erasure_id: UUID
    person_id: UUID
    approver: UUID
    identity: UUID | None = None


class ApplicationsBarred(Event, service="intake", name="applications-barred"):
    """The person's erasure was approved: no application for the programme is opened any more."""

    erasure_id: UUID


class PersonErased(Event, service="intake", name="person-erased"):
    """The person's key is destroyed: nothing that it sealed can be read, in no copy.

    ``destroyed_at`` is the moment of the destruction. ``cases`` are those whose shared notes
    went with it, since nobody of their household is left.
    """

    erasure_id: UUID
    person_id: UUID
    destroyed_at: datetime
    cases: tuple[UUID, ...]


class ErasureListed(Event, service="intake", name="erasure-listed"):
    """One entry of the erasure list, which a restored key store is held to."""

    person_id: UUID
    destroyed_at: datetime
    cases: tuple[UUID, ...]
    identity: UUID | None = None


class HoldPlaced(Event, service="intake", name="hold-placed"):
    """The person must not be erased for now."""

    hold_id: UUID
    person_id: UUID
    ground: HoldGround
    division: DivisionCode
    explanation: NoteRef


class HoldLifted(Event, service="intake", name="hold-lifted"):
    """A hold is over; others may stand."""

    hold_id: UUID
    explanation: NoteRef
