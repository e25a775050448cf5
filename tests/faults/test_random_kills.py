"""A dozen SIGKILLs at random over the processes while three households' stories run."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from random import Random, randrange
from typing import Final

from infra.engines import Engine
from tests.faults.lives import driving
from tests.faults.nursery import Nursery
from tests.faults.reconcile import reconcile
from tests.faults.site import Site, distributed_site, embedded_site
from tests.waiting import eventually

SEED: Final = int(os.environ.get("DOUDI_TEST_SEED") or randrange(2**32))  # noqa: S311 - no secret
"""Which kills: drawn anew for each run, and given again to repeat one."""

KILLS: Final = 12
HOUSEHOLDS: Final = 3
REQUESTS: Final = range(4, 80)
"""Requests of the offices, by number, that a kill may fall on; the stories make a few more."""

_SOON_S: Final = 0.05


class Killer:
    """Called before each request: after some of them it kills a process that lives.

    ``due`` counts the kills for which it waits until one lives.
    """

    def __init__(self, site: Site, seed: int) -> None:
        self.killed: list[str] = []
        self._site = site
        self._random = Random(seed)  # noqa: S311 - kills are drawn, not secrets
        self._on = frozenset(self._random.sample(REQUESTS, KILLS))
        self._requests = 0
        self.due = 0

    def __call__(self) -> None:
        if self._requests in self._on:
            self.due += 1
            self._kill_soon()
        self._requests += 1

    def _kill_soon(self) -> None:
        delay_s = self._random.uniform(0, _SOON_S)
        asyncio.get_running_loop().call_later(delay_s, self._kill)

    def _kill(self) -> None:
        alive = [name for name, process in self._site.processes.items() if process.alive]
        if not alive:
            self._kill_soon()
            return
        self.due -= 1
        self.killed.append(self._random.choice(alive))
        self._site.kill(self.killed[-1])


async def test_embedded(folder: Path, nursery: Nursery) -> None:
    with embedded_site(folder, nursery) as site:
        await _live_under_fire(site)


async def test_distributed(folder: Path, nursery: Nursery, mortal: dict[str, Engine]) -> None:
    with distributed_site(folder, nursery, mortal) as site:
        await _live_under_fire(site)


async def _live_under_fire(site: Site) -> None:
    print(f"DOUDI_TEST_SEED={SEED}")  # noqa: T201 - shown where the test fails
    killer = Killer(site, SEED)
    site.start()
    site.keep()
    async with driving(site) as driver:
        driver.client.before = killer
        figures = await driver.live(HOUSEHOLDS)
        assert await asyncio.to_thread(eventually, lambda: not killer.due)
        await reconcile(site, driver, figures)
    assert len(killer.killed) == KILLS, killer.killed
