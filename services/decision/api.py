"""Decision's routes: from proposal to confirmation or refusal."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID, uuid5

from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from services.decision import decisions
from services.decision.model import Determination, Stage, determination_of
from services.decision.views import DeterminationRow
from shared.access.persons import NoteText
from shared.access.policy import Access, Grant
from shared.access.roles import Role
from shared.contracts.decision import (
    BenefitProposed,
    CaseConfirmed,
    CaseRefused,
    DeferralReason,
    DeterminationOpened,
    PublicityRound,
    RefusalProposed,
)
from shared.contracts.fields import DivisionCode, Programme
from shared.runtime.cases import Cases
from shared.runtime.lists import list_page
from shared.runtime.service import Service
from shared.runtime.waiting import wait
from shared.web.commands import Receipt
from shared.web.cursors import Page, Paging
from shared.web.idempotency import Idempotent
from shared.web.preconditions import IfMatch, set_etag
from shared.web.waiting import Waiting

READERS = (
    Role.TOWNSHIP_CLERK,
    Role.TOWNSHIP_APPROVER,
    Role.COUNTY_OFFICER,
    Role.COUNTY_APPROVER,
    Role.AUDITOR,
)
Round = Annotated[PublicityRound, Path(alias="round")]
Read = Annotated[Grant, Depends(Access(READERS, "case"))]
ReadOwn = Annotated[Grant, Depends(Access(READERS, "own"))]
Clerk = Annotated[Grant, Depends(Access([Role.TOWNSHIP_CLERK], "case"))]
TownshipApprover = Annotated[Grant, Depends(Access([Role.TOWNSHIP_APPROVER], "case"))]
Decider = Annotated[Grant, Depends(Access([Role.TOWNSHIP_APPROVER, Role.COUNTY_APPROVER], "case"))]


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Explained(_Wire):
    """A proposal's explanation, as it is told to the household."""

    explanation: Annotated[NoteText, Field(repr=False)]


class Objection(_Wire):
    """What somebody objects."""

    grounds: Annotated[NoteText, Field(repr=False)]


class Resolution(_Wire):
    """What looking into an objection has shown."""

    upheld: bool
    findings: Annotated[NoteText, Field(repr=False)]


class ObjectionReceipt(Receipt):
    """An objection's id, for its resolution."""

    objection_id: UUID


class ConfirmationReceipt(Receipt):
    """``deferred`` says why the case has to wait; it is ``None`` where the case is confirmed."""

    deferred: DeferralReason | None


class PublicityAnswer(_Wire):
    """One round of publicity."""

    round: PublicityRound
    from_on: date
    until_on: date
    completed: bool


class DeterminationAnswer(_Wire):
    """A case's determination as it stands; money in fen a month.

    ``deferred`` is why the last attempt to confirm it has to wait.
    """

    stage: Stage
    account: DeterminationOpened
    proposal: BenefitProposed | RefusalProposed | None
    publicities: tuple[PublicityAnswer, ...]
    open_objections: tuple[UUID, ...]
    deferred: DeferralReason | None
    confirmed: CaseConfirmed | None
    refused: CaseRefused | None


Determinations = Cases[Determination, DeterminationOpened]


def routers(service: Service) -> list[APIRouter]:
    """Decision's routers."""
    cases = Determinations(service, determination_of, lambda case: case.account)
    return [_steps(cases), _objections(cases), _reading(cases)]


def _steps(cases: Determinations) -> APIRouter:
    router = APIRouter(prefix="/cases/{case_id}", tags=["审核确认 / Determination"])

    @router.post("/proposal", status_code=201, summary="提出拟保障意见 / Propose")
    async def propose(
        case_id: UUID, body: Explained, grant: Clerk, key: Idempotent, response: Response
    ) -> Receipt:
        case = await cases.read(case_id, grant)
        reference, note = await cases.put_note(case, key, body.explanation)
        command = decisions.Propose(actor=grant.caller.id, explanation=reference)
        return await cases.submit(
            case, grant, key, response, decisions.propose, command, notes=[note]
        )

    @router.post("/publicities/{round}", status_code=201, summary="张榜公示 / Post a publicity")
    async def publicise(
        case_id: UUID, round_: Round, grant: Clerk, key: Idempotent, response: Response
    ) -> Receipt:
        case = await cases.read(case_id, grant)
        command = decisions.PostPublicity(round=round_)
        return await cases.submit(case, grant, key, response, decisions.post_publicity, command)

    @router.post("/approval", summary="乡镇审核 / The township approves")
    async def approve(
        case_id: UUID,
        grant: TownshipApprover,
        key: Idempotent,
        expected: IfMatch,
        response: Response,
    ) -> Receipt:
        case = await cases.read(case_id, grant)
        command = decisions.Approve(actor=grant.caller.id)
        return await cases.submit(
            case, grant, key, response, decisions.approve, command, expected=expected
        )

    @router.post("/confirmation", summary="确认 / Confirm")
    async def confirm(
        case_id: UUID, grant: Decider, key: Idempotent, expected: IfMatch, response: Response
    ) -> ConfirmationReceipt:
        case = await cases.read(case_id, grant)
        command = decisions.Decide(actor=grant.caller.id, role=grant.caller.role.value)
        receipt = await cases.submit(
            case, grant, key, response, decisions.confirm, command, expected=expected
        )
        # As this command left it, so that a repetition is told what the first was told.
        left = await cases.service.read(determination_of(case_id), receipt.version)
        return ConfirmationReceipt(deferred=left.state.deferred, **receipt.model_dump())

    @router.post("/refusal", summary="不予确认 / Refuse")
    async def refuse(
        case_id: UUID, grant: Decider, key: Idempotent, expected: IfMatch, response: Response
    ) -> Receipt:
        case = await cases.read(case_id, grant)
        command = decisions.Decide(actor=grant.caller.id, role=grant.caller.role.value)
        return await cases.submit(
            case, grant, key, response, decisions.refuse, command, expected=expected
        )

    return router


def _objections(cases: Determinations) -> APIRouter:
    router = APIRouter(prefix="/cases/{case_id}/objections", tags=["异议 / Objections"])

    @router.post("", status_code=201, summary="提出异议 / Object")
    async def raise_objection(
        case_id: UUID, body: Objection, grant: Clerk, key: Idempotent, response: Response
    ) -> ObjectionReceipt:
        case = await cases.read(case_id, grant)
        reference, note = await cases.put_note(case, key, body.grounds)
        objection_id = uuid5(key.command_id, "objection")
        command = decisions.RaiseObjection(objection_id=objection_id, grounds=reference)
        receipt = await cases.submit(
            case, grant, key, response, decisions.raise_objection, command, notes=[note]
        )
        return ObjectionReceipt(objection_id=objection_id, **receipt.model_dump())

    @router.post("/{objection_id}/resolution", summary="异议核查结论 / Resolve an objection")
    async def resolve(
        case_id: UUID,
        objection_id: UUID,
        body: Resolution,
        grant: TownshipApprover,
        key: Idempotent,
        response: Response,
    ) -> Receipt:
        case = await cases.read(case_id, grant)
        reference, note = await cases.put_note(case, key, body.findings)
        command = decisions.ResolveObjection(
            objection_id=objection_id, upheld=body.upheld, findings=reference
        )
        return await cases.submit(
            case, grant, key, response, decisions.resolve_objection, command, notes=[note]
        )

    return router


def _reading(cases: Determinations) -> APIRouter:
    router = APIRouter(tags=["查询 / Reading"])

    @router.get("/cases/{case_id}/determination", summary="个案审核情况 / A case's determination")
    async def determination(
        case_id: UUID, grant: Read, response: Response, waiting: Waiting
    ) -> DeterminationAnswer:
        if waiting is not None:
            await wait(cases.service, "determinations", waiting, case_id)
        case = await cases.read(case_id, grant)
        set_etag(response, case.version)
        return _answer(case.state)

    @router.get("/determinations", summary="审核列表 / Determinations")
    async def determinations(
        grant: ReadOwn,
        paging: Paging,
        waiting: Waiting,
        division: DivisionCode | None = None,
        stage: Stage | None = None,
        programme: Programme | None = None,
    ) -> Page[DeterminationRow]:
        return await list_page(
            cases.service,
            "determinations",
            DeterminationRow,
            grant.narrowed(division),
            paging,
            waiting=waiting,
            equal={"stage": stage, "programme": programme},
        )

    return router


def _answer(case: Determination) -> DeterminationAnswer:
    return DeterminationAnswer(
        stage=case.stage,
        account=case.known_account(),
        proposal=case.proposal,
        publicities=tuple(
            PublicityAnswer(
                round=round_,
                from_on=publicity.posted.from_on,
                until_on=publicity.posted.until_on,
                completed=publicity.completed,
            )
            for round_, publicity in sorted(case.publicities.items())
        ),
        open_objections=tuple(sorted(case.objections)),
        deferred=case.deferred,
        confirmed=case.confirmed,
        refused=case.refused,
    )
