"""The event of decision that tells other departments whom they may have to help."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.fields import DivisionCode, Fields, Programme
from shared.kernel.event import Event


class SpecialAid(StrEnum):
    """The kinds of aid beside dibao (教育、医疗、住房、就业等专项救助, 临时救助)."""

    MEDICAL = "medical"
    EDUCATION = "education"
    HOUSING = "housing"
    EMPLOYMENT = "employment"
    TEMPORARY_ASSISTANCE = "temporary_assistance"


class SpecialNeed(Fields):
    """A kind of aid, and the member whose difficulty asks for it; without one the household's."""

    aid: SpecialAid
    person_id: UUID | None = None


class SpecialAidReferred(Event, service="decision", name="special-aid-referred"):
    """With its decision on dibao a household is referred by its kinds of difficulty (困难类型).

    Whether it is aided the department in charge finds by its own rules.
    """

    programme: Programme
    division: DivisionCode
    applicant: UUID
    needs: Annotated[tuple[SpecialNeed, ...], Field(min_length=1)]
