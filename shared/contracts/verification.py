"""Events of verification: the means check of a household."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.fields import (
    AidCause,
    DeductionKind,
    DeductionLine,
    DivisionCode,
    Due,
    ExcludedIncome,
    Fields,
    HouseholdCircumstances,
    IncomeKind,
    IncomeLine,
    Member,
    NoteRef,
    Programme,
    Sha256Hex,
    TekunCircumstances,
    TreatmentChosen,
)
from shared.kernel.event import Event
from shared.money import Fen


class FirstDepartment(StrEnum):
    """Who was asked for a household's data, as the first versions of the events could say it."""

    TAX = "tax"
    SOCIAL_INSURANCE = "social_insurance"
    HOUSING = "housing"
    VEHICLES = "vehicles"
    BANKS = "banks"


class Department(StrEnum):
    """Who can be asked for a household's data; which of them a check asks is a dated parameter.

    ``HOUSING`` keeps the register of real estate, ``PUBLIC_SECURITY`` that of households (户籍),
    ``CIVIL_AFFAIRS`` those of marriages and funerals.
    """

    TAX = "tax"
    SOCIAL_INSURANCE = "social_insurance"
    HOUSING = "housing"
    VEHICLES = "vehicles"
    BANKS = "banks"
    PUBLIC_SECURITY = "public_security"
    CIVIL_AFFAIRS = "civil_affairs"
    MEDICAL_INSURANCE = "medical_insurance"
    MARKET_REGISTRATION = "market_registration"
    PROVIDENT_FUND = "provident_fund"
    SECURITIES = "securities"
    INSURANCE = "insurance"
    DISABILITY_FEDERATION = "disability_federation"
    EDUCATION = "education"
    RURAL_REVITALISATION = "rural_revitalisation"


class FirstDepartmentFailure(StrEnum):
    """Why a department gave no data, as the first version of the event could say it."""

    REFUSED = "refused"
    PERSON_UNKNOWN = "person_unknown"
    MALFORMED_ANSWER = "malformed_answer"


class DepartmentFailure(StrEnum):
    """Why a department gave no data, for good."""

    REFUSED = "refused"
    PERSON_UNKNOWN = "person_unknown"
    MALFORMED_ANSWER = "malformed_answer"
    OUTDATED_ANSWER = "outdated_answer"


class SetAsideReason(StrEnum):
    """Why an answer is kept and not used: it is none, or its data are older than permitted."""

    UNREADABLE = "unreadable"
    OUTDATED = "outdated"


class Bill(Fields):
    """A bill for rigid spending of a member, in fen, and what of it was reimbursed.

    ``number_digest`` is a keyed digest of its number, so that the same bill is known again.
    """

    person_id: UUID
    kind: DeductionKind
    number_digest: Sha256Hex
    issued_on: date
    amount_fen: Fen
    reimbursed_fen: Fen


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


class RegisterKind(StrEnum):
    """What a register says of somebody beside income and property."""

    DECEASED = "deceased"
    IN_PRISON = "in_prison"
    IN_COMPULSORY_DETOX = "in_compulsory_detox"
    ON_FISCAL_PAYROLL = "on_fiscal_payroll"
    BUSINESS_REGISTERED = "business_registered"


class RegisterEntry(Fields):
    """A person's entry in a department's register."""

    person_id: UUID
    kind: RegisterKind


class DeclaredProperty(Fields):
    """What property the household states: deposits in fen, houses and vehicles by number."""

    deposits_fen: Fen
    houses: Annotated[int, Field(ge=0)]
    vehicles: Annotated[int, Field(ge=0)]


class Contactless(StrEnum):
    """How a household is surveyed that cannot be visited (非接触方式)."""

    PHONE = "phone"
    VIDEO = "video"


class ContactlessSurvey(Fields):
    """That a survey took place without a visit, how, and because of which major emergency."""

    manner: Contactless
    emergency: AidCause


class VisitSignatures(Fields):
    """Who signed the survey's form: the surveyors and, of those at home, a member.

    ``form_digest`` is SHA-256 over the signed form as it was scanned.
    """

    surveyors: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=20)]
    member: UUID
    form_digest: Sha256Hex


class LeadKind(StrEnum):
    """In what a source contradicts the household, or another case."""

    INCOME_ABOVE_DECLARED = "income_above_declared"
    DEPOSITS_ABOVE_DECLARED = "deposits_above_declared"
    HOUSES_ABOVE_DECLARED = "houses_above_declared"
    VEHICLES_ABOVE_DECLARED = "vehicles_above_declared"
    BUSINESS_UNDECLARED = "business_undeclared"
    PAYROLL_UNDECLARED = "payroll_undeclared"
    RECORDED_DEAD = "recorded_dead"
    IN_PRISON = "in_prison"
    IN_COMPULSORY_DETOX = "in_compulsory_detox"
    BILL_USED_ELSEWHERE = "bill_used_elsewhere"


class LeadResponse(StrEnum):
    """How a household meets a lead: it agrees, explains it, or objects and has it checked again."""

    ACKNOWLEDGED = "acknowledged"
    EXPLAINED = "explained"
    OBJECTED = "objected"


class LeadClearance(StrEnum):
    """By what a contradiction is gone: a new declaration, or a department asked again."""

    DECLARATION = "declaration"
    RECHECK = "recheck"


class LeadStanding(StrEnum):
    """What became of a lead; ``SET_ASIDE``: an explanation was accepted against the data."""

    OPEN = "open"
    BEING_RECHECKED = "being_rechecked"
    ACKNOWLEDGED = "acknowledged"
    EXPLAINED = "explained"
    SET_ASIDE = "set_aside"
    UPHELD = "upheld"
    UNANSWERED = "unanswered"
    CLEARED = "cleared"


class Contradiction(Fields):
    """What a source says against what was declared.

    ``declared`` and ``reported`` are fen (income a month, deposits) or numbers (houses, vehicles),
    by the kind. ``department`` said it, of ``person_id`` where it is of one person, of their
    income of ``income`` kind. Of a bill used twice: its digest, and the case that used it before.
    """

    kind: LeadKind
    department: Department | None = None
    person_id: UUID | None = None
    income: IncomeKind | None = None
    declared: Fen | None = None
    reported: Fen | None = None
    number_digest: Sha256Hex | None = None
    other_case: UUID | None = None


class LeadOutcome(Fields):
    """A lead as the account takes it: what it was, and what became of it."""

    lead: Annotated[int, Field(ge=1)]
    contradiction: Contradiction
    standing: LeadStanding


class CheckOpened(Event, service="verification", name="check-opened"):
    """The check of an accepted application began.

    ``kin_filed``: members were filed as near kin of officials; ``None`` where nothing was filed.
    """

    programme: Programme
    division: DivisionCode
    applicant: UUID
    members: tuple[Member, ...]
    accepted_on: date
    survey_due: Due
    kin_filed: bool | None = None


class DepartmentAskedFirst(Event, service="verification", name="department-asked"):
    """A department is to be asked for the household's data."""

    department: FirstDepartment


class DepartmentAsked(
    Event,
    service="verification",
    name="department-asked",
    version=2,
    supersedes=DepartmentAskedFirst,
):
    """A department is to be asked for the household's data, from ``not_before`` on."""

    department: Department
    not_before: date | None = None


class DepartmentAnsweredFirst(Event, service="verification", name="department-answered"):
    """A department's data: income a month, deposits, and counts of houses and vehicles."""

    department: FirstDepartment
    income: tuple[IncomeLine, ...]
    deposits_fen: Fen
    houses: int = Field(ge=0)
    vehicles: int = Field(ge=0)


class DepartmentAnswered(
    Event,
    service="verification",
    name="department-answered",
    version=2,
    supersedes=DepartmentAnsweredFirst,
):
    """What was read from a department's answer.

    Income a month, deposits, and counts of houses and vehicles; ``entries`` are what its register
    says of somebody beside. ``received`` is the answer as it came, in the vault, in parts;
    ``as_of`` the day whose state it gives, where it says so.
    """

    department: Department
    income: tuple[IncomeLine, ...]
    deposits_fen: Fen
    houses: int = Field(ge=0)
    vehicles: int = Field(ge=0)
    entries: tuple[RegisterEntry, ...] | None = None
    received: tuple[NoteRef, ...] | None = None
    as_of: date | None = None


class AnswerSetAside(Event, service="verification", name="answer-set-aside"):
    """An answer is kept as it came and not used; the department is asked again.

    ``as_of`` is the day whose state an outdated one gives.
    """

    department: Department
    reason: SetAsideReason
    received: tuple[NoteRef, ...]
    as_of: date | None = None


class DepartmentFailedFirst(Event, service="verification", name="department-failed"):
    """A department gave no data and will not; officials check by other means."""

    department: FirstDepartment
    failure: FirstDepartmentFailure


class DepartmentFailed(
    Event,
    service="verification",
    name="department-failed",
    version=2,
    supersedes=DepartmentFailedFirst,
):
    """A department gave no data and will not; officials check by other means."""

    department: Department
    failure: DepartmentFailure


class HomeVisitRecorded(Event, service="verification", name="home-visit-recorded"):
    """Surveyors visited the household and took down what it states.

    ``recorded_by`` is the clerk who recorded it for them; a surveyor records their own visit.
    ``review_due`` is set where the regime has a democratic review follow within working days.
    A later visit stands in the place of the earlier one. ``tekun`` is given with its programme,
    ``circumstances`` with dibao, where the place's rules ask for them. ``deductions`` are what the
    household states, and of each kind that has ``bills`` their sum over ``window_months``, a month.
    ``property`` is what it states to have. ``contactless`` where nobody could visit in a major
    emergency; ``signatures`` are on the survey's form.
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
    bills: tuple[Bill, ...] | None = None
    window_months: Annotated[int, Field(ge=1)] | None = None
    property: DeclaredProperty | None = None
    contactless: ContactlessSurvey | None = None
    signatures: VisitSignatures | None = None


class BillPresented(Event, service="verification", name="bill-presented"):
    """A bill was presented in a case, in the stream of its number's digest."""

    case_id: UUID
    bill: Bill


class LeadRaised(Event, service="verification", name="lead-raised"):
    """Something contradicts what was declared: a lead, not a verdict.

    It is put to the household; ``answer_due`` is the last day for its answer, where there is one.
    ``lead`` numbers the leads of a check from 1.
    """

    lead: int = Field(ge=1)
    contradiction: Contradiction
    answer_due: date | None = None


class LeadAnswered(Event, service="verification", name="lead-answered"):
    """The household met a lead with a statement, and the office drew its conclusion.

    ``data_stand``: whether the data go on counting in the account. Where the household objects,
    the department is asked again (民发〔2012〕220号, art. 20; 民发〔2021〕57号, art. 18).
    """

    lead: int = Field(ge=1)
    response: LeadResponse
    statement: NoteRef
    data_stand: bool
    concluded_by: UUID


class LeadUpheld(Event, service="verification", name="lead-upheld"):
    """A department that was asked again said the same."""

    lead: int = Field(ge=1)


class LeadCleared(Event, service="verification", name="lead-cleared"):
    """The contradiction is gone."""

    lead: int = Field(ge=1)
    by: LeadClearance


class LeadLeftUnanswered(Event, service="verification", name="lead-left-unanswered"):
    """The last day for an answer passed; the check goes on without one."""

    lead: int = Field(ge=1)


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


class _Completion(Event):
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
    review_agreed: bool | None = None
    tekun: TekunCircumstances | None = None


class CheckCompletedFirst(_Completion, service="verification", name="check-completed"):
    """The household's account, line by line, out of the answers of the first departments."""

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
    All amounts but the deposits are fen a month. ``review_agreed`` is the conclusion of the
    democratic review, where one was held.
    """

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
