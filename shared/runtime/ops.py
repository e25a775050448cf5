"""The operators' routes of every service: state, clock, parked records, the log's proof.

They show or move every case at once, so they ask for a token of the division that the whole
deployment serves: a county's operator or auditor has no part in them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import AwareDatetime, BaseModel, ConfigDict

from shared.access.policy import Access, Grant
from shared.access.roles import Role
from shared.clock import ClockError
from shared.kernel.submission import WriterClosed
from shared.runtime.backlog import backlog, next_due
from shared.runtime.notes import notes_named
from shared.runtime.parked import parked_routes
from shared.runtime.proof import proof_routes
from shared.runtime.rebuilding import view_routes
from shared.runtime.service import Service
from shared.settings import ClockKind
from shared.web.problems import Known, Problem

_OPERATE = Access([Role.OPERATOR], "home", command=False)
_LOOK = Access([Role.OPERATOR, Role.AUDITOR], "home")
_ASK = Access([Role.OPERATOR, Role.SERVICE], "home", purposes=["notes"])
Operate = Annotated[Grant, Depends(_OPERATE)]
Look = Annotated[Grant, Depends(_LOOK)]
Ask = Annotated[Grant, Depends(_ASK)]


class Backlog(BaseModel):
    """What is on its way inside the service; ``drained`` if nothing is.

    ``position`` is that of the log's last event. Two looks at every service, one after the other,
    that find all of them drained and at the same positions prove that the whole was drained.
    ``next_due`` is the next date on which something falls due here: until then, a drained system
    does nothing by itself.
    """

    drained: bool
    position: int
    waiting: dict[str, int]
    next_due: date | None


class ClockAnswer(BaseModel):
    """The service's moment (UTC), and whose it is."""

    now: datetime
    kind: ClockKind


class ClockMove(BaseModel):
    """Where the hand clock shall stand."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    to: AwareDatetime


class Status(BaseModel):
    """The service at a glance: engines, log position, queue, backlog and parked records.

    ``trouble`` is the reason that ``/readyz`` gives. Where commands are taken all the same, what
    follows from them waits.
    """

    service: str
    store: str
    bus: str
    views: str
    position: int
    taking_commands: bool
    trouble: str | None
    queued: int
    waiting: dict[str, int]
    parked: int


class HandledAnswer(BaseModel):
    """Whether a command has a recorded outcome, and its log position.

    ``now`` is the service's moment before it looked: a command that was not handled, and whose
    notes had expired by then, never will be. ``notes`` are those that its events name.
    """

    now: datetime
    handled: bool
    position: int | None = None
    events: int | None = None
    notes: tuple[UUID, ...] | None = None


def ops_routes(service: Service, trouble: Callable[[], str | None]) -> list[APIRouter]:
    """The routes under ``/ops``. ``trouble`` says why the service is not ready, if so."""
    return [
        _state(service, trouble),
        parked_routes(service),
        view_routes(service),
        proof_routes(service),
    ]


def _state(service: Service, trouble: Callable[[], str | None]) -> APIRouter:
    router = APIRouter(prefix="/ops", tags=["运维 / Operations"])
    home = service.settings.home_division

    @router.get("/status", summary="运行状态 / Status")
    async def status(grant: Look) -> Status:
        grant.require(home)
        position, waiting = await backlog(service)
        return Status(
            service=service.name,
            store=await asyncio.to_thread(service.store.version),
            bus=await asyncio.to_thread(service.bus.version),
            views=await service.views.engine(),
            position=position,
            taking_commands=service.writer.is_open and service.writer.trouble is None,
            trouble=trouble(),
            queued=service.writer.queued,
            waiting=waiting,
            parked=await asyncio.to_thread(service.store.parked_count),
        )

    @router.get("/backlog", summary="积压情况 / What is still on its way")
    async def show_backlog(grant: Look) -> Backlog:
        grant.require(home)
        position, waiting = await backlog(service)
        return Backlog(
            drained=not any(waiting.values()),
            position=position,
            waiting=waiting,
            next_due=await asyncio.to_thread(next_due, service),
        )

    async def shown() -> ClockAnswer:
        now = await asyncio.to_thread(service.timekeeper.read)
        return ClockAnswer(now=now, kind=service.settings.clock)

    @router.get("/clock", summary="系统时钟 / The clock")
    async def clock(grant: Look) -> ClockAnswer:
        grant.require(home)
        return await shown()

    @router.post("/clock", summary="拨动手动时钟 / Move the hand clock")
    async def move_clock(body: ClockMove, grant: Operate) -> ClockAnswer:
        grant.require(home)
        try:
            await asyncio.to_thread(service.timekeeper.set_to, body.to)
        except ClockError as error:
            raise Problem(Known.CONFLICT, str(error)) from None
        return await shown()

    @router.get("/commands/{command_id}", summary="命令是否已处理 / Was a command handled")
    async def command(command_id: UUID, grant: Ask) -> HandledAnswer:
        grant.require(home)
        if not service.writer.is_open:
            # A database that was put back and has not caught up yet knows nothing of what it lost:
            # whoever sweeps on its word would take away what its events name.
            raise WriterClosed("the log has not passed its check, or the service is stopping")
        now = await asyncio.to_thread(service.timekeeper.read)
        found: dict[UUID, Any] = await asyncio.to_thread(service.store.handled, [command_id])
        known = found.get(command_id)
        if known is None:
            return HandledAnswer(now=now, handled=False)
        notes = await asyncio.to_thread(notes_named, service.store, known)
        return HandledAnswer(
            now=now,
            handled=True,
            position=known.position,
            events=known.events,
            notes=tuple(sorted(notes)),
        )

    return router
