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
MISSED_BEFORE = {"parking-order": 83, "view-guard": 20}
"""Seeds that found a guard missing when it was last looked for: tried first, then all others."""


@pytest.mark.parametrize("guard", GUARDS)
def test_a_guard_that_is_taken_out_is_missed(
    guard: str, record_property: Callable[[str, object], None]
) -> None:
    before = MISSED_BEFORE.get(guard, 0)
    in_order = (before, *(seed for seed in range(MOST_SEEDS) if seed != before))
    seeds = simulate_all(in_order, GUARDS[guard])
    missed = next((result for result in seeds if result.finding is not None), None)
    assert missed is not None, f"{MOST_SEEDS} seeds without {guard}, and nothing was found"
    assert missed.finding is not None
    record_property(
        "simulation",
        f"without {guard}: seed {missed.seed} finds {missed.finding.invariant.name}",
    )
