"""A department is called no oftener than it bears, and left alone while it does not answer."""

from __future__ import annotations

import pytest

from services.verification.gateways.courtesy import Courtesy
from shared.kernel.duties import OutsideAway


class Time:
    """A clock that only the test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


def courtesy(time: Time, per_second: int = 4) -> Courtesy:
    return Courtesy(per_second=per_second, failures=3, rest_s=10.0, monotonic=time.monotonic)


def refused(spared: Courtesy) -> bool:
    try:
        spared.take_turn(1)
    except OutsideAway:
        return True
    return False


def test_so_many_calls_begin_within_a_second_and_no_more() -> None:
    time = Time()
    spared = courtesy(time)
    assert [refused(spared) for _ in range(6)] == [False] * 4 + [True] * 2
    time.now += 0.25
    assert [refused(spared) for _ in range(2)] == [False, True]


def test_a_question_of_several_calls_is_not_cut_short_and_others_wait_for_it() -> None:
    time = Time()
    spared = courtesy(time)
    spared.take_turn(6)
    time.now += 0.5
    assert refused(spared), "two calls were beyond the second's, and are made up for now"
    time.now += 0.25
    assert not refused(spared)


def test_a_pause_saves_up_no_more_than_a_seconds_calls() -> None:
    time = Time()
    spared = courtesy(time)
    spared.take_turn(1)
    time.now += 60
    assert [refused(spared) for _ in range(5)] == [False] * 4 + [True]


def test_failures_in_a_row_close_the_way_and_one_call_tries_after_the_rest() -> None:
    time = Time()
    spared = courtesy(time)
    for _ in range(3):
        spared.take_turn(1)
        spared.failed()
    time.now += 9.75
    assert refused(spared)
    time.now += 0.25
    assert not refused(spared)
    assert refused(spared), "while the first one tries"


def test_a_success_opens_the_way_and_forgets_the_failures() -> None:
    time = Time()
    spared = courtesy(time)
    for _ in range(3):
        spared.failed()
    time.now += 10
    spared.take_turn(1)
    spared.succeeded()
    for _ in range(2):
        spared.take_turn(1)
        spared.failed()
    assert not refused(spared)


def test_the_last_failure_of_those_allowed_closes_it() -> None:
    spared = courtesy(Time())
    spared.failed()
    spared.failed()
    spared.take_turn(1)
    spared.failed()
    with pytest.raises(OutsideAway):
        spared.take_turn(1)
