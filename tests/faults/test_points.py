"""A process killed with SIGKILL at each named point, restarted, and the story lived to its end."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import pytest

from infra.demo.cells import SHAANXI
from infra.engines import Engine
from tests.faults.later import live_in_care, live_on, rebuild
from tests.faults.lives import Driver, driving
from tests.faults.nursery import Nursery
from tests.faults.points import (
    AFTER_COMMIT,
    AFTER_COPY,
    AFTER_POLL,
    AFTER_PRODUCE,
    BEFORE_BESIDE,
    BEFORE_BESIDE_POSITION,
    BEFORE_COMMIT,
    BEFORE_COPY,
    BEFORE_COPY_COMMIT,
    BEFORE_INSERT,
    BEFORE_POSITION,
    BEFORE_SWEEP,
    BEFORE_SWITCH,
    BEFORE_VIEW_POSITION,
    BETWEEN_DOCUMENTS,
    IN_REDRIVE,
    Faults,
)
from tests.faults.reconcile import reconcile
from tests.faults.site import Site, distributed_site, embedded_site

COMPLETED: Final = 3
"""The move of the clock after which the checks are completed."""

SPOILED: Final = Faults(spoiled="check-completed")

REBUILD: Final = (
    Faults(AFTER_COMMIT, "view-rebuild-ordered"),
    Faults(BEFORE_BESIDE),
    Faults(BEFORE_BESIDE_POSITION),
    Faults(BEFORE_SWITCH),
    # Swept is what was beside before the new generation stands there, and after the switch.
    Faults(BEFORE_SWEEP, nth=2),
    Faults(BEFORE_INSERT, "view-rebuilt"),
    Faults(AFTER_COMMIT, "view-rebuilt"),
)
"""What befalls a view's rebuild, effect by effect."""

GENERATION: Final = 4
"""Readers see the fourth: with two the process died before the switch, and none came after it."""

EMBEDDED: Final = {
    "turns": (
        Faults(BEFORE_INSERT, "application-submitted"),
        Faults(BEFORE_COMMIT, "application-accepted"),
        Faults(AFTER_COMMIT, "home-visit-recorded"),
        Faults(AFTER_COMMIT, "check-completed"),
        Faults(BEFORE_COMMIT, "publicity-completed"),
        Faults(AFTER_COMMIT, "case-confirmed"),
        Faults(BEFORE_INSERT, "payment-intended"),
        Faults(BEFORE_COMMIT, "payment-settled"),
    ),
    "bus": (
        Faults(AFTER_PRODUCE, "application-accepted"),
        Faults(AFTER_POLL, "application-accepted"),
        Faults(BEFORE_POSITION, "check-completed"),
        Faults(AFTER_PRODUCE, "case-confirmed"),
        Faults(AFTER_POLL, "case-confirmed"),
        Faults(BEFORE_POSITION, "payment-settled"),
    ),
    "views": (
        Faults(BETWEEN_DOCUMENTS),
        Faults(BEFORE_VIEW_POSITION, nth=4),
        SPOILED,
        Faults(IN_REDRIVE),
        Faults(BEFORE_VIEW_POSITION, nth=9),
    ),
}
"""The lives of the one process, in the story's order."""

LATER: Final = (
    Faults(AFTER_COMMIT, "fund-advanced"),
    Faults(BEFORE_COMMIT, "aid-payment-intended"),
    Faults(AFTER_COMMIT, "aid-payment-intended"),
    Faults(BEFORE_INSERT, "payment-settled"),
    Faults(BEFORE_COPY, "aid-explained"),
    Faults(AFTER_COMMIT, "payment-returned"),
    Faults(BEFORE_COMMIT, "fund-advance-returned"),
    Faults(AFTER_COMMIT, "phase-out-started"),
    Faults(BEFORE_COPY_COMMIT, "run-approved"),
    Faults(BEFORE_COMMIT, "case-ended"),
    Faults(AFTER_COMMIT, "case-ended"),
    Faults(BEFORE_INSERT, "entitlement-ended"),
    *REBUILD,
)
"""The same for what comes after the story."""

CARE: Final = (
    Faults(AFTER_COMMIT, "self-care-assessed"),
    Faults(AFTER_COMMIT, "agreement-signed"),
    Faults(AFTER_COPY, "contact-recorded"),
    Faults(BEFORE_COMMIT, "monthly-contact-missed"),
    Faults(AFTER_COMMIT, "monthly-contact-missed"),
)
"""And for a tekun person's months."""

DISTRIBUTED: Final = {
    "intake-api-1": (
        Faults(BEFORE_INSERT, "application-submitted"),
        Faults(AFTER_COMMIT, "application-accepted"),
    ),
    "intake-worker-1": (
        Faults(BEFORE_POSITION, "application-accepted"),
        Faults(BETWEEN_DOCUMENTS),
        Faults(BEFORE_BESIDE_POSITION),
        Faults(BEFORE_SWITCH),
        Faults(BEFORE_INSERT, "view-rebuilt"),
    ),
    "verification-api-1": (
        Faults(BEFORE_COMMIT, "home-visit-recorded"),
        Faults(AFTER_COMMIT, "check-completed"),
    ),
    "verification-worker-1": (
        Faults(AFTER_POLL, "application-accepted"),
        Faults(BEFORE_INSERT, "department-answered"),
        Faults(AFTER_PRODUCE, "check-completed"),
    ),
    "decision-api-1": (Faults(IN_REDRIVE), Faults(AFTER_COMMIT, "aid-granted")),
    "decision-worker-1": (
        SPOILED,
        Faults(BEFORE_VIEW_POSITION),
        Faults(AFTER_COMMIT, "publicity-completed"),
        Faults(BEFORE_COMMIT, "case-ended"),
    ),
    "payment-api-1": (Faults(BEFORE_COMMIT, "run-approved"),),
    "payment-worker-1": (
        Faults(AFTER_POLL, "case-confirmed"),
        Faults(BEFORE_COMMIT, "payment-intended"),
        Faults(BEFORE_POSITION, "payment-settled"),
        Faults(AFTER_COMMIT, "fund-advanced"),
        Faults(AFTER_COMMIT, "payment-returned"),
    ),
    "oversight-worker-1": (
        Faults(BEFORE_COPY, "application-accepted"),
        Faults(BEFORE_COPY_COMMIT, "case-confirmed"),
        Faults(AFTER_COPY, "payment-settled"),
    ),
}
"""The lives of each process."""


@pytest.mark.parametrize("lives", EMBEDDED)
async def test_embedded(folder: Path, nursery: Nursery, lives: str) -> None:
    with embedded_site(folder, nursery) as site:
        site.plant("embedded", *EMBEDDED[lives])
        site.start()
        site.keep()
        async with driving(site) as driver:
            if SPOILED in EMBEDDED[lives]:
                driver.between.append(_Repair(site, driver, "embedded", "verification", "decision"))
            figures = await driver.live()
            await reconcile(site, driver, figures)
        assert not site.missed()


async def test_embedded_after_the_story(folder: Path, nursery: Nursery) -> None:
    with embedded_site(folder, nursery) as site:
        site.plant("embedded", *LATER)
        site.start()
        site.keep()
        async with driving(site) as driver:
            figures = await driver.live(1)
            await live_on(driver, list(figures))
            assert await rebuild(driver, "payment", "payments") == GENERATION
            await reconcile(site, driver, figures)
        assert not site.missed()


async def test_embedded_in_care(folder: Path, nursery: Nursery) -> None:
    with embedded_site(folder, nursery, **SHAANXI.settings) as site:
        site.plant("embedded", *CARE)
        await _live_in_care(site)


async def test_distributed_in_care(
    folder: Path, nursery: Nursery, mortal: dict[str, Engine]
) -> None:
    home = {name: value for name, value in SHAANXI.settings.items() if name != "CELL"}
    with distributed_site(folder, nursery, mortal, **home) as site:
        site.plant("care-api-1", Faults(AFTER_COMMIT, "agreement-signed"))
        site.plant("care-worker-1", *(fault for fault in CARE if "missed" in fault.event))
        await _live_in_care(site)


async def _live_in_care(site: Site) -> None:
    site.start()
    site.keep()
    async with driving(site) as driver:
        await live_in_care(driver)
        await reconcile(site, driver)
    assert not site.missed()


async def test_distributed(folder: Path, nursery: Nursery, mortal: dict[str, Engine]) -> None:
    with distributed_site(folder, nursery, mortal) as site:
        for name, lives in DISTRIBUTED.items():
            site.plant(name, *lives)
        site.start()
        site.keep()
        async with driving(site) as driver:
            driver.between.append(_Repair(site, driver, "decision-worker-1", "decision"))
            figures = await driver.live()
            await live_on(driver, list(figures))
            generation = await rebuild(driver, "intake", "applications")
            assert generation == GENERATION, site.missed()
            await reconcile(site, driver, figures)
        assert not site.missed()


class _Repair:
    """Once the checks are completed: the broken release goes, what it parked is redriven.

    ``services`` are those that react in the broken process to what it cannot read.
    """

    def __init__(self, site: Site, driver: Driver, broken: str, *services: str) -> None:
        self._site = site
        self._driver = driver
        self._broken = broken
        self._services = services

    async def __call__(self, moves: int, _to: date) -> None:
        if moves != COMPLETED:
            return
        parked = {service: await self._parked(service) for service in self._services}
        for rows in parked.values():
            assert [(row["reason"], row["ordinal"]) for row in rows] == [("reaction-failed", 1)] * 2
        self._site.kill(self._broken)
        for service, rows in parked.items():
            for row in rows:
                await self._redrive(service, row)
            assert await self._parked(service) == []
        await self._driver.settle()

    async def _redrive(self, service: str, row: dict[str, Any]) -> None:
        path = "/ops/parked/{consumer}/{key}/{ordinal}/redrive".format(**row)
        key, operator = uuid4(), self._driver.operator
        await self._driver.persist(lambda: operator.post(service, path, key=key))

    async def _parked(self, service: str) -> list[dict[str, Any]]:
        operator = self._driver.operator
        found = await self._driver.persist(lambda: operator.get(service, "/ops/parked"))
        return list(found["items"])
