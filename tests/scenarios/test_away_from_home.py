"""Claims away from home, over HTTP: a migrant in Shaanxi, and who moved into their county's town.

Danfeng's town has a standard of 600 yuan, all other places of Shaanxi 500 (inputs, not facts).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from infra.demo import STANDARDS
from infra.demo.office import SHAANXI_TOWN, Official, StoryFailed, Town
from infra.demo.people import HOUSEHOLD, told
from infra.demo.road import BY_57, Family, Road
from shared.access.roles import Role
from tests.house import Run, running
from tests.notices import notice

pytestmark = pytest.mark.asyncio(loop_scope="function")

IN_THE_COUNTRY = Town("611022101000", "611022000000", "610000000000")
"""Yuling, a township of Danfeng."""
HOME, HOME_COUNTY = "611023001000", "611023000000"
AT_HOME = Official("officer at home", Role.COUNTY_OFFICER, HOME_COUNTY, "county")
ELSEWHERE = Official("officer elsewhere", Role.COUNTY_OFFICER, "611021000000", "county")
BEGINS = date(2023, 3, 1)

MIGRANT = Family(
    HOUSEHOLD, wages_fen={1: 2_000_00}, registered_in=HOME, permit_until=date(2023, 6, 30)
)


@pytest_asyncio.fixture(loop_scope="function")
async def run(tmp_path: Path) -> AsyncIterator[Run]:
    town = notice(tmp_path, "611022001", area_kind="urban", standard_monthly_fen=600_00)
    async with running(
        tmp_path / "data",
        hand_clock_start=BEGINS,
        cell="sx",
        home_division="610000000000",
        policy_dirs=(STANDARDS, town),
    ) as made:
        yield made


class Migrant:
    """A household from another county that claims where it lives, and its home county."""

    def __init__(self, run: Run, *, aided: bool) -> None:
        self.run = run
        self.house = run.house
        self._aided = aided
        self.road = Road(run.house, self._clock, SHAANXI_TOWN, MIGRANT, BY_57)

    @property
    def check(self) -> str:
        return f"/checks/{self.road.case_id}"

    @property
    def inquiry(self) -> str:
        return f"{self.check}/home-counties/{HOME_COUNTY}"

    async def answer(self, last_month: str | None = None) -> None:
        """The home county found a house, and whether the mother is aided there."""
        mother = {"person_id": self.road.person_ids[3], "last_month": last_month}
        body = {
            "received": [mother] if self._aided else [],
            "surveyed_on": (await self.run.embedded.services["verification"].today()).isoformat(),
            "houses": 1,
            "findings": told("户籍地有住房一处"),
        }
        await self.house.do(AT_HOME, "verification", f"{self.inquiry}/answers", body)
        await self.run.settled()

    async def _clock(self, to: date) -> None:
        """Once the household was visited the check waits for its home county, which answers."""
        await self.run.advance(to)
        await self.run.settled()
        asked = await self.house.see(AT_HOME, "verification", "/home-inquiries?standing=asked")
        if not asked["items"]:
            return
        clerk, path = self.road.clerk, f"{self.check}/completion"
        refused = await self.house.refused(clerk, "verification", path, at=self.check)
        if refused == (409, "home-county-outstanding"):
            await self.answer()


@pytest.mark.mechanism("S4-1", "S2-34")
async def test_a_migrant_is_paid_where_they_live_once_aid_at_home_has_ended(run: Run) -> None:
    migrant = Migrant(run, aided=True)
    house, road = migrant.house, migrant.road
    with pytest.raises(StoryFailed, match="aided-at-home"):
        await road.to_confirmation(BEGINS)
    await migrant.answer(last_month="2023-03")
    seen = f"{road.here}/determination"
    await house.do(road.decider, "decision", f"{road.here}/confirmation", at=seen)
    confirmed = (await road.determination())["confirmed"]
    assert (confirmed["amount_fen"], confirmed["pay_from"]) == (600_00 * 4 - 2_000_00, "2023-04")
    application = await house.see(road.clerk, "intake", f"/applications/{road.case_id}")
    assert application["decide_by"]["on"] == "2023-05-06"
    assert application["competent"] == [{"division": "611022001000", "name": "龙驹寨街道"}]


@pytest.mark.mechanism("S4-1")
async def test_a_home_county_sees_what_it_was_asked_and_nothing_else(run: Run) -> None:
    migrant = Migrant(run, aided=False)
    house, road = migrant.house, migrant.road
    await road.to_proposal(BEGINS)
    said = await house.see(AT_HOME, "verification", migrant.inquiry)
    assert said["asked"]["persons"] == road.person_ids
    for who, path in ((AT_HOME, migrant.check), (ELSEWHERE, migrant.inquiry)):
        assert (await house.call(who, "GET", "verification", path)).status_code == 403
    assert (await house.see(ELSEWHERE, "verification", "/home-inquiries"))["items"] == []
    stranger = f"{migrant.check}/home-counties/{ELSEWHERE.division}"
    assert (await house.call(ELSEWHERE, "GET", "verification", stranger)).status_code == 404
    (here,) = (await house.see(road.clerk, "verification", migrant.check))["home_counties"]
    assert (here["answer"]["houses"], here["answer"]["late"]) == (1, False)
    account = (await house.see(road.clerk, "verification", migrant.check))["account"]
    assert account["houses"] == 1
    letter = {"surveyed_on": "2023-03-03", "findings": told("复函"), "document_digest": "0" * 64}
    await house.do(road.clerk, "verification", f"{migrant.inquiry}/letters", letter)


@pytest.mark.mechanism("S2-34", "S4-1")
async def test_a_permit_that_is_over_opens_a_review_and_stops_nothing(run: Run) -> None:
    migrant = Migrant(run, aided=False)
    house, road = migrant.house, migrant.road
    await road.to_confirmation(BEGINS)
    await run.advance(date(2023, 5, 30))
    runs_out = "/residence-permits?standing=runs_out"
    assert (await house.see(road.clerk, "decision", runs_out))["items"] == []
    await run.advance(date(2023, 5, 31))
    await run.settled()
    (permit,) = (await house.see(road.clerk, "decision", runs_out))["items"]
    assert (permit["case_id"], permit["until_on"]) == (road.case_id, "2023-06-30")
    await run.advance(date(2023, 6, 30))
    assert (await house.see(road.clerk, "decision", f"{road.here}/reviews"))["open"] is None
    await run.advance(date(2023, 7, 1))
    await run.settled()
    review = (await house.see(road.clerk, "decision", f"{road.here}/reviews"))["open"]["opened"]
    assert (review["occasion"], review["due_on"]) == ("permit_expired", "2023-07-16")
    assert (await road.determination())["stage"] == "confirmed"
    renewal = {"until_on": "2024-06-30", "document_digest": "0" * 64}
    renewals = f"{road.here}/residence-permit/renewals"
    await house.do(road.clerk, "decision", renewals, renewal)
    print_of = f"{road.here}/determination/printed"
    printed = await house.call(road.clerk, "GET", "decision", print_of)
    for words in ("居住证将到期", "居住证已到期", "the residence permit is over", "居住证续签"):
        assert words in printed.text


@pytest.mark.mechanism("S4-1", "S2-20")
async def test_the_wrong_township_is_told_the_right_one_and_hands_on_what_it_took_in(
    run: Run,
) -> None:
    house = run.house
    at_home = replace(MIGRANT, registered_in=IN_THE_COUNTRY.township, permit_until=None)
    clerk = SHAANXI_TOWN.official("clerk", Role.TOWNSHIP_CLERK)
    member = {"person_id": "", "relation": "applicant"}
    (member["person_id"],) = await run.registered((run.stranger(),))
    body: dict[str, Any] = {
        "programme": "dibao",
        "division": SHAANXI_TOWN.township,
        "applicant": member["person_id"],
        "members": [member],
        "materials": ["identity", "check_authorization"],
        "reason": told("生活困难"),
    }
    residence = {
        "person_id": member["person_id"],
        "registered_in": at_home.registered_in,
        "lives_in": at_home.registered_in,
    }
    told_so = await house.call(
        clerk, "POST", "intake", "/applications", body | {"residences": [residence]}
    )
    assert (told_so.status_code, told_so.json()["code"]) == (409, "township-not-competent")
    assert "611022101000 庾岭镇" in told_so.text
    applied = await house.do(clerk, "intake", "/applications", body)
    here = f"/applications/{applied['case_id']}"
    stated = {"residences": [residence]}
    await house.do(clerk, "intake", f"{here}/residences", stated, at=here)
    refused = await house.refused(clerk, "intake", f"{here}/acceptance", at=here)
    assert refused == (409, "township-not-competent")
    (right,) = (await house.see(clerk, "intake", here))["competent"]
    assert right == {"division": IN_THE_COUNTRY.township, "name": "庾岭镇"}
    handed = {"division": right["division"], "reason": "registered_elsewhere"}
    await house.do(clerk, "intake", f"{here}/transfer", handed, at=here)
    there = IN_THE_COUNTRY.official("clerk", Role.TOWNSHIP_CLERK)
    await house.do(there, "intake", f"{here}/acceptance", at=here)


@pytest.mark.mechanism("S2-35", "S2-33")
async def test_who_moved_into_the_town_of_their_county_is_paid_by_the_towns_standard_and_same_rules(
    run: Run,
) -> None:
    proposals = []
    for town in (SHAANXI_TOWN, IN_THE_COUNTRY):
        people = ((run.stranger(), "applicant"), (run.stranger(), "spouse"))
        family = Family(people, wages_fen={0: 300_00}, registered_in=IN_THE_COUNTRY.township)
        road = Road(run.house, run.advance, town, family, BY_57)
        start = await run.embedded.services["decision"].today()
        await road.to_confirmation(start)
        proposals.append(await road.determination())
    in_town, in_the_country = proposals
    assert in_town["confirmed"]["amount_fen"] == 600_00 * 2 - 300_00
    assert in_the_country["confirmed"]["amount_fen"] == 500_00 * 2 - 300_00
    differs = {
        one["name"]
        for one in in_town["assessment"]["parameters"]
        if one not in in_the_country["assessment"]["parameters"]
    }
    assert differs == {"standard_monthly_fen"}
    outcomes = [
        [(one["assistance"], one["outcome"]) for one in each["assessment"]["outcomes"]]
        for each in proposals
    ]
    assert outcomes[0] == outcomes[1]
    assert in_town["account"]["income"][0]["kind"] == in_the_country["account"]["income"][0]["kind"]
