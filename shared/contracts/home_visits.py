"""Events of verification about home visits, and the bills presented at them."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.children import ChildCircumstances
from shared.contracts.circumstances import (
    DisabilityCircumstances,
    HouseholdCircumstances,
    TekunCircumstances,
)
from shared.contracts.fields import (
    AidCause,
    DeductionKind,
    DeductionLine,
    Due,
    Fields,
    IncomeLine,
    NoteRef,
    ParameterName,
    Sha256Hex,
)
from shared.kernel.event import Event
from shared.money import Fen


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


class PropertyItem(StrEnum):
    """What exactly a house or a vehicle is, as far as a rule treats it apart from others.

    What living or working cannot do without (生活必须财产、维持家庭生产生活的必需财产): the only
    home (唯一住房); a disabled person's scooter (残疾人代步车), a vehicle that a livelihood rests
    on (生产经营、就业必需车辆), farm machinery (农用机械).
    """

    ONLY_HOME = "only_home"
    DISABILITY_SCOOTER = "disability_scooter"
    WORK_VEHICLE = "work_vehicle"
    FARM_MACHINERY = "farm_machinery"


class Necessity(Fields):
    """A house or a vehicle among those stated that a member cannot do without, and what it is."""

    person_id: UUID
    item: PropertyItem


class ExemptProperty(Fields):
    """A house or a vehicle that does not count, and the dated parameter that leaves it out."""

    necessity: Necessity
    parameter: ParameterName


class DeclaredProperty(Fields):
    """What property the household states: deposits in fen, houses and vehicles by number.

    ``necessities`` are those of the houses and vehicles that it cannot do without.
    """

    deposits_fen: Fen
    houses: Annotated[int, Field(ge=0)]
    vehicles: Annotated[int, Field(ge=0)]
    necessities: Annotated[tuple[Necessity, ...], Field(max_length=20)] | None = None


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


class HomeVisitRecorded(Event, service="verification", name="home-visit-recorded"):
    """Surveyors visited the household and took down what it states.

    ``recorded_by`` is the clerk who recorded it for them; a surveyor records their own visit.
    ``review_due`` is set where the regime has a democratic review follow within working days.
    A later visit stands in the place of the earlier one. ``tekun`` is given with its programme,
    ``disability`` with the two subsidies for disabled people, ``circumstances`` with dibao, where
    the place's rules ask for them. ``deductions`` are what the household states, and of each
    kind that has ``bills`` their sum over ``window_months``, a month.
    ``property`` is what it states to have. ``contactless`` where nobody could visit in a major
    emergency; ``signatures`` are on the survey's form. ``child`` is given with the allowance of a
    child.
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
    child: ChildCircumstances | None = None
    disability: DisabilityCircumstances | None = None


class BillPresented(Event, service="verification", name="bill-presented"):
    """A bill was presented in a case, in the stream of its number's digest."""

    case_id: UUID
    bill: Bill


class SurveyDeadlineMissed(Event, service="verification", name="survey-deadline-missed"):
    """The date by which the household had to be visited passed without a visit."""

    due: Due
