"""The story's check with a lead: the tax office knows of a higher wage than was declared."""

from __future__ import annotations

from datetime import date
from typing import Any

from services.verification.decisions import AnswerLead, RecordAnswer, RecordHomeVisit
from services.verification.model import CHECK
from shared.contracts.departments import Department, DepartmentAnswered
from shared.contracts.fields import IncomeKind, IncomeLine, LineSource
from shared.contracts.home_visits import DeclaredProperty
from shared.contracts.leads import Contradiction, LeadAnswered, LeadKind, LeadRaised, LeadResponse
from shared.kernel.event import Event
from shared.kernel.spec import Given, spec
from tests.verification.household import (
    HUSBAND,
    THIRD,
    all_answered,
    answered,
    asked,
    home_visit,
    note,
    opened,
    reviewed,
    visited,
    wage,
)

TODAY = date(2020, 4, 7)
DUE = date(2020, 4, 17)
TAX = Department.TAX
HIGHER = answered(TAX, wage(HUSBAND, 3_100_00, LineSource.TAX))
OTHERS = all_answered()[1:]
CONTRADICTION = Contradiction(
    kind=LeadKind.INCOME_ABOVE_DECLARED,
    department=TAX,
    person_id=HUSBAND,
    income=IncomeKind.WAGE,
    declared=2_900_00,
    reported=3_100_00,
)
LEAD = LeadRaised(lead=1, contradiction=CONTRADICTION, answer_due=DUE)
STATED = DeclaredProperty(deposits_fen=800_00, houses=1, vehicles=0)


def given(*events: Event, on: date = TODAY) -> Given:
    return spec(CHECK, on=on).given(opened(), *asked(), *OTHERS, *events)


def with_lead(*events: Event) -> Given:
    """Visited, reviewed, and the tax office knows of a higher wage."""
    return given(visited(), reviewed(), HIGHER, LEAD, *events)


def answer_of(response: LeadResponse, *, data_stand: bool = True) -> AnswerLead:
    return AnswerLead(
        lead=1,
        response=response,
        statement=note("statement"),
        data_stand=data_stand,
        actor=THIRD,
    )


def said(response: LeadResponse, *, data_stand: bool = True) -> LeadAnswered:
    return LeadAnswered(
        lead=1,
        response=response,
        statement=note("statement"),
        data_stand=data_stand,
        concluded_by=THIRD,
    )


def reporting(answer: DepartmentAnswered) -> RecordAnswer:
    return RecordAnswer(
        department=answer.department,
        income=answer.income,
        deposits_fen=answer.deposits_fen,
        houses=answer.houses,
        vehicles=answer.vehicles,
        entries=answer.entries or (),
    )


def visit(*income: IncomeLine, **changed: Any) -> RecordHomeVisit:
    return home_visit(income=income, **changed)
