"""A department is called no oftener than it bears, and left alone while it does not answer."""

from __future__ import annotations

import pytest

from services.verification.gateways.courtesy import Courtesy
from shared.kernel.duties import OutsideAway


class Time:
    """A clock that only waiting moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


def courtesy(time: Time, per_second: int = 4, failures: int = 3, rest_s: float = 10.0) -> Courtesy:
    return Courtesy(
        per_second=per_second,
        failures=failures,
        rest_s=rest_s,
        monotonic=time.monotonic,
        sleep=time.sleep,
    )


async def test_calls_are_spaced() -> None:
    time = Time()
    spared = courtesy(time)
    began = []
    for _ in range(5):
        await spared.turn()
        began.append(time.now)
    assert began == [100.0, 100.25, 100.5, 100.75, 101.0]


async def test_a_call_after_a_pause_does_not_wait() -> None:
    time = Time()
    spared = courtesy(time)
    await spared.turn()
    time.now += 60
    await spared.turn()
    assert time.now == 160.0


async def test_failures_in_a_row_close_the_way_and_one_call_tries_after_the_rest() -> None:
    time = Time()
    spared = courtesy(time)
    for _ in range(3):
        await spared.turn()
        spared.failed()
    closed_at = time.now
    time.now = closed_at + 9.9
    with pytest.raises(OutsideAway):
        await spared.turn()
    time.now = closed_at + 10
    await spared.turn()
    with pytest.raises(OutsideAway):
        await spared.turn()  # while the first one tries


async def test_a_success_opens_the_way_and_forgets_the_failures() -> None:
    time = Time()
    spared = courtesy(time)
    for _ in range(3):
        spared.failed()
    time.now += 10
    await spared.turn()
    spared.succeeded()
    for _ in range(2):
        await spared.turn()
        spared.failed()
    await spared.turn()


async def test_two_failures_of_three_close_nothing() -> None:
    spared = courtesy(Time())
    spared.failed()
    spared.failed()
    await spared.turn()
    spared.failed()
    with pytest.raises(OutsideAway):
        await spared.turn()
