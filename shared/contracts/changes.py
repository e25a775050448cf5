"""Events of decision about a household's changes: reported, heard, and what they come to."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.calendar import Month
from shared.contracts.assessments import Assessed, BenefitTier, SinglePerson, TopUp
from shared.contracts.children import ChildCircumstances
from shared.contracts.fields import (
    DeductionLine,
    DivisionCode,
    ExcludedIncome,
    Fields,
    IncomeLine,
    Member,
    NoteRef,
    ParameterUsed,
    Programme,
    Sha256Hex,
    TreatmentChosen,
)
from shared.contracts.work import WithheldShare
from shared.kernel.event import Event
from shared.money import MAX_TOTAL_FEN, Fen

SignedFen = Annotated[int, Field(strict=True, ge=-MAX_TOTAL_FEN, le=MAX_TOTAL_FEN)]
"""A difference in fen, negative where too much was due."""


class HouseholdChangeCause(StrEnum):
    """Why somebody belongs to a household no more, or from now on.

    ``NO_LONGER_ALONE``: of several who entered dibao alone, one does not qualify any longer.
    """

    DEATH = "death"
    BIRTH = "birth"
    MARRIAGE = "marriage"
    DIVORCE = "divorce"
    MOVED_IN = "moved_in"
    MOVED_OUT = "moved_out"
    IMPRISONMENT = "imprisonment"
    RELEASE = "release"
    NO_LONGER_ALONE = "no_longer_alone"


class HouseholdChange(Fields):
    """Who left a household and who joined it; ``payee`` where the one so far has left.

    ``certificate`` is the digest of the paper that proves a death.
    """

    cause: HouseholdChangeCause
    left: tuple[UUID, ...] = ()
    joined: tuple[Member, ...] = ()
    certificate: Sha256Hex | None = None
    payee: UUID | None = None


class PropertyHeld(Fields):
    """What a household has, as a whole: deposits and the like, houses, vehicles."""

    deposits_fen: Fen
    houses: Annotated[int, Field(ge=0)]
    vehicles: Annotated[int, Field(ge=0)]


class StopReason(StrEnum):
    """Why aid is stopped."""

    PROPERTY_ABOVE_LIMIT = "property_above_limit"
    NO_SINGLE_PERSON_GROUND = "no_single_person_ground"

    INCOME_ABOVE_STANDARD = "income_above_standard"
    INCOME_AT_STANDARD = "income_at_standard"
    NOBODY_LEFT = "nobody_left"
    LABOUR_REGAINED = "labour_regained"
    IMPRISONED = "imprisoned"
    MEANS = "means"
    OBLIGOR_ABLE = "obligor_able"
    VOLUNTARY = "voluntary"
    PARENT_NOT_COVERED = "parent_not_covered"
    PAID_AS_MUCH_BESIDE = "paid_as_much_beside"
    OF_AGE = "of_age"
    NO_DISABILITY_CERTIFICATE = "no_disability_certificate"
    GRADE_NOT_COVERED = "grade_not_covered"
    NO_LONG_TERM_CARE = "no_long_term_care"
    WORK_INJURY_CARE = "work_injury_care"
    HOUSEHOLD_NO_LONGER_COUNTS = "household_no_longer_counts"
    SUPPORTED_AS_TEKUN = "supported_as_tekun"
    PAID_AS_CHILD = "paid_as_child"
    PERSON_DIED = "person_died"


class ChangeReported(Event, service="decision", name="change-reported"):
    """A confirmed household's circumstances have changed: its account anew, in fen a month.

    What follows takes the regime of ``reported_on``, this event's effective date. ``excluded`` are
    lines that the regime leaves out, ``basic_pension`` what the reporter decided of it where the
    regime leaves it unsettled. A fact that counts from before that day says so in
    ``happened_on``; ``household`` is who left and who joined, ``members`` the household anew.
    ``adjust_by`` is by when a death is to be followed, ``admonishable`` that it was reported so
    late that the household may be admonished. ``child`` is what a child's allowance rests on now;
    ``counted_income_fen`` is then what is paid beside it. ``property`` is what the household has,
    where that is what changed. Of members who entered alone the account is their whole family's.
    """

    change_id: UUID
    reporter: UUID
    reported_on: date
    income: tuple[IncomeLine, ...]
    deductions: tuple[DeductionLine, ...]
    counted_income_fen: Fen
    explanation: NoteRef
    excluded: tuple[ExcludedIncome, ...] | None = None
    basic_pension: TreatmentChosen | None = None
    happened_on: date | None = None
    household: HouseholdChange | None = None
    members: tuple[Member, ...] | None = None
    adjust_by: date | None = None
    admonishable: bool | None = None
    child: ChildCircumstances | None = None
    property: PropertyHeld | None = None


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


class HearingHeld(Event, service="decision", name="hearing-held"):
    """The household was heard before its aid is reduced or stopped."""

    change_id: UUID
    statement: NoteRef


class ManualReviewOpened(Event, service="decision", name="manual-review-opened"):
    """The income is exactly at the standard: neither below it nor above; officials decide."""

    change_id: UUID
    decider: UUID
    persons: int = Field(ge=1)
    standard_fen: Fen
    counted_income_fen: Fen


class _Redetermined(Event):
    """What a change comes to; ``amount_fen`` a month, by the parameters of the day it opened.

    ``explanation`` is what the decider wrote, such as why no phase-out is granted.
    """

    change_id: UUID
    decider: UUID
    persons: int = Field(ge=0)
    standard_fen: Fen
    counted_income_fen: Fen
    parameters: tuple[ParameterUsed, ...]
    explanation: NoteRef | None = None


class AmountChanged(_Redetermined, service="decision", name="amount-changed"):
    """The household is entitled to another amount from a month on; ends a phase-out, if any.

    ``withheld_fen`` is what members' own shares were cut by for refused work, and has been taken
    off already: the amount and it are the gap with the ``topups``. ``above_poverty_line`` where
    the place has such a line: above it and below the standard a household stays (脱贫不脱保).
    Where the place pays by tiers, the ``tier``'s amount × ``persons`` stands in the gap's place.
    ``single_persons`` are those who go on alone, whose amounts add up to it.
    """

    amount_fen: Fen
    from_month: Month
    above_poverty_line: bool | None = None
    withheld: tuple[WithheldShare, ...] | None = None
    withheld_fen: Fen | None = None
    topups: tuple[TopUp, ...] | None = None
    tier: BenefitTier | None = None
    single_persons: tuple[SinglePerson, ...] | None = None


class PhaseOutStarted(_Redetermined, service="decision", name="phase-out-started"):
    """The household left the conditions; ``amount_fen`` is paid on, both months included.

    ``lesser`` is what its account comes to for each kind of assistance, as of a household that
    asks for it; nothing of it is granted by itself.
    """

    amount_fen: Fen
    first_month: Month
    last_month: Month
    lesser: tuple[Assessed, ...] | None = None


class BenefitStopped(_Redetermined, service="decision", name="benefit-stopped"):
    """The household left the conditions and is paid up to ``last_month``, without a phase-out.

    ``opened_on`` is the day on which the end of a tekun person's support was proposed. ``lesser``
    is as of a phase-out.
    """

    reason: StopReason
    last_month: Month
    opened_on: date | None = None
    lesser: tuple[Assessed, ...] | None = None


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
