"""Events of decision about standards: proposed, set, and what follows for the cases they touch.

A standard (保障标准) is decided by a division and recorded, never a line in a file. A stream holds
what one division has set; a re-determination goes through the division's cases, page by page.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Final
from uuid import UUID

from pydantic import Field

from shared.calendar import Month
from shared.contracts.assessments import BenefitTier, TopUp
from shared.contracts.changes import SignedFen
from shared.contracts.fields import DivisionCode, Fields, NoteRef, ParameterUsed, Programme
from shared.kernel.event import Event
from shared.money import Fen, TotalFen

REDETERMINATION_PAGE_CASES: Final = 400
"""At most so many cases on a page, so that its event stays small and its turn short."""

StandardFen = Annotated[int, Field(strict=True, gt=0, le=99_999_99)]
"""A standard in fen a person and month: more than nothing, and less than 100,000 yuan."""


class StandardKind(StrEnum):
    """What a standard is the standard of.

    Dibao; of tekun the basic living and the three tiers of care; what children without support
    are paid, in an institution or outside; the two subsidies for disabled people (两项补贴).
    """

    DIBAO = "dibao"
    TEKUN_BASIC = "tekun_basic"
    TEKUN_SELF_CARE = "tekun_self_care"
    TEKUN_PARTIAL_CARE = "tekun_partial_care"
    TEKUN_FULL_CARE = "tekun_full_care"
    CHILD_IN_INSTITUTION = "child_in_institution"
    CHILD_OUTSIDE_INSTITUTION = "child_outside_institution"
    DISABILITY_LIVING_SUBSIDY = "disability_living_subsidy"
    DISABILITY_CARE_SUBSIDY = "disability_care_subsidy"


class StandardForce(StrEnum):
    """Whether it is what is paid by, or the province's floor for it (最低指导标准)."""

    STANDARD = "standard"
    FLOOR = "floor"


class DivisionLevel(StrEnum):
    """The levels whose divisions set standards, from the widest."""

    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"


class StandardBasis(StrEnum):
    """What a standard was derived from (民政部指导意见: 人均消费支出或人均可支配收入)."""

    CONSUMPTION_SPENDING = "consumption_spending"
    DISPOSABLE_INCOME = "disposable_income"


class StandardDerivation(Fields):
    """What a standard was derived from, of which year.

    ``per_person_yearly_fen`` is what residents spent or had a head, ``share_per_mille`` how much
    of it is taken, ``price_index_per_mille`` what prices have become since (1000 is unchanged).
    ``derived_fen`` is what that comes to a person and month: what the place can pay for counts
    beside it, so the standard itself may be another figure.
    """

    basis: StandardBasis
    year: Annotated[int, Field(strict=True, ge=1978, le=2100)]
    per_person_yearly_fen: Annotated[int, Field(strict=True, gt=0, le=99_999_999_99)]
    share_per_mille: Annotated[int, Field(strict=True, ge=1, le=1000)]
    price_index_per_mille: Annotated[int, Field(strict=True, ge=500, le=2000)] | None = None
    derived_fen: Fen


class _Standard(Event):
    standard_id: UUID
    proposer: UUID
    division: DivisionCode
    level: DivisionLevel
    kind: StandardKind
    force: StandardForce
    amount_fen: StandardFen
    from_month: Month
    notice: NoteRef
    derivation: StandardDerivation | None = None


class StandardProposed(_Standard, service="decision", name="standard-proposed"):
    """Somebody proposes a standard or a floor; it counts for nothing until another hand sets it.

    ``notice`` is the division's notice. ``replaces`` is the proposal in whose place it stands.
    """

    replaces: UUID | None = None


class StandardSet(_Standard, service="decision", name="standard-set"):
    """The division has a standard, or a province a floor, of ``amount_fen`` from a month on.

    It holds until the division sets another. ``before_fen`` is what the division had set for the
    month until then, ``floor_fen`` the province's floor that it was held against. It is to be
    looked at again by ``examine_by``: set anew, if only at the same figure.
    """

    approver: UUID
    before_fen: Fen | None = None
    floor_fen: Fen | None = None
    examine_by: date | None = None


class StandardUnexamined(Event, service="decision", name="standard-unexamined"):
    """The last day passed by which a division was to look at its standard again."""

    standard_id: UUID
    division: DivisionCode
    kind: StandardKind
    due_on: date


class CaseloadPartOpened(Event, service="decision", name="caseload-part-opened"):
    """A part of a division has its first case in benefit under a programme: a township of a
    county, a county of a prefecture, a prefecture of a province.
    """

    programme: Programme
    part: DivisionCode


class CaseloadEntered(Event, service="decision", name="caseload-entered"):
    """A township has a further case in benefit under a programme."""

    programme: Programme
    division: DivisionCode
    case_id: UUID


class CaseloadLeft(Event, service="decision", name="caseload-left"):
    """A case is over and off its township's caseload; ``last_month`` is the last that it had."""

    case_id: UUID
    last_month: Month | None = None


class RedeterminationStarted(Event, service="decision", name="redetermination-started"):
    """A standard begins to count: the cases of a division are to be determined anew.

    ``level`` is the division's; ``parts`` are the divisions one level below that have cases.
    """

    standard_id: UUID
    set_by: DivisionCode
    kind: StandardKind
    programme: Programme
    division: DivisionCode
    level: DivisionLevel
    amount_fen: StandardFen
    from_month: Month
    parts: tuple[DivisionCode, ...]


class RedeterminationListed(Event, service="decision", name="redetermination-listed"):
    """A township's cases in benefit are listed, in so many pages; pages follow.

    There are none where the township has a nearer standard.
    """

    standard_id: UUID
    kind: StandardKind
    programme: Programme
    division: DivisionCode
    amount_fen: StandardFen
    from_month: Month
    cases: int = Field(ge=0)
    pages: int = Field(ge=0)


class RedeterminationPageListed(Event, service="decision", name="redetermination-page-listed"):
    """Cases of a township that are to be determined anew: of care by care, all others here."""

    standard_id: UUID
    kind: StandardKind
    programme: Programme
    division: DivisionCode
    amount_fen: StandardFen
    from_month: Month
    page: int = Field(ge=1)
    cases: Annotated[tuple[UUID, ...], Field(max_length=REDETERMINATION_PAGE_CASES)]


class RedeterminationPageApplied(Event, service="decision", name="redetermination-page-applied"):
    """A page's cases were determined anew: so many got another amount, so many are left to
    officials, so many stay as they are. What the redetermined were and are paid, in fen a month.
    ``arrears_fen`` is what a standard of a past month adds to the months that have begun.
    """

    standard_id: UUID
    page: int = Field(ge=1)
    redetermined: int = Field(ge=0)
    referred: int = Field(ge=0)
    unchanged: int = Field(ge=0)
    before_fen: TotalFen
    after_fen: TotalFen
    arrears_fen: SignedFen | None = None


class AmountRedetermined(Event, service="decision", name="amount-redetermined"):
    """A household's amount follows a changed standard from a month on; all else is as it was.

    In fen a month: what it comes to by the standard of ``from_month``, beside what it was.
    ``standard_before_fen`` is the standard that the earlier amount rests on. Of dibao
    ``amount_fen`` = ``standard_fen`` × ``persons`` − ``counted_income_fen``, or the sum of what
    the members get who entered alone; of tekun it is the basic standard itself. ``topups`` are
    within it, ``withheld_fen`` is what refused work took off it. Where the place pays by tiers, the
    ``tier``'s amount × ``persons`` stands in the gap's place. Where a ``last_month``
    is named, these months alone are meant, under an account that counts no longer.
    """

    standard_id: UUID
    persons: int = Field(ge=1)
    counted_income_fen: Fen
    standard_before_fen: Fen
    standard_fen: Fen
    amount_before_fen: Fen
    amount_fen: Fen
    from_month: Month
    parameters: tuple[ParameterUsed, ...]
    topups: tuple[TopUp, ...] | None = None
    withheld_fen: Fen | None = None
    tier: BenefitTier | None = None
    last_month: Month | None = None


class StandardReviewReason(StrEnum):
    """Why a changed standard is not simply applied to a household."""

    INCOME_AT_STANDARD = "income_at_standard"
    INCOME_ABOVE_STANDARD = "income_above_standard"
    HEARING_OWED = "hearing_owed"


class StandardReviewOpened(Event, service="decision", name="standard-review-opened"):
    """A lowered standard would take away from a household: officials look into it first.

    Nothing is stopped or reduced by itself: ``amount_fen`` is paid on until a change is decided.
    """

    standard_id: UUID
    reason: StandardReviewReason
    persons: int = Field(ge=1)
    counted_income_fen: Fen
    standard_before_fen: Fen
    standard_fen: Fen
    amount_fen: Fen
    from_month: Month
    parameters: tuple[ParameterUsed, ...]
