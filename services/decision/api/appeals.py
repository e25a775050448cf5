"""Appeals against what a notice told: filed, answered, ruled upon, carried out."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID, uuid5

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from services.decision import decisions
from services.decision.api.access import Decider, Determinations, Read, Wire
from services.decision.model import Appeal, appeal_of, case_file_of, notices_of, standards_over
from shared.access.persons import NoteText
from shared.access.policy import Access, Grant
from shared.access.roles import Role
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

Filer = Annotated[Grant, Depends(Access([Role.TOWNSHIP_CLERK, Role.COUNTY_OFFICER], "case"))]
Officer = Annotated[Grant, Depends(Access([Role.COUNTY_OFFICER], "case"))]


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
        case_id: UUID, body: NewAppeal, grant: Filer, key: Idempotent, response: Response
    ) -> AppealReceipt:
        case = await cases.read(case_id, grant)
        reference, note = await cases.put_note(case, key, body.grounds)
        appeal_id = uuid5(key.command_id, "appeal")
        command = decisions.FileAppeal(
            case_id=case_id,
            appeal_id=appeal_id,
            recorder=grant.caller.id,
            **body.model_dump(exclude={"grounds"}),
            grounds=reference,
        )
        beside = (notices_of(case_id), appeal_of(case_id, appeal_id), case_file_of(case_id))
        receipt = await cases.submit(
            case,
            grant,
            key,
            response,
            decisions.file_appeal,
            command,
            beside=beside,
            notes=[note],
        )
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
        case = await cases.read(case_id, grant)
        reference, note = await cases.put_note(case, key, body.reply)
        command = decisions.ReplyToAppeal(
            case_id=case_id,
            appeal_id=appeal_id,
            replier=grant.caller.id,
            evidence=body.evidence,
            reply=reference,
        )
        beside = (appeal_of(case_id, appeal_id),)
        return await cases.submit(
            case,
            grant,
            key,
            response,
            decisions.reply_to_appeal,
            command,
            beside=beside,
            notes=[note],
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
        case = await cases.read(case_id, grant)
        reference, note = await cases.put_note(case, key, body.reasons)
        command = decisions.RecordRuling(
            case_id=case_id,
            appeal_id=appeal_id,
            recorder=grant.caller.id,
            ruling=body.ruling,
            ruled_on=body.ruled_on,
            reasons=reference,
        )
        beside = (appeal_of(case_id, appeal_id),)
        return await cases.submit(
            case,
            grant,
            key,
            response,
            decisions.by_recorded_standards(decisions.record_ruling, others=len(beside)),
            command,
            beside=(*beside, *standards_over(case.opening.division)),
            notes=[note],
        )

    @router.post("/{appeal_id}/suspension", status_code=201, summary="停止执行 / Suspend")
    async def suspend(
        case_id: UUID,
        appeal_id: UUID,
        body: Suspension,
        grant: Officer,
        key: Idempotent,
        response: Response,
    ) -> Receipt:
        case = await cases.read(case_id, grant)
        reference, note = await cases.put_note(case, key, body.order)
        command = decisions.OrderSuspension(
            case_id=case_id, appeal_id=appeal_id, recorder=grant.caller.id, order=reference
        )
        beside = (appeal_of(case_id, appeal_id),)
        return await cases.submit(
            case,
            grant,
            key,
            response,
            decisions.by_recorded_standards(decisions.order_suspension, others=len(beside)),
            command,
            beside=(*beside, *standards_over(case.opening.division)),
            notes=[note],
        )

    @router.post("/{appeal_id}/carrying-out", summary="执行结论 / Carry a ruling out")
    async def carry_out(
        case_id: UUID,
        appeal_id: UUID,
        grant: Decider,
        key: Idempotent,
        expected: IfMatch,
        response: Response,
    ) -> Receipt:
        case = await cases.read(case_id, grant)
        command = decisions.CarryOutRuling(
            case_id=case_id,
            appeal_id=appeal_id,
            actor=grant.caller.id,
            role=grant.caller.role.value,
        )
        beside = (appeal_of(case_id, appeal_id),)
        return await cases.submit(
            case,
            grant,
            key,
            response,
            decisions.by_recorded_standards(decisions.carry_out_ruling, others=len(beside)),
            command,
            beside=(*beside, *standards_over(case.opening.division)),
            expected=expected,
        )
