"""Appeals against what a notice told: filed, answered, ruled upon, carried out."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID, uuid5

from fastapi import APIRouter, Response
from pydantic import Field

from services.decision import decisions
from services.decision.api.access import (
    ClerkOrOfficer,
    Decider,
    Determinations,
    Officer,
    Read,
    Wire,
    submit_by_standards,
)
from services.decision.model import Appeal, appeal_of, case_file_of, notices_of
from shared.access.persons import NoteText
from shared.contracts.appeals import (
    AppealFiled,
    AppealKind,
    AppealOrgan,
    AppealReplied,
    AppealRuled,
    AppealRuling,
    AppealSuspensionOrdered,
)
from shared.contracts.fields import Sha256Hex
from shared.web.commands import Receipt
from shared.web.idempotency import Idempotent
from shared.web.preconditions import IfMatch


class NewAppeal(Wire):
    """Against which notice somebody appeals, which way, to whom."""

    kind: AppealKind
    organ: AppealOrgan
    notice_id: UUID
    appellant: UUID
    filed_on: date
    grounds: Annotated[NoteText, Field(repr=False)]


class Reply(Wire):
    """The authority's answer, with the digests of the papers that are its evidence."""

    evidence: Annotated[tuple[Sha256Hex, ...], Field(max_length=200)] = ()
    reply: Annotated[NoteText, Field(repr=False)]


class Suspension(Wire):
    """The organ's order that a stop or a cut waits for its ruling."""

    order: Annotated[NoteText, Field(repr=False)]


class Ruling(Wire):
    """What the organ ruled, and when."""

    ruling: AppealRuling
    ruled_on: date
    reasons: Annotated[NoteText, Field(repr=False)]


class AppealReceipt(Receipt):
    """An appeal's id, for what follows."""

    appeal_id: UUID


class AppealAnswer(Wire):
    """An appeal with its history."""

    filed: AppealFiled
    replied: AppealReplied | None
    reply_missed: bool
    suspended: AppealSuspensionOrdered | None
    ruled: AppealRuled | None
    carried_out: bool


def router(cases: Determinations) -> APIRouter:
    """The routes of appeals."""
    router = APIRouter(prefix="/cases/{case_id}/appeals", tags=["复议、诉讼、信访 / Appeals"])

    @router.post("", status_code=201, summary="登记复议、诉讼或信访 / File an appeal")
    async def file(
        case_id: UUID, body: NewAppeal, grant: ClerkOrOfficer, key: Idempotent, response: Response
    ) -> AppealReceipt:
        case = await cases.take(case_id, grant, key, response)
        appeal_id = uuid5(key.command_id, "appeal")
        command = decisions.FileAppeal(
            case_id=case_id,
            appeal_id=appeal_id,
            recorder=grant.caller.id,
            **body.model_dump(exclude={"grounds"}),
            grounds=await case.put_note(body.grounds),
        )
        beside = (notices_of(case_id), appeal_of(case_id, appeal_id), case_file_of(case_id))
        receipt = await case.submit(decisions.file_appeal, command, beside=beside)
        return AppealReceipt(appeal_id=appeal_id, **receipt.model_dump())

    @router.get("/{appeal_id}", summary="复议、诉讼或信访情况 / An appeal")
    async def show(case_id: UUID, appeal_id: UUID, grant: Read) -> AppealAnswer:
        await cases.read(case_id, grant)
        appeal: Appeal = (await cases.service.read(appeal_of(case_id, appeal_id))).state
        return AppealAnswer(
            filed=appeal.known(),
            replied=appeal.replied,
            reply_missed=appeal.reply_missed,
            suspended=appeal.suspended,
            ruled=appeal.ruled,
            carried_out=appeal.carried_out,
        )

    _following(router, cases)
    return router


def _following(router: APIRouter, cases: Determinations) -> None:
    @router.post("/{appeal_id}/reply", status_code=201, summary="答复 / Answer an appeal")
    async def reply(
        case_id: UUID,
        appeal_id: UUID,
        body: Reply,
        grant: Officer,
        key: Idempotent,
        response: Response,
    ) -> Receipt:
        case = await cases.take(case_id, grant, key, response)
        command = decisions.ReplyToAppeal(
            case_id=case_id,
            appeal_id=appeal_id,
            replier=grant.caller.id,
            evidence=body.evidence,
            reply=await case.put_note(body.reply),
        )
        return await case.submit(
            decisions.reply_to_appeal, command, beside=(appeal_of(case_id, appeal_id),)
        )

    @router.post("/{appeal_id}/ruling", status_code=201, summary="登记结论 / Record a ruling")
    async def rule(
        case_id: UUID,
        appeal_id: UUID,
        body: Ruling,
        grant: Officer,
        key: Idempotent,
        response: Response,
    ) -> Receipt:
        case = await cases.take(case_id, grant, key, response)
        command = decisions.RecordRuling(
            case_id=case_id,
            appeal_id=appeal_id,
            recorder=grant.caller.id,
            ruling=body.ruling,
            ruled_on=body.ruled_on,
            reasons=await case.put_note(body.reasons),
        )
        beside = (appeal_of(case_id, appeal_id),)
        return await submit_by_standards(case, decisions.record_ruling, command, beside=beside)

    @router.post("/{appeal_id}/suspension", status_code=201, summary="停止执行 / Suspend")
    async def suspend(
        case_id: UUID,
        appeal_id: UUID,
        body: Suspension,
        grant: Officer,
        key: Idempotent,
        response: Response,
    ) -> Receipt:
        case = await cases.take(case_id, grant, key, response)
        command = decisions.OrderSuspension(
            case_id=case_id,
            appeal_id=appeal_id,
            recorder=grant.caller.id,
            order=await case.put_note(body.order),
        )
        beside = (appeal_of(case_id, appeal_id),)
        return await submit_by_standards(case, decisions.order_suspension, command, beside=beside)

    @router.post("/{appeal_id}/carrying-out", summary="执行结论 / Carry a ruling out")
    async def carry_out(
        case_id: UUID,
        appeal_id: UUID,
        grant: Decider,
        key: Idempotent,
        expected: IfMatch,
        response: Response,
    ) -> Receipt:
        case = await cases.take(case_id, grant, key, response)
        command = decisions.CarryOutRuling(
            case_id=case_id,
            appeal_id=appeal_id,
            actor=grant.caller.id,
            role=grant.caller.role.value,
        )
        return await submit_by_standards(
            case,
            decisions.carry_out_ruling,
            command,
            beside=(appeal_of(case_id, appeal_id),),
            expected=expected,
        )
