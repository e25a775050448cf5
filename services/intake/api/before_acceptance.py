"""What else is done with an application before it is accepted: handed on, and kin filed."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from services.intake import decisions
from services.intake.api.access import Applications, Clerk, Window, Wire
from shared.contracts.fields import DivisionCode
from shared.contracts.intake import NearKin, TransferReason
from shared.web.commands import Receipt
from shared.web.idempotency import Idempotent
from shared.web.preconditions import IfMatch


class ApplicationTransfer(Wire):
    """The township or village that is the one to be asked, and why."""

    division: DivisionCode
    reason: TransferReason


class KinFiling(Wire):
    """The members who are near kin to an official; empty where nobody is."""

    kin: Annotated[tuple[NearKin, ...], Field(max_length=30)]


def before_acceptance(applications: Applications) -> APIRouter:
    """The routes of what may come before the acceptance."""
    router = APIRouter(prefix="/applications/{case_id}", tags=["申请受理 / Applications"])
    transfer = decisions.transferring(applications.service.regions)

    @router.post("/transfer", summary="转办 / Hand to the competent township")
    async def transfer_application(
        case_id: UUID,
        body: ApplicationTransfer,
        grant: Clerk,
        key: Idempotent,
        expected: IfMatch,
        response: Response,
    ) -> Receipt:
        case = await applications.read(case_id, grant)
        command = decisions.TransferApplication(division=body.division, reason=body.reason)
        return await applications.submit(
            case, grant, key, response, transfer, command, expected=expected
        )

    @router.post("/kin-filing", summary="近亲属备案 / File near kin")
    async def file_kin(
        case_id: UUID,
        body: KinFiling,
        grant: Window,
        key: Idempotent,
        expected: IfMatch,
        response: Response,
    ) -> Receipt:
        case = await applications.read(case_id, grant)
        command = decisions.FileKin(kin=body.kin)
        return await applications.submit(
            case, grant, key, response, decisions.file_kin, command, expected=expected
        )

    return router
