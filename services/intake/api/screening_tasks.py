"""One person's screening task: the visit, the judgement by several hands, what came of it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from services.intake.api.access import Clerk, Read, ReadOwn, Wire
from services.intake.api.screening_bodies import (
    ContestDecision,
    Exclusion,
    Findings,
    Grounds,
    Link,
    Referral,
    SecondCheck,
    Statement,
)
from services.intake.decisions import screening_tasks as decisions
from services.intake.model import (
    ScreeningTask,
    TaskStage,
    application_stream,
    screening_task_of,
)
from services.intake.views import ScreeningTaskRow
from shared.access.policy import Access, Grant
from shared.access.roles import Role
from shared.contracts.fields import DivisionCode, NoteRef
from shared.contracts.screening import (
    RosterKind,
    ScreeningSkipped,
    ScreeningTaskOpened,
    Year,
)
from shared.regions import Level
from shared.runtime.cases import CaseInHand, Cases
from shared.runtime.lists import list_page
from shared.runtime.service import Service
from shared.web.commands import Receipt
from shared.web.cursors import Page, Paging
from shared.web.idempotency import Idempotent
from shared.web.preconditions import IfMatch, set_etag
from shared.web.waiting import Waiting

Tasks = Cases[ScreeningTask, ScreeningTaskOpened | ScreeningSkipped]
Task = CaseInHand[ScreeningTask, ScreeningTaskOpened | ScreeningSkipped]

Surveyor = Annotated[
    Grant,
    Depends(Access([Role.VILLAGE_ASSISTANT, Role.TOWNSHIP_CLERK, Role.TOWNSHIP_SURVEYOR], "case")),
]
Checker = Annotated[Grant, Depends(Access([Role.TOWNSHIP_APPROVER, Role.COUNTY_OFFICER], "case"))]
County = Annotated[Grant, Depends(Access([Role.COUNTY_OFFICER, Role.COUNTY_APPROVER], "case"))]


class ScreeningTaskAnswer(Wire):
    """A task as it stands."""

    task_id: UUID
    division: DivisionCode
    year: int
    person_id: UUID
    stage: TaskStage
    tags: tuple[RosterKind, ...]
    case_id: UUID | None


def screening_task_routers(service: Service) -> list[APIRouter]:
    """The routes of screening tasks."""
    tasks = Tasks(service, screening_task_of, lambda task: task.taken_up)
    return [_judging(tasks), _ending(tasks), _reading(tasks)]


def _router() -> APIRouter:
    return APIRouter(prefix="/screening-tasks/{task_id}", tags=["排查任务 / Screening tasks"])


async def _put(task: Task, text: str) -> NoteRef:
    """Put what is written on a task into the vault, under the person's key."""
    return await task.put_note(text, person_id=task.opening.person_id)


def _judging(tasks: Tasks) -> APIRouter:
    router = _router()

    @router.post("/findings", summary="入户排查 / A visit")
    async def findings(
        task_id: UUID, body: Findings, grant: Surveyor, key: Idempotent, response: Response
    ) -> Receipt:
        task = await tasks.take(task_id, grant, key, response)
        command = decisions.RecordFindings(
            actor=grant.caller.id,
            visited_on=body.visited_on,
            findings=await _put(task, body.findings),
        )
        return await task.submit(decisions.record_findings, command)

    @router.post("/exclusion", summary="拟不纳入 / Propose to exclude")
    async def exclude(
        task_id: UUID,
        body: Exclusion,
        grant: Clerk,
        key: Idempotent,
        expected: IfMatch,
        response: Response,
    ) -> Receipt:
        task = await tasks.take(task_id, grant, key, response)
        command = decisions.ProposeExclusion(
            actor=grant.caller.id,
            reason=body.reason,
            grounds=await _put(task, body.grounds),
        )
        return await task.submit(decisions.propose_exclusion, command, expected=expected)

    @router.post("/second-check", summary="严格复核 / The second check")
    async def second_check(
        task_id: UUID,
        body: SecondCheck,
        grant: Checker,
        key: Idempotent,
        expected: IfMatch,
        response: Response,
    ) -> Receipt:
        task = await tasks.take(task_id, grant, key, response)
        command = decisions.CheckExclusion(
            actor=grant.caller.id,
            confirmed=body.confirmed,
            findings=await _put(task, body.findings),
        )
        return await task.submit(decisions.check_exclusion, command, expected=expected)

    @router.post("/contest", summary="有争议，报县级 / Hand over to the county")
    async def contest(
        task_id: UUID,
        body: Grounds,
        grant: Clerk,
        key: Idempotent,
        expected: IfMatch,
        response: Response,
    ) -> Receipt:
        task = await tasks.take(task_id, grant, key, response)
        command = decisions.Contest(actor=grant.caller.id, grounds=await _put(task, body.grounds))
        return await task.submit(decisions.contest, command, expected=expected)

    @router.post("/contest/decision", summary="县级审定 / The county decides")
    async def decide_contest(
        task_id: UUID,
        body: ContestDecision,
        grant: County,
        key: Idempotent,
        expected: IfMatch,
        response: Response,
    ) -> Receipt:
        task = await tasks.take(task_id, grant, key, response)
        command = decisions.DecideContest(
            actor=grant.caller.id,
            reason=body.reason,
            findings=await _put(task, body.findings),
        )
        return await task.submit(decisions.decide_contest, command, expected=expected)

    return router


def _ending(tasks: Tasks) -> APIRouter:
    router = _router()

    @router.post("/refusal", summary="本人不愿申请 / The person declines")
    async def decline(
        task_id: UUID,
        body: Statement,
        grant: Clerk,
        key: Idempotent,
        expected: IfMatch,
        response: Response,
    ) -> Receipt:
        task = await tasks.take(task_id, grant, key, response)
        command = decisions.Decline(statement=await _put(task, body.statement))
        return await task.submit(decisions.decline, command, expected=expected)

    @router.post("/referral", summary="转介 / Refer")
    async def refer(
        task_id: UUID,
        body: Referral,
        grant: Clerk,
        key: Idempotent,
        expected: IfMatch,
        response: Response,
    ) -> Receipt:
        task = await tasks.take(task_id, grant, key, response)
        command = decisions.Refer(
            referred_to=body.referred_to, explanation=await _put(task, body.explanation)
        )
        return await task.submit(decisions.refer, command, expected=expected)

    @router.post("/application", summary="已提出申请 / The person applied")
    async def link(
        task_id: UUID,
        body: Link,
        grant: Clerk,
        key: Idempotent,
        expected: IfMatch,
        response: Response,
    ) -> Receipt:
        task = await tasks.take(task_id, grant, key, response)
        command = decisions.LinkApplication(case_id=body.case_id)
        return await task.submit(
            decisions.link_application,
            command,
            beside=(application_stream(body.case_id),),
            expected=expected,
        )

    return router


def _reading(tasks: Tasks) -> APIRouter:
    router = APIRouter(prefix="/screening-tasks", tags=["查询 / Reading"])

    @router.get("", summary="排查任务列表 / Screening tasks")
    async def list_tasks(
        grant: ReadOwn,
        paging: Paging,
        waiting: Waiting,
        division: DivisionCode | None = None,
        level: Level | None = None,
        stage: TaskStage | None = None,
        year: Year | None = None,
    ) -> Page[ScreeningTaskRow]:
        return await list_page(
            tasks.service,
            "screening_tasks",
            ScreeningTaskRow,
            grant.narrowed(division, level),
            paging,
            waiting=waiting,
            equal={"stage": stage, "year": year},
        )

    @router.get("/{task_id}", summary="排查任务 / One task")
    async def one_task(task_id: UUID, grant: Read, response: Response) -> ScreeningTaskAnswer:
        task = await tasks.read(task_id, grant)
        set_etag(response, task.version)
        state, taken_up = task.state, task.opening
        return ScreeningTaskAnswer(
            task_id=task_id,
            division=taken_up.division,
            year=taken_up.year,
            person_id=taken_up.person_id,
            stage=state.stage,
            tags=state.tags,
            case_id=state.applied.case_id if state.applied else None,
        )

    return router
