"""Meetings and corrections over HTTP: what is found in the record, and what is no slip."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
import pytest_asyncio

from infra.demo.people import PLANTED, told
from tests.decision.test_api_appeals import OFFICER
from tests.decision.test_api_dayao import CLERK, NEIGHBOUR, do, in_benefit, offered
from tests.house import Run, running

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Run]:
    folder: Path = tmp_path_factory.mktemp("meetings")
    async with running(folder / "data", cell="dayao", home_division="530000000000") as made:
        yield made


async def test_a_meeting_and_a_slip_stand_in_the_cases_file(run: Run) -> None:
    case_id = await in_benefit(run)
    await offered(run, case_id)
    today = (await run.embedded.services["decision"].today()).isoformat()
    meeting = {
        "kind": "case_by_case",
        "held_on": today,
        "attendance": [
            {"body": body, "person": str(uuid4()), "agreed": True}
            for body in ("civil_affairs", "rural_revitalisation")
        ],
        "resolution": "check_again",
        "minutes": told("一事一议纪要"),
    }
    held = await do(run, OFFICER, case_id, "meetings", meeting)
    assert held.status_code == 201, held.text
    slip = {
        "stream": "work",
        "position": 1,
        "field": "offered_on",
        "reads_date": "2020-03-30",
        "reason": told("日期笔误"),
    }
    done = await do(run, CLERK, case_id, "corrections", slip)
    assert done.status_code == 201, done.text
    answer = await run.house.call(CLERK, "GET", "decision", f"/cases/{case_id}/file")
    file = answer.json()
    assert file["meetings"][0]["force"] == "advisory"
    assert file["corrections"][0]["position"] == 1
    assert not any(mark in answer.text for mark in PLANTED)
    amount = slip | {"stream": "determination", "position": 2, "field": "amount_fen"}
    refused = await do(run, CLERK, case_id, "corrections", amount)
    assert (refused.status_code, refused.json()["code"]) == (409, "not-a-slip")
    nothing = await do(run, CLERK, case_id, "corrections", slip | {"position": 99})
    assert nothing.status_code == 404
    elsewhere = await run.house.call(NEIGHBOUR, "GET", "decision", f"/cases/{case_id}/file")
    assert elsewhere.json()["code"] == "division-not-covered"
