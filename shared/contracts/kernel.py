"""Events that every kernel records of itself: what it set aside, what became of it, and what
operators had done with its views."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

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


ViewName = Annotated[str, StringConstraints(pattern=r"^[a-z]+(_[a-z]+)*$", max_length=40)]


class _OfRebuild(Event):
    view: ViewName
    view_version: int = Field(ge=1)
    rebuild_id: UUID


class ViewRebuildOrdered(_OfRebuild, service="kernel", name="view-rebuild-ordered"):
    """An operator wants a view folded anew from the log, beside the one that readers see."""


class ViewRebuildAccepted(_OfRebuild, service="kernel", name="view-rebuild-accepted"):
    """An operator accepts that so many documents differ; ``digest`` is that of their list."""

    differing: int = Field(ge=1)
    digest: Sha256Hex


class ViewRebuildAbandoned(_OfRebuild, service="kernel", name="view-rebuild-abandoned"):
    """An operator gave a rebuild up: readers keep the view they see."""


class ViewRebuilt(_OfRebuild, service="kernel", name="view-rebuilt"):
    """Readers see the view folded anew; so many documents differed at the log's ``position``."""

    position: int = Field(ge=0)
    differing: int = Field(ge=0)
    digest: Sha256Hex
