"""Notices over HTTP: a stop is owed to be told, missed, served; others see nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from infra.demo.people import PLANTED, told
from tests.decision.dayao import SON
from tests.decision.test_api_dayao import (
    CLERK,
    COUNTY_APPROVER,
    NEIGHBOUR,
    do,
    in_benefit,
    later,
    reported,
    shown,
)
from tests.house import Run, running

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Run]:
    folder: Path = tmp_path_factory.mktemp("notices")
    async with running(folder / "data", cell="dayao", home_division="530000000000") as made:
        yield made


async def stopped(run: Run) -> str:
    """A household whose aid was stopped today."""
    case_id = await in_benefit(run)
    decision = await reported(run, case_id, 1_200_00)
    body = {"phase_out_months": 0, "reason": told("收入稳定")}
    assert (await do(run, COUNTY_APPROVER, case_id, decision, body)).is_success
    await run.settled()
    return case_id


async def notice(run: Run, case_id: str) -> dict[str, Any]:
    """The case's only notice."""
    (found,) = (await shown(run, case_id, "notices"))["notices"]
    return dict(found)


async def test_a_stop_is_told_late_and_the_clock_of_an_appeal_runs_from_there(run: Run) -> None:
    case_id = await stopped(run)
    found = await notice(run, case_id)
    assert (found["owed"]["subject"], found["served"], found["missed"]) == ("stop", None, False)
    last = date.fromisoformat(found["owed"]["due"]["on"])
    await run.advance(last)
    assert (await notice(run, case_id))["missed"] is False
    await later(run, 1)
    assert (await notice(run, case_id))["missed"] is True
    served_on = last + timedelta(days=1)
    here = f"notices/{found['owed']['notice_id']}/service"
    body = {
        "manner": "in_person",
        "served_on": served_on.isoformat(),
        "recipient": str(SON),
        "proof": told("本人签收"),
    }
    left = await do(run, CLERK, case_id, here, body | {"manner": "left"})
    assert (left.status_code, left.json()["code"]) == (422, "notice-witness-missing")
    answer = await do(run, CLERK, case_id, here, body)
    assert answer.status_code == 201, answer.text
    served = (await notice(run, case_id))["served"]
    assert served["reconsideration_until"] == (served_on + timedelta(days=60)).isoformat()
    again = await do(run, CLERK, case_id, here, body)
    assert (again.status_code, again.json()["code"]) == (409, "notice-served")
    seen = await run.house.call(CLERK, "GET", "decision", f"/cases/{case_id}/notices")
    assert not any(mark in seen.text for mark in PLANTED)


async def test_a_neighbour_sees_and_serves_nothing(run: Run) -> None:
    case_id = await stopped(run)
    notice_id = (await notice(run, case_id))["owed"]["notice_id"]
    here = f"/cases/{case_id}/notices"
    body = {"manner": "public_notice", "served_on": "2020-05-01", "proof": "x"}
    for method, path, sent in (("GET", here, None), ("POST", f"{here}/{notice_id}/service", body)):
        answer = await run.house.call(NEIGHBOUR, method, "decision", path, sent)
        assert (answer.status_code, answer.json()["code"]) == (403, "division-not-covered")
    assert (await notice(run, case_id))["served"] is None
