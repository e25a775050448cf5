"""Whatever happens to a rebuild, nothing is lost, doubled, empty or taken back."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.views.memory import MemoryViews
from shared.views.port import ViewStore
from shared.views.projector import Projection, Projector
from tests.views.conftest import MemoryStorage, Storage
from tests.views.logs import CASES, STORY, TOLD, CaseCounted, Log
from tests.views.rebuilding import (
    CHANGED,
    Desk,
    accepting,
    damage,
    done,
    folded,
    idle,
    rebuild,
    until,
    waits,
)
from tests.views.test_contract import Crash, CrashAt
from tests.views.test_projector import HeldBack, drain, finish, shown


@pytest.fixture
def log() -> Log:
    story = Log()
    story.append(*STORY)
    return story


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_documents_ahead_of_the_position_put_the_comparison_off(
    storage: Storage, log: Log, desk: Desk
) -> None:
    views = storage.open(CASES.spec)
    one = rebuild(views, log, desk)
    for _ in range(8):
        await one.step()
    head = log.append((1, CaseCounted(persons=1)), (1, CaseCounted(persons=1)))
    dying = storage.open(CASES.spec, on_step=CrashAt("view-position"))
    with pytest.raises(Crash):
        await drain(Projector(CASES, dying, log.store, log.store.election("dying")))
    desk.wish()
    await done(one, desk)
    assert (await views.progress("cases")).position == head
    assert await shown(views) == await folded(log)


async def test_a_projector_stalled_across_the_switch_changes_nothing(
    storage: Storage, log: Log, desk: Desk
) -> None:
    views = storage.open(CASES.spec)
    held_back = HeldBack(storage.open(CASES.spec))
    election = log.store.election("stalled")
    stalled = Projector(CHANGED, held_back, log.store, election, events_per_step=7)
    stopped = asyncio.create_task(stalled.step())
    await held_back.waiting.wait()
    desk.wish()
    one = rebuild(views, log, desk)
    await done(one, desk)
    await idle(one)
    before = await views.progress("cases")
    held_back.gate.set()
    await stopped
    assert await views.progress("cases") == before
    assert await shown(views) == TOLD
    log.append((1, CaseCounted(persons=1)))
    await one.step()
    assert await shown(views) == await folded(log)


async def test_a_rebuild_does_not_wait_for_a_view_that_is_behind(
    storage: Storage, desk: Desk
) -> None:
    """By batches of two the view is at odd positions, by batches of four nothing else is."""
    log = Log()
    log.append((0, CaseCounted(persons=1)))
    views = storage.open(CASES.spec)
    one = rebuild(views, log, desk, live=2, beside=4)
    assert await one.step() == 1
    log.append(*[(number % 6, CaseCounted(persons=1)) for number in range(60)])
    desk.wish()
    await until(one, lambda: desk.order is None, 25)
    assert (await views.progress("cases")).position < log.store.head()
    await idle(one)
    assert await shown(views) == await folded(log)


@pytest.mark.parametrize("length", [3, 12, 20])
async def test_another_log_under_way_begins_both_anew(
    storage: Storage, log: Log, desk: Desk, length: int
) -> None:
    views = storage.open(CASES.spec)
    one = rebuild(views, log, desk)
    desk.wish()
    for _ in range(4):
        await one.step()
    log.store = _restored(length)
    again = rebuild(views, log, desk, name="after")
    await done(again, desk)
    await idle(again)
    assert await shown(views) == await folded(log)


def _restored(length: int) -> Any:
    other = Log(history="restored")
    other.append(*[(5, CaseCounted(persons=1))] * length)
    return other.store


def effects(projection: Projection) -> list[tuple[str, int]]:
    """Every effect of a rebuild with a changed fold and its acceptance, undisturbed."""
    seen: list[tuple[str, int]] = []
    counts: dict[str, int] = {}

    def note(name: str) -> None:
        counts[name] = counts.get(name, 0) + 1
        seen.append((name, counts[name]))

    async def live() -> None:
        log, desk = Log(), Desk()
        log.append(*STORY)
        storage = MemoryStorage()
        await drain(Projector(CASES, storage.open(CASES.spec), log.store, log.store.election("b")))
        desk.wish()
        views = MemoryViews([CASES.spec], storage.disk, on_step=note)
        one = rebuild(views, log, desk, projection=projection, on_step=note)
        await accepting(one, desk)

    asyncio.run(live())
    return seen


@pytest.mark.parametrize("effect", effects(CHANGED), ids=lambda at: f"{at[0]}-{at[1]}")
async def test_a_crash_before_any_effect_is_made_good(
    storage: Storage, log: Log, desk: Desk, effect: tuple[str, int]
) -> None:
    await drain(Projector(CASES, storage.open(CASES.spec), log.store, log.store.election("before")))
    ordered = desk.wish()
    crash = CrashAt(*effect)
    dying = rebuild(
        storage.open(CASES.spec, on_step=crash, bulk=1),
        log,
        desk,
        name="dying",
        projection=CHANGED,
        on_step=crash,
    )
    with pytest.raises(Crash):
        await accepting(dying, desk)
    views = storage.open(CASES.spec)
    assert await shown(views) in (TOLD, await folded(log, CHANGED))
    log.append((1, CaseCounted(persons=7)))
    await accepting(rebuild(views, log, desk, name="after", projection=CHANGED), desk)
    assert {report.rebuild for report in desk.done} == {ordered}
    assert (await views.progress("cases")).generation > 1
    expected = await folded(log, CHANGED)
    await idle(rebuild(views, log, desk, name="last", projection=CHANGED))
    assert await shown(views) == expected
    assert await views.beside("cases") is None


async def test_what_was_switched_is_not_rebuilt_again_by_who_finds_it_unsaid(
    storage: Storage, log: Log, desk: Desk
) -> None:
    desk.wish()
    with pytest.raises(Crash):
        await done(
            rebuild(storage.open(CASES.spec), log, desk, on_step=CrashAt("order-finished")), desk
        )
    views = storage.open(CASES.spec)
    assert (await views.progress("cases")).generation == 2
    await done(rebuild(views, log, desk, name="after"), desk)
    assert (await views.progress("cases")).generation == 2
    assert [report.generation for report in desk.done] == [2]


async def test_who_is_not_elected_neither_projects_nor_rebuilds(
    storage: Storage, log: Log, desk: Desk
) -> None:
    views = storage.open(CASES.spec)
    first, second = rebuild(views, log, desk), rebuild(storage.open(CASES.spec), log, desk)
    await first.step()
    desk.wish()
    for _ in range(5):
        assert await second.step() == 0
    assert await views.beside("cases") is None
    await done(first, desk)
    assert len(desk.done) == 1


async def test_two_at_once_though_one_was_to_be_elected_come_to_the_same(
    storage: Storage, log: Log, desk: Desk
) -> None:
    """An election is lost without a word: each begins anew what the other dropped."""
    views = storage.open(CASES.spec)
    damaging = rebuild(views, log, desk, name="damaging")
    for _ in range(8):
        await damaging.step()
    await damage(views)
    ones = [
        rebuild(storage.open(CASES.spec), log, desk, name=f"elected-{n}", live=n, beside=7)
        for n in (2, 3)
    ]
    desk.wish()
    for turn in range(60):
        await asyncio.gather(*(one.step() for one in ones))
        if turn % 5 == 0:
            log.append((turn % 4, CaseCounted(persons=1)))
    # One of them finds out that it is not elected after all.
    await accepting(ones[0], desk)
    await idle(ones[0])
    assert await shown(views) == await folded(log)


async def test_who_waits_says_again_what_it_found_where_another_said_otherwise(
    storage: Storage, log: Log, desk: Desk
) -> None:
    views = storage.open(CASES.spec)
    one = rebuild(views, log, desk)
    await idle(one)
    await damage(views)
    desk.wish()
    await until(one, waits(desk))
    assert desk.last is not None
    assert desk.last.found is not None
    others = desk.last.found.model_copy(update={"digest": "not elected"})
    desk.last = desk.last.model_copy(update={"found": others})
    await accepting(one, desk)
    assert await shown(views) == await folded(log)


class Looks:
    """Somebody who looks at a view before each effect, and must never be taken back."""

    def __init__(self, reader: ViewStore) -> None:
        self._reader = reader
        self._position = 0
        self._events: dict[str, int] = {}

    def __call__(self, _name: str) -> None:
        position = finish(self._reader.progress("cases")).position
        documents = finish(shown(self._reader))
        assert position >= self._position
        assert documents.keys() >= self._events.keys()
        assert all(documents[key]["events"] >= events for key, events in self._events.items())
        self._position = position
        self._events = {key: document["events"] for key, document in documents.items()}


APPENDED = st.lists(st.integers(0, 5), max_size=4)


@settings(deadline=None, max_examples=150)
@given(
    turns=st.lists(APPENDED, min_size=10, max_size=40),
    live=st.integers(1, 4),
    beside=st.integers(1, 6),
    documents=st.integers(1, 4),
    changed=st.booleans(),
)
def test_events_that_keep_coming_are_neither_lost_nor_doubled(
    turns: list[list[int]], live: int, beside: int, documents: int, changed: bool
) -> None:
    """And every look at the view shows each document at least as new as the look before."""

    async def live_through() -> None:
        log, desk, storage = Log(), Desk(), MemoryStorage()
        log.append(*STORY[:6])
        projection = CHANGED if changed else CASES
        reader = storage.open(CASES.spec)
        await drain(Projector(CASES, reader, log.store, log.store.election("before")))
        look = Looks(reader)
        views = MemoryViews([CASES.spec], storage.disk, on_step=look)
        one = rebuild(
            views, log, desk, projection=projection, live=live, beside=beside, documents=documents
        )
        desk.wish()
        for appended in turns:
            log.append(*[(number, CaseCounted(persons=1)) for number in appended])
            await one.step()
            look("step")
            if waits(desk)() and desk.order is not None and desk.last and desk.last.found:
                desk.accept(desk.last.found.digest)
        await accepting(one, desk)
        await idle(one)
        assert await shown(views) == await folded(log, projection)

    asyncio.run(live_through())
