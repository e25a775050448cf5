"""Events of verification: the means check of a household."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.children import ChildCircumstances, Minor
from shared.contracts.circumstances import (
    DisabilityCircumstances,
    HouseholdCircumstances,
    LeftOut,
    TekunCircumstances,
)
from shared.contracts.departments import Department, FirstDepartment
from shared.contracts.fields import (
    DeductionLine,
    DivisionCode,
    Due,
    ExcludedIncome,
    Fields,
    FirstProgramme,
    IncomeLine,
    Member,
    NoteRef,
    Programme,
    TreatmentChosen,
)
from shared.contracts.home_visits import Bill, ExemptProperty
from shared.contracts.leads import LeadOutcome
from shared.contracts.waivers import FamilyWaiver
from shared.kernel.event import Event
from shared.money import Fen


class ImputedWage(Fields):
    """A wage that the place's rule assumes of unsteady work, in the place of what was stated."""

    person_id: UUID
    stated_fen: Fen
    imputed_fen: Fen


class EmploymentCost(Fields):
    """The cost of working of a member as the place's rule has it, in fen a month, of a wage."""

    person_id: UUID
    wage_fen: Fen
    amount_fen: Fen


class _Opening(Event):
    division: DivisionCode
    applicant: UUID
    members: tuple[Member, ...]
    accepted_on: date
    survey_due: Due
    kin_filed: bool | None = None


class CheckOpenedFirst(_Opening, service="verification", name="check-opened"):
    """As ``CheckOpened``, of the first programmes."""

    programme: FirstProgramme


class CheckOpened(
    _Opening,
    service="verification",
    name="check-opened",
    version=2,
    supersedes=CheckOpenedFirst,
):
    """The check of an accepted application began.

    ``kin_filed``: members were filed as near kin of officials; ``None`` where nothing was filed.
    ``minor`` is what intake knows of an applicant who is not of age, ``applied_on`` the day of the
    application. ``departments_due`` is the last day by which the departments are to be asked, where
    the regime names one.
    """

    programme: Programme
    minor: Minor | None = None
    applied_on: date | None = None
    departments_due: Due | None = None


class DataCheckStartMissed(Event, service="verification", name="data-check-start-missed"):
    """The last day passed by which departments were to be asked; these were not reached by then."""

    due: Due
    departments: tuple[Department, ...]


class CheckReopened(Event, service="verification", name="check-reopened"):
    """A completed check goes on: an objection to what it led to was upheld.

    Departments' data stand as they are; the household is visited anew, by surveyors who had no
    part in the survey so far (``before``), and its account drawn up anew.
    """

    reopened_on: date
    before: tuple[UUID, ...]


class DemocraticReviewHeld(Event, service="verification", name="democratic-review-held"):
    """The village's democratic review of the survey's result.

    ``present`` took part, ``representatives`` of them as residents' representatives, ``agreed``
    spoke for the survey's result. ``upheld`` is the township's conclusion from it: where it is
    false the household is to be surveyed again (民发〔2012〕220号, arts. 22–24).
    """

    held_on: date
    present: int = Field(ge=1)
    representatives: int = Field(ge=0)
    agreed: int = Field(ge=0)
    upheld: bool
    minutes: NoteRef


class ReviewDeadlineMissed(Event, service="verification", name="review-deadline-missed"):
    """The date by which the democratic review had to be held passed without one."""

    due: Due


class _Completion(Event):
    division: DivisionCode
    applicant: UUID
    members: tuple[Member, ...]
    accepted_on: date
    surveyors: tuple[UUID, ...]
    income: tuple[IncomeLine, ...]
    deductions: tuple[DeductionLine, ...]
    income_fen: Fen
    deducted_fen: Fen
    counted_income_fen: Fen
    deposits_fen: Fen
    houses: int = Field(ge=0)
    vehicles: int = Field(ge=0)
    review_agreed: bool | None = None
    tekun: TekunCircumstances | None = None


class CheckCompletedFirst(_Completion, service="verification", name="check-completed"):
    """The household's account, line by line, out of the answers of the first departments."""

    programme: FirstProgramme
    missing: tuple[FirstDepartment, ...]


class CheckCompleted(
    _Completion,
    service="verification",
    name="check-completed",
    version=2,
    supersedes=CheckCompletedFirst,
):
    """The household's account, line by line.

    ``surveyors`` are the hands that the survey went through: all who visited, and a clerk who
    recorded a visit for them.
    ``income`` holds, per person, kind and item, the line that counts; ``counted_income_fen`` is
    their sum less the deductions, never below zero. ``excluded`` are lines that the regime leaves
    out, ``basic_pension`` what somebody decided of it where the regime leaves it unsettled.
    ``imputed`` says which wages the place's rule assumed, ``employment_costs`` how the deduction of
    that kind was computed, ``bills`` what stands behind the rigid spending, ``leads`` what
    contradicted the household and what became of it. ``rigid_spending`` is all that it cannot help
    spending, by kind, whether or not the regime deducts it. ``missing`` departments gave no data.
    ``houses`` and ``vehicles`` are those that count, without ``exempt_property``.
    With a ``waiver`` the account is of the income of those who enter alone, and of nothing else.
    All amounts but the deposits are fen a month. ``review_agreed`` is the conclusion of the
    democratic review, where one was held. ``child`` is given with the allowance of a child,
    ``minor`` what intake knows of an applicant who is not of age. ``disability`` is given with the
    two subsidies for disabled people, as the register of certificates has it where that answered;
    ``applied_on`` is the day of the application. ``left_out`` applied with the household and does
    not count into it: ``members``, ``income`` and ``circumstances`` are of the others.
    """

    programme: Programme
    missing: tuple[Department, ...]
    circumstances: HouseholdCircumstances | None = None
    excluded: tuple[ExcludedIncome, ...] | None = None
    basic_pension: TreatmentChosen | None = None
    imputed: tuple[ImputedWage, ...] | None = None
    employment_costs: tuple[EmploymentCost, ...] | None = None
    bills: tuple[Bill, ...] | None = None
    window_months: Annotated[int, Field(ge=1)] | None = None
    leads: tuple[LeadOutcome, ...] | None = None
    rigid_spending: tuple[DeductionLine, ...] | None = None
    child: ChildCircumstances | None = None
    minor: Minor | None = None
    disability: DisabilityCircumstances | None = None
    applied_on: date | None = None
    waiver: FamilyWaiver | None = None
    exempt_property: tuple[ExemptProperty, ...] | None = None
    left_out: tuple[LeftOut, ...] | None = None
