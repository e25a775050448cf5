"""Who is kept in mind: the list, reopening without asking anything twice, removal."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID, uuid5

from fastapi import APIRouter, Response
from pydantic import Field

from services.intake.api.access import Clerk, Read, ReadOwn, Wire
from services.intake.api.applying import ApplicationReceipt, open_applications
from services.intake.api.progress import QueryCodes
from services.intake.decisions.watch_list import RemoveEntry, ReopenCase, remove, reopening
from services.intake.model import (
    WatchListEntry,
    WatchStage,
    application_stream,
    watch_list_entry_of,
)
from services.intake.views import WatchListRow
from shared.access.persons import NoteText
from shared.contracts.fields import DivisionCode, Member, Programme
from shared.contracts.recognition import HardshipGround
from shared.contracts.watch_list import (
    PotentialRecipientWatched,
    RemovalReason,
    ReopeningOccasion,
)
from shared.regions import Level
from shared.runtime.cases import Cases
from shared.runtime.lists import list_page
from shared.runtime.service import Service
from shared.runtime.waiting import wait
from shared.web.commands import Receipt
from shared.web.cursors import Page, Paging
from shared.web.idempotency import Idempotent
from shared.web.preconditions import IfMatch, set_etag
from shared.web.waiting import Waiting

Entries = Cases[WatchListEntry, PotentialRecipientWatched]


class Reopening(Wire):
    """What brought the household back to mind, and what was seen or told."""

    occasion: ReopeningOccasion
    reason: Annotated[NoteText, Field(repr=False)]


class Removal(Wire):
    """Why the household need not be kept in mind any more."""

    reason: RemovalReason
    explanation: Annotated[NoteText, Field(repr=False)]


class WatchListAnswer(Wire):
    """An entry as it stands; ``reopened_as`` is the case that it became."""

    case_id: UUID
    stage: WatchStage
    programme: Programme
    division: DivisionCode
    applicant: UUID
    members: tuple[Member, ...]
    hardship: tuple[HardshipGround, ...]
    reopened_as: UUID | None


def watch_list_routers(service: Service, codes: QueryCodes) -> list[APIRouter]:
    """The routes of the watch list."""
    entries = Entries(service, watch_list_entry_of, lambda entry: entry.watched)
    return [_acting(entries, codes), _reading(entries)]


def _acting(entries: Entries, codes: QueryCodes) -> APIRouter:
    router = APIRouter(prefix="/watch-list/{case_id}", tags=["潜在救助对象 / Watch list"])
    reopen = reopening(entries.service.regions)

    @router.post("/reopening", status_code=201, summary="重新启动申请 / Reopen")
    async def reopen_case(
        case_id: UUID,
        body: Reopening,
        grant: Clerk,
        key: Idempotent,
        expected: IfMatch,
        response: Response,
    ) -> ApplicationReceipt:
        entry = await entries.take(case_id, grant, key, response)
        watched = entry.opening
        made = uuid5(key.command_id, "case")
        code = codes.draw(key.command_id)
        command = ReopenCase(
            refused_case=case_id,
            case_id=made,
            occasion=body.occasion,
            reason=await entry.put_note(body.reason, person_id=watched.applicant),
            query_code=codes.digest(code),
        )
        receipt = await entry.submit(
            reopen,
            command,
            beside=(
                application_stream(case_id),
                application_stream(made),
                *open_applications(watched.programme, watched.members),
            ),
            expected=expected,
        )
        response.headers["Cache-Control"] = "no-store"
        return ApplicationReceipt(case_id=made, query_code=code, **receipt.model_dump())

    @router.post("/removal", summary="移出潜在救助对象 / Remove")
    async def remove_entry(
        case_id: UUID,
        body: Removal,
        grant: Clerk,
        key: Idempotent,
        expected: IfMatch,
        response: Response,
    ) -> Receipt:
        entry = await entries.take(case_id, grant, key, response)
        command = RemoveEntry(
            reason=body.reason,
            explanation=await entry.put_note(body.explanation, person_id=entry.opening.applicant),
        )
        return await entry.submit(remove, command, expected=expected)

    return router


def _reading(entries: Entries) -> APIRouter:
    router = APIRouter(prefix="/watch-list", tags=["查询 / Reading"])

    @router.get("", summary="潜在救助对象名单 / Watch list")
    async def list_entries(
        grant: ReadOwn,
        paging: Paging,
        waiting: Waiting,
        division: DivisionCode | None = None,
        level: Level | None = None,
        stage: WatchStage | None = None,
    ) -> Page[WatchListRow]:
        return await list_page(
            entries.service,
            "watch_list",
            WatchListRow,
            grant.narrowed(division, level),
            paging,
            waiting=waiting,
            equal={"stage": stage},
        )

    @router.get("/{case_id}", summary="潜在救助对象 / One entry")
    async def one_entry(
        case_id: UUID, grant: Read, response: Response, waiting: Waiting
    ) -> WatchListAnswer:
        if waiting is not None:
            await wait(entries.service, "watch_list", waiting, case_id)
        entry = await entries.read(case_id, grant)
        set_etag(response, entry.version)
        watched = entry.opening
        return WatchListAnswer(
            case_id=case_id,
            stage=entry.state.stage,
            programme=watched.programme,
            division=watched.division,
            applicant=watched.applicant,
            members=watched.members,
            hardship=watched.hardship,
            reopened_as=entry.state.reopened_as,
        )

    return router
