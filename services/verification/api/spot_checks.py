"""Spot checks: the county draws whom it visits itself, shows its draws, and records its visits."""

from __future__ import annotations

from datetime import date
from secrets import token_hex
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from services.verification import decisions
from services.verification.api.access import Checks, Wire
from services.verification.model import county_of, lot_of
from shared.access.persons import NoteText
from shared.access.policy import Access, Grant
from shared.access.roles import Role
from shared.contracts.fields import DivisionCode, Programme
from shared.contracts.spot_checks import NamedForSpotCheck, SpotChecksDrawn
from shared.web.commands import Receipt
from shared.web.idempotency import Idempotent
from shared.web.preconditions import set_etag

County = Annotated[Grant, Depends(Access([Role.COUNTY_OFFICER], "case"))]
ReadLot = Annotated[
    Grant, Depends(Access([Role.COUNTY_OFFICER, Role.COUNTY_APPROVER, Role.AUDITOR], "case"))
]


class NewDraw(Wire):
    """Up to which day of completion is drawn, and who is visited beside those drawn."""

    until_on: date
    named: Annotated[tuple[NamedForSpotCheck, ...], Field(max_length=500)] = ()


class SpotVisit(Wire):
    """A visit of the county's own: when, by whom, and whether it found what the survey had."""

    visited_on: date
    visitors: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=20)]
    confirms: bool
    findings: Annotated[NoteText, Field(repr=False)]


class DrawShown(Wire):
    """A draw with its population in ascending order: what anybody needs to draw again."""

    draw: SpotChecksDrawn
    population: tuple[UUID, ...]


class LotAnswer(Wire):
    """A county's checks of a programme that are in no draw yet, and its draws."""

    waiting: tuple[UUID, ...]
    draws: tuple[DrawShown, ...]


def router(checks: Checks) -> APIRouter:
    """The routes of spot checks."""
    router = APIRouter(tags=["入户抽查 / Spot checks"])
    service = checks.service

    @router.post(
        "/spot-checks/{division}/{programme}/draws",
        status_code=201,
        summary="抽取入户抽查对象 / Draw spot checks",
    )
    async def draw(
        division: DivisionCode,
        programme: Programme,
        body: NewDraw,
        grant: County,
        key: Idempotent,
        response: Response,
    ) -> Receipt:
        county = county_of(division)
        grant.require(county)
        command = decisions.DrawSpotChecks(
            division=county,
            programme=programme,
            until_on=body.until_on,
            seed=token_hex(32),
            named=body.named,
        )
        return await service.execute(
            grant,
            key,
            response,
            region=county,
            reads=(lot_of(county, programme),),
            decide=decisions.draw_spot_checks,
            command=command,
        )

    @router.get("/spot-checks/{division}/{programme}", summary="抽查名册与抽取记录 / Lot and draws")
    async def show(
        division: DivisionCode, programme: Programme, grant: ReadLot, response: Response
    ) -> LotAnswer:
        grant.require(county_of(division))
        found = await service.read(lot_of(division, programme))
        set_etag(response, found.version)
        return LotAnswer(
            waiting=tuple(case.case_id for case in found.state.waiting),
            draws=tuple(
                DrawShown(draw=draw.drawn, population=tuple(sorted(draw.population)))
                for draw in found.state.draws
            ),
        )

    @router.post(
        "/checks/{case_id}/spot-visits",
        status_code=201,
        summary="登记县级入户抽查 / Record a spot visit",
    )
    async def record_spot_visit(
        case_id: UUID, body: SpotVisit, grant: County, key: Idempotent, response: Response
    ) -> Receipt:
        case = await checks.take(case_id, grant, key, response)
        command = decisions.RecordSpotVisit(
            visited_on=body.visited_on,
            visitors=body.visitors,
            confirms=body.confirms,
            findings=await case.put_note(body.findings),
            recorder=grant.caller.id,
        )
        return await case.submit(decisions.record_spot_visit, command)

    return router
