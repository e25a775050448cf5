"""What officials owe, over HTTP: a petition has its list, its last day and its answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio

from infra.demo.office import Official
from infra.demo.people import PLANTED, told
from services.decision.reactions.terms import on_application_accepted as on_accepted
from shared.access.roles import Role
from shared.calendar import CALENDAR_VERSION
from shared.contracts.fields import Due, Programme
from shared.contracts.intake import ApplicationAccepted
from tests.decision.test_api_appeals import OFFICER, stopped
from tests.decision.test_api_dayao import (
    CLERK,
    DAYAO,
    NEIGHBOUR,
    THREE,
    TOWNSHIP_APPROVER,
    do,
    in_benefit,
)
from tests.documents import document
from tests.house import Run, eventually, running

pytestmark = pytest.mark.asyncio(loop_scope="module")


OPERATOR = Official("operator of Yunnan", Role.OPERATOR, "530000000000", "province")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Run]:
    folder: Path = tmp_path_factory.mktemp("obligations")
    async with running(folder / "data", cell="dayao", home_division="530000000000") as made:
        yield made


async def listed(run: Run, path: str, who: Official = OFFICER) -> list[dict[str, Any]]:
    await run.settled()
    found = await run.house.see(who, "decision", path)
    items: list[dict[str, Any]] = found["items"]
    assert not any(mark in str(items) for mark in PLANTED)
    return items


@pytest.mark.mechanism("S4-18")
async def test_a_petition_is_on_its_list_with_its_term_until_it_is_answered(run: Run) -> None:
    case_id = await stopped(run)
    (notice,) = [one for one in await listed(run, "/notices") if one["case_id"] == case_id]
    assert (notice["served"], notice["subject"]) == (False, "stop")
    day = date.fromisoformat(notice["due_on"])
    assert notice in await listed(run, f"/notices?served=false&due_by={day}")
    assert notice not in await listed(run, f"/notices?due_by={day - timedelta(days=1)}")
    assert await listed(run, "/notices?served=true") == []

    today = await run.embedded.services["decision"].today()
    seen = await run.house.see(OFFICER, "decision", f"/cases/{case_id}/notices")
    body = {
        "kind": "petition",
        "organ": "petitions_office",
        "notice_id": notice["notice_id"],
        "appellant": seen["applicant"],
        "filed_on": today.isoformat(),
        "grounds": told("对停发决定不服"),
    }
    filed = await do(run, CLERK, case_id, "appeals", body)
    assert filed.status_code == 201, filed.text
    reply_by = today + timedelta(days=60)
    (petition,) = await listed(run, "/appeals?kind=petition&open=true&reply_owed=true")
    assert (petition["case_id"], petition["reply_by"]) == (case_id, reply_by.isoformat())
    assert await listed(run, f"/appeals?due_by={reply_by}") == [petition]
    assert await listed(run, f"/appeals?due_by={reply_by - timedelta(days=1)}") == []
    assert await listed(run, "/appeals?kind=court") == []
    for path in ("/notices", "/reviews", "/appeals"):
        assert await listed(run, path, NEIGHBOUR) == []

    await run.advance(reply_by + timedelta(days=1))
    (late,) = await listed(run, "/appeals?reply_owed=true")
    assert (late["reply_missed"], late["replied_on"]) == (True, None)
    reply = {"evidence": ["ab" * 32], "reply": told("按规定核定")}
    path = f"appeals/{petition['appeal_id']}/reply"
    assert (await do(run, OFFICER, case_id, path, reply)).is_success
    (answered,) = await listed(run, "/appeals")
    assert (answered["reply_owed"], answered["open"]) == (False, True)
    assert answered["replied_on"] == (reply_by + timedelta(days=1)).isoformat()


@pytest.mark.parametrize("view", ["notices", "reviews", "appeals", "decision_terms"])
async def test_each_list_is_folded_anew_beside_and_switched_without_a_difference(
    run: Run, view: str
) -> None:
    path = "/" + view.replace("_", "-")
    before = await listed(run, path)
    await run.house.do(OPERATOR, "decision", f"/ops/views/{view}/rebuild")

    async def done() -> bool:
        rebuild = (await run.house.see(OPERATOR, "decision", f"/ops/views/{view}"))["rebuild"]
        return rebuild is not None and rebuild["stage"] in ("switched", "differs")

    await eventually(done)
    shown = await run.house.see(OPERATOR, "decision", f"/ops/views/{view}")
    assert shown["rebuild"]["stage"] == "switched", shown
    assert await listed(run, path) == before


async def test_a_review_is_listed_while_it_is_ahead_and_while_it_is_due(run: Run) -> None:
    case_id = await in_benefit(run)
    (ahead,) = [one for one in await listed(run, "/reviews") if one["case_id"] == case_id]
    assert ahead["stage"] == "scheduled"
    await run.advance(date.fromisoformat(ahead["due_on"]) + timedelta(days=1))
    (overdue,) = [
        one for one in await listed(run, "/reviews?overdue=true") if one["case_id"] == case_id
    ]
    assert overdue["stage"] == "open"


async def test_a_case_is_listed_by_when_it_is_to_be_decided(run: Run) -> None:
    """A hard survey extends it once; on the day after the last it is shown as late."""
    case_id = uuid4()
    service = run.embedded.services["decision"]
    accepted_on = max(await service.today(), date(2021, 7, 1))
    last = accepted_on + timedelta(days=30)
    accepted = ApplicationAccepted(
        programme=Programme.DIBAO,
        division=DAYAO,
        applicant=THREE[0].person_id,
        members=THREE,
        survey_due=Due(on=last, calendar=CALENDAR_VERSION),
        decide_by=Due(on=last, calendar=CALENDAR_VERSION),
    )
    told_of = document(accepted, case_id=case_id, on=accepted_on, region=DAYAO)
    for submission in on_accepted(told_of):
        await service.writer.execute(submission)
    (open_,) = await listed(run, f"/decision-terms?open=true&due_by={last}")
    assert (open_["case_id"], open_["due_on"]) == (str(case_id), last.isoformat())
    earlier = last - timedelta(days=1)
    assert await listed(run, f"/decision-terms?due_by={earlier}") == []
    assert await listed(run, "/decision-terms", NEIGHBOUR) == []

    path, body = "decision-term/extension", {"findings": told("收入来源分散，外出务工")}
    assert (await do(run, CLERK, str(case_id), path, body)).status_code == 403
    answer = await do(run, TOWNSHIP_APPROVER, str(case_id), path, body)
    assert answer.status_code == 201, answer.text
    again = await do(run, TOWNSHIP_APPROVER, str(case_id), path, body)
    assert again.status_code == 409
    assert again.json()["type"].endswith("decision-term-not-longer")
    seen = await run.house.see(CLERK, "decision", f"/cases/{case_id}/decision-term")
    assert seen["extended"]["reason"] == "hard_survey"
    due_on = date.fromisoformat(seen["extended"]["due"]["on"])
    assert due_on > last
    assert await listed(run, "/decision-terms?missed=true") == []
    await run.advance(due_on + timedelta(days=1))
    (late,) = await listed(run, "/decision-terms?missed=true")
    assert (late["open"], late["extended"], late["due_on"]) == (
        True,
        "hard_survey",
        due_on.isoformat(),
    )
