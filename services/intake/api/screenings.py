"""A county's screening: opened, its signed rosters taken over, its result confirmed."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final
from uuid import UUID, uuid5

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from services.intake.api.access import READERS, Registered, Wire, require_registered
from services.intake.decisions.screening import (
    ImportRoster,
    OpenScreening,
    SignOff,
    importing,
    opening,
    sign_off,
)
from services.intake.model import Screening, screening_of
from services.intake.views import ScreeningLedgerRow
from shared.access.persons import NewNote, NoteText
from shared.access.policy import Access, Grant
from shared.access.roles import Role
from shared.contracts.fields import DivisionCode, Sha256Hex
from shared.contracts.screening import RosterEntry, RosterKind, Year
from shared.kernel.states import StreamState
from shared.regions import Level
from shared.runtime.lists import list_page
from shared.runtime.notes import put_note
from shared.runtime.service import Service
from shared.web.commands import Receipt
from shared.web.cursors import Page, Paging
from shared.web.idempotency import Idempotent
from shared.web.preconditions import set_etag
from shared.web.problems import Known, Problem
from shared.web.waiting import Waiting

MAX_ROSTER: Final = 1_500
"""How many persons one import may bring; more come as several signed sheets."""

Officer = Annotated[Grant, Depends(Access([Role.COUNTY_OFFICER], "case"))]
Approver = Annotated[Grant, Depends(Access([Role.COUNTY_APPROVER], "case"))]
CountyRead = Annotated[
    Grant, Depends(Access([Role.COUNTY_OFFICER, Role.COUNTY_APPROVER, Role.AUDITOR], "case"))
]
LedgerRead = Annotated[Grant, Depends(Access(READERS, "own"))]


class NewScreening(Wire):
    """The county that begins to screen its people this year."""

    division: DivisionCode
    year: Year


class NewRoster(Wire):
    """A signed roster: who signed it, when, and the digest of the signed paper."""

    kind: RosterKind
    signer: UUID
    signed_on: date
    document_digest: Sha256Hex
    entries: Annotated[tuple[RosterEntry, ...], Field(min_length=1, max_length=MAX_ROSTER)]


class RosterReceipt(Receipt):
    """A roster's receipt."""

    roster_id: UUID


class Confirmation(Wire):
    """What the leading group confirmed, by how many, with its minutes."""

    present: Annotated[int, Field(ge=1, le=1_000)]
    included: Annotated[int, Field(ge=0, le=10_000_000)]
    excluded: Annotated[int, Field(ge=0, le=10_000_000)]
    minutes: Annotated[NoteText, Field(repr=False)]


class ScreeningAnswer(Wire):
    """A county's screening of a year; dates are the last days of its steps, where it has any."""

    division: DivisionCode
    year: int
    expected: tuple[RosterKind, ...]
    received: tuple[RosterKind, ...]
    rosters_due: date | None
    screening_due: date | None
    enrolment_due: date | None
    sign_off_due: date | None
    signed_off: bool


def screening_routers(service: Service, registered: Registered) -> list[APIRouter]:
    """The routes of screenings; ``registered`` asks the registry in this process."""
    return [_acting(service, registered), _reading(service)]


def _acting(service: Service, registered: Registered) -> APIRouter:
    router = APIRouter(prefix="/screenings", tags=["摸底排查 / Screenings"])
    open_screening, import_roster = opening(service.regions), importing(service.regions)

    @router.post("", status_code=201, summary="启动摸底排查 / Begin to screen")
    async def open_one(
        body: NewScreening, grant: Officer, key: Idempotent, response: Response
    ) -> Receipt:
        grant.require(body.division)
        return await service.execute(
            grant,
            key,
            response,
            region=body.division,
            reads=(screening_of(body.division, body.year),),
            decide=open_screening,
            command=OpenScreening(division=body.division, year=body.year),
        )

    @router.post("/{county}/{year}/rosters", status_code=201, summary="导入签章名册 / A roster")
    async def import_one(
        county: DivisionCode,
        year: Year,
        body: NewRoster,
        grant: Officer,
        key: Idempotent,
        response: Response,
    ) -> RosterReceipt:
        await _read(service, county, year, grant)
        await require_registered(registered, [entry.person_id for entry in body.entries])
        roster_id = uuid5(key.command_id, "roster")
        receipt = await service.execute(
            grant,
            key,
            response,
            region=county,
            reads=(screening_of(county, year),),
            decide=import_roster,
            command=ImportRoster(
                actor=grant.caller.id,
                roster_id=roster_id,
                kind=body.kind,
                signer=body.signer,
                signed_on=body.signed_on,
                document_digest=body.document_digest,
                entries=body.entries,
            ),
        )
        return RosterReceipt(roster_id=roster_id, **receipt.model_dump())

    @router.post("/{county}/{year}/sign-off", summary="领导小组审议确认 / Confirm the result")
    async def confirm(
        county: DivisionCode,
        year: Year,
        body: Confirmation,
        grant: Approver,
        key: Idempotent,
        response: Response,
    ) -> Receipt:
        await _read(service, county, year, grant)
        stream = screening_of(county, year)
        owner = service.stream_id(stream)
        words = NewNote(region=county, text=body.minutes, case_id=owner)
        minutes, note = await put_note(service, key, words)
        return await service.execute(
            grant,
            key,
            response,
            region=county,
            reads=(stream,),
            decide=sign_off,
            command=SignOff(
                actor=grant.caller.id,
                present=body.present,
                included=body.included,
                excluded=body.excluded,
                minutes=minutes,
            ),
            notes=(note,),
        )

    return router


async def _read(service: Service, county: str, year: int, grant: Grant) -> StreamState:
    """A county's screening from the log. Raises 404, or 403 outside the jurisdiction."""
    grant.require(county)
    found = await service.read(screening_of(county, year))
    screening: Screening = found.state
    if screening.opened is None:
        raise Problem(Known.NOT_FOUND)
    return found


def _reading(service: Service) -> APIRouter:
    router = APIRouter(tags=["查询 / Reading"])

    @router.get("/screenings/{county}/{year}", summary="摸底排查 / One screening")
    async def one_screening(
        county: DivisionCode, year: Year, grant: CountyRead, response: Response
    ) -> ScreeningAnswer:
        found = await _read(service, county, year, grant)
        set_etag(response, found.version)
        return _answer(found.state)

    @router.get("/screening-ledger", summary="工作台账 / Ledger")
    async def ledger(
        grant: LedgerRead,
        paging: Paging,
        waiting: Waiting,
        division: DivisionCode | None = None,
        level: Level | None = None,
        year: Year | None = None,
    ) -> Page[ScreeningLedgerRow]:
        return await list_page(
            service,
            "screening_ledger",
            ScreeningLedgerRow,
            grant.narrowed(division, level),
            paging,
            waiting=waiting,
            equal={"year": year},
        )

    return router


def _answer(screening: Screening) -> ScreeningAnswer:
    opened = screening.opened
    if opened is None:
        raise Problem(Known.NOT_FOUND)
    return ScreeningAnswer(
        division=opened.division,
        year=opened.year,
        expected=opened.expected,
        received=tuple(kind for kind in RosterKind if kind in screening.kinds),
        rosters_due=opened.rosters_due,
        screening_due=opened.screening_due,
        enrolment_due=opened.enrolment_due,
        sign_off_due=opened.sign_off_due,
        signed_off=screening.signed_off is not None,
    )
