"""Events of decision about publicity (公示), and what is objected during it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from shared.contracts.fields import NoteRef
from shared.kernel.event import Event


class PublicityRound(StrEnum):
    """Which publicity: the township's of the proposal, or the second before the decision."""

    FIRST = "first"
    SECOND = "second"


class PublicityPosted(Event, service="decision", name="publicity-posted"):
    """A publicity was posted; ``until_on`` is its last day."""

    round: PublicityRound
    from_on: date
    until_on: date


class PublicityCompleted(Event, service="decision", name="publicity-completed"):
    """A publicity's days are over."""

    round: PublicityRound


class ObjectionRaised(Event, service="decision", name="objection-raised"):
    """Somebody objected during publicity."""

    objection_id: UUID
    grounds: NoteRef


class ObjectionResolved(Event, service="decision", name="objection-resolved"):
    """An objection was looked into."""

    objection_id: UUID
    upheld: bool
    findings: NoteRef
