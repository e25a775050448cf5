"""Reviews over HTTP: scheduled by the confirmation, opened and missed by the calendar."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from infra.demo.people import PLANTED, told
from tests.decision.test_api_dayao import (
    CLERK,
    COUNTY_APPROVER,
    NEIGHBOUR,
    do,
    in_benefit,
    later,
    shown,
)
from tests.house import Run, running

pytestmark = pytest.mark.asyncio(loop_scope="module")
CONCLUSION = {
    "manner": "home_visit",
    "outcome": "no_change",
    "household": "stable",
    "findings": told("入户核查，无变化"),
}


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Run]:
    folder: Path = tmp_path_factory.mktemp("reviews")
    async with running(folder / "data", cell="dayao", home_division="530000000000") as made:
        yield made


async def test_a_review_opens_by_itself_is_missed_and_concluded_late(run: Run) -> None:
    """Somebody able to work without work, in the country in 2020: every three months."""
    case_id = await in_benefit(run)
    await run.settled()
    scheduled = (await shown(run, case_id, "reviews"))["scheduled"]
    assert (scheduled["household"], scheduled["interval_months"]) == ("unstable", 3)
    opens, due = (date.fromisoformat(scheduled[name]) for name in ("opens_on", "due_on"))
    assert due - opens == timedelta(days=15)
    await run.advance(opens - timedelta(days=1))
    assert (await shown(run, case_id, "reviews"))["open"] is None
    await later(run, 1)
    opened = (await shown(run, case_id, "reviews"))["open"]
    assert (opened["opened"]["due_on"], opened["missed"]) == (due.isoformat(), False)
    here = f"reviews/{opened['opened']['review_id']}"
    extension = {"due_on": "2021-01-31", "grounds": told("疫情")}
    not_yet = await do(run, COUNTY_APPROVER, case_id, f"{here}/extension", extension)
    assert (not_yet.status_code, not_yet.json()["code"]) == (
        409,
        "review-extension-not-provided-for",
    )
    await run.advance(due)
    assert (await shown(run, case_id, "reviews"))["open"]["missed"] is False
    await later(run, 1)
    assert (await shown(run, case_id, "reviews"))["open"]["missed"] is True
    by_phone = await do(run, CLERK, case_id, f"{here}/conclusion", CONCLUSION | {"manner": "phone"})
    assert by_phone.json()["code"] == "review-manner-not-allowed"
    done = await do(run, CLERK, case_id, f"{here}/conclusion", CONCLUSION)
    assert done.status_code == 201, done.text
    answer = await run.house.call(CLERK, "GET", "decision", f"/cases/{case_id}/reviews")
    now = answer.json()
    assert (now["open"], len(now["concluded"])) == (None, 1)
    assert now["scheduled"]["interval_months"] == 6  # stable, by the measures of 2012
    assert not any(mark in answer.text for mark in PLANTED)
    elsewhere = await run.house.call(NEIGHBOUR, "GET", "decision", f"/cases/{case_id}/reviews")
    assert elsewhere.json()["code"] == "division-not-covered"
