"""Field types that the contracts of several services share. No free strings (design §4)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.calendar import CalendarVersion
from shared.money import Fen

Sha256Hex = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
DivisionCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")]
ParameterName = Annotated[str, StringConstraints(pattern=r"^[a-z]+(_[a-z]+)*$", max_length=60)]


class Fields(BaseModel):
    """The base of values inside events: frozen, open to added fields."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class FirstProgramme(StrEnum):
    """The kinds of assistance that there were first: what the first versions of events name."""

    DIBAO = "dibao"
    TEKUN = "tekun"
    TEMPORARY_ASSISTANCE = "temporary_assistance"


class Programme(StrEnum):
    """The kinds of assistance.

    The last three are of one person each: the two subsidies for disabled people
    (困难残疾人生活补贴, 重度残疾人护理补贴), and the basic living of orphans and of children whom
    in fact nobody brings up (孤儿、事实无人抚养儿童基本生活保障).
    """

    DIBAO = "dibao"
    TEKUN = "tekun"
    TEMPORARY_ASSISTANCE = "temporary_assistance"
    DISABILITY_LIVING_SUBSIDY = "disability_living_subsidy"
    DISABILITY_CARE_SUBSIDY = "disability_care_subsidy"
    CHILD_ALLOWANCE = "child_allowance"

    @property
    def is_of_one_person(self) -> bool:
        """Whether one person applies alone and is paid the standard, not a household its gap."""
        return self not in (Programme.DIBAO, Programme.TEMPORARY_ASSISTANCE)

    @property
    def tests_means(self) -> bool:
        """Whether income and property are looked into."""
        return self in (Programme.DIBAO, Programme.TEKUN, Programme.TEMPORARY_ASSISTANCE)

    @property
    def is_disability_subsidy(self) -> bool:
        """Whether it is one of the two subsidies for disabled people (残疾人两项补贴)."""
        return self in (Programme.DISABILITY_LIVING_SUBSIDY, Programme.DISABILITY_CARE_SUBSIDY)


class Relation(StrEnum):
    """How a household member stands to the applicant."""

    APPLICANT = "applicant"
    SPOUSE = "spouse"
    CHILD = "child"
    PARENT = "parent"
    OTHER_DEPENDENT = "other_dependent"


class Member(Fields):
    """A person of the household, by registry id."""

    person_id: UUID
    relation: Relation


class NoteRef(Fields):
    """What somebody wrote: its id in the vault and the keyed digest of its text."""

    note_id: UUID
    digest: Sha256Hex


class Due(Fields):
    """A statutory date, with the calendar that gave it.

    ``provisional`` where the calendar does not cover the year yet; a later event corrects it.
    """

    on: date
    calendar: CalendarVersion
    provisional: bool = False


class AidKind(StrEnum):
    """The kinds of temporary assistance: for an emergency, for expenses, small and at once.

    急难型、支出型 (民发〔2018〕23号), 小额快救; which of them a place grants is a dated parameter.
    """

    EMERGENCY = "emergency"
    EXPENSE = "expense"
    SMALL_QUICK = "small_quick"


class AidCause(StrEnum):
    """What has brought about the hardship."""

    EPIDEMIC = "epidemic"
    ACCIDENT = "accident"
    ILLNESS = "illness"
    DISASTER = "disaster"
    OTHER = "other"


class AidPlace(StrEnum):
    """Why a township is the one to be asked for temporary assistance."""

    HOUSEHOLD_REGISTRATION = "household_registration"
    RESIDENCE_PERMIT = "residence_permit"
    PLACE_OF_EMERGENCY = "place_of_emergency"


class AidRequest(Fields):
    """What temporary assistance is applied for; ``requested_fen`` once, not a month."""

    kind: AidKind
    cause: AidCause
    place: AidPlace
    requested_fen: Fen


class CareLevel(StrEnum):
    """How far somebody can look after themselves (全自理、半护理、全护理)."""

    SELF_CARE = "self_care"
    PARTIAL_CARE = "partial_care"
    FULL_CARE = "full_care"


class SupportMode(StrEnum):
    """Where a tekun person is supported: at home, or in an institution (分散、集中供养)."""

    DISPERSED = "dispersed"
    CENTRALIZED = "centralized"


class IncomeKind(StrEnum):
    """The kinds of household income (民发〔2021〕57号, art. 13)."""

    WAGE = "wage"
    BUSINESS = "business"
    PROPERTY = "property"
    TRANSFER = "transfer"
    OTHER = "other"


class IncomeItem(StrEnum):
    """What exactly an income is, as far as a rule treats it apart from others of its kind.

    Named as 民发〔2021〕57号, art. 13 and 民发〔2021〕43号, art. 6 do; the two disability subsidies
    by 国发〔2015〕52号, the subsidy of a de-facto unattended child by 民发〔2019〕62号.
    ``SOCIAL_INSURANCE_PAYMENT`` is any but the basic pension and medical insurance.
    """

    BASIC_PENSION = "basic_pension"
    PREFERENTIAL_PENSION = "preferential_pension"
    FAMILY_PLANNING_AWARD = "family_planning_award"
    SCHOLARSHIP = "scholarship"
    BRAVERY_AWARD = "bravery_award"
    GOVERNMENT_SOCIAL_ASSISTANCE = "government_social_assistance"
    DISABILITY_SUBSIDY = "disability_subsidy"
    DE_FACTO_CHILD_SUBSIDY = "de_facto_child_subsidy"
    OLD_AGE_ALLOWANCE = "old_age_allowance"
    MEDICAL_INSURANCE_PAYMENT = "medical_insurance_payment"
    SOCIAL_INSURANCE_PAYMENT = "social_insurance_payment"


class Supporter(StrEnum):
    """Who pays for the living of somebody who depends on them (供养; 民发〔2022〕83号, 1(1))."""

    SIBLING = "sibling"
    AGED_SIXTY = "aged_sixty"


class DeductionKind(StrEnum):
    """What is deducted from income: rigid spending by its cause, and the cost of working."""

    ILLNESS = "illness"
    DISABILITY = "disability"
    SCHOOLING = "schooling"
    EPIDEMIC = "epidemic"
    EMPLOYMENT = "employment"


class LineSource(StrEnum):
    """Who stated an amount."""

    DECLARED = "declared"
    TAX = "tax"
    SOCIAL_INSURANCE = "social_insurance"
    HOUSING = "housing"
    VEHICLES = "vehicles"
    BANKS = "banks"


class IncomeLine(Fields):
    """One person's income of one kind in fen a month, as one source states it.

    ``item`` where the source says what exactly it is, ``paid_by`` of support who pays it; such
    lines are treated by themselves, and none has both.
    """

    person_id: UUID
    kind: IncomeKind
    source: LineSource
    amount_fen: Fen
    item: IncomeItem | None = None
    paid_by: Supporter | None = None

    @property
    def named(self) -> IncomeItem | Supporter | None:
        """What the line says beside its kind, where it says anything."""
        return self.item or self.paid_by


class ExcludedIncome(Fields):
    """A line that does not count, and the dated parameter that leaves it out."""

    line: IncomeLine
    parameter: ParameterName


class IncomeTreatment(StrEnum):
    """Whether an income counts against the standard."""

    COUNTED = "counted"
    EXCLUDED = "excluded"


class TreatmentChosen(Fields):
    """What somebody decided where the rules of the day leave a treatment unsettled."""

    treatment: IncomeTreatment
    chosen_by: UUID


class DeductionLine(Fields):
    """A deduction from the household's income in fen a month."""

    kind: DeductionKind
    amount_fen: Fen


class ParameterUsed(Fields):
    """A dated parameter that a rule used; document and article follow from the policy version.

    ``standard_id`` names the recorded decision that set a standard, where no file states it.
    """

    name: ParameterName
    value: int = Field(ge=0)
    standard_id: UUID | None = None
