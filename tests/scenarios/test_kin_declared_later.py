"""Kin of officials that becomes known only after the application was accepted."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from infra.demo.office import FUJIAN_TOWN, StoryFailed
from infra.demo.people import HOUSEHOLD
from infra.demo.road import BY_220_DELEGATED, Family, Road
from tests.house import running

pytestmark = pytest.mark.asyncio(loop_scope="session")
BEGINS = date(2020, 5, 11)
POOR = Family(HOUSEHOLD, wages_fen={1: 2_000_00})


class SaidNothing(Road):
    """A family that nobody asked whether officials are near kin."""

    async def _declare_kin(self, here: str) -> None:
        """Nobody asks."""


async def test_is_owed_holds_the_confirmation_up_and_has_the_county_visit(tmp_path: Path) -> None:
    async with running(tmp_path) as run:
        road = SaidNothing(run.house, run.advance, FUJIAN_TOWN, POOR, BY_220_DELEGATED)
        with pytest.raises(StoryFailed, match="kin-not-declared"):
            await road.to_confirmation(BEGINS)
        assert (await road.determination())["kin_owed"]
        listed = "/applications?kin_owed=true"
        (waiting,) = (await run.house.see(road.clerk, "intake", listed))["items"]
        assert waiting["case_id"] == road.case_id

        kin = {
            "person_id": road.person_ids[1],
            "relation": "sibling",
            "official": str(uuid4()),
            "capacity": "committee_member",
        }
        here = f"/applications/{road.case_id}"
        await run.house.do(road.clerk, "intake", f"{here}/kin-filing", {"kin": [kin]}, at=here)
        await run.settled()
        assert (await run.house.see(road.clerk, "intake", listed))["items"] == []
        check = await run.house.see(road.clerk, "verification", f"/checks/{road.case_id}")
        assert check["spot_check"]["ground"] == "kin"
        seen = f"{road.here}/determination"
        await run.house.do(road.decider, "decision", f"{road.here}/confirmation", at=seen)
        assert (await road.determination())["confirmed"]
