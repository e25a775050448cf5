"""Events of oversight: what its copy of everyone's events has brought to light."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from pydantic import Field

from shared.contracts.fields import Sha256Hex
from shared.kernel.event import Event


class OwningService(StrEnum):
    """Whose event it is."""

    INTAKE = "intake"
    VERIFICATION = "verification"
    DECISION = "decision"
    PAYMENT = "payment"
    CARE = "care"
    OVERSIGHT = "oversight"


class ContradictionReceived(Event, service="oversight", name="contradiction-received"):
    """An event came again under its id with other bytes; both are kept.

    ``digest`` and ``earlier_digest`` are SHA-256 of the documents; the records' coordinates are
    in the copy.
    """

    owner: OwningService
    event_id: UUID
    log_position: int = Field(ge=0)
    digest: Sha256Hex
    earlier_digest: Sha256Hex
