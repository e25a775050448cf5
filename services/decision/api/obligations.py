"""What officials still owe, listed: notices, reviews, answers to appeals and petitions."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from services.decision.api.access import ReadOwn
from services.decision.views import (
    AppealRow,
    NoticeRow,
    ReviewRow,
    ReviewStage,
)
from shared.contracts.appeals import AppealKind
from shared.contracts.fields import DivisionCode
from shared.contracts.notices import NoticeSubject
from shared.runtime.lists import list_page
from shared.runtime.service import Service
from shared.views.query import BY_KEY, Range, Sort
from shared.web.cursors import Page, Paging
from shared.web.waiting import Waiting

DueBy = Annotated[date | None, Query(description="最后期限不晚于该日 / whose last day is no later")]


def obligations_router(service: Service) -> APIRouter:
    """The lists of what is owed; with ``due_by`` in the order of their last days."""
    router = APIRouter(tags=["待办清单 / What is owed"])

    @router.get("/notices", summary="告知书列表 / Notices")
    async def notices(
        grant: ReadOwn,
        paging: Paging,
        waiting: Waiting,
        division: DivisionCode | None = None,
        served: bool | None = None,
        missed: bool | None = None,
        subject: NoticeSubject | None = None,
        due_by: DueBy = None,
    ) -> Page[NoticeRow]:
        return await list_page(
            service,
            "notices",
            NoticeRow,
            grant.narrowed(division),
            paging,
            waiting=waiting,
            equal={"served": served, "missed": missed, "subject": subject},
            within=until("due_on", due_by),
            sort=in_order("due_on", due_by),
        )

    @router.get("/reviews", summary="复核列表 / Reviews")
    async def reviews(
        grant: ReadOwn,
        paging: Paging,
        waiting: Waiting,
        division: DivisionCode | None = None,
        stage: ReviewStage | None = None,
        overdue: bool | None = None,
        due_by: DueBy = None,
    ) -> Page[ReviewRow]:
        return await list_page(
            service,
            "reviews",
            ReviewRow,
            grant.narrowed(division),
            paging,
            waiting=waiting,
            equal={"stage": stage, "overdue": overdue},
            within=until("due_on", due_by),
            sort=in_order("due_on", due_by),
        )

    @router.get("/appeals", summary="复议、诉讼和信访列表 / Appeals and petitions")
    async def appeals(
        grant: ReadOwn,
        paging: Paging,
        waiting: Waiting,
        division: DivisionCode | None = None,
        kind: AppealKind | None = None,
        open_: Annotated[bool | None, Query(alias="open")] = None,
        reply_owed: bool | None = None,
        due_by: DueBy = None,
    ) -> Page[AppealRow]:
        return await list_page(
            service,
            "appeals",
            AppealRow,
            grant.narrowed(division),
            paging,
            waiting=waiting,
            equal={"kind": kind, "open": open_, "reply_owed": reply_owed},
            within=until("reply_by", due_by),
            sort=in_order("reply_by", due_by),
        )

    return router


def until(field: str, day: date | None) -> dict[str, Range]:
    """Those whose day in a field is no later; all, without a day."""
    return {} if day is None else {field: Range(at_most=day.isoformat())}


def in_order(field: str, day: date | None) -> Sort:
    """In the order of a field, where a day is asked for."""
    return BY_KEY if day is None else Sort(field)
