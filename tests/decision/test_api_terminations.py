"""The end of a tekun person's support over HTTP, to their application for dibao."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from infra.demo.office import APPROVER, CLERK
from infra.demo.people import PLANTED, told
from tests.decision.test_api import COUNTY_APPROVER, do, later, shown
from tests.decision.test_api_after import COUNTY_OFFICER, tekun
from tests.house import Run, running

pytestmark = pytest.mark.asyncio(loop_scope="module")

ENDING = {"ground": "labour_regained", "explanation": told("已能劳动")}


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Run]:
    async with running(tmp_path_factory.mktemp("ending") / "data") as made:
        yield made


async def supported(run: Run) -> str:
    """Somebody who is recognised as tekun, by the county."""
    case_id = await tekun(run, "unable")
    assert (await do(run, CLERK, case_id, "publicities/first")).is_success
    await later(run, 8)
    assert (await do(run, APPROVER, case_id, "approval")).is_success
    assert (await do(run, COUNTY_APPROVER, case_id, "confirmation")).is_success
    return case_id


async def test_support_ends_in_public_and_the_person_applies_for_dibao(run: Run) -> None:
    case_id = await supported(run)
    here = f"/cases/{case_id}/terminations"
    proposed = await do(run, CLERK, case_id, "terminations", ENDING)
    assert proposed.status_code == 201, proposed.text
    ending = f"terminations/{proposed.json()['termination_id']}"
    objected = await do(run, CLERK, case_id, f"{ending}/objections", {"grounds": told("不能劳动")})
    objection = f"{ending}/objections/{objected.json()['objection_id']}"
    seen: dict[str, Any] = (await run.house.see(CLERK, "decision", here))["open"]
    assert seen["open_objections"] == [objected.json()["objection_id"]]
    assert not any(mark in str(seen) for mark in PLANTED)
    body = {"upheld": False, "findings": told("经核查能劳动")}
    assert (await do(run, COUNTY_OFFICER, case_id, f"{objection}/resolution", body)).is_success
    statement = {"statement": told("没有意见")}
    assert (await do(run, CLERK, case_id, f"{ending}/hearing", statement)).is_success
    early = await do(run, COUNTY_APPROVER, case_id, f"{ending}/decision")
    assert (early.status_code, early.json()["code"]) == (409, "publicity-not-over")
    await later(run, 8)
    assert (await do(run, COUNTY_APPROVER, case_id, f"{ending}/decision")).status_code == 200
    now = await shown(run, case_id)
    assert (now["stage"], now["leaving"]["reason"]) == ("stopped", "labour_regained")
    assert [c["outcome"] for c in (await run.house.see(CLERK, "decision", here))["concluded"]] == [
        "ended"
    ]
    await run.settled()
    notices = await run.house.see(CLERK, "decision", f"/cases/{case_id}/notices")
    assert [n["owed"]["subject"] for n in notices["notices"]] == ["stop"]
    printed = (
        await run.house.call(CLERK, "GET", "decision", f"/cases/{case_id}/determination/printed")
    ).text
    steps = (
        "具备或者恢复劳动能力",
        "异议不成立",
        "终止供养前听取意见",
        "终止救助供养 / support ends",
    )
    assert [step in printed for step in steps] == [True] * 4, printed
    assert not any(mark in printed for mark in (*PLANTED, "参数已变更")), printed
    entry = f"/watch-list/{case_id}"
    alert = {"occasion": "village_visit", "reason": told("终止供养后生活困难")}
    again = await run.house.do(CLERK, "intake", f"{entry}/reopening", alert, at=entry)
    application = await run.house.see(CLERK, "intake", f"/applications/{again['case_id']}")
    assert (application["programme"], application["reopens"]) == ("dibao", case_id)


async def test_a_body_without_a_known_ground_is_refused_by_field(run: Run) -> None:
    case_id = await supported(run)
    answer = await do(run, CLERK, case_id, "terminations", ENDING | {"ground": "other"})
    assert answer.status_code == 422
    assert "ground" in answer.text
