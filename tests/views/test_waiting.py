"""Read your writes, from one's own log and from another service's."""

from __future__ import annotations

import asyncio

import pytest

from shared.views.port import Progress, ViewSpec, ViewStore
from shared.views.waiting import Consumed, ViewBehind, wait_for, wait_for_foreign
from tests.views.conftest import MemoryStorage, Storage

CASES = ViewSpec("cases")


async def reach(views: ViewStore, position: int) -> None:
    await views.set_position("cases", Progress(1, position, f"d{position}"))


class Partition:
    """A case's partition that takes in one of the given states at each look."""

    source = "intake"

    def __init__(self, *states: Consumed) -> None:
        self._states = list(states)
        self.asked: list[int] = []
        self.at_the_last = asyncio.Event()

    async def consumed(self, position: int) -> Consumed:
        self.asked.append(position)
        if len(self._states) == 1:
            self.at_the_last.set()
            return self._states[0]
        return self._states.pop(0)


async def test_what_is_shown_already_is_not_waited_for(storage: Storage) -> None:
    views = storage.open(CASES)
    await reach(views, 5)
    await wait_for(views, "cases", 5, within_seconds=0)
    await wait_for(views, "cases", 0, within_seconds=0)


async def test_a_wait_ends_when_the_view_has_come_so_far(storage: Storage) -> None:
    views, elsewhere = storage.open(CASES), storage.open(CASES)
    await reach(views, 4)
    waiting = asyncio.create_task(wait_for(views, "cases", 6))
    await reach(elsewhere, 5)
    assert not waiting.done()
    await reach(elsewhere, 7)
    await waiting


async def test_a_wait_that_is_over_says_what_was_reached() -> None:
    views = MemoryStorage().open(CASES)
    await reach(views, 4)
    with pytest.raises(ViewBehind, match="cases does not show log position 6 yet") as behind:
        await wait_for(views, "cases", 6, within_seconds=0.01)
    assert (behind.value.view, behind.value.wanted, behind.value.reached) == ("cases", 6, 4)
    assert isinstance(behind.value, TimeoutError)


@pytest.mark.parametrize("seconds", [-1, 10.5, float("nan")])
async def test_a_wait_has_bounds(seconds: float) -> None:
    with pytest.raises(ValueError, match="a wait lasts 0 to"):
        await wait_for(MemoryStorage().open(CASES), "cases", 1, seconds)


async def test_a_foreign_position_is_waited_for_in_its_partition_and_then_in_the_view() -> None:
    views = MemoryStorage().open(CASES)
    await reach(views, 30)
    partition = Partition(Consumed(10, 20), Consumed(11, 25), Consumed(14, 33))
    waiting = asyncio.create_task(wait_for_foreign(views, "cases", partition, 12))
    await asyncio.wait_for(partition.at_the_last.wait(), 5)
    await reach(views, 32)
    assert not waiting.done()
    await reach(views, 33)
    await waiting
    assert partition.asked == [12, 12, 12]


async def test_a_drained_partition_needs_no_later_record() -> None:
    views = MemoryStorage().open(CASES)
    await reach(views, 20)
    partition = Partition(Consumed(10, 20, drained=True))
    await wait_for_foreign(views, "cases", partition, 12, within_seconds=0)


async def test_a_foreign_wait_that_is_over_names_the_source_or_the_view() -> None:
    views = MemoryStorage().open(CASES)
    with pytest.raises(ViewBehind, match="log position 12 of intake yet; it has reached 10"):
        await wait_for_foreign(views, "cases", Partition(Consumed(10, 20)), 12, 0.01)
    with pytest.raises(ViewBehind, match="log position 20 yet; it has reached 0"):
        await wait_for_foreign(views, "cases", Partition(Consumed(12, 20)), 12, 0.01)
    assert await views.count("cases") == 0
