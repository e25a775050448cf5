"""Verification's routes: the visit, the review, the departments, and the account."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from services.verification import decisions
from services.verification.model import Check, Standing, Status, check_of
from services.verification.views import CheckRow
from shared.access.persons import NoteText
from shared.access.policy import Access, Grant
from shared.access.roles import Role
from shared.contracts.fields import (
    DeductionKind,
    DeductionLine,
    DivisionCode,
    IncomeKind,
    IncomeLine,
    LineSource,
    Programme,
    TekunCircumstances,
)
from shared.contracts.verification import (
    CheckCompleted,
    CheckOpened,
    DemocraticReviewHeld,
    Department,
    DepartmentAnswered,
    DepartmentFailed,
    DepartmentFailure,
    HomeVisitRecorded,
)
from shared.money import Fen
from shared.regions import Level
from shared.runtime.cases import Cases
from shared.runtime.lists import list_page
from shared.runtime.service import Service
from shared.runtime.waiting import wait
from shared.views.query import BY_KEY, Sort
from shared.web.commands import Receipt
from shared.web.cursors import Page, Paging
from shared.web.idempotency import Idempotent
from shared.web.preconditions import IfMatch, set_etag
from shared.web.waiting import Waiting

READERS = (
    Role.TOWNSHIP_CLERK,
    Role.TOWNSHIP_SURVEYOR,
    Role.TOWNSHIP_APPROVER,
    Role.COUNTY_OFFICER,
    Role.COUNTY_APPROVER,
    Role.AUDITOR,
)
Read = Annotated[Grant, Depends(Access(READERS, "case"))]
ReadOwn = Annotated[Grant, Depends(Access(READERS, "own"))]
Surveyor = Annotated[Grant, Depends(Access([Role.TOWNSHIP_SURVEYOR, Role.TOWNSHIP_CLERK], "case"))]
Clerk = Annotated[Grant, Depends(Access([Role.TOWNSHIP_CLERK], "case"))]

_ORDERS = {"case": BY_KEY, "due_on": Sort("due_on")}


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Declared(_Wire):
    """What a member states of an income of one kind, in fen a month."""

    person_id: UUID
    kind: IncomeKind
    amount_fen: Fen


class Deducted(_Wire):
    """Spending or cost that is to be deducted, in fen a month."""

    kind: DeductionKind
    amount_fen: Fen


class HomeVisit(_Wire):
    """A home visit: when, by whom, what the household stated, and what was found.

    ``tekun`` is given with that programme.
    """

    visited_on: date
    surveyors: Annotated[
        tuple[UUID, ...],
        Field(
            min_length=1,
            max_length=20,
            description="调查人员编号，即其令牌中的 sub / Their ids: `sub` in their tokens",
        ),
    ]
    income: Annotated[tuple[Declared, ...], Field(max_length=200)] = ()
    deductions: Annotated[tuple[Deducted, ...], Field(max_length=20)] = ()
    tekun: TekunCircumstances | None = None
    findings: Annotated[NoteText, Field(repr=False)]


class DemocraticReview(_Wire):
    """A democratic review: who took part, and what the township concludes from it."""

    held_on: date
    present: Annotated[int, Field(ge=1, le=10_000)]
    representatives: Annotated[int, Field(ge=0, le=10_000)]
    agreed: Annotated[int, Field(ge=0, le=10_000)]
    upheld: bool
    minutes: Annotated[NoteText, Field(repr=False)]


class DepartmentQuery(_Wire):
    """Which department is to be asked anew."""

    department: Department


class DepartmentAnswer(_Wire):
    """How far a department is; its data once it answered."""

    department: Department
    standing: Literal["asked", "answered", "failed"]
    failure: DepartmentFailure | None = None
    answer: DepartmentAnswered | None = None


class CheckAnswer(_Wire):
    """A check as it stands; ``account`` once it is complete. Money in fen."""

    case_id: UUID
    status: Status
    opened: CheckOpened
    departments: tuple[DepartmentAnswer, ...]
    visit: HomeVisitRecorded | None
    survey_missed: bool
    review: DemocraticReviewHeld | None
    review_missed: bool
    account: CheckCompleted | None


Checks = Cases[Check, CheckOpened]


def routers(service: Service) -> list[APIRouter]:
    """Verification's routers."""
    checks = Checks(service, check_of, lambda check: check.opened)
    return [_surveying(checks), _concluding(checks), _reading(checks)]


def _surveying(checks: Checks) -> APIRouter:
    router = APIRouter(prefix="/checks/{case_id}", tags=["入户调查与评议 / Visit and review"])

    @router.post("/home-visits", status_code=201, summary="登记入户调查 / Record a home visit")
    async def record_home_visit(
        case_id: UUID, body: HomeVisit, grant: Surveyor, key: Idempotent, response: Response
    ) -> Receipt:
        case = await checks.read(case_id, grant)
        findings, note = await checks.put_note(case, key, body.findings)
        command = decisions.RecordHomeVisit(
            visited_on=body.visited_on,
            surveyors=body.surveyors,
            income=tuple(_declared(line) for line in body.income),
            deductions=tuple(
                DeductionLine(kind=line.kind, amount_fen=line.amount_fen)
                for line in body.deductions
            ),
            findings=findings,
            recorder=grant.caller.id,
            as_surveyor=grant.caller.role is Role.TOWNSHIP_SURVEYOR,
            tekun=body.tekun,
        )
        return await checks.submit(
            case, grant, key, response, decisions.record_home_visit, command, notes=(note,)
        )

    @router.post("/reviews", status_code=201, summary="登记民主评议 / Record a democratic review")
    async def hold_review(
        case_id: UUID, body: DemocraticReview, grant: Clerk, key: Idempotent, response: Response
    ) -> Receipt:
        case = await checks.read(case_id, grant)
        minutes, note = await checks.put_note(case, key, body.minutes)
        command = decisions.HoldReview(
            held_on=body.held_on,
            present=body.present,
            representatives=body.representatives,
            agreed=body.agreed,
            upheld=body.upheld,
            minutes=minutes,
        )
        return await checks.submit(
            case, grant, key, response, decisions.hold_review, command, notes=(note,)
        )

    return router


def _concluding(checks: Checks) -> APIRouter:
    router = APIRouter(prefix="/checks/{case_id}", tags=["核对与结论 / Departments and account"])

    @router.post(
        "/department-queries", status_code=201, summary="重新查询部门 / Ask a department again"
    )
    async def ask_again(
        case_id: UUID, body: DepartmentQuery, grant: Clerk, key: Idempotent, response: Response
    ) -> Receipt:
        case = await checks.read(case_id, grant)
        command = decisions.AskAgain(department=body.department)
        return await checks.submit(case, grant, key, response, decisions.ask_again, command)

    @router.post("/completion", summary="完成调查核实 / Complete the check")
    async def complete(
        case_id: UUID, grant: Clerk, key: Idempotent, expected: IfMatch, response: Response
    ) -> Receipt:
        case = await checks.read(case_id, grant)
        command = decisions.CompleteCheck()
        return await checks.submit(
            case, grant, key, response, decisions.complete, command, expected=expected
        )

    return router


def _reading(checks: Checks) -> APIRouter:
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
        order: Literal["case", "due_on"] = "case",
    ) -> Page[CheckRow]:
        return await list_page(
            checks.service,
            "checks",
            CheckRow,
            grant.narrowed(division, level),
            paging,
            waiting=waiting,
            equal={"status": status, "programme": programme},
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


def _declared(line: Declared) -> IncomeLine:
    return IncomeLine(
        person_id=line.person_id,
        kind=line.kind,
        source=LineSource.DECLARED,
        amount_fen=line.amount_fen,
    )


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
        visit=check.visit,
        survey_missed=check.survey_missed,
        review=check.review,
        review_missed=check.review_missed,
        account=check.completed,
    )


def _department(department: Department, standing: Standing) -> DepartmentAnswer:
    match standing:
        case DepartmentAnswered():
            return DepartmentAnswer(department=department, standing="answered", answer=standing)
        case DepartmentFailed(failure=failure):
            return DepartmentAnswer(department=department, standing="failed", failure=failure)
        case _:
            return DepartmentAnswer(department=department, standing="asked")
