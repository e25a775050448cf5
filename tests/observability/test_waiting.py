"""Looking up what waits: shared by scrapes, bounded in time, and honest where it fails."""

from __future__ import annotations

import asyncio

import pytest
from prometheus_client import CollectorRegistry

from shared.kernel.store import StoreAway
from shared.runtime.lags import Lags
from shared.runtime.measures import FRESH_S, Waiting

FOUND = Lags(
    position=17,
    relay=2,
    consumer={("intake", 0): 3, ("intake", 5): 0},
    views={"checks": 1},
    overdue={"survey": 4},
    parked=6,
    parked_keys=5,
)


class Looked:
    """A look that is counted, and waited for as long as ``gate`` is shut."""

    def __init__(self, **options: float) -> None:
        self.looks = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.error: Exception | None = None
        self.now = 0.0
        self.registry = CollectorRegistry()
        self.waiting = Waiting(self._look, self.registry, now=lambda: self.now, **options)

    async def _look(self) -> Lags:
        self.looks += 1
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        return FOUND

    def value(self, name: str, **labels: str) -> float | None:
        return self.registry.get_sample_value(f"doudi_{name}", labels)


@pytest.fixture
async def looked() -> Looked:
    return Looked()


async def test_before_the_first_look_nothing_is_told(looked: Looked) -> None:
    assert looked.value("look_succeeded") == 0
    assert looked.value("log_position") is None


async def test_what_a_look_found_is_told(looked: Looked) -> None:
    await looked.waiting.refresh()
    assert looked.value("look_succeeded") == 1
    assert looked.value("log_position") == 17
    assert looked.value("relay_lag_events") == 2
    assert looked.value("consumer_lag_records", source="intake", partition="0") == 3
    assert looked.value("view_lag_events", view="checks") == 1
    assert looked.value("overdue_duties", kind="survey") == 4
    assert (looked.value("parked_records"), looked.value("parked_keys")) == (6, 5)


async def test_scrapes_share_a_look_while_it_is_fresh(looked: Looked) -> None:
    await asyncio.gather(*(looked.waiting.refresh() for _ in range(5)))
    await looked.waiting.refresh()
    assert looked.looks == 1
    looked.now += FRESH_S
    await looked.waiting.refresh()
    assert looked.looks == 2


async def test_an_engine_that_is_away_takes_the_figures_away(looked: Looked) -> None:
    await looked.waiting.refresh()
    looked.now += FRESH_S
    looked.error = StoreAway("connection refused")
    await looked.waiting.refresh()
    assert looked.value("look_succeeded") == 0
    assert looked.value("log_position") is None


async def test_a_scrape_waits_only_so_long_and_starts_no_second_look() -> None:
    looked = Looked(patience_s=0.01)
    looked.gate.clear()
    await looked.waiting.refresh()
    await looked.waiting.refresh()
    assert looked.looks == 1
    assert looked.value("look_succeeded") == 0
    looked.gate.set()
    await looked.waiting.refresh()
    assert looked.looks == 1
    assert looked.value("look_succeeded") == 1
