"""Events of verification: the means check of a household."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.fields import (
    DeductionLine,
    DivisionCode,
    Due,
    ExcludedIncome,
    HouseholdCircumstances,
    IncomeLine,
    Member,
    NoteRef,
    Programme,
    TekunCircumstances,
    TreatmentChosen,
)
from shared.kernel.event import Event
from shared.money import Fen


class Department(StrEnum):
    """Who is asked for a household's data."""

    TAX = "tax"
    SOCIAL_INSURANCE = "social_insurance"
    HOUSING = "housing"
    VEHICLES = "vehicles"
    BANKS = "banks"


class DepartmentFailure(StrEnum):
    """Why a department gave no data, for good."""

    REFUSED = "refused"
    PERSON_UNKNOWN = "person_unknown"
    MALFORMED_ANSWER = "malformed_answer"


class CheckOpened(Event, service="verification", name="check-opened"):
    """The check of an accepted application began."""

    programme: Programme
    division: DivisionCode
    applicant: UUID
    members: tuple[Member, ...]
    accepted_on: date
    survey_due: Due


class DepartmentAsked(Event, service="verification", name="department-asked"):
    """A department is to be asked for the household's data."""

    department: Department


class DepartmentAnswered(Event, service="verification", name="department-answered"):
    """A department's data: income a month, deposits, and counts of houses and vehicles."""

    department: Department
    income: tuple[IncomeLine, ...]
    deposits_fen: Fen
    houses: int = Field(ge=0)
    vehicles: int = Field(ge=0)


class DepartmentFailed(Event, service="verification", name="department-failed"):
    """A department gave no data and will not; officials check by other means."""

    department: Department
    failure: DepartmentFailure


class HomeVisitRecorded(Event, service="verification", name="home-visit-recorded"):
    """Surveyors visited the household and took down what it states.

    ``recorded_by`` is the clerk who recorded it for them; a surveyor records their own visit.
    ``review_due`` is set where the regime has a democratic review follow within working days.
    A later visit stands in the place of the earlier one. ``tekun`` is given with its programme,
    ``circumstances`` with dibao, where the place's rules ask for them.
    """

    visited_on: date
    surveyors: Annotated[tuple[UUID, ...], Field(min_length=1)]
    income: tuple[IncomeLine, ...]
    deductions: tuple[DeductionLine, ...]
    findings: NoteRef
    review_due: Due | None = None
    recorded_by: UUID | None = None
    tekun: TekunCircumstances | None = None
    circumstances: HouseholdCircumstances | None = None


class SurveyDeadlineMissed(Event, service="verification", name="survey-deadline-missed"):
    """The date by which the household had to be visited passed without a visit."""

    due: Due


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


class CheckCompleted(Event, service="verification", name="check-completed"):
    """The household's account, line by line.

    ``surveyors`` are the hands that the survey went through: all who visited, and a clerk who
    recorded a visit for them.
    ``income`` holds, per person, kind and item, the line that counts; ``counted_income_fen`` is
    their sum less the deductions, never below zero. ``excluded`` are lines that the regime leaves
    out, ``basic_pension`` what somebody decided of it where the regime leaves it unsettled.
    ``missing`` departments gave no data. All amounts but the deposits are fen a month.
    ``review_agreed`` is the conclusion of the democratic review, where one was held.
    """

    programme: Programme
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
    missing: tuple[Department, ...]
    review_agreed: bool | None = None
    tekun: TekunCircumstances | None = None
    circumstances: HouseholdCircumstances | None = None
    excluded: tuple[ExcludedIncome, ...] | None = None
    basic_pension: TreatmentChosen | None = None
