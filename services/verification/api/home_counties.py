"""Home counties' answers: by an official there, or taken down here from a letter.

A home county sees what it was asked and what it said, and nothing else of the check.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from services.verification import decisions
from services.verification.api.access import Checks, Clerk, Wire
from services.verification.decisions.home_counties import inquiry_of
from services.verification.model import check_of
from services.verification.views import HomeInquiryRow, HomeInquiryStanding
from shared.access.persons import NewNote, NoteText
from shared.access.policy import Access, Grant
from shared.access.roles import Role
from shared.contracts.fields import DivisionCode, Sha256Hex
from shared.contracts.residence import (
    HomeAnswerWay,
    HomeCountyAnswered,
    HomeCountyAsked,
    ReceivedAtHome,
)
from shared.money import Fen
from shared.regions import Level
from shared.runtime.lists import list_page
from shared.runtime.notes import put_note
from shared.web.commands import Receipt
from shared.web.cursors import Page, Paging
from shared.web.idempotency import Idempotent
from shared.web.waiting import Waiting

Home = Annotated[Grant, Depends(Access([Role.COUNTY_OFFICER], "case"))]
COUNTY_READERS = (Role.COUNTY_OFFICER, Role.COUNTY_APPROVER, Role.AUDITOR)
ReadHome = Annotated[Grant, Depends(Access(COUNTY_READERS, "case"))]
ListHome = Annotated[Grant, Depends(Access(COUNTY_READERS, "own"))]

Count = Annotated[int, Field(ge=0, le=1_000)]


class HomeAnswer(Wire):
    """Who is aided where they are registered, and what a survey found there; money in fen.

    ``received`` are those who are aided; whose aid ends says its last month.
    """

    received: Annotated[tuple[ReceivedAtHome, ...], Field(max_length=30)] = ()
    surveyed_on: date
    deposits_fen: Fen = 0
    houses: Count = 0
    vehicles: Count = 0
    findings: Annotated[NoteText, Field(repr=False)]


class HomeLetter(HomeAnswer):
    """The same, as a letter of the home county has it, with the letter's digest."""

    document_digest: Sha256Hex


class HomeInquiryAnswer(Wire):
    """What a county was asked and said of those who are registered there."""

    case_id: UUID
    asked: HomeCountyAsked
    answer: HomeCountyAnswered | None
    missed: bool


def router(checks: Checks) -> APIRouter:
    """The routes of home counties."""
    router = APIRouter(tags=["户籍地协查 / Home counties"])
    _reading(router, checks)
    service = checks.service

    @router.post(
        "/checks/{case_id}/home-counties/{county}/answers",
        status_code=201,
        summary="户籍地答复协查 / Answer for the home county",
    )
    async def answer(
        case_id: UUID,
        county: DivisionCode,
        body: HomeAnswer,
        grant: Home,
        key: Idempotent,
        response: Response,
    ) -> Receipt:
        grant.require(county)
        inquiry_of((await service.read(check_of(case_id))).state, county)
        words = NewNote(region=county, text=body.findings, case_id=case_id)
        findings, note = await put_note(service, key, words)
        command = decisions.AnswerForHome(
            county=county,
            actor=grant.caller.id,
            way=HomeAnswerWay.OFFICIAL,
            **body.model_dump(exclude={"findings"}),
            findings=findings,
        )
        return await service.execute(
            grant,
            key,
            response,
            region=county,
            reads=(check_of(case_id),),
            decide=decisions.answer_for_home,
            command=command,
            notes=(note,),
        )

    @router.post(
        "/checks/{case_id}/home-counties/{county}/letters",
        status_code=201,
        summary="登记户籍地复函 / Record a home county's letter",
    )
    async def letter(
        case_id: UUID,
        county: DivisionCode,
        body: HomeLetter,
        grant: Clerk,
        key: Idempotent,
        response: Response,
    ) -> Receipt:
        case = await checks.take(case_id, grant, key, response)
        command = decisions.AnswerForHome(
            county=county,
            actor=grant.caller.id,
            way=HomeAnswerWay.LETTER,
            **body.model_dump(exclude={"findings"}),
            findings=await case.put_note(body.findings),
        )
        return await case.submit(decisions.answer_for_home, command)

    return router


def _reading(router: APIRouter, checks: Checks) -> None:
    service = checks.service

    @router.get("/home-inquiries", summary="待协查事项 / What home counties are asked")
    async def inquiries(
        grant: ListHome,
        paging: Paging,
        waiting: Waiting,
        division: DivisionCode | None = None,
        level: Level | None = None,
        standing: HomeInquiryStanding | None = None,
    ) -> Page[HomeInquiryRow]:
        return await list_page(
            service,
            "home_inquiries",
            HomeInquiryRow,
            grant.narrowed(division, level),
            paging,
            waiting=waiting,
            equal={"standing": standing},
        )

    @router.get(
        "/checks/{case_id}/home-counties/{county}", summary="协查事项 / What a county was asked"
    )
    async def inquiry(case_id: UUID, county: DivisionCode, grant: ReadHome) -> HomeInquiryAnswer:
        grant.require(county)
        found = inquiry_of((await service.read(check_of(case_id))).state, county)
        return HomeInquiryAnswer(
            case_id=case_id, asked=found.asked, answer=found.answer, missed=found.missed
        )
