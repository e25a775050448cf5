"""Events about households away from home: where they are registered and live, and what follows.

Divisions only, by code: an address is in no event.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.calendar import Month
from shared.contracts.fields import (
    AidPlace,
    DivisionCode,
    Due,
    Fields,
    NoteRef,
    Programme,
    Sha256Hex,
)
from shared.kernel.event import Event
from shared.money import Fen


class Residence(Fields):
    """The townships in which a member is registered (户籍) and lives (经常居住地)."""

    person_id: UUID
    registered_in: DivisionCode
    lives_in: DivisionCode


class ResidencesStated(Event, service="intake", name="residences-stated"):
    """Where every member of a household is registered and lives, and whose it is to decide.

    ``competent`` are the townships that the rules of the day make competent; ``place`` is why one
    is asked. ``permit_until`` is the last day of the applicant's residence permit.
    """

    place: AidPlace
    residences: tuple[Residence, ...]
    competent: tuple[DivisionCode, ...]
    permit_until: date | None = None


class DecisionDeadlineMissed(Event, service="intake", name="decision-overdue"):
    """The last day passed by which an application across counties was to be decided.

    Decision's ``decision-missed`` says so of any application that it was told of.
    """

    due_on: date


class ReceivedAtHome(Fields):
    """A member who is aided where they are registered; until which month, once that ends."""

    person_id: UUID
    last_month: Month | None = None


class HomeAnswerWay(StrEnum):
    """How a home county answered: an official of it here, or in a letter."""

    OFFICIAL = "official"
    LETTER = "letter"


class HomeCountyAsked(Event, service="verification", name="home-county-asked"):
    """The county in which members are registered is asked what it knows of them (协查).

    Whether they are aided there, and what they own there. ``answer_due`` is its last day.
    """

    county: DivisionCode
    programme: Programme
    persons: tuple[UUID, ...]
    asked_on: date
    answer_due: Due


class HomeCountyAnswered(Event, service="verification", name="home-county-answered"):
    """A home county answered: who is aided there, and what its survey found there of property.

    ``late`` says that its last day was over. A letter shows its ``document_digest``. The last
    answer is the one that counts.
    """

    county: DivisionCode
    answered_by: UUID
    way: HomeAnswerWay
    received: tuple[ReceivedAtHome, ...]
    surveyed_on: date
    deposits_fen: Fen
    houses: Annotated[int, Field(ge=0)]
    vehicles: Annotated[int, Field(ge=0)]
    findings: NoteRef
    late: bool
    document_digest: Sha256Hex | None = None


class HomeCountyAnswerMissed(Event, service="verification", name="home-county-answer-missed"):
    """The last day passed by which a home county was to answer."""

    county: DivisionCode
    due_on: date


class AidAtHomeNoted(Event, service="decision", name="aid-at-home-noted"):
    """A home county said who is aided there; nobody, where ``received`` is empty.

    Nobody is confirmed here until that has ended.
    """

    county: DivisionCode
    received: tuple[ReceivedAtHome, ...]


class PermitNoted(Event, service="decision", name="residence-permit-noted"):
    """A household claims where it lives by a residence permit; its last day, and ours to tell it.

    ``tell_on`` is the day from which officials are told that it runs out.
    """

    programme: Programme
    division: DivisionCode
    applicant: UUID
    until_on: date
    tell_on: date


class PermitRunsOut(Event, service="decision", name="residence-permit-runs-out"):
    """A residence permit runs out soon."""

    until_on: date


class PermitRenewed(Event, service="decision", name="residence-permit-renewed"):
    """A residence permit was renewed; ``document_digest`` is that of its copy."""

    recorded_by: UUID
    until_on: date
    tell_on: date
    document_digest: Sha256Hex


class PermitExpired(Event, service="decision", name="residence-permit-expired"):
    """A residence permit is over. Nothing stops by it: the household is reviewed."""

    until_on: date
