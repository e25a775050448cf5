"""Households on the books: listed, shown, and what they say to a lead."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from fastapi import APIRouter, Response

from services.verification import decisions
from services.verification.api.access import Checks, Clerk, Read, ReadOwn, Wire
from services.verification.api.leads import LeadAnswer, Number, taken_down
from services.verification.model import StandingHousehold, check_of, standing_of
from services.verification.views import StandingHouseholdRow
from shared.contracts.departments import Department
from shared.contracts.fields import DivisionCode, Programme
from shared.contracts.leads import Contradiction, LeadStanding
from shared.contracts.standing_households import (
    HouseholdEnteredBooks,
    Information,
    KnownMeans,
    PeriodicAnswerReceived,
    Standing,
)
from shared.regions import Level
from shared.runtime.cases import Cases
from shared.runtime.lists import list_page
from shared.runtime.waiting import wait
from shared.web.commands import Receipt
from shared.web.cursors import Page, Paging
from shared.web.idempotency import Idempotent
from shared.web.preconditions import set_etag
from shared.web.waiting import Waiting


class NextCheck(Wire):
    """When one kind of information is checked next."""

    information: Information
    due_on: date


class StandingLead(Wire):
    """A lead: what differs from what was known, by when an answer is due, what became of it."""

    lead: int
    contradiction: Contradiction
    answer_due: date | None
    standing: LeadStanding
    review_called: bool


class StandingAnswer(Wire):
    """A household on the books as it stands: what is known, who is being asked, what was said."""

    case_id: UUID
    programme: Programme
    division: DivisionCode
    standings: tuple[Standing, ...]
    people: tuple[UUID, ...]
    known: KnownMeans | None
    next_checks: tuple[NextCheck, ...]
    under_way: tuple[Department, ...]
    answers: tuple[PeriodicAnswerReceived, ...]
    leads: tuple[StandingLead, ...]


def router(checks: Checks) -> APIRouter:
    """The routes of households on the books."""
    router = APIRouter(prefix="/standing-households", tags=["定期核对 / Periodic checks"])
    households = Cases[StandingHousehold, HouseholdEnteredBooks](
        checks.service, standing_of, lambda state: state.entered
    )

    @router.get("", summary="在册家庭核对情况 / Households on the books")
    async def list_households(
        grant: ReadOwn,
        paging: Paging,
        waiting: Waiting,
        division: DivisionCode | None = None,
        level: Level | None = None,
        on_books: bool | None = None,
        leads_waiting: bool | None = None,
    ) -> Page[StandingHouseholdRow]:
        return await list_page(
            checks.service,
            "standing_households",
            StandingHouseholdRow,
            grant.narrowed(division, level),
            paging,
            waiting=waiting,
            equal={"on_books": on_books, "waiting": leads_waiting},
        )

    @router.get("/{case_id}", summary="单户定期核对 / One household on the books")
    async def one_household(
        case_id: UUID, grant: Read, response: Response, waiting: Waiting
    ) -> StandingAnswer:
        if waiting is not None:
            await wait(checks.service, "standing_households", waiting, case_id)
        case = await households.read(case_id, grant)
        set_etag(response, case.version)
        return _answer(case_id, case.state, case.opening)

    @router.post(
        "/{case_id}/leads/{lead}/answers",
        status_code=201,
        summary="登记家庭对核对差异的说明 / Record a household's answer",
    )
    async def answer(
        case_id: UUID,
        lead: Number,
        body: LeadAnswer,
        grant: Clerk,
        key: Idempotent,
        response: Response,
    ) -> Receipt:
        case = await households.take(case_id, grant, key, response)
        command = await taken_down(case, lead, body, grant)
        beside = (check_of(case_id),)
        return await case.submit(decisions.answer_standing_lead, command, beside=beside)

    return router


def _answer(
    case_id: UUID, state: StandingHousehold, entered: HouseholdEnteredBooks
) -> StandingAnswer:
    return StandingAnswer(
        case_id=case_id,
        programme=entered.programme,
        division=entered.division,
        standings=tuple(standing for standing in Standing if standing in state.standings),
        people=state.people,
        known=state.known,
        next_checks=tuple(
            NextCheck(information=information, due_on=state.scheduled[information])
            for information in Information
            if information in state.scheduled
        ),
        under_way=tuple(d for d in Department if d in state.under_way),
        answers=tuple(state.answers[d] for d in Department if d in state.answers),
        leads=tuple(
            StandingLead(
                lead=lead.number,
                contradiction=lead.contradiction,
                answer_due=lead.raised.answer_due,
                standing=lead.standing,
                review_called=lead.number in state.called,
            )
            for lead in state.leads
        ),
    )
