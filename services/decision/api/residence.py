"""Residence permits: those that run out, and their renewal."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Response

from services.decision.api.access import ClerkOrOfficer, Determinations, ReadOwn, Wire
from services.decision.decisions.residence import RenewPermit, renew_permit
from services.decision.model import PermitStanding, determination_of, permit_of
from services.decision.views import PermitRow
from shared.contracts.fields import DivisionCode, Sha256Hex
from shared.runtime.lists import list_page
from shared.views.query import BY_KEY, Sort
from shared.web.commands import Receipt
from shared.web.cursors import Page, Paging
from shared.web.idempotency import Idempotent
from shared.web.waiting import Waiting

_ORDERS = {"case": BY_KEY, "until_on": Sort("until_on")}


class Renewal(Wire):
    """Until when a renewed permit is good, and its copy's digest."""

    until_on: date
    document_digest: Sha256Hex


def router(cases: Determinations) -> APIRouter:
    """The routes of residence permits."""
    router = APIRouter(tags=["居住证 / Residence permits"])

    @router.get("/residence-permits", summary="居住证到期情况 / Residence permits")
    async def permits(
        grant: ReadOwn,
        paging: Paging,
        waiting: Waiting,
        division: DivisionCode | None = None,
        standing: PermitStanding | None = None,
        order: Literal["case", "until_on"] = "case",
    ) -> Page[PermitRow]:
        return await list_page(
            cases.service,
            "residence_permits",
            PermitRow,
            grant.narrowed(division),
            paging,
            waiting=waiting,
            equal={"standing": standing},
            sort=_ORDERS[order],
        )

    @router.post(
        "/cases/{case_id}/residence-permit/renewals",
        status_code=201,
        summary="登记居住证续签 / Record a renewed permit",
    )
    async def renew(
        case_id: UUID, body: Renewal, grant: ClerkOrOfficer, key: Idempotent, response: Response
    ) -> Receipt:
        case = await cases.read(case_id, grant)
        command = RenewPermit(actor=grant.caller.id, **body.model_dump())
        return await cases.service.execute(
            grant,
            key,
            response,
            region=case.opening.division,
            reads=(permit_of(case_id), determination_of(case_id)),
            decide=renew_permit,
            command=command,
        )

    return router
