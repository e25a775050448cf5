"""Aid without a check: granted, explained, refused; what follows any aid, and its list."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from services.decision import decisions
from services.decision.api import aid_rest
from services.decision.api.access import Aids, Decider, Read, ReadOwn, Township, Wire
from services.decision.api.aid_rest import GoodsOrServices, LaterStages, Money
from services.decision.api.obligations import DueBy, in_order, until
from services.decision.model import Aid, AidStage, aid_of, small_aids_of, standards_over
from services.decision.views import AidRow
from shared.access.persons import NoteText
from shared.contracts.aid import (
    AidExplained,
    AidFollowedUp,
    AidGranted,
    AidInstalment,
    AidInstalmentReleased,
    AidOpened,
    AidReferredToCounty,
    AidRefusalReason,
    AidRefused,
    AidRestStopped,
)
from shared.contracts.aid_needs import AidInKindDelivered, AidNeedsAssessed, InKind
from shared.contracts.fields import AidKind, DivisionCode
from shared.contracts.intake import Material
from shared.contracts.recognition import HardshipGround
from shared.runtime.lists import list_page
from shared.runtime.waiting import wait
from shared.web.commands import Receipt
from shared.web.cursors import Page, Paging
from shared.web.idempotency import Idempotent
from shared.web.preconditions import set_etag
from shared.web.waiting import Waiting


class GrantOfAid(Wire):
    """What is granted, once and in total: money in fen, and goods and services.

    ``later`` are the parts of the money that are paid on later days; the rest is paid at once.
    """

    amount_fen: Money = 0
    in_kind: GoodsOrServices = ()
    later: LaterStages = ()


class RefusalOfAid(Wire):
    """Why aid is refused."""

    reason: AidRefusalReason
    explanation: Annotated[NoteText, Field(repr=False)]


class Explanation(Wire):
    """What the aid was for: the papers that followed, and what was found."""

    materials: Annotated[tuple[Material, ...], Field(max_length=len(Material))] = ()
    findings: Annotated[NoteText, Field(repr=False)]


class FollowUp(Wire):
    """What still weighs on an aided household, nothing where it is over; and what was found."""

    hardship: Annotated[tuple[HardshipGround, ...], Field(max_length=len(HardshipGround))] = ()
    findings: Annotated[NoteText, Field(repr=False)]


class GrantReceipt(Receipt):
    """``referred`` says that the amount is above the township's limit and the county decides."""

    referred: bool


class AidAnswer(Wire):
    """A case's aid as it stands; money in fen, instalments that are to come by number."""

    stage: AidStage
    opened: AidOpened
    referred: AidReferredToCounty | None
    granted: AidGranted | None
    refused: AidRefused | None
    explained: AidExplained | None
    explanation_missed: bool
    follow_up_opened: bool
    followed_up: AidFollowedUp | None
    assessed: AidNeedsAssessed | None
    payee: UUID | None
    released: tuple[AidInstalmentReleased, ...]
    instalments_to_come: dict[int, AidInstalment]
    delivered: tuple[AidInKindDelivered, ...]
    in_kind_to_come: tuple[InKind, ...]
    delivery_missed: bool
    heard: bool
    rest_stopped: AidRestStopped | None


def routers(aids: Aids) -> list[APIRouter]:
    """The routes of aid."""
    return [_granting(aids), _following_up(aids), aid_rest.router(aids), _reading(aids)]


def _granting(aids: Aids) -> APIRouter:
    router = APIRouter(prefix="/cases/{case_id}/aid", tags=["临时救助 / Aid"])

    @router.post("/grant", summary="审批临时救助金 / Grant aid")
    async def grant_aid(
        case_id: UUID, body: GrantOfAid, grant: Decider, key: Idempotent, response: Response
    ) -> GrantReceipt:
        case = await aids.take(case_id, grant, key, response)
        stated = {
            "actor": grant.caller.id,
            "role": grant.caller.role.value,
            "amount_fen": body.amount_fen,
            "in_kind": tuple(one.stated() for one in body.in_kind),
            "later": tuple(one.stated() for one in body.later),
        }
        if case.opening.aid.kind is AidKind.SMALL_QUICK:
            small = decisions.GrantSmallAid(case_id=case_id, **stated)
            earlier = (small_aids_of(member.person_id) for member in case.opening.members)
            around = standards_over(case.opening.division)
            receipt = await case.submit(
                decisions.grant_small_aid, small, beside=(*earlier, *around)
            )
        else:
            command = decisions.GrantAid(**stated)
            receipt = await case.submit(decisions.grant_aid, command)
        # As this command left it, so that a repetition is told what the first was told.
        left = await aids.service.read(aid_of(case_id), receipt.version)
        referred = left.state.stage is AidStage.REFERRED
        return GrantReceipt(referred=referred, **receipt.model_dump())

    @router.post("/refusal", summary="不予临时救助 / Refuse aid")
    async def refuse_aid(
        case_id: UUID, body: RefusalOfAid, grant: Decider, key: Idempotent, response: Response
    ) -> Receipt:
        case = await aids.take(case_id, grant, key, response)
        command = decisions.RefuseAid(
            actor=grant.caller.id,
            role=grant.caller.role.value,
            reason=body.reason,
            explanation=await case.put_note(body.explanation),
        )
        return await case.submit(decisions.refuse_aid, command)

    @router.post("/explanation", status_code=201, summary="事后补充说明 / Explain aid afterwards")
    async def explain_aid(
        case_id: UUID, body: Explanation, grant: Township, key: Idempotent, response: Response
    ) -> Receipt:
        case = await aids.take(case_id, grant, key, response)
        materials = tuple(material for material in Material if material in body.materials)
        command = decisions.ExplainAid(
            actor=grant.caller.id, materials=materials, findings=await case.put_note(body.findings)
        )
        return await case.submit(decisions.explain_aid, command)

    return router


def _following_up(aids: Aids) -> APIRouter:
    router = APIRouter(prefix="/cases/{case_id}/aid", tags=["临时救助 / Aid"])

    @router.post("/follow-up", status_code=201, summary="跟进救助 / Follow aid up")
    async def follow_up(
        case_id: UUID, body: FollowUp, grant: Township, key: Idempotent, response: Response
    ) -> Receipt:
        case = await aids.take(case_id, grant, key, response)
        command = decisions.RecordFollowUp(
            actor=grant.caller.id,
            hardship=body.hardship,
            findings=await case.put_note(body.findings),
        )
        return await case.submit(decisions.record_follow_up, command)

    return router


def _reading(aids: Aids) -> APIRouter:
    router = APIRouter(tags=["查询 / Reading"])

    @router.get("/cases/{case_id}/aid", summary="个案临时救助 / A case's aid")
    async def aid(case_id: UUID, grant: Read, response: Response, waiting: Waiting) -> AidAnswer:
        if waiting is not None:
            await wait(aids.service, "aids", waiting, case_id)
        case = await aids.read(case_id, grant)
        set_etag(response, case.version)
        return _answer(case.state)

    @router.get("/aids", summary="临时救助列表 / Aids")
    async def list_aids(
        grant: ReadOwn,
        paging: Paging,
        waiting: Waiting,
        division: DivisionCode | None = None,
        stage: AidStage | None = None,
        outstanding: bool | None = None,
        delivery_missed: bool | None = None,
        deliver_by: DueBy = None,
    ) -> Page[AidRow]:
        return await list_page(
            aids.service,
            "aids",
            AidRow,
            grant.narrowed(division),
            paging,
            waiting=waiting,
            equal={
                "stage": stage,
                "outstanding": outstanding,
                "delivery_missed": delivery_missed,
                "undelivered": None if deliver_by is None else True,
            },
            within=until("delivery_due", deliver_by),
            sort=in_order("delivery_due", deliver_by),
        )

    return router


def _answer(aid: Aid) -> AidAnswer:
    return AidAnswer(
        stage=aid.stage,
        opened=aid.known(),
        referred=aid.referred,
        granted=aid.granted,
        refused=aid.refused,
        explained=aid.explained,
        explanation_missed=aid.explanation_missed,
        follow_up_opened=aid.follow_up_opened,
        followed_up=aid.followed_up,
        assessed=aid.assessed,
        payee=aid.payee,
        released=tuple(aid.released.values()),
        instalments_to_come=aid.instalments_to_come,
        delivered=tuple(aid.delivered.values()),
        in_kind_to_come=aid.in_kind_to_come,
        delivery_missed=aid.delivery_missed,
        heard=aid.heard,
        rest_stopped=aid.rest_stopped,
    )
