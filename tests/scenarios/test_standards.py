"""A county raises its standard, over HTTP on the embedded system.

Standard 600 yuan a month until June 2020, 650 from July: the story's household of four, with
2,200 counted, is paid 200 yuan and from July on 4 × 50 more. A household in its phase-out keeps
what was frozen.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import httpx
import pytest
import pytest_asyncio

from infra.demo.office import (
    AUDITOR,
    CLERK,
    CONFIRMER,
    COUNTY,
    PREPARER,
    TOWNSHIP,
    VILLAGE,
    Official,
)
from infra.demo.people import PLANTED, told
from shared.access.roles import Role
from tests.decision.test_api import do, shown
from tests.decision.test_api_after import changed, confirmed
from tests.house import Run, running

pytestmark = pytest.mark.asyncio(loop_scope="module")

PROVINCE = "350000000000"
OF_PROVINCE = Official("province's officer", Role.STANDARDS_OFFICER, PROVINCE, "province")
AT_PROVINCE = Official("province's second hand", Role.STANDARDS_OFFICER, PROVINCE, "province")
OFFICER = Official("county's officer", Role.STANDARDS_OFFICER, COUNTY, "county")
SECOND_HAND = Official("county approver", Role.COUNTY_APPROVER, COUNTY, "county")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Run]:
    async with running(tmp_path_factory.mktemp("standards") / "data") as made:
        yield made


def figure(amount_fen: int, from_month: str, **changed: Any) -> dict[str, Any]:
    return {
        "kind": "dibao",
        "amount_fen": amount_fen,
        "from_month": from_month,
        "notice": told("经县政府研究同意"),
    } | changed


async def propose(run: Run, who: Official, body: dict[str, Any]) -> httpx.Response:
    return await run.house.call(
        who, "POST", "decision", f"/standards/{who.division}/proposals", body
    )


async def approve(run: Run, who: Official, proposed: httpx.Response) -> httpx.Response:
    assert proposed.status_code == 201, proposed.text
    here = f"/standards/{who.division}"
    seen = await run.house.call(who, "GET", "decision", here)
    return await run.house.call(
        who,
        "POST",
        "decision",
        f"{here}/proposals/{proposed.json()['standard_id']}/approval",
        if_match=seen.headers["ETag"],
    )


async def told_with_its_standard(run: Run, case_id: str) -> None:
    """In print and in the timeline a recorded standard has who set it, when, and its notice."""
    path = f"/cases/{case_id}/determination/printed"
    printed = (await run.house.call(CLERK, "GET", "decision", path)).text
    assert "标准文件 / Set by: 寿宁县 2020-" in printed
    assert "文件档号 / notice filed under: " in printed
    assert "家庭情况未变，只因标准调整" in printed
    await run.settled()
    told = await run.house.see(AUDITOR, "oversight", f"/cases/{case_id}/timeline")
    sources = [rule["source"] for entry in told["entries"] for rule in entry["rules"]]
    assert any(source and source.startswith("寿宁县 2020-") for source in sources)


async def test_a_county_raises_its_standard_and_every_household_follows_but_one_in_phase_out(
    run: Run,
) -> None:
    followed, leaving = await confirmed(run), await confirmed(run)
    change = await changed(run, leaving)
    assert (await do(run, CONFIRMER, leaving, f"{change}/decision", {})).is_success
    reported = await confirmed(run)
    await changed(run, reported)  # waits undecided
    today = await run.embedded.services["decision"].today()
    assert today < date(2020, 6, 1)

    early = await propose(run, OFFICER, figure(650_00, "2020-07"))
    assert (early.status_code, early.json()["code"]) == (409, "floor-not-set")
    floor = await propose(run, OF_PROVINCE, figure(620_00, "2020-06", force="floor"))
    assert (await approve(run, AT_PROVINCE, floor)).is_success
    low = await propose(run, OFFICER, figure(619_99, "2020-07"))
    assert (low.status_code, low.json()["code"]) == (409, "standard-below-floor")
    assert low.json()["facts"] == {
        "amount_fen": 619_99,
        "allowed_fen": 620_00,
        "floor_from": "2020-06",
    }
    raised = await propose(run, OFFICER, figure(650_00, "2020-07"))
    own = await approve(run, OFFICER, raised)
    assert (own.status_code, own.json()["code"]) == (403, "same-hands")
    assert (await approve(run, SECOND_HAND, raised)).is_success

    await run.advance(date(2020, 6, 30))
    assert (await shown(run, followed))["amount_fen"] == 200_00
    await run.advance(date(2020, 7, 1))
    for case_id in (followed, reported):
        now = await shown(run, case_id)
        assert (now["stage"], now["amount_fen"]) == ("confirmed", 400_00)
    assert (await shown(run, reported))["change"] is not None
    frozen = await shown(run, leaving)
    assert (frozen["stage"], frozen["amount_fen"]) == ("phasing_out", 200_00)

    standard_id = raised.json()["standard_id"]
    here = f"/standards/{COUNTY}"
    progress = await run.house.see(
        OFFICER, "decision", f"{here}/redeterminations?standard_id={standard_id}"
    )
    (row,) = progress["items"]
    assert (row["division"], row["cases"], row["pages"], row["over"]) == (TOWNSHIP, 3, 1, True)
    assert (row["redetermined"], row["referred"], row["unchanged"]) == (2, 0, 1)
    assert (row["before_fen"], row["after_fen"]) == (2 * 200_00, 2 * 400_00)

    await told_with_its_standard(run, followed)

    # The household's entitlement, and what a run of July pays.
    due = await run.house.see(CLERK, "payment", f"/cases/{followed}/entitlement")
    assert [(p["from_month"], p["amount_fen"]) for p in due["parts"]][-1] == ("2020-07", 400_00)
    due = await run.house.see(CLERK, "payment", f"/cases/{leaving}/entitlement")
    assert all(part["amount_fen"] in (200_00, 0) for part in due["parts"])
    body = {"programme": "dibao", "division": TOWNSHIP, "month": "2020-07"}
    await run.house.do(PREPARER, "payment", "/runs", body)
    listed = await run.house.see(PREPARER, "payment", f"/runs/dibao/{TOWNSHIP}/2020-07")
    in_july = {
        li["case_id"]: li["amount_fen"] for li in listed["lines"] if li["month"] == "2020-07"
    }
    assert in_july == {followed: 400_00, reported: 400_00, leaving: 200_00}
    in_june = {
        li["case_id"]: li["amount_fen"] for li in listed["lines"] if li["month"] == "2020-06"
    }
    assert in_june == {followed: 200_00, reported: 200_00, leaving: 200_00}


async def test_who_is_confirmed_after_it_began_is_paid_by_it_at_once(run: Run) -> None:
    """Accepted and proposed under the standard of its own day: 600 yuan."""
    case_id = await confirmed(run)
    now = await shown(run, case_id)
    assert now["proposal"]["standard_fen"] == 600_00
    assert (now["confirmed"]["amount_fen"], now["amount_fen"]) == (200_00, 400_00)


async def test_what_holds_is_the_nearest_divisions_and_names_nobody(run: Run) -> None:
    clerk = Official("clerk of a village", Role.TOWNSHIP_CLERK)
    found = await run.house.call(
        clerk, "GET", "decision", f"/standards/{VILLAGE}/in-force?month=2020-07"
    )
    (standard,) = found.json()["standards"]
    assert (standard["division"], standard["amount_fen"]) == (COUNTY, 650_00)
    assert standard["floor_fen"] == 620_00
    assert found.json()["below_floor"] == []
    assert not any(mark in found.text for mark in PLANTED)
    before = await run.house.see(clerk, "decision", f"/standards/{VILLAGE}/in-force?month=2020-06")
    assert before["standards"] == []


async def test_a_floor_that_rises_above_a_standard_shows_it(run: Run) -> None:
    today = await run.embedded.services["decision"].today()
    month = f"{today.year}-{today.month + 1:02}"
    floor = await propose(run, OF_PROVINCE, figure(660_00, month, force="floor"))
    assert (await approve(run, AT_PROVINCE, floor)).is_success
    seen = await run.house.see(OFFICER, "decision", f"/standards/{COUNTY}/in-force?month={month}")
    assert seen["below_floor"] == ["dibao"]


async def test_what_was_set_is_never_edited_and_no_other_county_sets_it(run: Run) -> None:
    stranger = Official("another county's", Role.STANDARDS_OFFICER, "350925000000", "county")
    body = figure(700_00, "2021-01")
    path = f"/standards/{COUNTY}/proposals"
    answer = await run.house.call(stranger, "POST", "decision", path, body)
    assert (answer.status_code, answer.json()["code"]) == (403, "division-not-covered")
    back = await propose(run, OFFICER, figure(649_99, "2020-07"))
    assert (back.status_code, back.json()["code"]) == (409, "lowered-standard-not-ahead")
    township = Official("township's", Role.STANDARDS_OFFICER)
    small = await propose(run, township, figure(700_00, "2021-01"))
    assert (small.status_code, small.json()["code"]) == (422, "division-sets-no-standards")
