"""Events of verification about the family's check that is waived (不再进行经济状况核对)."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.assessments import SinglePersonGround
from shared.contracts.fields import Fields, NoteRef
from shared.kernel.event import Event


class WaivedFor(Fields):
    """A member whose family is not checked, and the ground on which they enter alone."""

    person_id: UUID
    ground: SinglePersonGround


class FamilyWaiver(Fields):
    """Whose family is not checked, who decided it and when; it holds until ``until_on``."""

    persons: Annotated[tuple[WaivedFor, ...], Field(min_length=1)]
    decider: UUID
    decided_on: date
    until_on: date


class FamilyCheckWaived(Event, service="verification", name="family-check-waived"):
    """The means of the family of those who enter alone are not looked into.

    Their own procedure goes on. The account holds their income only, and nothing of property.
    """

    waiver: FamilyWaiver
    grounds: NoteRef
