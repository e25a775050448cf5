"""Events of decision: from the completed check to confirmation or refusal."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.calendar import Month
from shared.contracts.aid import ExpenseAid
from shared.contracts.assessments import BenefitTier, Condition, SinglePerson, TopUp
from shared.contracts.children import ChildCircumstances, Minor
from shared.contracts.circumstances import (
    DisabilityCircumstances,
    HouseholdCircumstances,
    LeftOut,
    TekunCircumstances,
)
from shared.contracts.departments import Department
from shared.contracts.fields import (
    DeductionLine,
    DivisionCode,
    Due,
    ExcludedIncome,
    FirstProgramme,
    IncomeLine,
    Member,
    NoteRef,
    ParameterUsed,
    Programme,
    TreatmentChosen,
)
from shared.contracts.home_visits import Bill, ExemptProperty
from shared.contracts.verification import EmploymentCost, ImputedWage
from shared.contracts.waivers import FamilyWaiver
from shared.kernel.event import Event
from shared.money import Fen


class FirstRefusalReason(StrEnum):
    """Why a household was not entitled, as the first versions of the events could say it."""

    INCOME_NOT_BELOW_STANDARD = "income_not_below_standard"
    PROPERTY_ABOVE_LIMIT = "property_above_limit"
    OBJECTION_UPHELD = "objection_upheld"


class RefusalReason(StrEnum):
    """Why a household or a person is not entitled."""

    REGISTERED_ELSEWHERE = "registered_elsewhere"
    INCOME_NOT_BELOW_STANDARD = "income_not_below_standard"
    PROPERTY_ABOVE_LIMIT = "property_above_limit"
    OBJECTION_UPHELD = "objection_upheld"
    ABLE_TO_WORK = "able_to_work"
    OBLIGOR_ABLE = "obligor_able"
    INCOME_NOT_BELOW_LOCAL_AVERAGE = "income_not_below_local_average"
    NO_RIGID_SPENDING = "no_rigid_spending"
    NOT_AMONG_HOUSEHOLDS_AIDED = "not_among_households_aided"
    PARENT_NOT_COVERED = "parent_not_covered"
    PAID_AS_MUCH_BESIDE = "paid_as_much_beside"
    OF_AGE = "of_age"
    NO_DISABILITY_CERTIFICATE = "no_disability_certificate"
    GRADE_NOT_COVERED = "grade_not_covered"
    NO_LONG_TERM_CARE = "no_long_term_care"
    NOT_AMONG_HOUSEHOLDS_SUBSIDISED = "not_among_households_subsidised"
    SUPPORTED_AS_TEKUN = "supported_as_tekun"
    PAID_AS_CHILD = "paid_as_child"
    WORK_INJURY_CARE = "work_injury_care"


class DeferralReason(StrEnum):
    """Why a confirmation has to wait."""

    OBJECTION_OPEN = "objection_open"
    PUBLICITY_RUNNING = "publicity_running"


class EndReason(StrEnum):
    """Why a case is over."""

    PHASE_OUT_OVER = "phase_out_over"
    STOPPED = "stopped"
    AID_EXPLAINED = "aid_explained"
    AID_GRANTED = "aid_granted"


class _Opening(Event):
    division: DivisionCode
    applicant: UUID
    members: tuple[Member, ...]
    accepted_on: date
    surveyors: tuple[UUID, ...]
    income: tuple[IncomeLine, ...]
    deductions: tuple[DeductionLine, ...]
    counted_income_fen: Fen
    deposits_fen: Fen
    houses: int = Field(ge=0)
    vehicles: int = Field(ge=0)
    tekun: TekunCircumstances | None = None
    circumstances: HouseholdCircumstances | None = None
    excluded: tuple[ExcludedIncome, ...] | None = None
    basic_pension: TreatmentChosen | None = None
    rigid_spending: tuple[DeductionLine, ...] | None = None


class DeterminationOpenedFirst(_Opening, service="decision", name="determination-opened"):
    """As ``DeterminationOpened``, of the first programmes."""

    programme: FirstProgramme


class DeterminationOpened(
    _Opening,
    service="decision",
    name="determination-opened",
    version=2,
    supersedes=DeterminationOpenedFirst,
):
    """A completed check came in; the determination takes over its account.

    ``excluded`` are lines that the regime leaves out, ``basic_pension`` what somebody decided of
    it where the regime leaves it unsettled. ``rigid_spending`` is what of it the household's bills
    and statements show, by kind, in fen a month, whether or not the regime deducts it. ``child``
    is what the allowance of a child rests on, ``minor`` what intake knows of an applicant who is
    not of age. ``disability`` is given with the two subsidies for disabled people; ``applied_on``
    is the day of the application. ``exempt_property`` are the houses and vehicles that do not
    count. With a ``waiver`` the means of the family were not looked into: nothing of property, and
    of income only that of those who enter alone. ``review_agreed`` is what the democratic review
    came to, where one was held. ``bills`` over ``window_months`` and ``employment_costs`` are what
    stands behind the deductions, ``imputed`` the wages that the place's rule assumed, ``missing``
    the departments that gave no data. ``left_out`` applied with the household and do not count
    into it.
    """

    programme: Programme
    child: ChildCircumstances | None = None
    minor: Minor | None = None
    disability: DisabilityCircumstances | None = None
    applied_on: date | None = None
    waiver: FamilyWaiver | None = None
    exempt_property: tuple[ExemptProperty, ...] | None = None
    review_agreed: bool | None = None
    bills: tuple[Bill, ...] | None = None
    window_months: Annotated[int, Field(ge=1)] | None = None
    employment_costs: tuple[EmploymentCost, ...] | None = None
    imputed: tuple[ImputedWage, ...] | None = None
    missing: tuple[Department, ...] | None = None
    left_out: tuple[LeftOut, ...] | None = None


class BenefitProposed(Event, service="decision", name="benefit-proposed"):
    """The township proposes an amount, with its arithmetic.

    In fen a month. Of dibao ``amount_fen`` = ``standard_fen`` × ``persons`` −
    ``counted_income_fen``, with the ``topups``; where ``single_persons`` enter alone, the sum of
    their amounts. Of tekun it is the basic standard, and ``standard_fen`` the dibao standard that
    the income was tested against. Of a child ``counted_income_fen`` is what is paid beside, and
    taken off the standard. Of aid for ``expenses`` it is granted once, and ``standard_fen`` the
    dibao standard that its cap is a multiple of. Where the place pays by tiers, the ``tier``'s
    amount × ``persons`` stands in the gap's place.
    """

    proposer: UUID
    persons: int = Field(ge=1)
    standard_fen: Fen
    counted_income_fen: Fen
    amount_fen: Fen
    parameters: tuple[ParameterUsed, ...]
    explanation: NoteRef
    single_persons: tuple[SinglePerson, ...] | None = None
    topups: tuple[TopUp, ...] | None = None
    expenses: ExpenseAid | None = None
    tier: BenefitTier | None = None


class _RefusalProposal(Event):
    proposer: UUID
    persons: int = Field(ge=1)
    standard_fen: Fen
    counted_income_fen: Fen
    parameters: tuple[ParameterUsed, ...]
    explanation: NoteRef


class RefusalProposedFirst(_RefusalProposal, service="decision", name="refusal-proposed"):
    """The township proposes to refuse dibao, with the figures that lead to it."""

    reason: FirstRefusalReason


class RefusalProposed(
    _RefusalProposal,
    service="decision",
    name="refusal-proposed",
    version=2,
    supersedes=RefusalProposedFirst,
):
    """The township proposes to refuse, with the figures that lead to it."""

    reason: RefusalReason
    expenses: ExpenseAid | None = None


class TownshipApproved(Event, service="decision", name="township-approved"):
    """The township approved the proposal after the first publicity."""

    approver: UUID
    decision_due: Due


class ConfirmationDeferred(Event, service="decision", name="confirmation-deferred"):
    """A confirmation was tried and has to wait."""

    reason: DeferralReason


class _Confirmation(Event):
    division: DivisionCode
    payee: UUID
    members: tuple[Member, ...]
    amount_fen: Fen
    pay_from: Month


class CaseConfirmedFirst(_Confirmation, service="decision", name="case-confirmed"):
    """As ``CaseConfirmed``, of the first programmes."""

    programme: FirstProgramme


class CaseConfirmed(
    _Confirmation,
    service="decision",
    name="case-confirmed",
    version=2,
    supersedes=CaseConfirmedFirst,
):
    """The household is entitled to ``amount_fen`` a month from ``pay_from``."""

    programme: Programme


class _CaseRefusal(Event):
    division: DivisionCode
    applicant: UUID
    notice_due: Due


class CaseRefusedFirst(_CaseRefusal, service="decision", name="case-refused"):
    """A household is not entitled to dibao; the written notice is due on ``notice_due``."""

    programme: FirstProgramme
    reason: FirstRefusalReason


class CaseRefused(
    _CaseRefusal, service="decision", name="case-refused", version=2, supersedes=CaseRefusedFirst
):
    """The household is not entitled; the written notice is due on ``notice_due``.

    ``not_met`` are all the conditions that it does not meet, of which ``reason`` is the first.
    """

    programme: Programme
    reason: RefusalReason
    not_met: tuple[Condition, ...] | None = None


class CaseEnded(Event, service="decision", name="case-ended"):
    """The case is over. ``last_month`` was the last one paid, where months were."""

    programme: Programme
    division: DivisionCode
    members: tuple[Member, ...]
    reason: EndReason
    last_month: Month | None = None
