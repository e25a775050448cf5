"""Fujian 2020: a severely disabled mother enters alone and her family is not checked.

After the campaign the family's means are looked into: the review is owed on the day after its last.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from infra.demo.office import FUJIAN_TOWN
from infra.demo.people import HOUSEHOLD, told
from infra.demo.road import BY_220_DELEGATED, Family, Road
from shared.access.roles import Role
from tests.house import Run, running
from tests.scenarios.test_standards import (
    AT_PROVINCE,
    OF_PROVINCE,
    OFFICER,
    SECOND_HAND,
    approve,
    figure,
    propose,
)

pytestmark = pytest.mark.asyncio(loop_scope="session")

RICH_FAMILY = Family(
    HOUSEHOLD,
    wages_fen={1: 9_000_00, 3: 100_00},
    poverty="unlifted",
    lives={
        3: {
            "disability": {"kind": "physical", "grade": 1},
            "labour": "none",
            "occupation": "no_work",
        }
    },
    waived=True,
)
"""Nobody asks what the husband earns; the mother has 100 yuan of her own."""


async def concluded(run: Run, road: Road, review_id: str, **stated: Any) -> Any:
    body = {
        "manner": "home_visit",
        "outcome": "no_change",
        "household": "stable",
        "findings": told("脱贫攻坚后复核"),
    } | stated
    path = f"{road.here}/reviews/{review_id}/conclusion"
    return await run.house.call(road.clerk, "POST", "decision", path, body)


@pytest.mark.mechanism("S0-9", "S0-10", "S1-13", "S1-51")
async def test_the_family_is_not_checked_until_victory_and_then_reviewed_once(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as run:
        road = Road(run.house, run.advance, FUJIAN_TOWN, RICH_FAMILY, BY_220_DELEGATED)
        case_id = await road.to_confirmation(date(2020, 11, 2))
        mother = road.person_ids[3]
        check = await run.house.see(road.clerk, "verification", f"/checks/{case_id}")
        (waived,) = check["account"]["waiver"]["persons"]
        assert waived == {"person_id": mother, "ground": "unlifted_severe_disability"}
        assert [line["person_id"] for line in check["account"]["income"]] == [mother]
        assert check["account"]["deposits_fen"] == 0
        determination = await road.determination()
        (member,) = determination["confirmed"]["members"]
        assert member["person_id"] == mother
        assert determination["confirmed"]["amount_fen"] == 500_00
        printed = await run.house.call(
            road.clerk, "GET", "decision", f"{road.here}/determination/printed"
        )
        assert "The family's check is waived" in printed.text
        assert "闽民救〔2020〕21号" in printed.text
        assert "9,000.00" not in printed.text

        await run.advance(date(2020, 12, 31))
        reviews = await run.house.see(road.clerk, "decision", f"{road.here}/reviews")
        assert reviews["open"] is None
        assert reviews["scheduled"]["without_waiver"]
        await run.advance(date(2021, 1, 1))
        reviews = await run.house.see(road.clerk, "decision", f"{road.here}/reviews")
        review = reviews["open"]["opened"]
        assert (review["without_waiver"], review["due_on"]) == (True, "2021-01-16")

        owed = "/determinations?stage=confirmed&family_check_owed=true"
        (row,) = (await run.house.see(road.clerk, "decision", owed))["items"]
        assert row["case_id"] == str(case_id)
        silent = await concluded(run, road, review["review_id"])
        assert (silent.status_code, silent.json()["code"]) == (422, "family-means-missing")
        family = {
            "counted_income_fen": 9_100_00,
            "deposits_fen": 0,
            "houses": 1,
            "vehicles": 0,
        }
        done = await concluded(run, road, review["review_id"], family=family)
        assert done.status_code == 201, done.text
        reviews = await run.house.see(road.clerk, "decision", f"{road.here}/reviews")
        assert reviews["concluded"][0]["household_entitled"] is False
        assert reviews["scheduled"]["without_waiver"] is None
        auditor = FUJIAN_TOWN.of_county("auditor", Role.AUDITOR)
        await run.settled()
        assert (await run.house.see(road.clerk, "decision", owed))["items"] == []
        timeline = await run.house.see(auditor, "oversight", f"/cases/{case_id}/timeline")
        told_of = [entry["zh"] for entry in timeline["entries"]]
        assert "免予家庭经济状况核对" in told_of


async def test_the_familys_means_are_held_against_the_standard_that_the_county_has_set(
    tmp_path: Path,
) -> None:
    """2,450 yuan a month: above 600 × 4, below the 650 × 4 that count from January 2021."""
    async with running(tmp_path) as run:
        road = Road(run.house, run.advance, FUJIAN_TOWN, RICH_FAMILY, BY_220_DELEGATED)
        await road.to_confirmation(date(2020, 11, 2))
        floor = await propose(run, OF_PROVINCE, figure(580_00, "2021-01", force="floor"))
        assert (await approve(run, AT_PROVINCE, floor)).is_success
        raised = await propose(run, OFFICER, figure(650_00, "2021-01"))
        assert (await approve(run, SECOND_HAND, raised)).is_success
        await run.advance(date(2021, 1, 1))
        reviews = await run.house.see(road.clerk, "decision", f"{road.here}/reviews")
        family = {"counted_income_fen": 2_450_00, "deposits_fen": 0, "houses": 1, "vehicles": 0}
        review_id = reviews["open"]["opened"]["review_id"]
        done = await concluded(run, road, review_id, family=family)
        assert done.status_code == 201, done.text
        reviews = await run.house.see(road.clerk, "decision", f"{road.here}/reviews")
        assert reviews["concluded"][0]["household_entitled"] is True


async def test_after_victory_nobodys_family_is_waived(tmp_path: Path) -> None:
    async with running(tmp_path, hand_clock_start=date(2021, 1, 4)) as run:
        road = Road(run.house, run.advance, FUJIAN_TOWN, RICH_FAMILY, BY_220_DELEGATED)
        with pytest.raises(Exception, match="family-waiver-not-provided-for"):
            await road.to_confirmation(date(2021, 1, 4))
