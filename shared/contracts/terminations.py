"""Events of decision about the end of one person's support (终止救助供养、停发补贴)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from shared.contracts.fields import Due, NoteRef
from shared.kernel.event import Event


class TerminationGround(StrEnum):
    """Why support is to end, but for a death, which is reported as a change of the household."""

    LABOUR_REGAINED = "labour_regained"
    IMPRISONED = "imprisoned"
    MEANS = "means"
    OBLIGOR_ABLE = "obligor_able"
    VOLUNTARY = "voluntary"
    NO_DISABILITY_CERTIFICATE = "no_disability_certificate"
    GRADE_NOT_COVERED = "grade_not_covered"
    NO_LONG_TERM_CARE = "no_long_term_care"
    WORK_INJURY_CARE = "work_injury_care"


class TerminationOutcome(StrEnum):
    """What became of a proposed end: support ended, or goes on because an objection held."""

    ENDED = "ended"
    DROPPED = "dropped"


class TerminationProposed(Event, service="decision", name="termination-proposed"):
    """The end of support is proposed and made public; ``until_on`` is the publicity's last day."""

    termination_id: UUID
    proposer: UUID
    ground: TerminationGround
    from_on: date
    until_on: date
    explanation: NoteRef


class TerminationObjected(Event, service="decision", name="termination-objected"):
    """Somebody objected while it was public; it is looked into by ``due``."""

    termination_id: UUID
    objection_id: UUID
    grounds: NoteRef
    due: Due


class TerminationObjectionResolved(
    Event, service="decision", name="termination-objection-resolved"
):
    """What looking into an objection has shown, late or not.

    Where it did not hold and none other is open, the proposal is public anew to ``until_on``.
    """

    termination_id: UUID
    objection_id: UUID
    upheld: bool
    late: bool
    findings: NoteRef
    until_on: date | None = None


class TerminationHeard(Event, service="decision", name="termination-heard"):
    """The person was heard before support ends."""

    termination_id: UUID
    statement: NoteRef


class TerminationConcluded(Event, service="decision", name="termination-concluded"):
    """A proposed end is decided: support ends, or goes on."""

    termination_id: UUID
    outcome: TerminationOutcome
