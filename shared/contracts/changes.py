"""What a reported change can say beside income: who came, who left, since when."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.calendar import Month
from shared.contracts.fields import DivisionCode, Fields, Member, Programme, Sha256Hex
from shared.kernel.event import Event
from shared.money import MAX_TOTAL_FEN, Fen

SignedFen = Annotated[int, Field(strict=True, ge=-MAX_TOTAL_FEN, le=MAX_TOTAL_FEN)]
"""A difference in fen, negative where too much was due."""


class HouseholdChangeCause(StrEnum):
    """Why somebody belongs to a household no more, or from now on."""

    DEATH = "death"
    BIRTH = "birth"
    MARRIAGE = "marriage"
    DIVORCE = "divorce"
    MOVED_IN = "moved_in"
    MOVED_OUT = "moved_out"
    IMPRISONMENT = "imprisonment"
    RELEASE = "release"


class HouseholdChange(Fields):
    """Who left a household and who joined it; ``payee`` where the one so far has left.

    ``certificate`` is the digest of the paper that proves a death.
    """

    cause: HouseholdChangeCause
    left: tuple[UUID, ...] = ()
    joined: tuple[Member, ...] = ()
    certificate: Sha256Hex | None = None
    payee: UUID | None = None


class HouseholdChanged(Event, service="decision", name="household-changed"):
    """A household is another from a month on: who it is, and to whom its aid is paid."""

    change_id: UUID
    programme: Programme
    division: DivisionCode
    cause: HouseholdChangeCause
    happened_on: date
    members: tuple[Member, ...]
    left: tuple[UUID, ...]
    joined: tuple[UUID, ...]
    payee: UUID | None = None
    from_month: Month


class DeathAdjustmentMissed(Event, service="decision", name="death-adjustment-missed"):
    """The last day passed by which a household was to be checked and adjusted after a death."""

    change_id: UUID
    due_on: date


class DeterminedMonth(Fields):
    """What a household is due for a month: as it was determined before, and as it is now."""

    month: Month
    before_fen: Fen
    after_fen: Fen


class MonthsRedetermined(Event, service="decision", name="months-redetermined"):
    """A fact that counts in the past has changed what was due for months that have begun.

    Both determinations side by side, month by month; ``difference_fen`` is what is owed to the
    household in all, negative where it was due less than it was told.
    """

    change_id: UUID
    happened_on: date
    persons_before: Annotated[int, Field(ge=0)]
    persons_after: Annotated[int, Field(ge=0)]
    counted_income_before_fen: Fen
    counted_income_after_fen: Fen
    months: tuple[DeterminedMonth, ...]
    difference_fen: SignedFen
