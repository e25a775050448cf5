"""Waiting for the log to grow, and how loops rest."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from threading import Thread

import pytest

from shared.bus.port import BusAway, MemberFenced, TopicMissing
from shared.kernel.submission import PositionMoved
from shared.runtime.pace import BEHIND, FIRST_REST_S, LONGEST_REST_S, Pace
from shared.runtime.tide import Tide

FAR_S = 60.0
"""Longer than any test: whoever sleeps so long was not woken."""


def test_a_thread_sleeps_until_the_log_ends_elsewhere() -> None:
    tide = Tide()
    tide.stands(3)
    sleeper = Thread(target=tide.sleep, args=(3, FAR_S), daemon=True)
    sleeper.start()
    tide.stands(3)
    sleeper.join(0.05)
    assert sleeper.is_alive()
    tide.stands(4)
    sleeper.join(FAR_S)
    assert not sleeper.is_alive()


def test_nobody_sleeps_who_has_seen_less() -> None:
    tide = Tide()
    tide.stands(3)
    tide.sleep(2, FAR_S)
    asyncio.run(tide.asleep(2, FAR_S))


async def test_a_log_that_shrank_wakes_too() -> None:
    tide = Tide()
    tide.stands(3)
    sleeping = asyncio.create_task(tide.asleep(3, FAR_S))
    await asyncio.sleep(0)
    await asyncio.to_thread(tide.stands, 1)
    await sleeping


async def test_all_are_woken_at_once_and_one_who_left_is_not_missed() -> None:
    tide = Tide()
    sleeping = [asyncio.create_task(tide.asleep(tide.head, FAR_S)) for _ in range(3)]
    await asyncio.sleep(0)
    sleeping[0].cancel()
    with pytest.raises(asyncio.CancelledError):
        await sleeping[0]
    await asyncio.to_thread(tide.stands, 1)
    await asyncio.gather(*sleeping[1:])


async def test_a_sleep_ends_by_itself() -> None:
    tide = Tide()
    tide.stands(1)
    await tide.asleep(1, 0.001)
    await asyncio.to_thread(tide.sleep, 1, 0.001)
    assert tide.head == 1


def test_a_loop_that_is_gone_keeps_nobody_asleep() -> None:
    tide = Tide()
    loop = asyncio.new_event_loop()
    sleeping = loop.create_task(tide.asleep(tide.head, FAR_S))
    loop.call_soon(loop.stop)
    loop.run_forever()
    woken = threading.Event()

    def other() -> None:
        tide.sleep(tide.head, FAR_S)
        woken.set()

    sleeping.cancel()
    loop.run_until_complete(asyncio.gather(sleeping, return_exceptions=True))
    loop.close()
    Thread(target=other, daemon=True).start()
    while not woken.is_set():
        tide.stands(tide.head + 1)
        woken.wait(0.01)


def moving(*outcomes: int | Exception) -> Callable[[], int]:
    left = iter(outcomes)

    def step() -> int:
        outcome = next(left)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return step


def test_a_loop_rests_when_idle_a_little_when_busy_and_not_when_behind() -> None:
    pace = Pace("loop", {}, idle_s=1.0, busy_s=0.1)
    step = moving(0, 1, BEHIND)
    assert (pace.after(step), pace.idle) == (1.0, True)
    assert (pace.after(step), pace.idle) == (0.1, False)
    assert (pace.after(step), pace.idle) == (0.0, False)


def test_a_whole_batch_means_behind_however_small_it_is() -> None:
    pace = Pace("loop", {}, idle_s=1.0, busy_s=0.1, behind=10)
    assert pace.after(moving(10)) == 0.0


def test_a_loop_that_fails_rests_longer_each_time_tells_and_recovers() -> None:
    troubles: dict[str, str] = {}
    pace = Pace("relay", troubles, idle_s=1.0)
    step = moving(*[BusAway("away")] * 10, TopicMissing("t"), 1)
    rests = [pace.after(step) for _ in range(10)]
    assert rests == sorted(rests)
    assert (rests[0], rests[-1]) == (2 * FIRST_REST_S, LONGEST_REST_S)
    assert troubles == {"relay": "engine-away"}
    pace.after(step)
    assert troubles == {"relay": "topics-not-right"}
    assert pace.after(step) == 0.0
    assert (troubles, pace.ended) == ({}, False)


def test_what_another_instance_was_faster_with_is_no_trouble() -> None:
    troubles: dict[str, str] = {}
    Pace("consumer", troubles, idle_s=0.0).after(moving(PositionMoved("moved")))
    assert troubles == {}


async def test_a_loop_ends_where_a_person_must_decide() -> None:
    troubles: dict[str, str] = {}
    pace = Pace("consumer", troubles, idle_s=0.0)

    async def step() -> int:
        raise MemberFenced("another has the name")

    await pace.after_awaiting(step)
    assert (pace.ended, troubles) == (True, {"consumer": "a-person-must-decide"})
