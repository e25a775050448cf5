"""Reserve funds: replenished by the county, read by all who pay."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from services.payment.api.access import Approve, Read, ReadOwn, Wire
from services.payment.decisions import Replenish, replenish
from services.payment.model import Advance, AdvanceStage, Fund, fund_of
from services.payment.views import FundRow
from shared.contracts.fields import DivisionCode
from shared.money import MAX_FEN
from shared.runtime.lists import list_page
from shared.runtime.service import Service
from shared.web.commands import Receipt
from shared.web.cursors import Page, Paging
from shared.web.idempotency import Idempotent
from shared.web.preconditions import set_etag
from shared.web.problems import Known, Problem
from shared.web.waiting import Waiting


class Replenishment(Wire):
    """How much a fund receives, in fen."""

    amount_fen: Annotated[int, Field(strict=True, gt=0, le=MAX_FEN)]


class AdvanceAnswer(Wire):
    """An aid that waits for its advance, or whose advance is to be explained."""

    payment_id: UUID
    case_id: UUID
    amount_fen: int
    stage: AdvanceStage
    explained: bool


class FundAnswer(Wire):
    """A township's fund as it stands, in fen; both lists in the order the fund was asked."""

    division: DivisionCode
    balance_fen: int
    waiting: tuple[AdvanceAnswer, ...]
    open_advances: tuple[AdvanceAnswer, ...]


def funds_router(service: Service) -> APIRouter:
    """The routes of reserve funds."""
    router = APIRouter(prefix="/funds", tags=["备用金 / Reserve funds"])

    @router.post(
        "/{division}/replenishments", status_code=201, summary="补充备用金 / Replenish a fund"
    )
    async def replenishment(
        division: DivisionCode,
        body: Replenishment,
        grant: Approve,
        key: Idempotent,
        response: Response,
    ) -> Receipt:
        grant.require(division)
        return await service.execute(
            grant,
            key,
            response,
            region=division,
            reads=(fund_of(division),),
            decide=replenish,
            command=Replenish(
                actor=grant.caller.id,
                level=grant.caller.jurisdiction.level,
                division=division,
                amount_fen=body.amount_fen,
            ),
        )

    @router.get("/{division}", summary="查看备用金 / A township's fund")
    async def show(division: DivisionCode, grant: Read, response: Response) -> FundAnswer:
        grant.require(division)
        found = await service.read(fund_of(division))
        if not found.version:
            raise Problem(Known.NOT_FOUND)
        fund: Fund = found.state
        set_etag(response, found.version)
        return FundAnswer(
            division=division,
            balance_fen=fund.balance_fen,
            waiting=tuple(map(_answer, fund.waiting)),
            open_advances=tuple(map(_answer, fund.open_advances)),
        )

    @router.get("", summary="备用金列表 / Funds")
    async def funds(
        grant: ReadOwn, paging: Paging, waiting: Waiting, division: DivisionCode | None = None
    ) -> Page[FundRow]:
        reach = grant.narrowed(division)
        return await list_page(service, "funds", FundRow, reach, paging, waiting=waiting)

    return router


def _answer(advance: Advance) -> AdvanceAnswer:
    return AdvanceAnswer(
        payment_id=advance.payment_id,
        case_id=advance.case_id,
        amount_fen=advance.amount_fen,
        stage=advance.stage,
        explained=advance.explained,
    )
