"""A view is rebuilt beside what readers see: what differs is listed, and waits to be accepted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from shared.kernel.event import Document as EventDocument
from shared.views.comparing import Difference
from shared.views.memory import MemoryViews
from shared.views.port import Document, Progress
from shared.views.projector import Projector, inline
from shared.views.rebuild import Rebuild
from tests.views.conftest import MemoryStorage, Storage
from tests.views.logs import CASES, STORY, TOLD, CaseCounted, Log, fold, key
from tests.views.rebuilding import (
    CHANGED,
    DAMAGED,
    Desk,
    DeskOrders,
    damage,
    done,
    folded,
    idle,
    rebuild,
    until,
    waits,
)
from tests.views.test_projector import drain, shown


@pytest.fixture
def log() -> Log:
    story = Log()
    story.append(*STORY)
    return story


@pytest.fixture
def desk() -> Desk:
    return Desk()


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
        after = CHANGED.fold(k, d, e)
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
