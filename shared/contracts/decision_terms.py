"""Events of decision about the days from the acceptance of a case to its decision (办结期限)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from shared.contracts.fields import DivisionCode, Due, NoteRef, Programme
from shared.kernel.event import Event


class ExtensionReason(StrEnum):
    """Why a case is a special one, with more days: somebody objected, or the survey is hard."""

    OBJECTION = "objection"
    HARD_SURVEY = "hard_survey"


class DecisionOwed(Event, service="decision", name="decision-owed"):
    """An accepted application is to be decided by a last day, counted from its acceptance."""

    programme: Programme
    division: DivisionCode
    applicant: UUID
    accepted_on: date
    due: Due


class DecisionTermExtended(Event, service="decision", name="decision-term-extended"):
    """A special case has until ``due``, counted from its acceptance as before.

    An objection in publicity extends by itself. Of a hard survey somebody says so: who, and what
    makes it hard.
    """

    reason: ExtensionReason
    due: Due
    extended_by: UUID | None = None
    findings: NoteRef | None = None


class DecisionMissed(Event, service="decision", name="decision-missed"):
    """The last day passed by which the case was to be decided."""

    due_on: date
