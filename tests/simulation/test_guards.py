"""A simulation that has not caught a planted fault proves nothing: each guard is missed.

Every guard is taken out alone. The seeds then find a guarantee broken, by looking only at logs,
topics, views, money and answers; the summary names the seed and the guarantee.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.simulation.guards import GUARDS
from tests.simulation.run import simulate_all

MOST_SEEDS = 500


@pytest.mark.parametrize("guard", GUARDS)
def test_a_guard_that_is_taken_out_is_missed(
    guard: str, record_property: Callable[[str, object], None]
) -> None:
    seeds = simulate_all(range(MOST_SEEDS), GUARDS[guard])
    missed = next((result for result in seeds if result.finding is not None), None)
    assert missed is not None, f"{MOST_SEEDS} seeds without {guard}, and nothing was found"
    assert missed.finding is not None
    record_property(
        "simulation",
        f"without {guard}: seed {missed.seed} finds {missed.finding.invariant.name}",
    )
