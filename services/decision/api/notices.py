"""Notices of a case, and their service on the household."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from services.decision import decisions
from services.decision.api.access import Determinations, Read, Wire
from services.decision.model import Notices, notices_of
from shared.access.persons import NoteText
from shared.access.policy import Access, Grant
from shared.access.roles import Role
from shared.contracts.notices import GrantTold, NoticeOwed, NoticeServed, ServiceManner
from shared.web.commands import Receipt
from shared.web.idempotency import Idempotent

SERVERS = (Role.TOWNSHIP_CLERK, Role.TOWNSHIP_APPROVER, Role.COUNTY_OFFICER)
Server = Annotated[Grant, Depends(Access(SERVERS, "case"))]


class ServiceOfNotice(Wire):
    """How a notice was served, and to whom; nobody by public notice."""

    manner: ServiceManner
    served_on: date
    recipient: UUID | None = None
    witness: UUID | None = None
    proof: Annotated[NoteText, Field(repr=False)]


class NoticeAnswer(Wire):
    """One notice: whether it was served, and whether its last day passed before."""

    owed: NoticeOwed
    served: NoticeServed | None
    missed: bool


class NoticesAnswer(Wire):
    """A case's notices, in the order in which they came to be owed."""

    applicant: UUID
    notices: tuple[NoticeAnswer, ...]
    granted: tuple[GrantTold, ...]


def router(cases: Determinations) -> APIRouter:
    """The routes of notices."""
    router = APIRouter(prefix="/cases/{case_id}/notices", tags=["告知与送达 / Notices"])

    @router.get("", summary="告知书 / Notices")
    async def notices(case_id: UUID, grant: Read) -> NoticesAnswer:
        case = await cases.read(case_id, grant)
        found: Notices = (await cases.service.read(notices_of(case_id))).state
        return NoticesAnswer(
            applicant=case.opening.applicant,
            notices=tuple(
                NoticeAnswer(owed=one.owed, served=one.served, missed=one.missed)
                for one in found.all.values()
            ),
            granted=found.granted,
        )

    @router.post("/grant", status_code=201, summary="送达确认 / Tell a grant")
    async def tell(
        case_id: UUID, body: ServiceOfNotice, grant: Server, key: Idempotent, response: Response
    ) -> Receipt:
        case = await cases.take(case_id, grant, key, response)
        command = decisions.TellGrant(
            case_id=case_id,
            server=grant.caller.id,
            **body.model_dump(exclude={"proof"}),
            proof=await case.put_note(body.proof),
        )
        return await case.submit(decisions.tell_grant, command, beside=(notices_of(case_id),))

    @router.post("/{notice_id}/service", status_code=201, summary="送达 / Serve a notice")
    async def serve(
        case_id: UUID,
        notice_id: UUID,
        body: ServiceOfNotice,
        grant: Server,
        key: Idempotent,
        response: Response,
    ) -> Receipt:
        case = await cases.take(case_id, grant, key, response)
        command = decisions.ServeNotice(
            case_id=case_id,
            notice_id=notice_id,
            server=grant.caller.id,
            **body.model_dump(exclude={"proof"}),
            proof=await case.put_note(body.proof),
        )
        return await case.submit(decisions.serve_notice, command, beside=(notices_of(case_id),))

    return router
