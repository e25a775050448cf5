"""Shaanxi 2022: a household owns what it cannot do without, where dibao allows no vehicle."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from infra.demo import STANDARDS
from infra.demo.office import SHAANXI_TOWN
from infra.demo.people import HOUSEHOLD
from infra.demo.road import BY_57, Family, Road
from tests.house import running
from tests.notices import notice

pytestmark = pytest.mark.asyncio(loop_scope="session")

IN_SHAANXI: dict[str, Any] = {
    "hand_clock_start": date(2022, 5, 9),
    "cell": "sx",
    "home_division": "610000000000",
}
ON_A_SCOOTER = Family(
    HOUSEHOLD,
    wages_fen={1: 1_600_00},
    lives={3: {"disability": {"kind": "physical", "grade": 2}, "occupation": "no_work"}},
    owns={"deposits_fen": 0, "houses": 1, "vehicles": 1},
    needs={3: "disability_scooter"},
)
"""Four at 400 a head, standard 500: the mother goes out on her scooter."""
IN_A_CART = replace(ON_A_SCOOTER, needs={1: "work_vehicle"})


@pytest.mark.mechanism("S4-4")
async def test_a_scooter_keeps_nobody_from_dibao_and_is_shown_beside(tmp_path: Path) -> None:
    async with running(tmp_path, **IN_SHAANXI) as run:
        road = Road(run.house, run.advance, SHAANXI_TOWN, ON_A_SCOOTER, BY_57)
        case_id = await road.to_confirmation(date(2022, 5, 9))
        assert (await road.determination())["confirmed"]["amount_fen"] == 400_00
        check = await run.house.see(road.clerk, "verification", f"/checks/{case_id}")
        assert check["account"]["vehicles"] == 0
        (exempt,) = check["account"]["exempt_property"]
        assert exempt["necessity"]["person_id"] == road.person_ids[3]
        printed = await run.house.call(
            road.clerk, "GET", "decision", f"{road.here}/determination/printed"
        )
        assert "残疾人代步车 / a disabled person's scooter" in printed.text
        assert "机动车辆 / Vehicles: 0 ≤ 0" in printed.text


async def test_a_vehicle_for_work_does_unless_the_place_exempts_it(tmp_path: Path) -> None:
    async with running(tmp_path / "without", **IN_SHAANXI) as run:
        road = Road(run.house, run.advance, SHAANXI_TOWN, IN_A_CART, BY_57)
        await road.to_refusal(date(2022, 5, 9))
        determination = await road.determination()
        assert determination["refused"]["reason"] == "property_above_limit"
    exempting = tmp_path / "notices"
    exempting.mkdir()
    notice(exempting, "61", property_exempt=["disability_scooter", "work_vehicle"])
    settings = IN_SHAANXI | {"policy_dirs": (STANDARDS, exempting)}
    async with running(tmp_path / "with", **settings) as run:
        road = Road(run.house, run.advance, SHAANXI_TOWN, IN_A_CART, BY_57)
        await road.to_confirmation(date(2022, 5, 9))
        assert (await road.determination())["confirmed"]["amount_fen"] == 400_00
