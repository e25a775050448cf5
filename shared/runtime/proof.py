"""The operators' and auditors' routes to the log: read it, verify it, recover it."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, ConfigDict

from shared.access.policy import Access, Grant
from shared.access.roles import Role
from shared.bus.recovery import NotRecoverable, recover
from shared.bus.witness import body_digest_of, command_id_of, is_sound, relayed_position, verify
from shared.kernel.event import Recorded, read
from shared.kernel.proof import Mark
from shared.kernel.store import Store
from shared.runtime.history import AUDIT
from shared.runtime.service import Service
from shared.web.problems import Known, Problem

Look = Annotated[Grant, Depends(Access([Role.OPERATOR, Role.AUDITOR], "home"))]
Prove = Annotated[Grant, Depends(Access([Role.OPERATOR, Role.AUDITOR], "home", command=False))]
Compare = Annotated[
    Grant,
    Depends(Access([Role.OPERATOR, Role.AUDITOR, Role.SERVICE], "home", purposes=[AUDIT])),
]
Operate = Annotated[Grant, Depends(Access([Role.OPERATOR], "home", command=False))]


class LoggedEvent(BaseModel):
    """An event as the log has it; ``event`` is its document, ``digest`` in hexadecimal."""

    position: int
    digest: str
    event: dict[str, Any]


class LogPage(BaseModel):
    """Events in the log's order; ``next`` is the position to go on after, absent at the end."""

    events: list[LoggedEvent]
    next: int | None = None


class MarkPage(BaseModel):
    """Marks in the log's order, for a comparison with a copy.

    ``head`` is where the log ends, ``relayed`` how far its topic has it.
    """

    head: int
    relayed: int
    marks: list[Mark]
    next: int | None = None


class FindingAnswer(BaseModel):
    """One thing wrong with the log, and where."""

    what: str
    position: int
    sentence: str


class VerifyAnswer(BaseModel):
    """What comparing every event of the log with its topic has shown."""

    service: str
    events: int
    sound: bool
    findings: list[FindingAnswer]


class RecoverOrder(BaseModel):
    """How to recover. ``accept_partial``: commands may stay half done, in the operator's name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    accept_partial: bool = False


class PartialCommand(BaseModel):
    """A command of which the topic holds only some events: the log positions of both kinds."""

    command_id: UUID
    present: list[int]
    absent: list[int]


class RecoverAnswer(BaseModel):
    """What was put back from the topic, and what the topic cannot give.

    Nothing was ``written`` where commands would be left half done and nobody has accepted it.
    """

    written: bool
    events: int
    commands: int
    lost_positions: list[int]
    partial_commands: list[PartialCommand]
    parked: int
    since: datetime | None


def proof_routes(service: Service) -> APIRouter:
    """The routes under ``/ops/log``."""
    router = APIRouter(prefix="/ops/log", tags=["日志与校验 / Log and proof"])
    home = service.settings.home_division

    @router.get("", summary="读取日志 / Read the log")
    async def log(
        grant: Look,
        after: Annotated[int, Query(ge=0, lt=2**63)] = 0,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> LogPage:
        grant.require(home)
        rows = await asyncio.to_thread(service.store.read_log, after, limit)
        following = rows[-1].position if len(rows) == limit else None
        return LogPage(events=[_logged(row) for row in rows], next=following)

    @router.get("/marks", summary="日志摘要 / The log's marks")
    async def marks(
        grant: Compare,
        after: Annotated[int, Query(ge=-(2**63), lt=2**63)] = -(2**63),
        limit: Annotated[int, Query(ge=1, le=5000)] = 1000,
    ) -> Response:
        grant.require(home)
        relayed = await asyncio.to_thread(
            relayed_position, service.store, service.bus, service.topic
        )
        page = await asyncio.to_thread(mark_page, service.store, relayed, after, limit)
        return Response(page.model_dump_json(), media_type="application/json")

    @router.post("/verify", summary="校验日志 / Verify the log against its topic")
    async def verify_log(grant: Prove) -> VerifyAnswer:
        grant.require(home)
        findings = await asyncio.to_thread(verify, service.store, service.bus, service.topic)
        return VerifyAnswer(
            service=service.name,
            events=await asyncio.to_thread(service.store.head),
            sound=not findings,
            findings=[
                FindingAnswer(what=f.damage, position=f.position, sentence=str(f)) for f in findings
            ],
        )

    @router.post("/recover", summary="从主题恢复日志 / Recover the log from its topic")
    async def recover_log(grant: Operate, order: RecoverOrder | None = None) -> RecoverAnswer:
        grant.require(home)
        if service.writer.is_open:
            detail = "日志与主题一致，无需恢复 / The log agrees with its topic"
            raise Problem(Known.CONFLICT, detail)
        agenda = service.definition.domain.agenda
        accepts = grant.caller.id if order is not None and order.accept_partial else None
        try:
            done = await asyncio.to_thread(
                recover, service.store, service.bus, service.topic, agenda, accepts
            )
        except NotRecoverable as error:
            raise Problem(Known.CONFLICT, str(error)) from None
        if done.written and done.until is not None:
            # A hand clock is a row of the same database: it went back with the rest.
            await asyncio.to_thread(service.timekeeper.catch_up, done.until)
        return RecoverAnswer(
            written=done.written,
            events=done.events,
            commands=done.commands,
            lost_positions=done.lost_positions,
            partial_commands=[PartialCommand(**found._asdict()) for found in done.partial_commands],
            parked=done.parked,
            since=done.since,
        )

    return router


def mark_page(store: Store, relayed: int, after: int, limit: int) -> MarkPage:
    """The marks of the events past a position of the log. Blocks."""
    rows = store.read_log(after, limit)
    commands = {row.position: command_id_of(row) for row in rows}
    outcomes = store.handled(list({c for c in commands.values() if c is not None}))

    def mark(row: Recorded) -> Mark:
        command = commands[row.position]
        outcome = None if command is None else outcomes.get(command)
        return Mark(
            position=row.position,
            stream=row.stream,
            version=row.version,
            body=body_digest_of(row).hex(),
            digest=row.digest.hex() if isinstance(row.digest, bytes) else "",
            sealed=is_sound(row),
            accounted=outcome is not None and 0 <= outcome.position - row.position < outcome.events,
        )

    return MarkPage(
        head=store.head(),
        relayed=relayed,
        marks=[mark(row) for row in rows],
        next=rows[-1].position if len(rows) == limit else None,
    )


def _logged(row: Recorded) -> LoggedEvent:
    document = read(row).model_dump(mode="json", by_alias=True, exclude_none=True)
    return LoggedEvent(position=row.position, digest=row.digest.hex(), event=document)
