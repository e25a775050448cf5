"""Decision's routes: from proposal to confirmation or refusal."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID, uuid5

from fastapi import APIRouter, Path, Response
from pydantic import Field

from services.decision import decisions
from services.decision.api.access import Clerk, Decider, Determinations, TownshipApprover, Wire
from services.decision.model import determination_of, standards_over
from shared.access.persons import NoteText
from shared.contracts.decision import DeferralReason, PublicityRound
from shared.web.commands import Receipt
from shared.web.idempotency import Idempotent
from shared.web.preconditions import IfMatch

Round = Annotated[PublicityRound, Path(alias="round")]


class Explained(Wire):
    """A proposal's explanation, as it is told to the household."""

    explanation: Annotated[NoteText, Field(repr=False)]


class Objection(Wire):
    """What somebody objects."""

    grounds: Annotated[NoteText, Field(repr=False)]


class Resolution(Wire):
    """What looking into an objection has shown."""

    upheld: bool
    findings: Annotated[NoteText, Field(repr=False)]


class ObjectionReceipt(Receipt):
    """An objection's id, for its resolution."""

    objection_id: UUID


class ConfirmationReceipt(Receipt):
    """``deferred`` says why the case has to wait; it is ``None`` where the case is confirmed."""

    deferred: DeferralReason | None


def routers(cases: Determinations) -> list[APIRouter]:
    """The steps to a decision, and objections on the way."""
    return [_steps(cases), _objections(cases)]


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
            case,
            grant,
            key,
            response,
            decisions.by_recorded_standards(decisions.propose),
            command,
            beside=standards_over(case.opening.division),
            notes=[note],
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
            case,
            grant,
            key,
            response,
            decisions.by_recorded_standards(decisions.confirm),
            command,
            beside=standards_over(case.opening.division),
            expected=expected,
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
            case,
            grant,
            key,
            response,
            decisions.by_recorded_standards(decisions.refuse),
            command,
            beside=standards_over(case.opening.division),
            expected=expected,
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
