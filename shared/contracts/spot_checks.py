"""Events of verification about the visits that the county makes itself (抽查)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.fields import DivisionCode, Due, Fields, NoteRef, Programme, Sha256Hex
from shared.kernel.event import Event


class SpotCheckGround(StrEnum):
    """Why the county visits a household itself: by lot, or because it always does (应当入户)."""

    DRAWN = "drawn"
    KIN = "kin"
    DOUBT = "doubt"
    COMPLAINT = "complaint"


class NamedForSpotCheck(Fields):
    """A case that is visited without being drawn, and why."""

    case_id: UUID
    ground: SpotCheckGround


class SpotCheckStratum(Fields):
    """The cases of one share: how many, which (by digest), and who was drawn of them.

    ``share`` in ten-thousandths. ``population_digest`` is SHA-256 over the ids in ascending order,
    each followed by a line feed. Drawn are the first so many in the order of SHA-256 over the
    seed's text and the id's: anybody can draw again.
    """

    share: Annotated[int, Field(ge=1, le=10_000)]
    population: Annotated[int, Field(ge=1)]
    population_digest: Sha256Hex
    drawn: tuple[UUID, ...]


class CheckListed(Event, service="verification", name="check-listed"):
    """A completed check joined those of its county and programme that spot checks are drawn of."""

    case_id: UUID
    division: DivisionCode
    accepted_on: date
    completed_on: date


class SpotChecksDrawn(Event, service="verification", name="spot-checks-drawn"):
    """The county drew whom it visits itself, of all checks completed up to a day, once each.

    ``seed`` is random and recorded, so that an auditor can draw again and come to the same.
    ``named`` are visited beside those drawn. The visits are owed by ``due``.
    """

    division: DivisionCode
    programme: Programme
    until_on: date
    seed: Sha256Hex
    population: int = Field(ge=1)
    strata: tuple[SpotCheckStratum, ...]
    named: tuple[NamedForSpotCheck, ...]
    due: Due


class SpotCheckOwed(Event, service="verification", name="spot-check-owed"):
    """The county owes a household a visit of its own."""

    ground: SpotCheckGround
    due: Due


class SpotCheckMissed(Event, service="verification", name="spot-check-missed"):
    """The last day for the county's visit passed without one."""

    due: Due


class SpotVisitRecorded(Event, service="verification", name="spot-visit-recorded"):
    """The county visited; ``confirms`` is whether it found what the township's survey had found."""

    visited_on: date
    visitors: Annotated[tuple[UUID, ...], Field(min_length=1)]
    confirms: bool
    findings: NoteRef
