"""Engines that are away at the start, and engines that die in the middle of the story."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final

from infra.demo.office import CLERK
from infra.engines import Engine
from shared.settings import SERVICES
from tests.faults.lives import Driver, driving
from tests.faults.nursery import Nursery
from tests.faults.points import AFTER_PRODUCE, BEFORE_COMMIT, BEFORE_VIEW_POSITION, Faults
from tests.faults.reconcile import reconcile
from tests.faults.site import Site, distributed_site, until

DEADLINE_S: Final = 2.0
"""The relay's deadline for acknowledgements, which is our delivery timeout: 30 s by default."""

WITHIN_S: Final = 90.0


def _held(point: str, event: str = "") -> Faults:
    """Stand still there."""
    return Faults(point, event, how="SIGSTOP")


async def test_engines_are_away_at_the_start_and_die_under_way(
    folder: Path, nursery: Nursery, mortal: dict[str, Engine]
) -> None:
    deadline_ms = str(int(DEADLINE_S * 1000))
    with distributed_site(folder, nursery, mortal, RELAY_DEADLINE_MS=deadline_ms) as site:
        for engine in mortal.values():
            await asyncio.to_thread(engine.kill)
        for outage in OUTAGES:
            site.plant(outage.process, outage.point)
        site.start()
        site.keep()
        async with driving(site) as driver, asyncio.TaskGroup() as group:
            await _lives_without_engines(site, driver)
            await asyncio.gather(*(asyncio.to_thread(e.start) for e in mortal.values()))
            await asyncio.to_thread(site.wait_ready)
            for outage in OUTAGES:
                group.create_task(_befall(site, mortal, outage))
            figures = await driver.live()
            await reconcile(site, driver, figures)
        assert not site.missed()
        told = site.processes["verification-worker-1"].log.read_text(encoding="utf-8")
        assert "relay waits: BusAway: Kafka did not acknowledge every record" in told
        assert "relay goes on" in told


async def _lives_without_engines(site: Site, driver: Driver) -> None:
    """Processes answer, say that they cannot work, and refuse commands with a problem."""
    driver.client.patience_s = 0

    def waiting() -> bool:
        return all(
            site.health(f"{service}-{part}-1")[0] == HTTPStatus.SERVICE_UNAVAILABLE
            for service in SERVICES
            for part in ("api", "worker")
        )

    await until(waiting)
    log = site.processes["decision-api-1"].log
    await until(lambda: "engine-away" in log.read_text(encoding="utf-8"))
    await until(lambda: site.health("issuer")[0] == HTTPStatus.OK)
    status, body = site.health("decision-api-1")
    assert status == HTTPStatus.SERVICE_UNAVAILABLE
    assert '"event-store":"away"' in body
    run = {"programme": "dibao", "division": CLERK.division, "month": "2020-05"}
    answer = await driver.client.call(CLERK, "POST", "payment", "/runs", run)
    assert answer.status_code in {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.FORBIDDEN}
    driver.client.patience_s = WITHIN_S
    assert not site.unexpected


@dataclass(frozen=True)
class Outage:
    """An engine dies while a process stands still at a point; the process then goes on."""

    process: str
    point: Faults
    engine: str


OUTAGES: Final = (
    # What was sent is not acknowledged, for longer than the relay waits.
    Outage("verification-worker-1", _held(AFTER_PRODUCE, "home-visit-recorded"), "kafka"),
    Outage("decision-api-1", _held(BEFORE_COMMIT, "township-approved"), "postgres"),
    Outage("decision-worker-1", _held(BEFORE_VIEW_POSITION), "mongo"),
    Outage("payment-worker-1", _held(BEFORE_COMMIT, "payment-intended"), "postgres"),
)


async def _befall(site: Site, engines: dict[str, Engine], outage: Outage) -> None:
    process, engine = site.processes[outage.process], engines[outage.engine]
    await until(lambda: site.victim(outage.point) is process and process.stopped)
    await asyncio.to_thread(engine.kill)
    process.resume()
    began = time.monotonic()
    await until(lambda: site.health(outage.process)[0] == HTTPStatus.SERVICE_UNAVAILABLE)
    if outage.engine == "kafka":
        await until(lambda: time.monotonic() > began + 2 * DEADLINE_S)
    await asyncio.to_thread(engine.start)
