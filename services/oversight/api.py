"""Oversight's routes: a case's timeline and past states, and the proof of every record."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from services.oversight.gateways import Others, ServiceAway
from services.oversight.problems import MOMENT_AHEAD, SERVICE_AWAY
from services.oversight.proving import Proof, prove
from services.oversight.rules import Finding
from services.oversight.views.timeline import Entry, Teller, Told, told
from shared.access.policy import Access, Grant
from shared.access.roles import Role
from shared.contracts.standards import StandardSet
from shared.kernel.copies import Copies, Copy
from shared.kernel.decider import Stream
from shared.regions import Level
from shared.runtime.history import InEffectOn, KnownAt, StreamAnswer
from shared.runtime.service import Service
from shared.settings import SERVICES
from shared.web.problems import Known, Problem

_PAGE = 1000

Audit = Annotated[Grant, Depends(Access([Role.AUDITOR], "case"))]
Prove = Annotated[Grant, Depends(Access([Role.AUDITOR, Role.OPERATOR], "home", command=False))]


class TimelineAnswer(BaseModel):
    """A case across all services, in causal order; ``next`` is the entry to go on after."""

    case_id: UUID
    entries: list[Entry]
    next: int | None = None


class CaseStateAnswer(BaseModel):
    """A case as known at a moment, or of that as in effect on a date, by service."""

    case_id: UUID
    known_at: datetime
    in_effect_on: date | None
    services: dict[str, list[StreamAnswer]]


class FindingAnswer(BaseModel):
    """One thing wrong, and where. Positions are those of the service's log (of the copies, where
    the damage is theirs).
    """

    damage: str
    zh: str
    en: str
    service: str
    position: int
    last: int
    stream: UUID | None
    version: int | None
    case_id: UUID | None
    other: int | None


class LogAnswer(BaseModel):
    """How much of a service's log was compared; ``under_way`` was not published yet."""

    service: str
    events: int
    under_way: int
    findings: int


class ProofAnswer(BaseModel):
    """What comparing every log with the copies has shown; ``listed`` of ``findings`` are given."""

    sound: bool
    copies: int
    logs: list[LogAnswer]
    findings: int
    listed: list[FindingAnswer]


def routers(service: Service) -> list[APIRouter]:
    """Oversight's routers."""
    others = Others(service)
    return [_cases(service, others), _proving(service, others)]


def _cases(service: Service, others: Others) -> APIRouter:
    router = APIRouter(prefix="/cases/{case_id}", tags=["个案审计 / Cases"])
    teller = Teller(service.policy, service.regions)
    copies = service.store.copies

    @router.get("/timeline", summary="个案全过程 / A case's timeline")
    async def timeline(
        case_id: UUID,
        grant: Audit,
        after: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
        limit: Annotated[int, Query(ge=1, le=1000)] = 500,
    ) -> TimelineAnswer:
        events = await asyncio.to_thread(_events_of, copies, case_id)
        grant.require(_division(events))
        beside = await asyncio.to_thread(_causes_beside, copies, events)
        division = _division(events)
        standards = await asyncio.to_thread(_standards, copies, service.settings.cell, division)
        entries = await asyncio.to_thread(teller.tell, events, beside, standards)
        page = entries[after : after + limit]
        following = after + limit if after + limit < len(entries) else None
        return TimelineAnswer(case_id=case_id, entries=page, next=following)

    @router.get("/history", summary="个案某时全貌 / A case at a moment, in all services")
    async def history(
        case_id: UUID, grant: Audit, known_at: KnownAt = None, in_effect_on: InEffectOn = None
    ) -> CaseStateAnswer:
        first = await asyncio.to_thread(copies.of_subject, case_id, 0, 1)
        grant.require(_division([told(copy) for copy in first]))
        now = await asyncio.to_thread(service.timekeeper.read)
        if known_at is not None and known_at > now:
            raise Problem(MOMENT_AHEAD, members={"latest": now.isoformat()})
        moment = known_at or now
        names = [name for name in SERVICES if name != service.name]
        try:
            found = await asyncio.gather(
                *(others.state(name, case_id, moment, in_effect_on) for name in names)
            )
        except ServiceAway as error:
            raise _away(error) from None
        return CaseStateAnswer(
            case_id=case_id,
            known_at=moment,
            in_effect_on=in_effect_on,
            services={
                name: state.streams
                for name, state in zip(names, found, strict=True)
                if state is not None and state.streams
            },
        )

    return router


def _events_of(copies: Copies, subject: UUID) -> list[Told]:
    found: list[Copy] = []
    while page := copies.of_subject(subject, found[-1].position if found else 0, _PAGE):
        found += page
    return [told(copy) for copy in found]


def _causes_beside(copies: Copies, events: Sequence[Told]) -> dict[UUID, Told]:
    """The causes of a case's events that are not its own, such as the release of a run's page."""
    own = {event.copy.event_id for event in events}
    causes = {event.envelope.causation_id for event in events} - own
    return {copy.event_id: told(copy) for copy in copies.of_events(list(causes))}


def _standards(copies: Copies, cell: str, division: str) -> dict[UUID, Told]:
    """What the county, prefecture and province around a division have set, by standard."""
    levels = (Level.PROVINCE, Level.PREFECTURE, Level.COUNTY)
    streams = (Stream("standards", level.around(division)) for level in levels)
    found = [
        event for stream in streams for event in _events_of(copies, stream.id(cell, "decision"))
    ]
    name = StandardSet.type
    return {UUID(one.data["standard_id"]): one for one in found if one.copy.type == name}


def _division(events: Sequence[Told]) -> str:
    """The division that took the case in. Raises 404 where nothing was received of it."""
    if not events:
        raise Problem(Known.NOT_FOUND)
    return events[0].envelope.region


def _proving(service: Service, others: Others) -> APIRouter:
    router = APIRouter(tags=["记录校验 / Proof"])
    home = service.settings.home_division

    @router.post("/ops/proofs", summary="校验全部记录 / Prove every record")
    async def proof(grant: Prove) -> ProofAnswer:
        grant.require(home)
        try:
            return _told(await prove(service, others))
        except ServiceAway as error:
            raise _away(error) from None

    return router


def _told(proof: Proof) -> ProofAnswer:
    return ProofAnswer(
        sound=not proof.findings,
        copies=proof.copies,
        logs=[LogAnswer(**vars(log)) for log in proof.logs],
        findings=proof.findings,
        listed=[_finding(found) for found in proof.listed],
    )


def _finding(found: Finding) -> FindingAnswer:
    told_: dict[str, Any] = found._asdict()
    damage = told_.pop("damage")
    return FindingAnswer(damage=damage.value, zh=damage.zh, en=damage.en, **told_)


def _away(error: ServiceAway) -> Problem:
    return Problem(SERVICE_AWAY, members={"service": error.service}, headers={"Retry-After": "5"})
