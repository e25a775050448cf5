"""Paydays, listed: what is to be paid by when, and what was not."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from services.payment.api.access import InQuery, ReadOwn
from services.payment.views import PaydayRow
from shared.contracts.fields import DivisionCode, Programme
from shared.runtime.lists import list_page
from shared.runtime.service import Service
from shared.views.query import BY_KEY, Range, Sort
from shared.web.cursors import Page, Paging
from shared.web.waiting import Waiting

DueBy = Annotated[date | None, Query(description="截止日不晚于该日 / whose last day is no later")]


def paydays_router(service: Service) -> APIRouter:
    """The list of paydays; with ``due_by`` in their order."""
    router = APIRouter(tags=["发放截止日 / Paydays"])

    @router.get("/paydays", summary="应发月份及逾期清单 / Months to be paid, and late ones")
    async def paydays(
        grant: ReadOwn,
        paging: Paging,
        waiting: Waiting,
        division: DivisionCode | None = None,
        programme: Programme | None = None,
        month: InQuery = None,
        open_: Annotated[bool | None, Query(alias="open")] = None,
        missed: bool | None = None,
        due_by: DueBy = None,
    ) -> Page[PaydayRow]:
        return await list_page(
            service,
            "paydays",
            PaydayRow,
            grant.narrowed(division),
            paging,
            waiting=waiting,
            equal={"programme": programme, "month": month, "open": open_, "missed": missed},
            within={} if due_by is None else {"due_on": Range(at_most=due_by.isoformat())},
            sort=BY_KEY if due_by is None else Sort("due_on"),
        )

    return router
