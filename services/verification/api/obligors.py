"""The means of those who are bound to support somebody."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from services.verification import decisions
from services.verification.api.access import Checks, Clerk, Wire
from shared.access.persons import NoteText
from shared.money import Fen
from shared.web.commands import Receipt
from shared.web.idempotency import Idempotent


class ObligorsMeans(Wire):
    """What was found of an obligor: income in fen a month, deposits in fen, houses, vehicles."""

    person_id: UUID
    income_fen: Fen
    deposits_fen: Fen
    houses: Annotated[int, Field(ge=0, le=1000)]
    vehicles: Annotated[int, Field(ge=0, le=1000)]
    findings: Annotated[NoteText, Field(repr=False)]


class Obligor(Wire):
    """Somebody bound to support the household."""

    person_id: UUID


def router(checks: Checks) -> APIRouter:
    """The routes of obligors."""
    router = APIRouter(prefix="/checks/{case_id}", tags=["法定义务人 / Obligors"])

    @router.post(
        "/obligors", status_code=201, summary="登记法定义务人经济状况 / Check an obligor's means"
    )
    async def check_obligor(
        case_id: UUID, body: ObligorsMeans, grant: Clerk, key: Idempotent, response: Response
    ) -> Receipt:
        case = await checks.take(case_id, grant, key, response)
        command = decisions.CheckObligor(
            **body.model_dump(exclude={"findings"}),
            checker=grant.caller.id,
            findings=await case.put_note(body.findings),
        )
        return await case.submit(decisions.check_obligor, command)

    @router.post(
        "/obligors/queries",
        status_code=201,
        summary="查询法定义务人信息 / Have departments asked about an obligor",
    )
    async def ask_about(
        case_id: UUID, body: Obligor, grant: Clerk, key: Idempotent, response: Response
    ) -> Receipt:
        case = await checks.take(case_id, grant, key, response)
        command = decisions.AskAboutObligor(person_id=body.person_id)
        return await case.submit(decisions.ask_about_obligor, command)

    return router
