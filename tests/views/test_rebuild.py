"""A view is rebuilt beside what readers see: nothing is lost, doubled, empty or taken back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.kernel.event import Document as EventDocument
from shared.views.comparing import Difference, OnlyIn
from shared.views.memory import MemoryViews
from shared.views.port import Document, Progress, Update, ViewStore
from shared.views.projector import Projection, Projector, inline
from shared.views.rebuild import Order, Rebuild, Report, Stage
from tests.views.conftest import MemoryStorage, Storage
from tests.views.logs import CASES, STORY, TOLD, CaseCounted, Log, case, fold, key
from tests.views.test_contract import Crash, CrashAt
from tests.views.test_projector import HeldBack, drain, finish, shown


def no_step(_name: str) -> None:
    return


@dataclass
class Desk:
    """The orders of one view as every process of a service sees them, and outliving each."""

    order: Order | None = None
    last: Report | None = None
    done: list[Report] = field(default_factory=list)

    def wish(self) -> UUID:
        """Order a rebuild."""
        self.order = Order(uuid4(), None)
        return self.order.rebuild

    def accept(self, digest: str) -> None:
        assert self.order is not None
        self.order = Order(self.order.rebuild, digest)


class DeskOrders:
    """One process's way to the desk; calls ``on_step`` before each effect."""

    def __init__(self, desk: Desk, on_step: Callable[[str], None] = no_step) -> None:
        self._desk = desk
        self._on_step = on_step

    async def wanted(self) -> Order | None:
        return self._desk.order

    async def report(self, report: Report) -> None:
        self._on_step("order-report")
        self._desk.last = report

    async def reported(self) -> Report | None:
        return self._desk.last

    async def finished(self, report: Report) -> None:
        self._on_step("order-report")
        self._desk.last = report
        self._on_step("order-finished")
        self._desk.done.append(report)
        if self._desk.order is not None and self._desk.order.rebuild == report.rebuild:
            self._desk.order = None


@pytest.fixture
def log() -> Log:
    story = Log()
    story.append(*STORY)
    return story


@pytest.fixture
def desk() -> Desk:
    return Desk()


def rebuild(
    views: ViewStore,
    log: Log,
    desk: Desk,
    *,
    name: str = "view:cases",
    projection: Projection = CASES,
    on_step: Callable[[str], None] = no_step,
    live: int = 2,
    beside: int = 3,
    documents: int = 2,
) -> Rebuild:
    """A process's rebuild, in steps as small as shows every way through it."""
    projector = Projector(
        projection,
        views,
        log.store,
        log.store.election(name),
        events_per_step=live,
        offload=inline,
    )
    return Rebuild(
        projector,
        views,
        DeskOrders(desk, on_step),
        look_s=0.0,
        events_per_step=beside,
        documents_per_step=documents,
    )


async def until(one: Rebuild, is_so: Callable[[], object], steps: int = 300) -> None:
    """Step until something is so."""
    for _ in range(steps):
        if is_so():
            return
        await one.step()
    raise AssertionError(f"not so after {steps} steps")


async def done(one: Rebuild, desk: Desk) -> None:
    await until(one, lambda: desk.order is None)


async def idle(one: Rebuild) -> None:
    """Step until there is nothing to do."""
    while await one.step():
        pass


def waits(desk: Desk) -> Callable[[], bool]:
    return lambda: desk.last is not None and desk.last.stage is Stage.WAITING


async def folded(log: Log, projection: Projection = CASES) -> dict[str, Document]:
    """What the log gives from its beginning."""
    views = MemoryStorage().open(projection.spec)
    await drain(Projector(projection, views, log.store, log.store.election(str(uuid4()))))
    return await shown(views)


def counts_twice(key: str, before: Document | None, event: EventDocument[Any]) -> Document | None:
    """A changed fold: it counts the persons of the second case twice, and has a field more."""
    after = fold(key, before, event)
    if after is not None and key == str(case(2)) and isinstance(event.data, CaseCounted):
        return {**after, "persons": after["persons"] + event.data.persons, "twice": True}
    return after


CHANGED = replace(CASES, fold=counts_twice)


async def damage(views: ViewStore) -> None:
    """Put wrong documents into the view that the story's twelve events gave."""
    standing = await views.progress("cases")
    wrong = [
        Update(key(1), 12, {"persons": 1, "events": 0}),
        Update(key(3), 12, None),
        Update("stray", 12, {}),
    ]
    await views.apply("cases", wrong, standing)


DAMAGED = (
    Difference(key="stray", only_in=OnlyIn.SHOWN),
    Difference(key=key(1), fields=("events", "joined", "persons", "region")),
    Difference(key=key(3), only_in=OnlyIn.BESIDE),
)


async def test_without_an_order_it_only_projects(storage: Storage, log: Log, desk: Desk) -> None:
    views = storage.open(CASES.spec)
    one = rebuild(views, log, desk, live=5)
    assert [await one.step() for _ in range(4)] == [5, 5, 2, 0]
    assert await shown(views) == TOLD
    assert await views.progress("cases") == Progress(
        1, 12, log.store.read_log(11, 1)[0].digest.hex()
    )


async def test_a_view_that_is_right_is_switched_at_once(
    storage: Storage, log: Log, desk: Desk
) -> None:
    views = storage.open(CASES.spec)
    one = rebuild(views, log, desk)
    await one.step()
    ordered = desk.wish()
    await done(one, desk)
    assert [report.rebuild for report in desk.done] == [ordered]
    found = desk.done[0].found
    assert found is not None
    assert (found.differing, found.listed) == (0, ())
    assert (await views.progress("cases")).generation == 2
    assert await views.beside("cases") is None
    await idle(one)
    assert await shown(views) == TOLD


async def test_what_differs_is_listed_and_waits_for_acceptance(
    storage: Storage, log: Log, desk: Desk
) -> None:
    views = storage.open(CASES.spec)
    one = rebuild(views, log, desk)
    await until(one, lambda: log.store.head() == 12, 1)
    for _ in range(7):
        await one.step()
    await damage(views)
    damaged = await shown(views)
    desk.wish()
    await until(one, waits(desk))
    assert desk.last is not None
    found = desk.last.found
    assert found is not None
    assert found.listed == tuple(sorted(DAMAGED, key=lambda difference: difference.key))
    assert (found.position, found.compared, found.differing) == (12, 4, 3)
    desk.accept("0" * 64)
    for _ in range(5):
        assert await one.step() == 0
    assert await shown(views) == damaged
    desk.accept(found.digest)
    await done(one, desk)
    assert await shown(views) == TOLD
    assert desk.done[0].found == found


async def test_a_changed_fold_lists_exactly_what_it_changes(
    storage: Storage, log: Log, desk: Desk
) -> None:
    views = storage.open(CASES.spec)
    await drain(Projector(CASES, views, log.store, log.store.election("before")))
    desk.wish()
    one = rebuild(views, log, desk, projection=CHANGED)
    await until(one, waits(desk))
    assert desk.last is not None
    found = desk.last.found
    assert found is not None
    assert found.listed == (Difference(key=key(2), fields=("persons", "twice")),)
    assert await shown(views) == TOLD
    desk.accept(found.digest)
    await done(one, desk)
    assert await shown(views) == await folded(log, CHANGED)


async def test_events_after_the_acceptance_was_asked_for_do_not_ask_again(
    storage: Storage, log: Log, desk: Desk
) -> None:
    """Both go on with the same events and fold: what did not differ does not come to differ."""
    views = storage.open(CASES.spec)
    await drain(Projector(CASES, views, log.store, log.store.election("before")))
    desk.wish()
    one = rebuild(views, log, desk, projection=CHANGED)
    await until(one, waits(desk))
    assert desk.last is not None
    found = desk.last.found
    assert found is not None
    log.append(*[(number, CaseCounted(persons=1)) for number in (1, 2, 5, 6)] * 3)
    desk.accept(found.digest)
    await done(one, desk)
    assert desk.done[0].found == found
    await idle(one)
    assert await shown(views) == await folded(log, CHANGED)


async def test_an_acceptance_counts_in_another_process_only_for_the_same_differences(
    storage: Storage, log: Log, desk: Desk
) -> None:
    views = storage.open(CASES.spec)
    await drain(Projector(CASES, views, log.store, log.store.election("before")))
    desk.wish()
    await until(rebuild(views, log, desk, projection=CHANGED), waits(desk))
    assert desk.last is not None
    found = desk.last.found
    assert found is not None
    desk.accept(found.digest)

    # A release comes whose fold changes something else besides.
    def one_field_more(k: str, d: Document | None, e: EventDocument[Any]) -> Document | None:
        after = counts_twice(k, d, e)
        return after and {**after, "more": True}

    other = replace(CASES, fold=one_field_more)
    second = rebuild(views, log, desk, name="second", projection=other)
    await until(second, lambda: desk.last is not None and desk.last.generation == 3)
    await until(second, waits(desk))
    assert desk.last.found is not None
    assert desk.last.found.digest != found.digest
    assert await shown(views) == TOLD
    # It is taken back: the process that finds what was accepted needs no more.
    third = rebuild(views, log, desk, name="third", projection=CHANGED)
    await done(third, desk)
    assert await shown(views) == await folded(log, CHANGED)


async def test_a_view_that_another_projector_moved_is_compared_anew(
    storage: Storage, log: Log, desk: Desk
) -> None:
    """One of an older release, which had lost its election and wrote once more."""
    views = storage.open(CASES.spec)
    await drain(Projector(CHANGED, views, log.store, log.store.election("before")))
    desk.wish()
    one = rebuild(views, log, desk, projection=CASES)
    await until(one, waits(desk))
    assert desk.last is not None
    found = desk.last.found
    assert found is not None
    unlike = replace(CASES, fold=lambda k, d, e: {**(fold(k, d, e) or {}), "unlike": True})
    log.append((1, CaseCounted(persons=1)))
    await drain(Projector(unlike, views, log.store, log.store.election("late")))
    desk.accept(found.digest)
    await one.step()
    assert (await views.progress("cases")).generation == 1
    await until(one, waits(desk))
    again = desk.last.found
    assert again is not None
    assert [difference.key for difference in again.listed] == sorted([key(1), key(2)])
    desk.accept(again.digest)
    await done(one, desk)
    assert await shown(views) == await folded(log)


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


async def test_an_abandoned_rebuild_leaves_nothing_beside(
    storage: Storage, log: Log, desk: Desk
) -> None:
    views = storage.open(CASES.spec)
    one = rebuild(views, log, desk)
    for _ in range(8):
        await one.step()
    await damage(views)
    desk.wish()
    await until(one, waits(desk))
    desk.order = None
    await one.step()
    assert await views.beside("cases") is None
    assert (await views.progress("cases")).generation == 1
    desk.wish()
    desk.last = None
    await until(one, waits(desk))


async def test_what_a_process_left_beside_goes_when_nobody_wants_it(
    storage: Storage, log: Log, desk: Desk
) -> None:
    views = storage.open(CASES.spec)
    await views.begin_beside("cases")
    await rebuild(views, log, desk).step()
    assert await views.beside("cases") is None


async def test_an_order_abandoned_while_it_was_about_to_switch_does_not_switch(
    log: Log, desk: Desk
) -> None:
    """The operator's process records it, and drops what stands beside; then it is answered."""
    storage = MemoryStorage()

    def abandoned(name: str) -> None:
        if name == "view-switch":
            desk.order = None
            storage.disk.beside.clear()

    views = MemoryViews([CASES.spec], storage.disk, on_step=abandoned)
    one = rebuild(views, log, desk)
    desk.wish()
    await done(one, desk)
    for _ in range(3):
        await one.step()
    assert (await views.progress("cases")).generation == 1
    assert desk.done == []


async def test_an_order_abandoned_since_the_last_look_does_not_switch(log: Log, desk: Desk) -> None:
    views = MemoryStorage().open(CASES.spec)
    projector = Projector(CASES, views, log.store, log.store.election("view:cases"), offload=inline)
    one = Rebuild(projector, views, DeskOrders(desk), look_s=3600.0, clock=lambda: 0.0)
    desk.wish()
    await until(one, lambda: desk.last is not None and desk.last.found is not None)
    desk.order = None
    await idle(one)
    assert (await views.progress("cases")).generation == 1
    assert (await views.beside("cases"), desk.done) == (None, [])


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


async def accepting(one: Rebuild, desk: Desk) -> None:
    """Step until it is done, accepting whatever is listed."""

    def accepted() -> bool:
        if waits(desk)() and desk.order is not None and desk.last is not None and desk.last.found:
            desk.accept(desk.last.found.digest)
        return desk.order is None

    await until(one, accepted)


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
