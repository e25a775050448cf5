"""Events of decision about publicity (公示), and what is objected during it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from shared.contracts.fields import Due, NoteRef
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
    """Somebody objected during publicity.

    ``decision_due`` is by when the case is decided then, in place of what was due before; ``None``
    where the regime names no day for it.
    """

    objection_id: UUID
    grounds: NoteRef
    decision_due: Due | None = None


class ObjectionResolved(Event, service="decision", name="objection-resolved"):
    """An objection was looked into."""

    objection_id: UUID
    upheld: bool
    findings: NoteRef


class ResurveyOrdered(Event, service="decision", name="resurvey-ordered"):
    """An objection was upheld: the household is surveyed anew, and a new proposal follows.

    ``proposal_due`` is by when, where the regime of the case sets a time.
    """

    ordered_by: UUID
    proposal_due: Due | None = None
