"""Intake's routes for applications: apply, complete the papers, accept, withdraw."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Final
from uuid import UUID, uuid5

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from services.intake import decisions
from services.intake.model import (
    Application,
    Status,
    application_stream,
    open_application_stream,
)
from services.intake.problems import MEMBER_NOT_REGISTERED
from services.intake.views import ApplicationRow
from shared.access.persons import NewNote, NoteText
from shared.access.policy import Access, Grant
from shared.access.roles import Role
from shared.contracts.fields import DivisionCode, Due, Member, NoteRef, Programme
from shared.contracts.intake import ApplicationSubmitted, Material
from shared.kernel.decider import Decide, Stream
from shared.regions import Level
from shared.runtime.cases import Cases
from shared.runtime.lists import list_page
from shared.runtime.notes import put_note
from shared.runtime.service import Service
from shared.runtime.waiting import wait
from shared.web.commands import Receipt
from shared.web.cursors import Page, Paging
from shared.web.idempotency import Idempotent
from shared.web.preconditions import IfMatch, set_etag
from shared.web.problems import Problem
from shared.web.waiting import Waiting

MAX_MEMBERS: Final = 30
"""More than any household; what is beyond is a mistake."""

READERS = (
    Role.VILLAGE_ASSISTANT,
    Role.TOWNSHIP_CLERK,
    Role.TOWNSHIP_SURVEYOR,
    Role.TOWNSHIP_APPROVER,
    Role.COUNTY_OFFICER,
    Role.COUNTY_APPROVER,
    Role.AUDITOR,
)
Read = Annotated[Grant, Depends(Access(READERS, "case"))]
ReadOwn = Annotated[Grant, Depends(Access(READERS, "own"))]
Window = Annotated[Grant, Depends(Access([Role.VILLAGE_ASSISTANT, Role.TOWNSHIP_CLERK], "case"))]
Clerk = Annotated[Grant, Depends(Access([Role.TOWNSHIP_CLERK], "case"))]


Registered = Callable[[Sequence[UUID]], Awaitable[set[UUID]]]
"""Which of some persons are registered."""


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


Materials = Annotated[tuple[Material, ...], Field(max_length=len(Material))]


class NewApplication(_Wire):
    """A household's application; ``division`` is the township or village that takes it in."""

    programme: Programme
    division: DivisionCode
    applicant: UUID
    members: Annotated[tuple[Member, ...], Field(min_length=1, max_length=MAX_MEMBERS)]
    materials: Materials = ()
    reason: Annotated[NoteText, Field(repr=False)]


class NamedMaterials(_Wire):
    """Papers, by kind."""

    materials: Annotated[Materials, Field(min_length=1)]


class Withdrawal(_Wire):
    """Why the applicant takes the application back."""

    reason: Annotated[NoteText, Field(repr=False)]


class ApplicationReceipt(Receipt):
    """An application's receipt: ``case_id`` is the case's, everywhere and for good."""

    case_id: UUID


class ApplicationAnswer(_Wire):
    """An application as it stands. ``reason`` names a note in the vault."""

    case_id: UUID
    status: Status
    programme: Programme
    division: DivisionCode
    applicant: UUID
    members: tuple[Member, ...]
    supplied: tuple[Material, ...]
    requested: tuple[Material, ...] | None
    outstanding: tuple[Material, ...]
    survey_due: Due | None
    refused: bool | None
    reason: NoteRef


Applications = Cases[Application, ApplicationSubmitted]


def open_applications(programme: Programme, members: Sequence[Member]) -> tuple[Stream, ...]:
    """Each member's open application, in the members' order."""
    return tuple(open_application_stream(programme, member.person_id) for member in members)


def routers(service: Service, registered: Registered) -> list[APIRouter]:
    """The routers of applications; ``registered`` asks the registry in this process."""
    applications = Applications(service, application_stream, lambda case: case.submitted)
    return [
        _applying(applications, registered, decisions.submitting(service.regions)),
        _papers(applications),
        _reading(applications),
    ]


def _applying(applications: Applications, registered: Registered, submit: Decide) -> APIRouter:
    router = APIRouter(prefix="/applications", tags=["申请受理 / Applications"])
    service = applications.service

    @router.post("", status_code=201, summary="提交申请 / Apply")
    async def apply(
        body: NewApplication, grant: Window, key: Idempotent, response: Response
    ) -> ApplicationReceipt:
        grant.require(body.division)
        await _require_registered(registered, body.members)
        case_id = uuid5(key.command_id, "case")
        words = NewNote(region=body.division, text=body.reason, person_id=body.applicant)
        reason, note = await put_note(service, key, words)
        receipt = await service.execute(
            grant,
            key,
            response,
            region=body.division,
            reads=(application_stream(case_id), *open_applications(body.programme, body.members)),
            decide=submit,
            command=decisions.SubmitApplication(
                case_id=case_id,
                programme=body.programme,
                division=body.division,
                applicant=body.applicant,
                members=body.members,
                materials=body.materials,
                reason=reason,
            ),
            notes=(note,),
        )
        return ApplicationReceipt(case_id=case_id, **receipt.model_dump())

    @router.post("/{case_id}/acceptance", summary="受理 / Accept")
    async def accept(
        case_id: UUID, grant: Clerk, key: Idempotent, expected: IfMatch, response: Response
    ) -> Receipt:
        case = await applications.read(case_id, grant)
        command = decisions.AcceptApplication()
        return await applications.submit(
            case, grant, key, response, decisions.accept, command, expected=expected
        )

    @router.post("/{case_id}/withdrawal", summary="撤回申请 / Withdraw")
    async def withdraw(
        case_id: UUID,
        body: Withdrawal,
        grant: Window,
        key: Idempotent,
        expected: IfMatch,
        response: Response,
    ) -> Receipt:
        case = await applications.read(case_id, grant)
        submitted = case.opening
        reason, note = await applications.put_note(
            case, key, body.reason, person_id=submitted.applicant
        )
        return await applications.submit(
            case,
            grant,
            key,
            response,
            decisions.withdraw,
            decisions.WithdrawApplication(case_id=case_id, reason=reason),
            beside=open_applications(submitted.programme, submitted.members),
            expected=expected,
            notes=(note,),
        )

    return router


async def _require_registered(registered: Registered, members: Sequence[Member]) -> None:
    """Raises a 422 problem that names the members whom the registry does not know."""
    known = await registered([member.person_id for member in members])
    positions: list[JsonValue] = [
        n for n, member in enumerate(members, 1) if member.person_id not in known
    ]
    if positions:
        raise Problem(MEMBER_NOT_REGISTERED, members={"positions": positions})


def _papers(applications: Applications) -> APIRouter:
    router = APIRouter(prefix="/applications/{case_id}", tags=["申请材料 / Papers"])

    @router.post("/material-requests", summary="一次性告知补正 / Name all missing papers")
    async def request_materials(
        case_id: UUID,
        body: NamedMaterials,
        grant: Clerk,
        key: Idempotent,
        expected: IfMatch,
        response: Response,
    ) -> Receipt:
        case = await applications.read(case_id, grant)
        command = decisions.RequestMaterials(materials=body.materials)
        return await applications.submit(
            case, grant, key, response, decisions.request_materials, command, expected=expected
        )

    @router.post("/materials", summary="补交材料 / Hand in papers")
    async def supply_materials(
        case_id: UUID, body: NamedMaterials, grant: Window, key: Idempotent, response: Response
    ) -> Receipt:
        case = await applications.read(case_id, grant)
        command = decisions.SupplyMaterials(materials=body.materials)
        return await applications.submit(
            case, grant, key, response, decisions.supply_materials, command
        )

    return router


def _reading(applications: Applications) -> APIRouter:
    router = APIRouter(prefix="/applications", tags=["查询 / Reading"])

    @router.get("", summary="申请列表 / Applications")
    async def list_applications(
        grant: ReadOwn,
        paging: Paging,
        waiting: Waiting,
        division: DivisionCode | None = None,
        level: Level | None = None,
        status: Status | None = None,
        programme: Programme | None = None,
    ) -> Page[ApplicationRow]:
        return await list_page(
            applications.service,
            "applications",
            ApplicationRow,
            grant.narrowed(division, level),
            paging,
            waiting=waiting,
            equal={"status": status, "programme": programme},
        )

    @router.get("/{case_id}", summary="个案申请 / One application")
    async def one_application(
        case_id: UUID, grant: Read, response: Response, waiting: Waiting
    ) -> ApplicationAnswer:
        if waiting is not None:
            await wait(applications.service, "applications", waiting, case_id)
        case = await applications.read(case_id, grant)
        set_etag(response, case.version)
        return _answer(case_id, case.state, case.opening)

    return router


def _answer(
    case_id: UUID, application: Application, submitted: ApplicationSubmitted
) -> ApplicationAnswer:
    return ApplicationAnswer(
        case_id=case_id,
        status=application.status,
        programme=submitted.programme,
        division=submitted.division,
        applicant=submitted.applicant,
        members=submitted.members,
        supplied=tuple(m for m in Material if m in application.supplied),
        requested=application.requested,
        outstanding=application.outstanding,
        survey_due=application.accepted.survey_due if application.accepted else None,
        refused=application.refused,
        reason=submitted.reason,
    )
