"""Leads: what contradicts a household, and how it meets it."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Response
from pydantic import Field

from services.verification import decisions
from services.verification.api.access import Checks, Clerk, Wire
from shared.access.persons import NoteText
from shared.access.policy import Grant
from shared.contracts.leads import LeadResponse
from shared.runtime.cases import CaseInHand
from shared.web.commands import Receipt
from shared.web.idempotency import Idempotent

Number = Annotated[int, Path(ge=1, le=10_000)]


class LeadAnswer(Wire):
    """How the household meets a lead, in its words, and what the office concludes.

    ``data_stand`` is false where its explanation is accepted against the data. Where it objects,
    the department is asked again, and decides.
    """

    response: LeadResponse
    statement: Annotated[NoteText, Field(repr=False)]
    data_stand: bool = True


async def taken_down(
    case: CaseInHand[Any, Any], lead: int, body: LeadAnswer, grant: Grant
) -> decisions.AnswerLead:
    """The answer to a lead of a check, or of a household on the books; its words in the vault."""
    return decisions.AnswerLead(
        lead=lead,
        response=body.response,
        statement=await case.put_note(body.statement),
        data_stand=body.data_stand,
        actor=grant.caller.id,
    )


def router(checks: Checks) -> APIRouter:
    """The routes of leads."""
    router = APIRouter(prefix="/checks/{case_id}/leads", tags=["核对线索 / Leads"])

    @router.post(
        "/{lead}/answers", status_code=201, summary="登记家庭说明 / Record a household's answer"
    )
    async def answer(
        case_id: UUID,
        lead: Number,
        body: LeadAnswer,
        grant: Clerk,
        key: Idempotent,
        response: Response,
    ) -> Receipt:
        case = await checks.take(case_id, grant, key, response)
        command = await taken_down(case, lead, body, grant)
        return await case.submit(decisions.answer_lead, command)

    return router
