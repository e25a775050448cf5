"""Checks as they stand: one by one from the log, listed from a view."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Response

from services.verification.api.access import Checks, Read, ReadOwn, Wire
from services.verification.model import Check, Standing, Status
from services.verification.views import CheckRow
from shared.contracts.departments import (
    Department,
    DepartmentAnswered,
    DepartmentFailed,
    DepartmentFailure,
)
from shared.contracts.fields import DivisionCode, Programme
from shared.contracts.home_visits import HomeVisitRecorded
from shared.contracts.leads import Contradiction, LeadStanding
from shared.contracts.obligors import ObligorAnswered, ObligorChecked, ObligorQueryFailed
from shared.contracts.residence import HomeCountyAnswered, HomeCountyAsked
from shared.contracts.spot_checks import SpotCheckOwed, SpotVisitRecorded
from shared.contracts.verification import CheckCompleted, CheckOpened, DemocraticReviewHeld
from shared.contracts.waivers import FamilyWaiver
from shared.regions import Level
from shared.runtime.lists import list_page
from shared.runtime.waiting import wait
from shared.views.query import BY_KEY, Sort
from shared.web.cursors import Page, Paging
from shared.web.preconditions import set_etag
from shared.web.waiting import Waiting

_ORDERS = {"case": BY_KEY, "due_on": Sort("due_on")}


class DepartmentAnswer(Wire):
    """How far a department is; its data once it answered."""

    department: Department
    standing: Literal["asked", "answered", "failed"]
    failure: DepartmentFailure | None = None
    answer: DepartmentAnswered | None = None


class LeadShown(Wire):
    """A lead: what contradicts what, by when an answer is due, and what became of it."""

    lead: int
    contradiction: Contradiction
    answer_due: date | None
    standing: LeadStanding


class HomeCountyShown(Wire):
    """What a county in which members are registered was asked, and its last answer."""

    asked: HomeCountyAsked
    answer: HomeCountyAnswered | None
    missed: bool


class ObligorShown(Wire):
    """What departments say of an obligor, who has not answered yet, and who gives no data."""

    person_id: UUID
    answers: tuple[ObligorAnswered, ...]
    asked: tuple[Department, ...]
    failed: tuple[ObligorQueryFailed, ...]


class CheckAnswer(Wire):
    """A check as it stands; ``account`` once it is complete. Money in fen."""

    case_id: UUID
    status: Status
    opened: CheckOpened
    departments: tuple[DepartmentAnswer, ...]
    unreached: tuple[Department, ...]
    start_missed: bool
    visit: HomeVisitRecorded | None
    survey_missed: bool
    review: DemocraticReviewHeld | None
    review_missed: bool
    leads: tuple[LeadShown, ...]
    home_counties: tuple[HomeCountyShown, ...]
    waiver: FamilyWaiver | None
    account: CheckCompleted | None
    spot_check: SpotCheckOwed | None
    spot_check_missed: bool
    spot_visit: SpotVisitRecorded | None
    obligors: tuple[ObligorChecked, ...]
    obligors_in_registers: tuple[ObligorShown, ...]


def router(checks: Checks) -> APIRouter:
    """The routes that read checks."""
    router = APIRouter(prefix="/checks", tags=["查询 / Reading"])

    @router.get("", summary="调查核实列表 / Checks")
    async def list_checks(
        grant: ReadOwn,
        paging: Paging,
        waiting: Waiting,
        division: DivisionCode | None = None,
        level: Level | None = None,
        status: Status | None = None,
        programme: Programme | None = None,
        start_missed: bool | None = None,
        order: Literal["case", "due_on"] = "case",
    ) -> Page[CheckRow]:
        return await list_page(
            checks.service,
            "checks",
            CheckRow,
            grant.narrowed(division, level),
            paging,
            waiting=waiting,
            equal={"status": status, "programme": programme, "start_missed": start_missed},
            sort=_ORDERS[order],
        )

    @router.get("/{case_id}", summary="个案调查核实 / One check with its account")
    async def one_check(
        case_id: UUID, grant: Read, response: Response, waiting: Waiting
    ) -> CheckAnswer:
        if waiting is not None:
            await wait(checks.service, "checks", waiting, case_id)
        case = await checks.read(case_id, grant)
        set_etag(response, case.version)
        return _answer(case_id, case.state, case.opening)

    return router


def _answer(case_id: UUID, check: Check, opened: CheckOpened) -> CheckAnswer:
    return CheckAnswer(
        case_id=case_id,
        status=check.status,
        opened=opened,
        departments=tuple(
            _department(department, check.departments[department])
            for department in Department
            if department in check.departments
        ),
        unreached=check.unreached,
        start_missed=check.start_missed,
        visit=check.visit,
        survey_missed=check.survey_missed,
        review=check.review,
        review_missed=check.review_missed,
        leads=tuple(
            LeadShown(
                lead=lead.number,
                contradiction=lead.contradiction,
                answer_due=lead.raised.answer_due,
                standing=lead.standing,
            )
            for lead in check.leads
        ),
        home_counties=tuple(
            HomeCountyShown(asked=one.asked, answer=one.answer, missed=one.missed)
            for one in check.home.values()
        ),
        waiver=check.waiver,
        account=check.completed,
        spot_check=check.spot_check,
        spot_check_missed=check.spot_check_missed,
        spot_visit=check.spot_visit,
        obligors=tuple(check.obligors.values()),
        obligors_in_registers=tuple(
            ObligorShown(
                person_id=person_id,
                answers=tuple(inquiry.answers[d] for d in Department if d in inquiry.answers),
                asked=tuple(d for d in Department if d in inquiry.asked),
                failed=tuple(inquiry.failed[d] for d in Department if d in inquiry.failed),
            )
            for person_id, inquiry in check.inquiries.items()
        ),
    )


def _department(department: Department, standing: Standing) -> DepartmentAnswer:
    match standing:
        case DepartmentAnswered():
            return DepartmentAnswer(department=department, standing="answered", answer=standing)
        case DepartmentFailed(failure=failure):
            return DepartmentAnswer(department=department, standing="failed", failure=failure)
        case _:
            return DepartmentAnswer(department=department, standing="asked")
