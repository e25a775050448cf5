"""Events that every kernel records of itself: what it set aside, and what became of it."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from pydantic import Field

from shared.contracts.fields import Sha256Hex
from shared.kernel.event import Event


class ParkReason(StrEnum):
    """Why a record can never be applied as it is."""

    UNKNOWN_VERSION = "unknown-version"
    INVALID_EVENT = "invalid-event"
    NO_EVENT = "no-event"
    REACTION_FAILED = "reaction-failed"
    BEHIND_PARKED = "behind-parked"


class _OfRecord(Event):
    topic_id: UUID
    partition: int = Field(ge=0)
    offset: int = Field(ge=0)
    digest: Sha256Hex


class RecordParked(_OfRecord, service="kernel", name="record-parked"):
    """A record was set aside with its key; later records of the key wait behind it."""

    reason: ParkReason


class RecordRedriven(_OfRecord, service="kernel", name="record-redriven"):
    """A parked record was applied after all."""


class RecordDiscarded(_OfRecord, service="kernel", name="record-discarded"):
    """An operator gave a parked record up; the reason is a note in the vault."""

    note_id: UUID
