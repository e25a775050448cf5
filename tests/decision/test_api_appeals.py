"""An appeal over HTTP: a stop falls after the case has ended, and every month is paid again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from infra.demo.office import Official
from infra.demo.people import PLANTED, told
from shared.access.roles import Role
from shared.calendar import Month
from tests.decision.test_api_dayao import (
    CLERK,
    COUNTY_APPROVER,
    DAYAO_COUNTY,
    NEIGHBOUR,
    do,
    in_benefit,
    later,
    paid,
    reported,
    shown,
)
from tests.house import Run, running
from tests.verification.household import APPLICANT

pytestmark = pytest.mark.asyncio(loop_scope="module")

OFFICER = Official("officer of Dayao", Role.COUNTY_OFFICER, DAYAO_COUNTY, "county")
AUDITOR = Official("auditor of Dayao", Role.AUDITOR, DAYAO_COUNTY, "county")
OTHER_APPROVER = Official("another approver of Dayao", Role.COUNTY_APPROVER, DAYAO_COUNTY, "county")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Run]:
    folder: Path = tmp_path_factory.mktemp("appeals")
    async with running(folder / "data", cell="dayao", home_division="530000000000") as made:
        yield made


async def stopped(run: Run) -> str:
    """A household whose aid was stopped, and whose case has ended."""
    case_id = await in_benefit(run)
    await later(run, 31)
    decision = await reported(run, case_id, 1_200_00)
    body = {"phase_out_months": 0, "reason": told("收入稳定")}
    assert (await do(run, COUNTY_APPROVER, case_id, decision, body)).is_success
    await run.settled()
    today = await run.embedded.services["decision"].today()
    months = today.month + 1
    await run.advance(date(today.year + months // 12, months % 12 + 1, 3))
    await run.settled()
    return case_id


async def appeal(run: Run, case_id: str) -> str:
    """A reconsideration against the stop; its place."""
    (notice,) = (await shown(run, case_id, "notices"))["notices"]
    body = {
        "kind": "reconsideration",
        "organ": "county_government",
        "notice_id": notice["owed"]["notice_id"],
        "appellant": str(APPLICANT),
        "filed_on": notice["owed"]["decided_on"],
        "grounds": told("收入计算有误"),
    }
    answer = await do(run, CLERK, case_id, "appeals", body)
    assert answer.status_code == 201, answer.text
    return f"appeals/{answer.json()['appeal_id']}"


async def test_a_stop_that_fell_after_the_end_is_taken_back_by_new_hands(run: Run) -> None:
    case_id = await stopped(run)
    ended = await shown(run, case_id)
    assert (ended["stage"], ended["ended"]["reason"]) == ("ended", "stopped")
    before = await paid(run, case_id)
    assert before[-1][0] == ended["ended"]["last_month"]
    here = await appeal(run, case_id)
    early = await do(run, OTHER_APPROVER, case_id, f"{here}/carrying-out")
    assert (early.status_code, early.json()["code"]) == (409, "nothing-to-carry-out")
    reply = {"evidence": ["c" * 64], "reply": told("答复书")}
    assert (await do(run, OFFICER, case_id, f"{here}/reply", reply)).status_code == 201
    today = (await run.embedded.services["decision"].today()).isoformat()
    ruling = {"ruling": "revoked", "ruled_on": today, "reasons": told("撤销原决定")}
    assert (await do(run, OFFICER, case_id, f"{here}/ruling", ruling)).status_code == 201
    same = await do(run, COUNTY_APPROVER, case_id, f"{here}/carrying-out")
    assert (same.status_code, same.json()["code"]) == (403, "same-hands")
    done = await do(run, OTHER_APPROVER, case_id, f"{here}/carrying-out")
    assert done.is_success, done.text
    now = await shown(run, case_id)
    assert (now["stage"], now["amount_fen"], now["ended"]) == ("confirmed", 600_00, None)
    assert (await paid(run, case_id))[-1] == (None, 600_00)
    answer = await run.house.call(CLERK, "GET", "decision", f"/cases/{case_id}/{here}")
    assert (answer.json()["carried_out"], answer.json()["filed"]["in_time"]) == (True, True)
    assert not any(mark in answer.text for mark in PLANTED)
    path = f"/cases/{case_id}/determination/printed"
    page = (await run.house.call(CLERK, "GET", "decision", path)).text
    told_in_order = (
        "停发 / the stop；期限",
        "行政复议 / reconsideration，县级人民政府",
        "撤销 / the",
    )
    places = [page.index(line) for line in told_in_order]
    assert places == sorted(places)
    assert not any(mark in page for mark in PLANTED)
    past = await run.house.see(AUDITOR, "decision", f"/cases/{case_id}/state")
    kept = {(s["aggregate"], s["events"]) for s in past["streams"] if s["aggregate"] == "appeal"}
    assert kept == {("appeal", 5)}  # answered late, and that it was
    listed: dict[str, Any] = await run.house.see(CLERK, "decision", "/determinations")
    row = {one["case_id"]: one for one in listed["items"]}[case_id]
    assert (row["stage"], row["ended_on"], row["last_month"]) == ("confirmed", None, None)


async def test_an_appeal_is_its_case_s_alone_and_a_neighbour_sees_nothing(run: Run) -> None:
    case_id = await stopped(run)
    here = await appeal(run, case_id)
    other = await in_benefit(run)
    elsewhere = await run.house.call(CLERK, "GET", "decision", f"/cases/{other}/{here}")
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (404, "no-such-appeal")
    answer = await run.house.call(NEIGHBOUR, "GET", "decision", f"/cases/{case_id}/{here}")
    assert (answer.status_code, answer.json()["code"]) == (403, "division-not-covered")


async def test_a_suspended_stop_is_paid_by_the_standard_that_the_county_has_set_since(
    run: Run,
) -> None:
    """375 yuan from a file, 400 recorded: 400 × 3 − 525 is 675, by the order as by the ruling."""
    case_id = await in_benefit(run)
    await recorded_standard(run, 400_00)
    await run.settled()
    decision = await reported(run, case_id, 1_201_00)
    body = {"phase_out_months": 0, "reason": told("收入稳定")}
    assert (await do(run, COUNTY_APPROVER, case_id, decision, body)).is_success
    await run.settled()
    here = await appeal(run, case_id)
    order = {"order": told("停止执行决定书")}
    answer = await do(run, OFFICER, case_id, f"{here}/suspension", order)
    assert answer.status_code == 201, answer.text
    now = await shown(run, case_id)
    assert (now["stage"], now["amount_fen"]) == ("confirmed", 675_00)


async def recorded_standard(run: Run, amount_fen: int) -> None:
    """The county has a standard from the next month on, and that month has begun."""
    province = "530000000000"
    floor_set, floor_by = (
        Official(f"{name} of Yunnan", Role.STANDARDS_OFFICER, province, "province")
        for name in ("officer", "another officer")
    )
    standard_set = Official("standards of Dayao", Role.STANDARDS_OFFICER, DAYAO_COUNTY, "county")
    today = await run.embedded.services["decision"].today()
    month = Month.of(today).next()
    for who, by, fen, more in (
        (floor_set, floor_by, 300_00, {"force": "floor"}),
        (standard_set, COUNTY_APPROVER, amount_fen, {}),
    ):
        figure = {"kind": "dibao", "amount_fen": fen, "from_month": str(month)}
        body = figure | {"notice": told("经政府同意")} | more
        path = f"/standards/{who.division}"
        proposed = await run.house.call(who, "POST", "decision", f"{path}/proposals", body)
        assert proposed.status_code == 201, proposed.text
        seen = await run.house.call(by, "GET", "decision", path)
        approval = f"{path}/proposals/{proposed.json()['standard_id']}/approval"
        tag = seen.headers["ETag"]
        answer = await run.house.call(by, "POST", "decision", approval, if_match=tag)
        assert answer.is_success, answer.text
    await run.advance(month.first_day)
