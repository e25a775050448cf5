"""The projector brings a view to its log's state, whatever stops it or runs beside it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from shared.kernel.event import InvalidEvent
from shared.kernel.store import Write
from shared.views.memory import MemoryViews
from shared.views.port import Document, Progress, Update, ViewStore
from shared.views.projector import KEYS_PER_STEP, Projection, Projector, inline
from tests.views.conftest import MemoryStorage, Storage
from tests.views.logs import CASES, STORY, TOLD, CaseCounted, Log, case, key
from tests.views.test_contract import Crash, CrashAt


@pytest.fixture
def log() -> Log:
    story = Log()
    story.append(*STORY)
    return story


def projector(
    views: ViewStore, log: Log, name: str = "view:cases", events_per_step: int = 4
) -> Projector:
    election = log.store.election(name)
    return Projector(CASES, views, log.store, election, events_per_step=events_per_step)


async def drain(one: Projector) -> None:
    while await one.step():
        pass


async def shown(views: ViewStore) -> dict[str, Document]:
    page = await views.query("cases", limit=100)
    return {found.pop("_id"): found for found in page.documents}


class HeldBack:
    """A store whose writes wait at a gate: the process that was stopped before it wrote."""

    def __init__(self, views: ViewStore) -> None:
        self._views = views
        self.waiting = asyncio.Event()
        self.gate = asyncio.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._views, name)

    async def apply(self, view: str, updates: Sequence[Update], progress: Progress) -> bool:
        self.waiting.set()
        await self.gate.wait()
        return await self._views.apply(view, updates, progress)


async def test_the_view_shows_the_log_whatever_the_batches(storage: Storage, log: Log) -> None:
    views = storage.open(CASES.spec)
    taken = []
    one = projector(views, log, events_per_step=5)
    while count := await one.step():
        taken.append(count)
    assert taken == [5, 5, 2]
    assert await shown(views) == TOLD
    last = log.store.read_log(11, 1)[0]
    assert await views.progress("cases") == Progress(1, 12, last.digest.hex())


@pytest.mark.parametrize("events_per_step", [1, 2, 3, 12, 500])
async def test_batches_of_any_size_come_to_the_same(log: Log, events_per_step: int) -> None:
    views = MemoryStorage().open(CASES.spec)
    await drain(projector(views, log, events_per_step=events_per_step))
    assert await shown(views) == TOLD


async def test_who_is_not_elected_does_nothing(log: Log) -> None:
    views = MemoryStorage().open(CASES.spec)
    first, second = projector(views, log), projector(views, log)
    assert await first.step() == 4
    assert await second.step() == 0
    assert (await views.progress("cases")).position == 4


async def test_new_events_are_taken_in_at_the_next_step(storage: Storage, log: Log) -> None:
    views = storage.open(CASES.spec)
    one = projector(views, log)
    await drain(one)
    head = log.append((4, CaseCounted(persons=7)))
    assert await one.step() == 1
    assert (await views.progress("cases")).position == head
    assert (await shown(views))[key(4)]["persons"] == 7


def steps_of(events_per_step: int) -> list[tuple[str, int]]:
    """Every effect of projecting the story undisturbed, as the n-th of its name."""
    seen: list[tuple[str, int]] = []
    counts: dict[str, int] = {}

    def note(name: str) -> None:
        counts[name] = counts.get(name, 0) + 1
        seen.append((name, counts[name]))

    log = Log()
    log.append(*STORY)
    views = MemoryViews([CASES.spec], on_step=note)
    one = Projector(
        CASES,
        views,
        log.store,
        log.store.election("x"),
        events_per_step=events_per_step,
        offload=inline,
    )
    asyncio.run(drain(one))
    return seen


@pytest.mark.parametrize("name_and_number", steps_of(4), ids=lambda at: f"{at[0]}-{at[1]}")
async def test_a_crash_before_any_effect_is_made_good(
    storage: Storage, log: Log, name_and_number: tuple[str, int]
) -> None:
    dying = projector(
        storage.open(CASES.spec, on_step=CrashAt(*name_and_number), bulk=1), log, "dying"
    )
    with pytest.raises(Crash):
        await drain(dying)
    views = storage.open(CASES.spec)
    await drain(projector(views, log, "after", events_per_step=5))
    assert await shown(views) == TOLD


async def test_a_projector_stopped_before_it_wrote_changes_nothing_later(
    storage: Storage, log: Log
) -> None:
    views = storage.open(CASES.spec)
    held_back = HeldBack(storage.open(CASES.spec))
    election = log.store.election("view:cases")
    old = Projector(CASES, held_back, log.store, election, events_per_step=7)
    stopped = asyncio.create_task(old.step())
    await held_back.waiting.wait()
    election.release()
    await drain(projector(views, log))
    reached = await views.progress("cases")
    held_back.gate.set()
    await stopped
    assert await shown(views) == TOLD
    assert await views.progress("cases") == reached


async def test_without_the_guard_that_projector_does_spoil_the_view(log: Log) -> None:
    storage = MemoryStorage()
    held_back = HeldBack(MemoryViews([CASES.spec], storage.disk, guard=False))
    election = log.store.election("view:cases")
    old = Projector(CASES, held_back, log.store, election, events_per_step=7)
    stopped = asyncio.create_task(old.step())
    await held_back.waiting.wait()
    election.release()
    views = storage.open(CASES.spec)
    await drain(projector(views, log))
    held_back.gate.set()
    await stopped
    assert await shown(views) != TOLD


async def test_two_projectors_at_once_come_to_the_same(storage: Storage) -> None:
    log = Log()
    for _ in range(10):
        log.append(*STORY)
    expected = MemoryStorage().open(CASES.spec)
    await drain(projector(expected, log))
    at_once = [
        projector(storage.open(CASES.spec, bulk=2), log, f"elected-{size}", size)
        for size in (3, 5, 7)
    ]
    await asyncio.gather(*(drain(one) for one in at_once))
    assert await shown(storage.open(CASES.spec)) == await shown(expected)
    assert (await storage.open(CASES.spec).progress("cases")).position == log.store.head()


@pytest.mark.parametrize("length", [5, 12, 20])
async def test_a_view_of_another_log_is_begun_anew(
    storage: Storage, log: Log, length: int, caplog: pytest.LogCaptureFixture
) -> None:
    views = storage.open(CASES.spec)
    await drain(projector(views, log))
    other = Log(history="restored")
    other.append(*[(5, CaseCounted(persons=1))] * length)
    with caplog.at_level(logging.WARNING):
        await drain(projector(views, other))
    assert await shown(views) == {
        key(5): {"persons": length, "events": length, "region": "350121001002"}
    }
    assert (await views.progress("cases"))[:2] == (2, length)
    assert [record.getMessage() for record in caplog.records] == [
        "view cases is of another log than this one; it begins anew"
    ]


async def test_a_view_of_a_log_that_was_emptied_is_empty(storage: Storage, log: Log) -> None:
    views = storage.open(CASES.spec)
    await drain(projector(views, log))
    await drain(projector(views, Log()))
    assert await shown(views) == {}


async def test_an_event_that_cannot_be_read_is_not_skipped(storage: Storage, log: Log) -> None:
    views = storage.open(CASES.spec)
    broken = log._row(case(9), CaseCounted(persons=1))._replace(document=b"{}")
    with log.store.turn() as turn:
        turn.write(Write(events=[broken]))
    one = projector(views, log)
    with pytest.raises(InvalidEvent):
        await drain(one)
    assert (await views.progress("cases")).position == 12
    with pytest.raises(InvalidEvent):
        await one.step()


async def test_a_step_ends_before_it_concerns_too_many_documents(log: Log) -> None:
    def everyone(_event: object) -> Sequence[str]:
        return [f"k{number}" for number in range(KEYS_PER_STEP)]

    wide = Projection(CASES.spec, CASES.events, lambda *_: {}, everyone)
    views = MemoryStorage().open(CASES.spec)
    one = Projector(wide, views, log.store, log.store.election("wide"))
    assert await one.step() == 1
    assert await views.count("cases") == KEYS_PER_STEP


class Interleaved:
    """A hook that, before the n-th effect, lets another projector run to the log's head."""

    def __init__(self, number: int, meanwhile: Callable[[], None]) -> None:
        self._left, self._meanwhile = number, meanwhile

    def __call__(self, _step: str) -> None:
        self._left -= 1
        if self._left == 0:
            self._meanwhile()


def finish(coroutine: Any) -> Any:
    """Run what never suspends."""
    with pytest.raises(StopIteration) as ended:
        coroutine.send(None)
    return ended.value.value


def interleaved(number: int, *, guard: bool) -> tuple[dict[str, Document], int]:
    """The view and its position after another projector ran before the n-th effect."""
    log, storage = Log(), MemoryStorage()
    log.append(*STORY)
    views = MemoryViews([CASES.spec], storage.disk, guard=guard)

    def new(store: MemoryViews, name: str, size: int) -> Projector:
        election = log.store.election(name)
        return Projector(CASES, store, log.store, election, events_per_step=size, offload=inline)

    beside = new(views, "beside", 5)
    hook = Interleaved(number, lambda: finish(drain(beside)))
    store = MemoryViews([CASES.spec], storage.disk, guard=guard, on_step=hook)
    finish(drain(new(store, "stopped", 4)))
    return finish(shown(views)), finish(views.progress("cases")).position


def test_another_projector_at_any_effect_changes_nothing() -> None:
    for number in range(1, len(steps_of(4)) + 1):
        assert interleaved(number, guard=True) == (TOLD, 12), f"before effect {number}"


def test_without_the_guard_some_interleaving_spoils_the_view() -> None:
    spoilt = [
        number
        for number in range(1, len(steps_of(4)) + 1)
        if interleaved(number, guard=False)[0] != TOLD
    ]
    assert spoilt


def test_memory_names_each_effect_in_order() -> None:
    log = Log()
    log.append((1, CaseCounted(persons=1)), (2, CaseCounted(persons=1)))
    named: list[str] = []
    views = MemoryViews([CASES.spec], on_step=named.append)
    one = Projector(CASES, views, log.store, log.store.election("x"), offload=inline)
    finish(one.step())
    assert named == ["view-documents", "view-document", "view-document", "view-position"]
