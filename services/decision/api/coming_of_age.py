"""A young person's coming of age: shown, listed, school proven, the account taken over."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID, uuid5

from fastapi import APIRouter, Depends, Response

from services.decision import decisions
from services.decision.api.access import (
    READERS,
    ClerkOrOfficer,
    Determinations,
    Read,
    Wire,
    submit_by_standards,
)
from services.decision.model import ComingOfAge, coming_of_age_of
from services.decision.views import ComingOfAgeRow
from shared.access.policy import Access, Grant
from shared.access.roles import Role
from shared.calendar import Month
from shared.contracts.coming_of_age import ComingOfAgeScheduled, SchoolingProven, SchoolKind
from shared.contracts.fields import DivisionCode, Programme, Sha256Hex
from shared.runtime.lists import list_page
from shared.web.commands import Receipt
from shared.web.cursors import Page, Paging
from shared.web.idempotency import Idempotent
from shared.web.waiting import Waiting

ReadList = Annotated[Grant, Depends(Access((*READERS, Role.CHILD_DIRECTOR), "own"))]


class Schooling(Wire):
    """At which school somebody is to the end of ``until``, and the digest of the paper."""

    school: SchoolKind
    until: Month
    certificate: Sha256Hex


class ComingOfAgeAnswer(Wire):
    """Until when somebody is supported, and what is known of it; ``None`` where not by age."""

    applicant: UUID
    scheduled: ComingOfAgeScheduled | None
    announced: Month | None
    schooling: SchoolingProven | None


def routers(cases: Determinations) -> list[APIRouter]:
    """The routes of one young person, and the list of all."""
    return [_one(cases), _all(cases)]


def _one(cases: Determinations) -> APIRouter:
    router = APIRouter(
        prefix="/cases/{case_id}/coming-of-age", tags=["年满十八周岁 / Coming of age"]
    )

    @router.get("", summary="成年情况 / Coming of age")
    async def coming_of_age(case_id: UUID, grant: Read) -> ComingOfAgeAnswer:
        case = await cases.read(case_id, grant)
        found: ComingOfAge = (await cases.service.read(coming_of_age_of(case_id))).state
        return ComingOfAgeAnswer(
            applicant=case.opening.applicant,
            scheduled=found.scheduled,
            announced=found.announced,
            schooling=found.schooling,
        )

    @router.post("/schooling", status_code=201, summary="登记在校证明 / Prove schooling")
    async def prove_schooling(
        case_id: UUID, body: Schooling, grant: ClerkOrOfficer, key: Idempotent, response: Response
    ) -> Receipt:
        case = await cases.take(case_id, grant, key, response)
        command = decisions.ProveSchooling(
            case_id=case_id,
            schooling_id=uuid5(key.command_id, "schooling"),
            recorder=grant.caller.id,
            **body.model_dump(),
        )
        beside = (coming_of_age_of(case_id),)
        return await submit_by_standards(case, decisions.prove_schooling, command, beside=beside)

    @router.post("/own-account", status_code=201, summary="改发至本人账户 / Pay the young person")
    async def move_payee(
        case_id: UUID, grant: ClerkOrOfficer, key: Idempotent, response: Response
    ) -> Receipt:
        case = await cases.take(case_id, grant, key, response)
        beside = (coming_of_age_of(case_id),)
        return await case.submit(decisions.move_payee, decisions.MovePayee(), beside=beside)

    return router


def _all(cases: Determinations) -> APIRouter:
    router = APIRouter(tags=["年满十八周岁 / Coming of age"])

    @router.get("/coming-of-age", summary="即将成年人员名单 / Who comes of age")
    async def who_comes_of_age(
        grant: ReadList,
        paging: Paging,
        waiting: Waiting,
        division: DivisionCode | None = None,
        programme: Programme | None = None,
        announced: bool | None = None,
        ended: bool | None = None,
    ) -> Page[ComingOfAgeRow]:
        return await list_page(
            cases.service,
            "coming_of_age",
            ComingOfAgeRow,
            grant.narrowed(division),
            paging,
            waiting=waiting,
            equal={"programme": programme, "announced": announced, "ended": ended},
        )

    return router
