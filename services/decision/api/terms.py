"""The days that cases have to their decision: listed, and extended where the survey is hard."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from services.decision.api.access import Read, ReadOwn, TownshipApprover, Wire
from services.decision.api.obligations import DueBy, in_order, until
from services.decision.decisions.terms import ExtendForSurvey, extend_for_survey
from services.decision.model import Term, determination_of, term_of
from services.decision.views import DecisionTermRow
from shared.access.persons import NoteText
from shared.contracts.decision_terms import DecisionOwed, DecisionTermExtended
from shared.contracts.fields import DivisionCode, Programme
from shared.runtime.cases import Cases
from shared.runtime.lists import list_page
from shared.runtime.service import Service
from shared.web.commands import Receipt
from shared.web.cursors import Page, Paging
from shared.web.idempotency import Idempotent
from shared.web.waiting import Waiting

Terms = Cases[Term, DecisionOwed]


class HardSurvey(Wire):
    """What makes the household's means hard to look into."""

    findings: Annotated[NoteText, Field(repr=False)]


class TermAnswer(Wire):
    """By when a case is to be decided: as counted first, and as extended."""

    owed: DecisionOwed
    extended: DecisionTermExtended | None
    missed: bool


def router(service: Service) -> APIRouter:
    """The routes of the days to a decision."""
    terms = Terms(service, term_of, lambda term: term.owed)
    router = APIRouter(tags=["办结期限 / Days to the decision"])

    @router.get("/decision-terms", summary="办结期限列表 / By when cases are to be decided")
    async def listed(
        grant: ReadOwn,
        paging: Paging,
        waiting: Waiting,
        division: DivisionCode | None = None,
        programme: Programme | None = None,
        open_: Annotated[bool | None, Query(alias="open")] = None,
        missed: bool | None = None,
        due_by: DueBy = None,
    ) -> Page[DecisionTermRow]:
        return await list_page(
            service,
            "decision_terms",
            DecisionTermRow,
            grant.narrowed(division),
            paging,
            waiting=waiting,
            equal={"programme": programme, "open": open_, "missed": missed},
            within=until("due_on", due_by),
            sort=in_order("due_on", due_by),
        )

    @router.get("/cases/{case_id}/decision-term", summary="办结期限 / By when a case is decided")
    async def term(case_id: UUID, grant: Read) -> TermAnswer:
        case = await terms.read(case_id, grant)
        state = case.state
        return TermAnswer(owed=case.opening, extended=state.extended, missed=state.missed)

    @router.post(
        "/cases/{case_id}/decision-term/extension",
        status_code=201,
        summary="因调查难度较大延长办结期限 / Extend it: the survey is hard",
    )
    async def extend(
        case_id: UUID,
        body: HardSurvey,
        grant: TownshipApprover,
        key: Idempotent,
        response: Response,
    ) -> Receipt:
        case = await terms.take(case_id, grant, key, response)
        command = ExtendForSurvey(
            actor=grant.caller.id, findings=await case.put_note(body.findings)
        )
        return await case.submit(extend_for_survey, command, beside=(determination_of(case_id),))

    return router
