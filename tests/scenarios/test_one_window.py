"""One window: what a household that applied for dibao is told, over HTTP, in several places."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from infra.demo.office import CLERK, FUJIAN_TOWN, SHAANXI_TOWN
from infra.demo.people import HOUSEHOLD, told
from infra.demo.road import BY_57, BY_57_DELEGATED, BY_220_DELEGATED, Family, Road
from tests.house import application, running

pytestmark = pytest.mark.asyncio(loop_scope="session")

NEAR = Family(HOUSEHOLD, wages_fen={1: 2_560_00}, lives={1: {"occupation": "unsteady_work"}})
"""640 a head after deductions, unsteady work, nobody ill, disabled or in school."""

DISABLED_MOTHER = Family(
    HOUSEHOLD,
    wages_fen={1: 2_100_00, 3: 100_00},
    lives={3: {"disability": {"kind": "physical", "grade": 2}, "occupation": "no_work"}},
)


ILL_ON_A_GOOD_WAGE = Family(
    HOUSEHOLD, wages_fen={1: 7_000_00}, deductions_fen={"illness": 1_900_01}
)
"""Shaanxi: 7,000 a month, of which 3,500.01 goes on illness and, by the standard, on living."""


def outcomes(determination: dict[str, Any]) -> dict[str, str]:
    return {one["assistance"]: one["outcome"] for one in determination["assessment"]["outcomes"]}


async def test_worked_case_21_in_2020_refused_kept_in_mind_and_reopened(tmp_path: Path) -> None:
    """A later alert makes an application of its own, and nothing is keyed again."""
    async with running(tmp_path) as run:
        road = Road(run.house, run.advance, FUJIAN_TOWN, NEAR, BY_220_DELEGATED)
        case_id = await road.to_refusal(date(2020, 5, 11))
        determination = await road.determination()
        assert determination["refused"]["reason"] == "income_not_below_standard"
        assert outcomes(determination) == {
            "household_dibao": "does_not_qualify",
            "single_person_dibao": "does_not_qualify",
            "edge_household": "not_provided_for",
            "rigid_expenditure_household": "not_provided_for",
            "watch_list": "qualifies",
        }
        await run.settled()
        entry = f"/watch-list/{case_id}"
        body = {"occasion": "provincial_alert", "reason": told("省平台预警，工资停发")}
        await run.advance(date(2020, 6, 15))
        reopened = await run.house.do(road.clerk, "intake", f"{entry}/reopening", body, at=entry)
        here = f"/applications/{reopened['case_id']}"
        application = await run.house.see(road.clerk, "intake", here)
        before = await run.house.see(road.clerk, "intake", f"/applications/{case_id}")
        for kept in ("programme", "division", "applicant", "members"):
            assert application[kept] == before[kept]
        await run.house.do(road.clerk, "intake", f"{here}/acceptance", at=here)
        await run.settled()
        check = await run.house.see(road.clerk, "verification", f"/checks/{reopened['case_id']}")
        assert check["status"] == "open"


async def test_worked_case_21_in_2021_an_edge_household(tmp_path: Path) -> None:
    async with running(tmp_path, hand_clock_start=date(2021, 8, 2)) as run:
        road = Road(run.house, run.advance, FUJIAN_TOWN, NEAR, BY_57_DELEGATED)
        await road.to_refusal(date(2021, 8, 2))
        determination = await road.determination()
        assert determination["recognised"]["status"] == "edge_household"
        assert outcomes(determination)["watch_list"] == "not_reached"


async def test_worked_case_24_make_up_days(tmp_path: Path) -> None:
    """Ten working days from Monday 20 April 2020: Sunday the 26th is worked, 1 to 5 May are off."""
    async with running(tmp_path, hand_clock_start=date(2020, 4, 20)) as run:
        body = application(await run.household())
        case_id = (await run.house.do(CLERK, "intake", "/applications", body))["case_id"]
        here = f"/applications/{case_id}"
        await run.house.do(CLERK, "intake", f"{here}/acceptance", at=here)
        accepted = await run.house.see(CLERK, "intake", here)
        assert accepted["survey_due"]["on"] == "2020-05-06"
        await run.settled()
        check = f"/checks/{case_id}"
        await run.advance(date(2020, 5, 6))
        assert not (await run.house.see(CLERK, "verification", check))["survey_missed"]
        await run.advance(date(2020, 5, 7))
        assert (await run.house.see(CLERK, "verification", check))["survey_missed"]


async def test_a_disabled_mother_enters_alone_and_is_paid_her_gap(tmp_path: Path) -> None:
    """Shaanxi 2023: four with 550 a head, standard 500, edge limit 750; she has 100 of her own."""
    async with running(
        tmp_path,
        hand_clock_start=date(2023, 3, 1),
        cell="sx",
        home_division="610000000000",
    ) as run:
        road = Road(run.house, run.advance, SHAANXI_TOWN, DISABLED_MOTHER, BY_57)
        case_id = await road.to_confirmation(date(2023, 3, 1))
        determination = await road.determination()
        (member,) = determination["confirmed"]["members"]
        assert member["person_id"] == road.person_ids[3]
        assert determination["confirmed"]["amount_fen"] == 400_00
        assert determination["recognised"]["status"] == "edge_household"
        await run.settled()
        entitlement = await run.house.see(road.clerk, "payment", f"/cases/{case_id}/entitlement")
        assert entitlement["payee"] == road.person_ids[0]
        printed = await run.house.call(
            road.clerk, "GET", "decision", f"{road.here}/determination/printed"
        )
        assert "600.00 − 100.00" not in printed.text
        assert "500.00 − 100.00 = 400.00" in printed.text


@pytest.mark.mechanism("S4-12")
async def test_a_household_of_rigid_expenditure_hardship_is_one_for_a_year(tmp_path: Path) -> None:
    """Far above the edge, and its spending eats half of its income: recognised, shown, ended."""
    async with running(
        tmp_path,
        hand_clock_start=date(2022, 5, 9),
        cell="sx",
        home_division="610000000000",
    ) as run:
        road = Road(run.house, run.advance, SHAANXI_TOWN, ILL_ON_A_GOOD_WAGE, BY_57)
        case_id = await road.to_refusal(date(2022, 5, 9))
        determination = await road.determination()
        assert outcomes(determination) == {
            "household_dibao": "does_not_qualify",
            "single_person_dibao": "does_not_qualify",
            "edge_household": "does_not_qualify",
            "rigid_expenditure_household": "qualifies",
            "watch_list": "not_reached",
        }
        recognised = determination["recognised"]
        assert recognised["status"] == "rigid_expenditure_household"
        assert recognised["valid_until"] == "2023-05-10"
        await run.settled()
        noted = await run.house.see(road.clerk, "intake", f"/applications/{case_id}")
        assert noted["recognised"] == "rigid_expenditure_household"
        path = "/recognised-households?status=rigid_expenditure_household"
        (row,) = (await run.house.see(road.clerk, "decision", f"{path}&active=true"))["items"]
        assert (row["case_id"], row["members"]) == (str(case_id), road.person_ids)
        by_person = f"/recognised-households?applicant={road.person_ids[0]}"
        assert len((await run.house.see(road.clerk, "decision", by_person))["items"]) == 1
        stranger = f"/recognised-households?applicant={road.person_ids[1]}"
        assert (await run.house.see(road.clerk, "decision", stranger))["items"] == []
        await run.advance(date(2023, 5, 10))
        assert (await road.determination())["recognition_ended"] is None
        await run.advance(date(2023, 5, 11))
        ended = (await road.determination())["recognition_ended"]
        assert (ended["reason"], ended["since"]) == ("validity_over", "2023-05-11")
        await run.settled()
        assert (await run.house.see(road.clerk, "decision", f"{path}&active=true"))["items"] == []
        (row,) = (await run.house.see(road.clerk, "decision", f"{path}&active=false"))["items"]
        assert (row["ended_on"], row["end_reason"]) == ("2023-05-11", "validity_over")
        printed = await run.house.call(
            road.clerk, "GET", "decision", f"{road.here}/determination/printed"
        )
        assert "3,500.01 > 0.5 × 7,000.00 = 3,500.00" in printed.text
