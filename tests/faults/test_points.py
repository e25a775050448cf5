"""A process killed with SIGKILL at each named point, restarted, and the story lived to its end."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import pytest

from infra.engines import Engine
from tests.faults.lives import Driver, driving
from tests.faults.nursery import Nursery
from tests.faults.points import (
    AFTER_COMMIT,
    AFTER_POLL,
    AFTER_PRODUCE,
    BEFORE_COMMIT,
    BEFORE_INSERT,
    BEFORE_POSITION,
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

DISTRIBUTED: Final = {
    "intake-api-1": (
        Faults(BEFORE_INSERT, "application-submitted"),
        Faults(AFTER_COMMIT, "application-accepted"),
    ),
    "intake-worker-1": (
        Faults(BETWEEN_DOCUMENTS),
        Faults(BEFORE_POSITION, "application-accepted"),
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
    "decision-api-1": (Faults(IN_REDRIVE),),
    "decision-worker-1": (
        SPOILED,
        Faults(BEFORE_VIEW_POSITION),
        Faults(AFTER_COMMIT, "publicity-completed"),
    ),
    "payment-api-1": (Faults(BEFORE_COMMIT, "run-approved"),),
    "payment-worker-1": (
        Faults(AFTER_POLL, "case-confirmed"),
        Faults(BEFORE_COMMIT, "payment-intended"),
        Faults(BEFORE_INSERT, "payment-settled"),
        Faults(BEFORE_POSITION, "payment-settled"),
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
                driver.between.append(_Repair(site, driver, "embedded"))
            figures = await driver.live()
            await reconcile(site, driver, figures)
        assert not site.missed()


async def test_distributed(folder: Path, nursery: Nursery, mortal: dict[str, Engine]) -> None:
    with distributed_site(folder, nursery, mortal) as site:
        for name, lives in DISTRIBUTED.items():
            site.plant(name, *lives)
        site.start()
        site.keep()
        async with driving(site) as driver:
            driver.between.append(_Repair(site, driver, "decision-worker-1"))
            figures = await driver.live()
            await reconcile(site, driver, figures)
        assert not site.missed()


class _Repair:
    """Once the checks are completed: the broken release goes, what it parked is redriven."""

    def __init__(self, site: Site, driver: Driver, broken: str) -> None:
        self._site = site
        self._driver = driver
        self._broken = broken

    async def __call__(self, moves: int, _to: date) -> None:
        if moves != COMPLETED:
            return
        parked = await self._parked()
        assert [(row["reason"], row["ordinal"]) for row in parked] == [("reaction-failed", 1)] * 2
        self._site.kill(self._broken)
        for row in parked:
            path = "/ops/parked/{consumer}/{key}/{ordinal}/redrive".format(**row)
            key = uuid4()
            operator = self._driver.operator
            await self._driver.persist(lambda: operator.post("decision", path, key=key))  # noqa: B023 - awaited at once
        assert await self._parked() == []
        await self._driver.settle()

    async def _parked(self) -> list[dict[str, Any]]:
        operator = self._driver.operator
        found = await self._driver.persist(lambda: operator.get("decision", "/ops/parked"))
        return list(found["items"])
