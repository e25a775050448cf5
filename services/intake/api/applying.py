"""Apply, complete the papers, accept, withdraw."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Final
from uuid import UUID, uuid5

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
from services.intake.api.progress import QueryCodes
from services.intake.model import application_stream, open_application_stream
from services.intake.rules.applications import CHOSEN_BEFORE, turns_eighteen
from shared.access.persons import NewNote, NoteText
from shared.access.registry import RegistryAway, RegistryRefused
from shared.calendar import Month
from shared.contracts.fields import AidPlace, AidRequest, DivisionCode, Member, Programme
from shared.contracts.intake import ActingFor, ApplicationSubmitted, Material, WayIn
from shared.contracts.persons import ConsultationPurpose, PersonField
from shared.contracts.residence import Residence
from shared.kernel.decider import Stream
from shared.runtime.notes import put_note
from shared.runtime.service import Service
from shared.web.commands import Receipt
from shared.web.idempotency import Idempotent
from shared.web.preconditions import IfMatch
from shared.web.problems import Known, Problem

MAX_MEMBERS: Final = 30
"""More than any household; what is beyond is a mistake."""

Materials = Annotated[tuple[Material, ...], Field(max_length=len(Material))]


class NewApplication(Wire):
    """A household's application; ``division`` is the township or village that takes it in.

    ``aid`` says what temporary assistance is asked for, ``way`` how the application came in,
    ``acting`` who applies on the applicant's behalf, ``place`` why this township is asked.
    ``parents`` are those of a child's parents who are registered.
    ``residences`` are where every member is registered and lives, by township, and
    ``permit_until`` the last day of the residence permit that the claim rests on.
    """

    programme: Programme
    division: DivisionCode
    applicant: UUID
    members: Annotated[tuple[Member, ...], Field(min_length=1, max_length=MAX_MEMBERS)]
    materials: Materials = ()
    reason: Annotated[NoteText, Field(repr=False)]
    aid: AidRequest | None = None
    way: WayIn | None = None
    acting: ActingFor | None = None
    place: AidPlace | None = None
    parents: Annotated[tuple[UUID, ...] | None, Field(max_length=2)] = None
    residences: Annotated[tuple[Residence, ...], Field(max_length=MAX_MEMBERS)] = ()
    permit_until: date | None = None


class NamedMaterials(Wire):
    """Papers, by kind."""

    materials: Annotated[Materials, Field(min_length=1)]


class MissingMaterials(Wire):
    """Papers that are missing, by kind; none where only signatures are."""

    materials: Materials = ()


class Withdrawal(Wire):
    """Why the applicant takes the application back."""

    reason: Annotated[NoteText, Field(repr=False)]


class ApplicationReceipt(Receipt):
    """An application's receipt: ``case_id`` is the case's, everywhere and for good.

    ``query_code`` is for the applicant: it tells how the case stands, to whoever holds it.
    """

    case_id: UUID
    query_code: str


def open_applications(programme: Programme, members: Sequence[Member]) -> tuple[Stream, ...]:
    """Each member's open application, in the members' order."""
    return tuple(open_application_stream(programme, member.person_id) for member in members)


def chosen_before(programme: Programme, members: Sequence[Member]) -> tuple[Stream, ...]:
    """Each member's open application of the programme that this one goes behind, if one does."""
    first = CHOSEN_BEFORE.get(programme)
    return () if first is None else open_applications(first, members)


def routers(
    applications: Applications, registered: Registered, codes: QueryCodes
) -> list[APIRouter]:
    """The steps to acceptance; ``registered`` asks the registry in this process."""
    return [
        _applying(applications, registered, codes),
        _pending(applications),
        _papers(applications),
    ]


def _applying(applications: Applications, registered: Registered, codes: QueryCodes) -> APIRouter:
    router = APIRouter(prefix="/applications", tags=["申请受理 / Applications"])
    service = applications.service
    submit = decisions.submitting(service.regions)

    @router.post("", status_code=201, summary="提交申请 / Apply")
    async def apply(
        body: NewApplication, grant: Window, key: Idempotent, response: Response
    ) -> ApplicationReceipt:
        grant.require(body.division)
        await require_registered(registered, [member.person_id for member in body.members])
        if body.acting is not None and body.acting.person_id is not None:
            await require_registered(registered, [body.acting.person_id])
        await require_registered(registered, list(body.parents or ()))
        code = codes.draw(key.command_id)
        case_id = uuid5(key.command_id, "case")
        words = NewNote(region=body.division, text=body.reason, person_id=body.applicant)
        reason, note = await put_note(service, key, words)
        receipt = await service.execute(
            grant,
            key,
            response,
            region=body.division,
            reads=(
                application_stream(case_id),
                *open_applications(body.programme, body.members),
                *chosen_before(body.programme, body.members),
            ),
            decide=submit,
            command=decisions.SubmitApplication(
                case_id=case_id,
                programme=body.programme,
                division=body.division,
                applicant=body.applicant,
                members=body.members,
                materials=body.materials,
                reason=reason,
                aid=body.aid,
                way=body.way,
                acting=body.acting,
                parents=body.parents,
                place=body.place,
                residences=body.residences,
                permit_until=body.permit_until,
                query_code=codes.digest(code),
            ),
            notes=(note,),
        )
        response.headers["Cache-Control"] = "no-store"
        return ApplicationReceipt(case_id=case_id, query_code=code, **receipt.model_dump())

    return router


def _pending(applications: Applications) -> APIRouter:
    router = APIRouter(prefix="/applications", tags=["申请受理 / Applications"])
    service = applications.service

    @router.post("/{case_id}/acceptance", summary="受理 / Accept")
    async def accept(
        case_id: UUID, grant: Clerk, key: Idempotent, expected: IfMatch, response: Response
    ) -> Receipt:
        case = await applications.take(case_id, grant, key, response)
        command = decisions.AcceptApplication(
            turns_eighteen=await _turns_eighteen(service, case.opening)
        )
        return await case.submit(decisions.accept, command, expected=expected)

    @router.post("/{case_id}/withdrawal", summary="撤回申请 / Withdraw")
    async def withdraw(
        case_id: UUID,
        body: Withdrawal,
        grant: Window,
        key: Idempotent,
        expected: IfMatch,
        response: Response,
    ) -> Receipt:
        case = await applications.take(case_id, grant, key, response)
        submitted = case.opening
        return await case.submit(
            decisions.withdraw,
            decisions.WithdrawApplication(
                case_id=case_id,
                reason=await case.put_note(body.reason, person_id=submitted.applicant),
            ),
            beside=open_applications(submitted.programme, submitted.members),
            expected=expected,
        )

    return router


async def _turns_eighteen(service: Service, submitted: ApplicationSubmitted) -> Month | None:
    """The month in which somebody who applies alone turns eighteen, from the registry.

    Recorded as a reading; the day of birth goes nowhere else. Raises 503 while it is away, or
    cannot read the person: whether somebody is of age is not guessed.
    """
    if not submitted.programme.is_of_one_person:
        return None
    try:
        (person,) = await service.registry.consult(
            [submitted.applicant], ConsultationPurpose.APPLICATION, [PersonField.BIRTH_DATE]
        )
    except (RegistryAway, RegistryRefused) as error:
        raise Problem(Known.ENGINE_AWAY, members={"engine": "registry"}) from error
    if person.birth_date is None:
        raise Problem(Known.ENGINE_AWAY, members={"engine": "registry"})
    return turns_eighteen(person.birth_date)


def _papers(applications: Applications) -> APIRouter:
    router = APIRouter(prefix="/applications/{case_id}", tags=["申请材料 / Papers"])

    @router.post("/material-requests", summary="一次性告知补正 / Name all missing papers")
    async def request_materials(
        case_id: UUID,
        body: MissingMaterials,
        grant: Clerk,
        key: Idempotent,
        expected: IfMatch,
        response: Response,
    ) -> Receipt:
        case = await applications.take(case_id, grant, key, response)
        command = decisions.RequestMaterials(materials=body.materials)
        return await case.submit(decisions.request_materials, command, expected=expected)

    @router.post("/materials", summary="补交材料 / Hand in papers")
    async def supply_materials(
        case_id: UUID, body: NamedMaterials, grant: Window, key: Idempotent, response: Response
    ) -> Receipt:
        case = await applications.take(case_id, grant, key, response)
        command = decisions.SupplyMaterials(materials=body.materials)
        return await case.submit(decisions.supply_materials, command)

    return router
