"""Applications as they stand, and their list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

from fastapi import APIRouter, Response

from services.intake.api.access import Applications, Read, ReadOwn, Wire
from services.intake.model import Application, Status
from services.intake.rules.competence import name_of
from services.intake.views import ApplicationRow
from shared.contracts.fields import (
    AidPlace,
    AidRequest,
    DivisionCode,
    Due,
    Member,
    NoteRef,
    Programme,
)
from shared.contracts.intake import (
    ActingFor,
    ApplicationAccepted,
    ApplicationSubmitted,
    EmergencyAccepted,
    Material,
    MissingSignature,
    NearKin,
    WayIn,
)
from shared.contracts.recognition import HouseholdStatus
from shared.contracts.residence import Residence
from shared.regions import Level
from shared.runtime.lists import list_page
from shared.runtime.waiting import wait
from shared.web.cursors import Page, Paging
from shared.web.preconditions import set_etag
from shared.web.waiting import Waiting


class CompetentTownship(Wire):
    """A township that may be asked; no name where the table of divisions does not reach."""

    division: DivisionCode
    name: str


class ApplicationAnswer(Wire):
    """An application as it stands. ``reason`` names a note in the vault.

    ``pay_by`` is when an accepted emergency is to be paid at the latest. ``reopens`` is the
    refused case of the watch list that it came of, ``recognised`` what a refused household is.
    ``competent`` are the townships that may be asked, as far as ``residences`` are stated;
    ``kin_owed``: it was accepted, and nobody has said if officials are near kin.
    ``decide_by`` is the last day for the decision, as counted at the acceptance.
    """

    case_id: UUID
    status: Status
    programme: Programme
    division: DivisionCode
    applicant: UUID
    members: tuple[Member, ...]
    supplied: tuple[Material, ...]
    requested: tuple[Material, ...] | None
    outstanding: tuple[Material, ...]
    signatures_requested: tuple[MissingSignature, ...]
    survey_due: Due | None
    aid: AidRequest | None
    pay_by: Due | None
    refused: bool | None
    recognised: HouseholdStatus | None
    reopens: UUID | None
    way: WayIn | None
    acting: ActingFor | None
    place: AidPlace | None
    residences: tuple[Residence, ...] | None
    permit_until: date | None
    competent: tuple[CompetentTownship, ...]
    decide_by: Due | None
    kin: tuple[NearKin, ...] | None
    kin_owed: bool
    authorised: tuple[UUID, ...]
    declared_true: bool
    reason: NoteRef


def reading(applications: Applications) -> APIRouter:
    """An application from the log, and the list from the view."""
    router = APIRouter(prefix="/applications", tags=["查询 / Reading"])

    @router.get("", summary="申请列表 / Applications")
    async def list_applications(
        grant: ReadOwn,
        paging: Paging,
        waiting: Waiting,
        division: DivisionCode | None = None,
        level: Level | None = None,
        status: Status | None = None,
        programme: Programme | None = None,
        kin_owed: bool | None = None,
    ) -> Page[ApplicationRow]:
        return await list_page(
            applications.service,
            "applications",
            ApplicationRow,
            grant.narrowed(division, level),
            paging,
            waiting=waiting,
            equal={"status": status, "programme": programme, "kin_owed": kin_owed},
        )

    @router.get("/{case_id}", summary="个案申请 / One application")
    async def one_application(
        case_id: UUID, grant: Read, response: Response, waiting: Waiting
    ) -> ApplicationAnswer:
        if waiting is not None:
            await wait(applications.service, "applications", waiting, case_id)
        case = await applications.read(case_id, grant)
        set_etag(response, case.version)
        on = await applications.service.today()
        return _answer(
            case_id,
            case.state,
            case.opening,
            lambda code: name_of(applications.service.regions, code, on),
        )

    return router


def _answer(
    case_id: UUID,
    application: Application,
    submitted: ApplicationSubmitted,
    name: Callable[[str], str],
) -> ApplicationAnswer:
    accepted, where = application.accepted, application.where
    return ApplicationAnswer(
        case_id=case_id,
        status=application.status,
        programme=submitted.programme,
        division=submitted.division,
        applicant=submitted.applicant,
        members=submitted.members,
        supplied=tuple(m for m in Material if m in application.supplied),
        requested=application.requested,
        outstanding=application.outstanding,
        signatures_requested=application.signatures_requested,
        survey_due=accepted.survey_due if isinstance(accepted, ApplicationAccepted) else None,
        aid=submitted.aid,
        pay_by=accepted.pay_by if isinstance(accepted, EmergencyAccepted) else None,
        refused=application.refused,
        recognised=application.recognised,
        reopens=submitted.reopens,
        way=submitted.way,
        acting=submitted.acting,
        place=where.place if where else submitted.place,
        residences=where.residences if where else None,
        permit_until=where.permit_until if where else None,
        competent=tuple(
            CompetentTownship(division=code, name=name(code))
            for code in (where.competent if where else ())
        ),
        decide_by=accepted.decide_by if isinstance(accepted, ApplicationAccepted) else None,
        kin=application.kin,
        kin_owed=application.kin_owed,
        authorised=tuple(application.authorisations),
        declared_true=application.declared_true,
        reason=submitted.reason,
    )
