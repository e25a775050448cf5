"""总体稳定: whoever lies a little above the standard meets something, in the year of the guidance.

Fujian, standard 600, four persons: 2,560 a month are 640 a head.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from infra.demo.office import FUJIAN_TOWN
from infra.demo.people import HOUSEHOLD, told
from infra.demo.road import BY_57_DELEGATED, BY_220_DELEGATED, Family, Road
from tests.house import running

pytestmark = pytest.mark.asyncio(loop_scope="session")

NEAR = Family(
    HOUSEHOLD,
    wages_fen={1: 2_560_00},
    lives={
        1: {"occupation": "unsteady_work"},
        0: {"occupation": "no_work"},
    },
)
POOR = replace(NEAR, wages_fen={1: 2_000_00})
MAY_2021, AUGUST_2021 = date(2021, 5, 17), date(2021, 8, 2)


def qualifying(determination: dict[str, Any]) -> list[str]:
    outcomes = determination["assessment"]["outcomes"]
    return [one["assistance"] for one in outcomes if one["outcome"] == "qualifies"]


@pytest.mark.mechanism("S2-1", "S2-3")
async def test_who_applies_from_above_is_kept_in_mind_and_then_at_the_edge(
    tmp_path: Path,
) -> None:
    """Before the measures of July 2021 the watch list, since then the edge household."""
    async with running(tmp_path / "may", hand_clock_start=MAY_2021) as run:
        road = Road(run.house, run.advance, FUJIAN_TOWN, NEAR, BY_220_DELEGATED)
        case_id = await road.to_refusal(MAY_2021)
        determination = await road.determination()
        assert qualifying(determination) == ["watch_list"]
        assert determination["special_aid"]["needs"] == [
            {"aid": "employment", "person_id": road.person_ids[0]}
        ]
        await run.settled()
        entry = await run.house.see(road.clerk, "intake", f"/watch-list/{case_id}")
        assert "income_near_standard" in entry["hardship"]
        printed = await run.house.call(
            road.clerk, "GET", "decision", f"{road.here}/determination/printed"
        )
        assert "就业救助 / aid for employment" in printed.text
    async with running(tmp_path / "august", hand_clock_start=AUGUST_2021) as run:
        road = Road(run.house, run.advance, FUJIAN_TOWN, NEAR, BY_57_DELEGATED)
        await road.to_refusal(AUGUST_2021)
        determination = await road.determination()
        assert qualifying(determination) == ["edge_household"]
        assert determination["recognised"]["status"] == "edge_household"


@pytest.mark.mechanism("S2-1")
async def test_who_is_on_dibao_and_rises_above_is_phased_out(tmp_path: Path) -> None:
    async with running(tmp_path, hand_clock_start=AUGUST_2021) as run:
        road = Road(run.house, run.advance, FUJIAN_TOWN, POOR, BY_57_DELEGATED)
        await road.to_confirmation(AUGUST_2021)
        await run.advance(date(2021, 9, 6))
        change = {
            "income": road.income({1: 2_560_00}),
            "explanation": told("务工收入增加"),
        }
        reported = await run.house.do(road.clerk, "decision", f"{road.here}/changes", change)
        await run.house.do(
            road.decider,
            "decision",
            f"{road.here}/changes/{reported['change_id']}/decision",
            {},
            at=f"{road.here}/determination",
        )
        determination = await road.determination()
        assert determination["stage"] == "phasing_out"
        leaving = determination["leaving"]
        assert (leaving["first_month"], leaving["last_month"]) == ("2021-10", "2022-09")
        assert leaving["amount_fen"] == 400_00
