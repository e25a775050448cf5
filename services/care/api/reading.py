"""Care files, agreements and missed contacts, as officials read them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from services.care.api.wire import CareFileAnswer, answer_of
from services.care.model import CareFile, Stage
from services.care.views import AgreementRow, CareFileRow, MissedContactRow, ReassessmentRow
from shared.access.policy import Access, Grant
from shared.access.roles import Role
from shared.calendar import MONTH_PATTERN
from shared.contracts.care import CareOpened
from shared.contracts.fields import CareLevel, DivisionCode, SupportMode
from shared.runtime.cases import Cases
from shared.runtime.lists import list_page
from shared.runtime.waiting import wait
from shared.views.query import BY_KEY, Range, Sort
from shared.web.cursors import Page, Paging
from shared.web.preconditions import set_etag
from shared.web.waiting import Waiting

READERS = (
    Role.TOWNSHIP_CLERK,
    Role.WELFARE_VISITOR,
    Role.COUNTY_OFFICER,
    Role.AUDITOR,
)
Read = Annotated[Grant, Depends(Access(READERS, "case"))]
ReadOwn = Annotated[Grant, Depends(Access(READERS, "own"))]
InQuery = Annotated[str | None, Query(alias="month", pattern=MONTH_PATTERN)]
DueBy = Annotated[date | None, Query(description="最后期限不晚于该日 / whose last day is no later")]
Files = Cases[CareFile, CareOpened]

_ORDERS = {"agreement": BY_KEY, "until_on": Sort("until_on")}


def reading(files: Files) -> APIRouter:
    """The routes that only read."""
    router = APIRouter(tags=["查询 / Reading"])

    @router.get("/care-files/{case_id}", summary="个案照料情况 / A case's care file")
    async def one_file(
        case_id: UUID, grant: Read, response: Response, waiting: Waiting
    ) -> CareFileAnswer:
        if waiting is not None:
            await wait(files.service, "care_files", waiting, case_id)
        case = await files.read(case_id, grant)
        set_etag(response, case.version)
        return answer_of(case_id, case.state, case.opening)

    @router.get("/care-files", summary="照料档案列表 / Care files")
    async def care_files(
        grant: ReadOwn,
        paging: Paging,
        waiting: Waiting,
        division: DivisionCode | None = None,
        stage: Stage | None = None,
        level: CareLevel | None = None,
        mode: SupportMode | None = None,
        visitor: UUID | None = None,
    ) -> Page[CareFileRow]:
        return await list_page(
            files.service,
            "care_files",
            CareFileRow,
            grant.narrowed(division),
            paging,
            waiting=waiting,
            equal={"stage": stage, "level": level, "mode": mode, "visitor": _text(visitor)},
        )

    @router.get("/agreements", summary="照料协议列表 / Agreements")
    async def agreements(
        grant: ReadOwn,
        paging: Paging,
        waiting: Waiting,
        division: DivisionCode | None = None,
        standing: Literal["open", "ended"] | None = None,
        visitor: UUID | None = None,
        order: Literal["agreement", "until_on"] = "agreement",
    ) -> Page[AgreementRow]:
        return await list_page(
            files.service,
            "care_agreements",
            AgreementRow,
            grant.narrowed(division),
            paging,
            waiting=waiting,
            equal={"standing": standing, "visitor": _text(visitor)},
            sort=_ORDERS[order],
        )

    @router.get("/missed-contacts", summary="未按月探访清单 / Months without contact")
    async def missed_contacts(
        grant: ReadOwn,
        paging: Paging,
        waiting: Waiting,
        division: DivisionCode | None = None,
        month: InQuery = None,
        visitor: UUID | None = None,
    ) -> Page[MissedContactRow]:
        return await list_page(
            files.service,
            "missed_contacts",
            MissedContactRow,
            grant.narrowed(division),
            paging,
            waiting=waiting,
            equal={"month": month, "visitor": _text(visitor)},
        )

    @router.get("/reassessments", summary="复核评估清单 / New assessments owed")
    async def reassessments(
        grant: ReadOwn,
        paging: Paging,
        waiting: Waiting,
        division: DivisionCode | None = None,
        open_: Annotated[bool | None, Query(alias="open")] = None,
        missed: bool | None = None,
        due_by: DueBy = None,
    ) -> Page[ReassessmentRow]:
        return await list_page(
            files.service,
            "reassessments",
            ReassessmentRow,
            grant.narrowed(division),
            paging,
            waiting=waiting,
            equal={"open": open_, "missed": missed},
            within={} if due_by is None else {"due_on": Range(at_most=due_by.isoformat())},
            sort=BY_KEY if due_by is None else Sort("due_on"),
        )

    return router


def _text(official: UUID | None) -> str | None:
    return None if official is None else str(official)
