"""Meetings on a case, and slips of the pen that are corrected by naming the entry."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Annotated
from uuid import UUID, uuid5

from fastapi import APIRouter, Response
from pydantic import Field

from services.decision import decisions
from services.decision.api.access import ClerkOrOfficer, Determinations, Officer, Read, Wire
from services.decision.model import CaseFile, case_file_of
from shared.access.persons import NoteText
from shared.contracts.fields import ParameterName
from shared.contracts.meetings import (
    Attendance,
    CaseMeetingHeld,
    CorrectedStream,
    EntryCorrected,
    MeetingBody,
    MeetingKind,
    MeetingResolution,
)
from shared.kernel.decider import Stream
from shared.kernel.event import read
from shared.web.commands import Receipt
from shared.web.idempotency import Idempotent
from shared.web.problems import Known, Problem


class Attending(Wire):
    """Who came for a body, and whether they agreed."""

    body: MeetingBody
    person: UUID
    agreed: bool


class NewMeeting(Wire):
    """A meeting on a case: when, who, and what it resolved."""

    kind: MeetingKind
    held_on: date
    attendance: Annotated[tuple[Attending, ...], Field(min_length=1, max_length=100)]
    resolution: MeetingResolution
    minutes: Annotated[NoteText, Field(repr=False)]


class Correction(Wire):
    """Which entry, by its history and its number in it, should read otherwise, and why."""

    stream: CorrectedStream
    position: Annotated[int, Field(ge=1)]
    field: ParameterName
    reads_date: date | None = None
    reads_person: UUID | None = None
    reason: Annotated[NoteText, Field(repr=False)]


class CaseFileAnswer(Wire):
    """What accompanies a case: meetings, corrections, and the ids of its appeals."""

    applicant: UUID
    appeals: tuple[UUID, ...]
    meetings: tuple[CaseMeetingHeld, ...]
    corrections: tuple[EntryCorrected, ...]


def router(cases: Determinations) -> APIRouter:
    """The routes of a case's file."""
    router = APIRouter(prefix="/cases/{case_id}", tags=["一事一议与更正 / Meetings"])

    @router.get("/file", summary="会议与更正 / Meetings and corrections")
    async def file(case_id: UUID, grant: Read) -> CaseFileAnswer:
        case = await cases.read(case_id, grant)
        found: CaseFile = (await cases.service.read(case_file_of(case_id))).state
        return CaseFileAnswer(
            applicant=case.opening.applicant,
            appeals=found.appeals,
            meetings=found.meetings,
            corrections=found.corrections,
        )

    @router.post("/meetings", status_code=201, summary="记录一事一议 / Record a meeting")
    async def meet(
        case_id: UUID, body: NewMeeting, grant: Officer, key: Idempotent, response: Response
    ) -> Receipt:
        case = await cases.take(case_id, grant, key, response)
        command = decisions.RecordMeeting(
            case_id=case_id,
            meeting_id=uuid5(key.command_id, "meeting"),
            recorder=grant.caller.id,
            kind=body.kind,
            held_on=body.held_on,
            attendance=tuple(Attendance(**one.model_dump()) for one in body.attendance),
            resolution=body.resolution,
            minutes=await case.put_note(body.minutes),
        )
        return await case.submit(decisions.record_meeting, command, beside=(case_file_of(case_id),))

    @router.post("/corrections", status_code=201, summary="更正笔误 / Correct a slip of the pen")
    async def correct(
        case_id: UUID, body: Correction, grant: ClerkOrOfficer, key: Idempotent, response: Response
    ) -> Receipt:
        case = await cases.take(case_id, grant, key, response)
        stream = cases.service.stream_id(Stream.of_case(body.stream, case_id))
        rows = await asyncio.to_thread(cases.service.store.read_stream, stream)
        if len(rows) < body.position:
            raise Problem(Known.NOT_FOUND)
        entry = read(rows[body.position - 1])
        command = decisions.CorrectEntry(
            case_id=case_id,
            correction_id=uuid5(key.command_id, "correction"),
            corrector=grant.caller.id,
            entry=entry.id,
            entry_type=entry.type,
            **body.model_dump(exclude={"reason"}),
            reason=await case.put_note(body.reason),
        )
        return await case.submit(decisions.correct_entry, command, beside=(case_file_of(case_id),))

    return router
