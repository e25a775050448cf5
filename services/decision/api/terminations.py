"""The end of one person's support: shown, proposed, objected to, heard about, decided."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID, uuid5

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from services.decision import decisions
from services.decision.api.access import Clerk, Decider, Determinations, Read, Township, Wire
from services.decision.model import Terminations, terminations_of
from shared.access.persons import NoteText
from shared.access.policy import Access, Grant
from shared.access.roles import Role
from shared.contracts.terminations import (
    TerminationConcluded,
    TerminationGround,
    TerminationProposed,
)
from shared.web.commands import Receipt
from shared.web.idempotency import Idempotent
from shared.web.preconditions import IfMatch

County = Annotated[Grant, Depends(Access([Role.COUNTY_OFFICER, Role.COUNTY_APPROVER], "case"))]


class NewTermination(Wire):
    """Why support is to end."""

    ground: TerminationGround
    explanation: Annotated[NoteText, Field(repr=False)]


class Objecting(Wire):
    """What is objected."""

    grounds: Annotated[NoteText, Field(repr=False)]


class Resolving(Wire):
    """What looking into an objection has shown."""

    upheld: bool
    findings: Annotated[NoteText, Field(repr=False)]


class Statement(Wire):
    """What the person says before support ends."""

    statement: Annotated[NoteText, Field(repr=False)]


class TerminationReceipt(Receipt):
    """A proposed end's id, for all that follows."""

    termination_id: UUID


class TerminationObjectionReceipt(Receipt):
    """An objection's id, for its resolution."""

    objection_id: UUID


class OpenTerminationAnswer(Wire):
    """The end that is proposed: until when it is public, which objections are open."""

    proposed: TerminationProposed
    until_on: date
    open_objections: tuple[UUID, ...]
    heard: bool


class TerminationsAnswer(Wire):
    """The proposed ends of a person's support."""

    applicant: UUID
    open: OpenTerminationAnswer | None
    concluded: tuple[TerminationConcluded, ...]


def router(cases: Determinations) -> APIRouter:
    """The routes of terminations."""
    router = APIRouter(prefix="/cases/{case_id}/terminations", tags=["终止供养 / Terminations"])

    @router.get("", summary="终止供养情况 / Terminations")
    async def terminations(case_id: UUID, grant: Read) -> TerminationsAnswer:
        case = await cases.read(case_id, grant)
        found: Terminations = (await cases.service.read(terminations_of(case_id))).state
        return TerminationsAnswer(
            applicant=case.opening.applicant,
            open=found.open
            and OpenTerminationAnswer(
                proposed=found.open.proposed,
                until_on=found.open.until_on,
                open_objections=tuple(sorted(found.open.objections)),
                heard=found.open.heard,
            ),
            concluded=found.concluded,
        )

    @router.post("", status_code=201, summary="拟终止并公示 / Propose the end, in public")
    async def propose(
        case_id: UUID, body: NewTermination, grant: Clerk, key: Idempotent, response: Response
    ) -> TerminationReceipt:
        case = await cases.take(case_id, grant, key, response)
        termination_id = uuid5(key.command_id, "termination")
        command = decisions.ProposeTermination(
            case_id=case_id,
            termination_id=termination_id,
            proposer=grant.caller.id,
            ground=body.ground,
            explanation=await case.put_note(body.explanation),
        )
        receipt = await case.submit(
            decisions.propose_termination, command, beside=(terminations_of(case_id),)
        )
        return TerminationReceipt(termination_id=termination_id, **receipt.model_dump())

    _objections(router, cases)

    @router.post("/{termination_id}/hearing", status_code=201, summary="听取意见 / Hear the person")
    async def hear(
        case_id: UUID,
        termination_id: UUID,
        body: Statement,
        grant: Township,
        key: Idempotent,
        response: Response,
    ) -> Receipt:
        case = await cases.take(case_id, grant, key, response)
        command = decisions.HearAboutTermination(
            case_id=case_id,
            termination_id=termination_id,
            statement=await case.put_note(body.statement),
        )
        return await case.submit(
            decisions.hear_about_termination, command, beside=(terminations_of(case_id),)
        )

    @router.post("/{termination_id}/decision", summary="决定终止 / Decide the end")
    async def decide(
        case_id: UUID,
        termination_id: UUID,
        grant: Decider,
        key: Idempotent,
        expected: IfMatch,
        response: Response,
    ) -> Receipt:
        case = await cases.take(case_id, grant, key, response)
        command = decisions.DecideTermination(
            case_id=case_id,
            termination_id=termination_id,
            actor=grant.caller.id,
            role=grant.caller.role.value,
        )
        return await case.submit(
            decisions.decide_termination,
            command,
            beside=(terminations_of(case_id),),
            expected=expected,
        )

    return router


def _objections(router: APIRouter, cases: Determinations) -> None:
    @router.post(
        "/{termination_id}/objections", status_code=201, summary="提出异议 / Raise an objection"
    )
    async def object_to(
        case_id: UUID,
        termination_id: UUID,
        body: Objecting,
        grant: Clerk,
        key: Idempotent,
        response: Response,
    ) -> TerminationObjectionReceipt:
        case = await cases.take(case_id, grant, key, response)
        objection_id = uuid5(key.command_id, "objection")
        command = decisions.ObjectToTermination(
            case_id=case_id,
            termination_id=termination_id,
            objection_id=objection_id,
            grounds=await case.put_note(body.grounds),
        )
        receipt = await case.submit(
            decisions.object_to_termination, command, beside=(terminations_of(case_id),)
        )
        return TerminationObjectionReceipt(objection_id=objection_id, **receipt.model_dump())

    @router.post(
        "/{termination_id}/objections/{objection_id}/resolution",
        status_code=201,
        summary="异议核查结果 / Resolve an objection",
    )
    async def resolve(
        case_id: UUID,
        termination_id: UUID,
        objection_id: UUID,
        body: Resolving,
        grant: County,
        key: Idempotent,
        response: Response,
    ) -> Receipt:
        case = await cases.take(case_id, grant, key, response)
        command = decisions.ResolveTerminationObjection(
            case_id=case_id,
            termination_id=termination_id,
            objection_id=objection_id,
            upheld=body.upheld,
            findings=await case.put_note(body.findings),
        )
        return await case.submit(
            decisions.resolve_termination_objection, command, beside=(terminations_of(case_id),)
        )
