"""The household of the story, and what is recorded about it: case 1 of the worked cases.

Fujian, accepted on 2020-04-01 (a Wednesday), four persons, wages of 2,900 yuan, rigid spending
of 400, cost of working of 300. Qingming takes 4 to 6 April; 26 April is worked, 1 to 5 May are
off.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid5

from services.verification.decisions import RecordHomeVisit
from shared.calendar import CALENDAR_VERSION
from shared.contracts.departments import Department, DepartmentAnswered, DepartmentAsked
from shared.contracts.fields import (
    DeductionKind,
    DeductionLine,
    Due,
    IncomeKind,
    IncomeLine,
    LineSource,
    Member,
    NoteRef,
    Programme,
    Relation,
)
from shared.contracts.home_visits import HomeVisitRecorded
from shared.contracts.verification import CheckOpened, DemocraticReviewHeld
from shared.kernel.decider import HOUSE

FUJIAN = "350924100000"
DAYAO = "532326101000"
SHAANXI = "611022000000"

CASE = uuid5(HOUSE, "tests/case")
APPLICANT = uuid5(HOUSE, "tests/applicant")
HUSBAND = uuid5(HOUSE, "tests/husband")
DAUGHTER = uuid5(HOUSE, "tests/daughter")
MOTHER = uuid5(HOUSE, "tests/mother")
STRANGER = uuid5(HOUSE, "tests/stranger")
FIRST, SECOND, THIRD = (uuid5(HOUSE, f"tests/surveyor/{n}") for n in range(3))

MEMBERS = (
    Member(person_id=APPLICANT, relation=Relation.APPLICANT),
    Member(person_id=HUSBAND, relation=Relation.SPOUSE),
    Member(person_id=DAUGHTER, relation=Relation.CHILD),
    Member(person_id=MOTHER, relation=Relation.PARENT),
)
ALONE = MEMBERS[:1]
ACCEPTED_ON = date(2020, 4, 1)
VISITED_ON = date(2020, 4, 3)
SURVEY_DUE = Due(on=date(2020, 4, 16), calendar=CALENDAR_VERSION)
REVIEW_DUE = Due(on=date(2020, 4, 13), calendar=CALENDAR_VERSION)

ASKED = (
    Department.TAX,
    Department.SOCIAL_INSURANCE,
    Department.HOUSING,
    Department.VEHICLES,
    Department.BANKS,
)
DEDUCTIONS = (
    DeductionLine(kind=DeductionKind.ILLNESS, amount_fen=400_00),
    DeductionLine(kind=DeductionKind.EMPLOYMENT, amount_fen=300_00),
)


def note(name: str) -> NoteRef:
    """A note in the vault."""
    return NoteRef(note_id=uuid5(HOUSE, f"tests/note/{name}"), digest="0" * 64)


def wage(person_id: UUID, amount_fen: int, source: LineSource = LineSource.DECLARED) -> IncomeLine:
    """A wage in fen a month."""
    return IncomeLine(
        person_id=person_id, kind=IncomeKind.WAGE, source=source, amount_fen=amount_fen
    )


def opened(division: str = FUJIAN, accepted_on: date = ACCEPTED_ON) -> CheckOpened:
    """The check of an accepted application."""
    return CheckOpened(
        programme=Programme.DIBAO,
        division=division,
        applicant=APPLICANT,
        members=MEMBERS,
        accepted_on=accepted_on,
        survey_due=SURVEY_DUE,
    )


def asked() -> tuple[DepartmentAsked, ...]:
    """The departments of 2020 are asked."""
    return tuple(DepartmentAsked(department=department) for department in ASKED)


def answered(
    department: Department,
    *income: IncomeLine,
    deposits_fen: int = 0,
    houses: int = 0,
    vehicles: int = 0,
) -> DepartmentAnswered:
    """A department's data."""
    return DepartmentAnswered(
        department=department,
        income=income,
        deposits_fen=deposits_fen,
        houses=houses,
        vehicles=vehicles,
    )


def all_answered() -> tuple[DepartmentAnswered, ...]:
    """The tax office knows of less than was declared; the others of nothing."""
    return tuple(
        answered(department, wage(HUSBAND, 2_500_00, LineSource.TAX))
        if department is Department.TAX
        else answered(department)
        for department in ASKED
    )


def home_visit(visited_on: date = VISITED_ON, **changed: Any) -> RecordHomeVisit:
    """What a surveyor records: a visit of two that found nothing, but for what is said."""
    stated: dict[str, Any] = {
        "visited_on": visited_on,
        "surveyors": (FIRST, SECOND),
        "income": (),
        "deductions": (),
        "findings": note("findings"),
        "recorder": FIRST,
        "as_surveyor": True,
    }
    return RecordHomeVisit(**(stated | changed))


def visited(
    visited_on: date = VISITED_ON,
    surveyors: tuple[UUID, ...] = (FIRST, SECOND),
    review_due: Due | None = REVIEW_DUE,
) -> HomeVisitRecorded:
    """The visit of the story."""
    return HomeVisitRecorded(
        visited_on=visited_on,
        surveyors=surveyors,
        income=(wage(HUSBAND, 2_900_00),),
        deductions=DEDUCTIONS,
        findings=note("findings"),
        review_due=review_due,
    )


def reviewed(held_on: date = date(2020, 4, 7), *, upheld: bool = True) -> DemocraticReviewHeld:
    """The review of the story: nine present, seven of them residents' representatives."""
    return DemocraticReviewHeld(
        held_on=held_on,
        present=9,
        representatives=7,
        agreed=9 if upheld else 2,
        upheld=upheld,
        minutes=note("minutes"),
    )
