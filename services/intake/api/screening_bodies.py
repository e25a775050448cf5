"""What is sent to a screening task."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.intake.api.access import Wire
from shared.access.persons import NoteText
from shared.contracts.screening import ExclusionReason, OtherHelp

Text = Annotated[NoteText, Field(repr=False)]


class Findings(Wire):
    """When the household was visited, and what was found."""

    visited_on: date
    findings: Text


class Exclusion(Wire):
    """Why the person cannot be included: a reason of those there are, and its grounds."""

    reason: ExclusionReason
    grounds: Text


class SecondCheck(Wire):
    """Whether the second check comes to the same, and what it found."""

    confirmed: bool
    findings: Text


class Grounds(Wire):
    """What is contested."""

    grounds: Text


class ContestDecision(Wire):
    """The county's word; with a ``reason`` the person is excluded, without one they go on."""

    reason: ExclusionReason | None = None
    findings: Text


class Statement(Wire):
    """What the person said."""

    statement: Text


class Referral(Wire):
    """Who else can help, and with what."""

    referred_to: OtherHelp
    explanation: Text


class Link(Wire):
    """The person's application."""

    case_id: UUID
