"""The writer's queue: bounds, opening and closing, threads and coroutines that wait."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest

from shared.kernel.memory import MemoryDatabase, MemoryStore
from shared.kernel.states import States, StreamState
from shared.kernel.store import StoreAway
from shared.kernel.submission import WriterBusy, WriterClosed
from shared.kernel.writer import Limits, Writer
from tests.kernel.conftest import Database, Pointer, setting
from tests.kernel.domain import START, AmountCounted, count, fail, submission
from tests.kernel.running import amounts, assert_record_is_whole, batch, drain, outcome
from tests.waiting import DEADLINE_S


def memory_writer(**limits: int) -> Writer:
    writer = Writer(MemoryStore(MemoryDatabase()), setting(), Pointer(), limits=Limits(**limits))
    writer.open()
    return writer


def test_a_writer_takes_nothing_before_it_is_opened() -> None:
    writer = Writer(MemoryStore(MemoryDatabase()), setting(), Pointer())
    with pytest.raises(WriterClosed, match="has not been checked"):
        writer.submit(submission())
    assert not writer.is_open
    writer.open()
    assert writer.is_open
    assert outcome(writer, submission()).version == 1


def test_a_full_queue_says_so_at_once() -> None:
    writer = memory_writer(queued=3)
    futures = [writer.submit(submission()) for _ in range(3)]
    with pytest.raises(WriterBusy, match="3 items"):
        writer.submit(submission())
    writer.step()
    assert [f.result(0).version for f in futures] == [1, 2, 3]
    assert outcome(writer, submission()).version == 4


def test_a_turn_takes_no_more_than_its_bound() -> None:
    writer = memory_writer(turn=2)
    futures = [writer.submit(submission()) for _ in range(5)]
    assert [writer.step(), writer.queued] == [2, 3]
    assert [f.done() for f in futures] == [True, True, False, False, False]
    assert [writer.step(), writer.step(), writer.step()] == [2, 1, 0]


def test_a_batch_that_waits_for_its_turn_keeps_its_place() -> None:
    writer = memory_writer(turn=3)
    first, second, third = (writer.submit(batch(n, end=n + 1)) for n in range(3))
    command = writer.submit(submission())
    writer.step()
    assert (first.done(), second.done(), third.done(), command.done()) == (True, False, False, True)
    drain(writer)
    assert [f.exception(0) for f in (first, second, third)] == [None] * 3


def test_batches_that_wait_stay_before_those_that_came_later() -> None:
    writer = memory_writer(turn=2)
    batches = [writer.submit(batch(0, end=1)), writer.submit(batch(1, end=2))]
    writer.submit(submission())
    batches.append(writer.submit(batch(2, end=3)))
    drain(writer)
    assert [f.exception(0) for f in batches] == [None] * 3


def test_the_cache_of_states_keeps_its_bound_and_the_latest() -> None:
    states = States(2)
    for n in range(1, 5):
        states.advance({UUID(int=n): StreamState(n, b"", n)}, n, START)
    assert len(states) == 2
    assert [states.get(UUID(int=n)) is not None for n in range(1, 5)] == [False, False, True, True]


def test_closing_refuses_what_is_queued_and_what_comes() -> None:
    store = MemoryStore(MemoryDatabase())
    writer = Writer(store, setting(), Pointer())
    writer.open()
    done = writer.submit(submission())
    writer.step()
    queued: list[Future[Any]] = [writer.submit(submission()), writer.submit(batch(0, end=1))]
    writer.close("going home")
    for future in queued:
        with pytest.raises(WriterClosed, match="going home"):
            future.result(0)
    with pytest.raises(WriterClosed, match="going home"):
        writer.submit(submission())
    assert writer.step() == 0
    assert done.result(0).version == 1
    assert store.head() == 1


def test_who_gave_up_waiting_hinders_nobody() -> None:
    store = MemoryStore(MemoryDatabase())
    writer = Writer(store, setting(), Pointer())
    writer.open()
    given_up, patient = writer.submit(submission("a", 1)), writer.submit(submission("a", 2))
    assert given_up.cancel()
    writer.step()
    assert patient.result(0).version == 2
    assert amounts(store) == [1, 2]


async def test_coroutines_are_answered_in_their_loop() -> None:
    writer = memory_writer()
    waiting = [asyncio.create_task(writer.execute(submission("a", n))) for n in (1, 2, 3)]
    await asyncio.sleep(0)  # lets each of them queue its command
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(writer.step).result(DEADLINE_S) == 3
    assert [o.version for o in await asyncio.gather(*waiting)] == [1, 2, 3]


def _stop_iteration(*_seen: object) -> list[AmountCounted]:
    return [next(iter(()))]


async def test_a_decisions_exception_of_any_kind_leaves_its_batch_mates_alone() -> None:
    writer = memory_writer()
    decisions: list[Callable[..., Any]] = [count, fail, count, _stop_iteration, count]
    sent = [submission("a", decide=decide) for decide in decisions]
    waiting = [asyncio.create_task(writer.execute(s)) for s in sent]
    await asyncio.sleep(0)  # lets each of them queue its command
    writer.step()
    answers = await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), DEADLINE_S)
    assert [type(a).__name__ for a in answers] == [
        "Outcome",
        "LookupError",
        "Outcome",
        "RuntimeError",
        "Outcome",
    ]


async def test_a_coroutine_that_is_cancelled_hinders_nobody() -> None:
    writer = memory_writer()
    waiting = [asyncio.create_task(writer.execute(submission())) for _ in range(2)]
    await asyncio.sleep(0)  # lets each of them queue its command
    waiting[0].cancel()
    writer.step()
    assert (await waiting[1]).version == 2
    with pytest.raises(asyncio.CancelledError):
        await waiting[0]


def test_answers_to_a_loop_that_has_closed_hinder_nobody() -> None:
    writer = memory_writer()

    async def leave() -> None:
        asyncio.create_task(writer.execute(submission())).add_done_callback(lambda _: None)
        await asyncio.sleep(0)  # lets it queue its command

    asyncio.run(leave())
    patient = writer.submit(submission())
    assert writer.step() == 2
    assert patient.result(0).version == 2


def test_a_store_that_is_away_is_an_answer_to_all_and_the_writer_goes_on() -> None:
    away = [True]

    def cut(step: str) -> None:
        if step == "commit" and away[0]:
            raise StoreAway("away")

    store = MemoryStore(MemoryDatabase(), on_step=cut)
    writer = Writer(store, setting(), Pointer())
    writer.open()
    futures: list[Future[Any]] = [writer.submit(submission("a", n)) for n in (1, 2)]
    futures.append(writer.submit(batch(0, end=1)))
    assert writer.step() == 3
    assert [type(f.exception(0)) for f in futures] == [StoreAway] * 3
    away[0] = False
    assert outcome(writer, submission("a", 3)).version == 1
    assert amounts(store) == [3]


def test_a_thread_that_runs_a_writer_answers_many_submitters(database: Database) -> None:
    store = database.store()
    writer = database.writer(store)
    stopping = threading.Event()
    thread = threading.Thread(target=writer.run, args=(stopping,))
    thread.start()

    def submit_some(name: int) -> list[int]:
        return [
            writer.submit(submission(f"p{name}", 1)).result(DEADLINE_S).version for _ in range(10)
        ]

    with ThreadPoolExecutor(8) as pool:
        versions = list(pool.map(submit_some, range(8)))
    stopping.set()
    thread.join(DEADLINE_S)
    assert not thread.is_alive()
    assert versions == [list(range(1, 11))] * 8
    assert_record_is_whole(store)
