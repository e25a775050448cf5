"""Proving every record: the copies walked once, then each service's log against them."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from functools import partial
from typing import Final
from uuid import UUID

from services.oversight.gateways import Others
from services.oversight.problems import COPIES_BEHIND
from services.oversight.rules import LISTED, Compared, Finding, Walked
from shared.kernel.store import Store
from shared.runtime.service import Service, topic_of
from shared.settings import SERVICES
from shared.web.problems import Problem

_PAGE: Final = 1000
_CATCH_UP_S: Final = 30.0
_LOOK_S: Final = 0.05


@dataclass(frozen=True)
class ProvedLog:
    """One service's log, compared."""

    service: str
    events: int
    under_way: int
    findings: int


@dataclass(frozen=True)
class Proof:
    """What was compared and found; ``listed`` are the first of the ``findings``."""

    copies: int
    logs: tuple[ProvedLog, ...]
    findings: int
    listed: tuple[Finding, ...]


async def prove(service: Service, others: Others) -> Proof:
    """Compare every log with the copies, in both directions.

    First how far each topic has its log, then the topics are taken in up to their ends of then:
    whatever was published by then has been copied, or is missing. Then the copies, then the
    logs: an event that is copied meanwhile is in its log before. Raises ``ServiceAway``, and a
    503 problem where the copies do not catch up.
    """
    relayed = {name: await others.relayed(name) for name in SERVICES}
    await _caught_up(service)
    walked = await asyncio.to_thread(_walk, service.store)
    logs: list[ProvedLog] = []
    findings = list(walked.findings)
    for name in SERVICES:
        compared = Compared(name, walked, relayed[name])
        async for page in others.marks(name):
            compared.take(page.marks)
        of_log = partial(service.store.copies.of_log, name)
        found = await asyncio.to_thread(compared.findings, of_log)
        findings += found
        logs.append(ProvedLog(name, compared.events, compared.under_way, len(found)))
    return Proof(walked.copies, tuple(logs), len(findings), tuple(findings[:LISTED]))


def _walk(store: Store) -> Walked:
    walked = Walked()
    while page := store.copies.read(walked.copies, _PAGE):
        walked.take(page)
    return walked


async def _caught_up(service: Service) -> None:
    """Return once every topic is taken in up to where it ends now."""
    ends = await asyncio.to_thread(_ends, service)
    deadline = time.monotonic() + _CATCH_UP_S
    while behind := await asyncio.to_thread(_behind, service, ends):
        if time.monotonic() > deadline:
            raise Problem(COPIES_BEHIND, members={"records": behind}, headers={"Retry-After": "30"})
        await asyncio.sleep(_LOOK_S)


Place = tuple[UUID, int]


def _ends(service: Service) -> dict[Place, int]:
    topics = [topic_of(service.settings.cell, name) for name in SERVICES]
    return {
        (service.bus.topic_id(topic), partition): end
        for topic in topics
        for partition, end in service.bus.end_offsets(topic).items()
    }


def _behind(service: Service, ends: dict[Place, int]) -> int:
    at = {(p.topic_id, p.partition): p.position for p in service.store.positions(service.name)}
    return sum(max(0, end - at.get(place, 0)) for place, end in ends.items())
