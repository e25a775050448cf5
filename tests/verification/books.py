"""A household of Shangnan on the books as an edge household, and what is recorded about it.

Shaanxi, since 1 April 2022: edge and other low-income households are checked, key information each
quarter, what else there is once a year. The husband's wage of 2,900 yuan is known from the tax
office; a vehicle is not known.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from services.verification.decisions import RecordAnswer
from services.verification.model import CHECK, STANDING_HOUSEHOLD
from shared.contracts.departments import Department
from shared.contracts.fields import LineSource, Programme
from shared.contracts.leads import Contradiction, LeadKind
from shared.contracts.standing_households import (
    HouseholdEnteredBooks,
    Information,
    KnownMeans,
    PeriodicAnswerReceived,
    PeriodicCheckOpened,
    PeriodicCheckScheduled,
    Standing,
    StandingLeadRaised,
)
from shared.contracts.verification import CheckCompleted
from shared.kernel.event import Event
from shared.kernel.spec import Given, spec
from shared.policy import Policy
from tests.verification.household import (
    APPLICANT,
    DAUGHTER,
    FIRST,
    HUSBAND,
    MEMBERS,
    MOTHER,
    SECOND,
    SHAANXI,
    note,
    opened,
    wage,
)

ACCEPTED_ON = date(2023, 2, 1)
DUE = date(2023, 5, 15)
PEOPLE = (APPLICANT, HUSBAND, DAUGHTER, MOTHER)
VEHICLES, TAX, BANKS = Department.VEHICLES, Department.TAX, Department.BANKS
PBOC = Department.PBOC_NETWORK
KEY = (
    Department.SOCIAL_INSURANCE,
    Department.HOUSING,
    Department.VEHICLES,
    Department.PUBLIC_SECURITY,
    Department.CIVIL_AFFAIRS,
    Department.PROVIDENT_FUND,
)
KNOWN = KnownMeans(
    income=(wage(HUSBAND, 2_900_00, LineSource.TAX),),
    deposits_fen=5_000_00,
    houses=1,
    vehicles=0,
)
OPENED_CHECK = opened(SHAANXI, ACCEPTED_ON)
RECEIVED = (note("answer"),)
A_VEHICLE = Contradiction(
    kind=LeadKind.VEHICLES_ABOVE_DECLARED, department=VEHICLES, declared=0, reported=1
)


def entered(standing: Standing = Standing.EDGE_HOUSEHOLD, **changed: Any) -> HouseholdEnteredBooks:
    """The household is on the books as this."""
    stated: dict[str, Any] = {
        "standing": standing,
        "programme": Programme.DIBAO,
        "division": SHAANXI,
        "people": PEOPLE,
        "known": KNOWN,
    }
    return HouseholdEnteredBooks(**(stated | changed))


def account() -> CheckCompleted:
    """The account that its recognition rests on."""
    return CheckCompleted(
        programme=Programme.DIBAO,
        division=SHAANXI,
        applicant=APPLICANT,
        members=MEMBERS,
        accepted_on=ACCEPTED_ON,
        surveyors=(FIRST, SECOND),
        income=KNOWN.income,
        deductions=(),
        income_fen=2_900_00,
        deducted_fen=0,
        counted_income_fen=2_900_00,
        deposits_fen=5_000_00,
        houses=1,
        vehicles=0,
        missing=(),
    )


def scheduled(
    information: Information = Information.KEY, due_on: date = DUE
) -> PeriodicCheckScheduled:
    """The next check of a kind of information."""
    return PeriodicCheckScheduled(information=information, due_on=due_on)


def opened_periodic(*departments: Department) -> PeriodicCheckOpened:
    """Departments are being asked."""
    return PeriodicCheckOpened(information=Information.KEY, departments=departments or KEY)


def said(department: Department, **changed: Any) -> RecordAnswer:
    """What a department answers: nothing, but for what is said."""
    stated: dict[str, Any] = {
        "department": department,
        "income": (),
        "deposits_fen": 0,
        "houses": 0,
        "vehicles": 0,
        "received": RECEIVED,
    }
    return RecordAnswer(**(stated | changed))


def heard(department: Department, **changed: Any) -> PeriodicAnswerReceived:
    """The same as it is recorded."""
    return PeriodicAnswerReceived(**dict(said(department)) | _NOTHING | changed)


_NOTHING = {"entries": None, "certificates": None, "institutions": None}

LEAD = StandingLeadRaised(lead=1, contradiction=A_VEHICLE, answer_due=date(2023, 5, 25))


def on_books(
    *events: Event,
    on: date = DUE,
    check: tuple[Event, ...] | None = None,
    folders: tuple[Path, ...] = (),
) -> Given:
    """The edge household, to which this has happened, beside its completed check."""
    checked = (OPENED_CHECK, account()) if check is None else check
    given = spec(STANDING_HOUSEHOLD, on=on, policy=Policy.load(folders))
    return given.given(entered(), scheduled(), *events).beside(CHECK, *checked)
