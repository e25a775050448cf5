"""What an aid rests on and what is still to come of it: needs, deliveries, stages."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from services.decision import decisions
from services.decision.api.access import Aids, Decider, Township, Wire
from services.decision.model import determination_of
from shared.access.persons import NoteText
from shared.contracts.aid import MOST_INSTALMENTS, AidInstalment, RestStoppedReason
from shared.contracts.aid_needs import AidInKind, InKind
from shared.contracts.screening import OtherHelp
from shared.money import MAX_FEN
from shared.web.commands import Receipt
from shared.web.idempotency import Idempotent

Money = Annotated[int, Field(strict=True, ge=0, le=MAX_FEN)]


class GoodsOrService(Wire):
    """Goods or a service of one kind, and what it is worth in fen; 0 where nothing is spent."""

    kind: AidInKind
    value_fen: Money = 0

    def stated(self) -> InKind:
        """As events state it."""
        return InKind(kind=self.kind, value_fen=self.value_fen)


class LaterStage(Wire):
    """A part of the money that is paid on a later day, in fen."""

    amount_fen: Annotated[int, Field(strict=True, ge=1, le=MAX_FEN)]
    due_on: date

    def stated(self) -> AidInstalment:
        """As events state it."""
        return AidInstalment(amount_fen=self.amount_fen, due_on=self.due_on)


GoodsOrServices = Annotated[tuple[GoodsOrService, ...], Field(max_length=len(AidInKind))]
LaterStages = Annotated[tuple[LaterStage, ...], Field(max_length=MOST_INSTALMENTS - 1)]


class Assessment(Wire):
    """Who assessed what is needed: how much as money in fen, what else; and what was found."""

    assessors: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=10)]
    money_fen: Money = 0
    in_kind: GoodsOrServices = ()
    findings: Annotated[NoteText, Field(repr=False)]


class Delivery(Wire):
    """What was handed over or rendered, by whom, to whom of the household, and when."""

    kind: AidInKind
    delivered_by: UUID
    received_by: UUID
    delivered_on: date
    referred_to: OtherHelp | None = None


class Statement(Wire):
    """What the household says before the rest of its aid is stopped."""

    statement: Annotated[NoteText, Field(repr=False)]


class StopOfRest(Wire):
    """Why nothing more is given."""

    reason: RestStoppedReason
    explanation: Annotated[NoteText, Field(repr=False)]


class OtherPayee(Wire):
    """Which member of the household is paid from now on."""

    payee: UUID


def router(aids: Aids) -> APIRouter:
    """The routes beside the grant of aid."""
    made = APIRouter(prefix="/cases/{case_id}/aid", tags=["临时救助 / Aid"])

    @made.post("/assessment", status_code=201, summary="评估实际需求 / Assess what is needed")
    async def assess_needs(
        case_id: UUID, body: Assessment, grant: Township, key: Idempotent, response: Response
    ) -> Receipt:
        case = await aids.take(case_id, grant, key, response)
        command = decisions.AssessNeeds(
            assessors=body.assessors,
            money_fen=body.money_fen,
            in_kind=tuple(one.stated() for one in body.in_kind),
            findings=await case.put_note(body.findings),
        )
        beside = (determination_of(case_id),)
        return await case.submit(decisions.assess_needs, command, beside=beside)

    @made.post("/deliveries", status_code=201, summary="实物、服务到位 / Record a delivery")
    async def record_delivery(
        case_id: UUID, body: Delivery, grant: Township, key: Idempotent, response: Response
    ) -> Receipt:
        case = await aids.take(case_id, grant, key, response)
        command = decisions.RecordDelivery(case_id=case_id, **body.model_dump())
        beside = (determination_of(case_id),)
        return await case.submit(decisions.record_delivery, command, beside=beside)

    @made.post("/hearing", status_code=201, summary="听取救助对象意见 / Hear the household")
    async def hear(
        case_id: UUID, body: Statement, grant: Township, key: Idempotent, response: Response
    ) -> Receipt:
        case = await aids.take(case_id, grant, key, response)
        command = decisions.HearAboutRest(statement=await case.put_note(body.statement))
        return await case.submit(decisions.hear_about_rest, command)

    @made.post("/stop", summary="停止后续救助 / Stop what is still to come")
    async def stop_rest(
        case_id: UUID, body: StopOfRest, grant: Decider, key: Idempotent, response: Response
    ) -> Receipt:
        case = await aids.take(case_id, grant, key, response)
        command = decisions.StopRest(
            case_id=case_id,
            actor=grant.caller.id,
            role=grant.caller.role.value,
            reason=body.reason,
            explanation=await case.put_note(body.explanation),
        )
        beside = (determination_of(case_id),)
        return await case.submit(decisions.stop_rest, command, beside=beside)

    @made.post("/payee", summary="变更后续领款人 / Have the stages to come paid to another member")
    async def name_payee(
        case_id: UUID, body: OtherPayee, grant: Decider, key: Idempotent, response: Response
    ) -> Receipt:
        case = await aids.take(case_id, grant, key, response)
        command = decisions.NamePayee(
            actor=grant.caller.id, role=grant.caller.role.value, payee=body.payee
        )
        return await case.submit(decisions.name_payee, command)

    return made
