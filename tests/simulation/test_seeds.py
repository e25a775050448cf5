"""The simulation of design §8.4: whatever goes wrong, the guarantees of §1 hold."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.simulation.run import simulate, simulate_all

SEEDS = 100
SEEDS_A_TEST = 20
REPLAYED = (3, 7, 8)


@pytest.mark.parametrize("first", range(0, SEEDS, SEEDS_A_TEST))
def test_the_guarantees_hold_whatever_goes_wrong(first: int) -> None:
    for result in simulate_all(range(first, first + SEEDS_A_TEST)):
        assert result.finding is None, str(result)


def test_a_seed_is_lived_again_step_by_step() -> None:
    lived = [simulate(seed, trace_length=10_000) for seed in REPLAYED]
    again = [simulate(seed, trace_length=10_000) for seed in reversed(REPLAYED)]
    assert [result.trace for result in lived] == [result.trace for result in reversed(again)]
    assert len({result.trace for result in lived}) == len(REPLAYED)


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_a_seed_is_the_same_in_every_process(hash_seed: str) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "tests.simulation", "--seeds", "1", "--from", str(REPLAYED[0])],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    here = simulate(REPLAYED[0], trace_length=100_000)
    assert told.splitlines()[:-1] == [*here.trace, str(here)]


def test_the_seeds_meet_every_kind_of_weather_and_of_life() -> None:
    """A simulation in which nothing happens would find nothing either."""
    results = [simulate(seed, trace_length=100_000) for seed in range(12)]
    told = "\n".join(line for result in results for line in result.trace)
    for happening in ("dies", "stands still", "lost", "is off", "Approve: done", "same-hands"):
        assert happening in told
    assert sum(result.events for result in results) > 20 * len(results)
