"""What else is done with an application: handed on, kin filed, and what its household signs."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from services.intake import decisions
from services.intake.api.access import (
    Applications,
    Clerk,
    Registered,
    Window,
    Wire,
    require_registered,
)
from services.intake.decisions.authorisations import (
    AuthoriseCheck,
    DeclareTruthfulness,
    WithdrawAuthorisation,
    declare_truthfulness,
)
from services.intake.decisions.authorisations import authorise as decide_authorise
from services.intake.decisions.authorisations import withdraw_authorisation as decide_withdrawal
from shared.contracts.authorisations import AuthorisedAs
from shared.contracts.fields import AidPlace, DivisionCode, Sha256Hex
from shared.contracts.intake import ActingGround, NearKin, TransferReason
from shared.contracts.residence import Residence
from shared.web.commands import Receipt
from shared.web.idempotency import Idempotent
from shared.web.preconditions import IfMatch


class ApplicationTransfer(Wire):
    """The township or village that is the one to be asked, and why."""

    division: DivisionCode
    reason: TransferReason


class StatedResidences(Wire):
    """Where every member is registered and lives, by township, and why this one is asked.

    ``permit_until`` is the last day of the residence permit that the claim rests on.
    """

    residences: Annotated[tuple[Residence, ...], Field(min_length=1, max_length=30)]
    place: AidPlace = AidPlace.HOUSEHOLD_REGISTRATION
    permit_until: date | None = None


class KinFiling(Wire):
    """The members who are near kin to an official; empty where nobody is."""

    kin: Annotated[tuple[NearKin, ...], Field(max_length=30)]


class AuthorisationPaper(Wire):
    """Whose means may be checked, who signed it and when, until when, and the paper's digest.

    ``ground`` says why another signed than the person.
    """

    person_id: UUID
    standing: AuthorisedAs
    signed_by: UUID
    signed_on: date
    document_digest: Sha256Hex
    ground: ActingGround | None = None
    until_on: date | None = None


class NamedPerson(Wire):
    """Somebody, by registry id."""

    person_id: UUID


class Declaration(Wire):
    """Who declared that what is stated is true, and the digest of the signed paper."""

    declared_by: UUID
    document_digest: Sha256Hex


def signing(applications: Applications, registered: Registered) -> APIRouter:
    """The routes of what a household signs; ``registered`` asks the registry in this process."""
    router = APIRouter(prefix="/applications/{case_id}", tags=["授权与承诺 / What is signed"])

    @router.post("/authorisations", summary="授权核对 / Authorise the check of means")
    async def authorise(
        case_id: UUID,
        body: AuthorisationPaper,
        grant: Window,
        key: Idempotent,
        response: Response,
    ) -> Receipt:
        case = await applications.take(case_id, grant, key, response)
        await require_registered(registered, [body.person_id, body.signed_by])
        command = AuthoriseCheck(**body.model_dump())
        return await case.submit(decide_authorise, command)

    @router.post("/authorisations/withdrawal", summary="撤回授权 / Withdraw an authorisation")
    async def withdraw_authorisation(
        case_id: UUID, body: NamedPerson, grant: Window, key: Idempotent, response: Response
    ) -> Receipt:
        case = await applications.take(case_id, grant, key, response)
        command = WithdrawAuthorisation(person_id=body.person_id)
        return await case.submit(decide_withdrawal, command)

    @router.post("/truthfulness", summary="诚信承诺 / Declare truthfulness")
    async def declare(
        case_id: UUID, body: Declaration, grant: Window, key: Idempotent, response: Response
    ) -> Receipt:
        case = await applications.take(case_id, grant, key, response)
        command = DeclareTruthfulness(
            declared_by=body.declared_by, document_digest=body.document_digest
        )
        return await case.submit(declare_truthfulness, command)

    return router


def before_acceptance(applications: Applications) -> APIRouter:
    """The routes of what may come before the acceptance."""
    router = APIRouter(prefix="/applications/{case_id}", tags=["申请受理 / Applications"])
    transfer = decisions.transferring(applications.service.regions)
    stating = decisions.stating(applications.service.regions)

    @router.post("/transfer", summary="转办 / Hand to the competent township")
    async def transfer_application(
        case_id: UUID,
        body: ApplicationTransfer,
        grant: Clerk,
        key: Idempotent,
        expected: IfMatch,
        response: Response,
    ) -> Receipt:
        case = await applications.take(case_id, grant, key, response)
        command = decisions.TransferApplication(division=body.division, reason=body.reason)
        return await case.submit(transfer, command, expected=expected)

    @router.post("/residences", summary="登记户籍地与居住地 / State residences")
    async def state_residences(
        case_id: UUID,
        body: StatedResidences,
        grant: Window,
        key: Idempotent,
        expected: IfMatch,
        response: Response,
    ) -> Receipt:
        case = await applications.take(case_id, grant, key, response)
        command = decisions.StateResidences(**body.model_dump())
        return await case.submit(stating, command, expected=expected)

    @router.post("/kin-filing", summary="近亲属备案 / File near kin")
    async def file_kin(
        case_id: UUID,
        body: KinFiling,
        grant: Window,
        key: Idempotent,
        expected: IfMatch,
        response: Response,
    ) -> Receipt:
        case = await applications.take(case_id, grant, key, response)
        command = decisions.FileKin(kin=body.kin)
        return await case.submit(decisions.file_kin, command, expected=expected)

    return router
