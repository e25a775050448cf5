"""A determination over HTTP, on the embedded system: what officials see and are told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio

from infra.demo.office import APPROVER, CLERK, CONFIRMER, SURVEYOR, TOWNSHIP, Official
from infra.demo.people import PLANTED, told
from services.decision.reactions import on_check_completed
from shared.access.roles import Role
from shared.clock import instant_of
from shared.kernel.event import read
from tests.decision.household import NO_PROPERTY_LIMITS
from tests.documents import document
from tests.house import Run, running
from tests.notices import notice
from tests.verification.test_decisions import completed

pytestmark = pytest.mark.asyncio(loop_scope="module")

NEXT_COUNTY = "350925100000"
COUNTY_APPROVER = Official("county approver", Role.COUNTY_APPROVER, "350924000000", "county")
EXPLANATION = {"explanation": told("按差额计算")}


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Run]:
    folder: Path = tmp_path_factory.mktemp("decision")
    policy = folder / "policy"
    policy.mkdir()
    notice(policy, "350924", standard_monthly_fen=600_00, **NO_PROPERTY_LIMITS)
    async with running(folder / "data", policy_dirs=(policy,)) as made:
        yield made


async def opened(run: Run, division: str = TOWNSHIP, **changed: Any) -> str:
    """A case whose check was completed today: 2,200 yuan counted for four persons."""
    case_id = uuid4()
    service = run.embedded.services["decision"]
    check = completed().model_copy(
        update={"division": division, "surveyors": (SURVEYOR.actor,), **changed}
    )
    day = await service.today()
    for submission in on_check_completed(document(check, case_id=case_id, on=day, region=division)):
        await service.writer.execute(submission)
    return str(case_id)


async def do(run: Run, who: Official, case_id: str, step: str, body: Any = None) -> httpx.Response:
    """One step on what is seen now."""
    here = f"/cases/{case_id}"
    seen = await run.house.call(CLERK, "GET", "decision", f"{here}/determination")
    tag = seen.headers.get("ETag")
    return await run.house.call(who, "POST", "decision", f"{here}/{step}", body, if_match=tag)


async def shown(run: Run, case_id: str) -> dict[str, Any]:
    found: dict[str, Any] = await run.house.see(
        CLERK, "decision", f"/cases/{case_id}/determination"
    )
    return found


async def later(run: Run, days: int) -> None:
    """Days pass, until a publicity is over."""
    await run.advance(await run.embedded.services["decision"].today() + timedelta(days=days))


async def until_approved(run: Run) -> str:
    """A case up to its running second publicity."""
    case_id = await opened(run)
    for who, step, body in (
        (CLERK, "proposal", EXPLANATION),
        (CLERK, "publicities/first", None),
    ):
        assert (await do(run, who, case_id, step, body)).is_success
    await later(run, 8)
    assert (await do(run, APPROVER, case_id, "approval")).is_success
    assert (await do(run, CLERK, case_id, "publicities/second")).is_success
    return case_id


async def test_a_proposal_shows_its_arithmetic_and_not_what_was_written(run: Run) -> None:
    case_id = await opened(run)
    receipt = (await do(run, CLERK, case_id, "proposal", EXPLANATION)).json()
    answer = await run.house.call(
        CLERK,
        "GET",
        "decision",
        f"/cases/{case_id}/determination?wait_for={receipt['position']}",
    )
    proposal = answer.json()["proposal"]
    assert answer.headers["ETag"] == '"3"'
    assert proposal["standard_fen"] * proposal["persons"] - proposal["counted_income_fen"] == 200_00
    assert proposal["amount_fen"] == 200_00
    assert not any(mark in answer.text for mark in PLANTED)


async def test_a_determination_is_printed_in_plain_text(run: Run) -> None:
    case_id = await opened(run)
    receipt = (await do(run, CLERK, case_id, "proposal", EXPLANATION)).json()
    path = f"/cases/{case_id}/determination/printed?wait_for={receipt['position']}"
    answer = await run.house.call(CLERK, "GET", "decision", path)
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "差额 / Gap: 600.00 × 4 − 2,200.00 = 200.00" in answer.text
    assert not any(mark in answer.text for mark in PLANTED)


async def test_a_missing_parameter_is_named_and_nothing_recorded(run: Run) -> None:
    case_id = await opened(run, division=NEXT_COUNTY)
    clerk = Official("next clerk", Role.TOWNSHIP_CLERK, NEXT_COUNTY)
    store = run.embedded.services["decision"].store
    before = store.head()
    answer = await run.house.call(
        clerk, "POST", "decision", f"/cases/{case_id}/proposal", EXPLANATION
    )
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "parameter-missing")
    assert {name: problem[name] for name in ("parameter", "programme", "division", "on")} == {
        "parameter": "standard_monthly_fen",
        "programme": "dibao",
        "division": NEXT_COUNTY,
        "on": "2020-04-01",
    }
    assert store.head() == before
    assert not any(mark in answer.text for mark in PLANTED)


async def test_a_note_that_expired_before_the_decision_takes_the_command_with_it(run: Run) -> None:
    """The vault gives a note an hour until an event names it; decision's clock is days ahead."""
    case_id = await opened(run)
    service = run.embedded.services["decision"]
    ahead = await service.today() + timedelta(days=2)
    await asyncio.to_thread(service.timekeeper.set_to, instant_of(ahead))
    try:
        answer = await do(run, CLERK, case_id, "proposal", EXPLANATION)
        assert (answer.status_code, answer.json()["code"]) == (409, "note-expired")
        assert (await shown(run, case_id))["proposal"] is None
    finally:
        for each in run.embedded.services.values():
            await asyncio.to_thread(each.timekeeper.set_to, instant_of(ahead))
    assert (await do(run, CLERK, case_id, "proposal", EXPLANATION)).is_success


async def test_an_objection_holds_the_approval_up_until_it_is_resolved(run: Run) -> None:
    case_id = await opened(run)
    await do(run, CLERK, case_id, "proposal", EXPLANATION)
    early = await do(run, CLERK, case_id, "objections", {"grounds": told("他家有车")})
    assert early.json()["code"] == "no-publicity-running"
    await do(run, CLERK, case_id, "publicities/first")
    raised = await do(run, CLERK, case_id, "objections", {"grounds": told("他家有车")})
    objection = raised.json()["objection_id"]
    assert (await shown(run, case_id))["open_objections"] == [objection]
    listed = await run.house.see(
        CLERK, "decision", f"/determinations?wait_for={raised.json()['position']}"
    )
    assert {c["case_id"]: c["open_objections"] for c in listed["items"]}[case_id] == 1
    await later(run, 8)
    held = await do(run, APPROVER, case_id, "approval")
    assert (held.status_code, held.json()["code"]) == (409, "objection-open")
    findings = {"upheld": False, "findings": told("经查无车")}
    path = f"objections/{objection}/resolution"
    assert (await do(run, APPROVER, case_id, path, findings)).is_success
    again = await do(run, APPROVER, case_id, path, findings)
    assert (again.status_code, again.json()["code"]) == (404, "no-such-objection")
    assert (await do(run, APPROVER, case_id, "approval")).is_success


async def test_a_deferred_confirmation_says_so_and_again_when_it_is_sent_again(run: Run) -> None:
    case_id = await until_approved(run)
    here = f"/cases/{case_id}"
    seen = await run.house.call(CLERK, "GET", "decision", f"{here}/determination")
    key, tag = uuid4(), seen.headers["ETag"]

    async def confirm() -> httpx.Response:
        return await run.house.call(
            CONFIRMER, "POST", "decision", f"{here}/confirmation", key=key, if_match=tag
        )

    first = await confirm()
    assert (first.status_code, first.json()["deferred"]) == (200, "publicity_running")
    now = await shown(run, case_id)
    assert (now["stage"], now["deferred"], now["confirmed"]) == (
        "approved",
        "publicity_running",
        None,
    )
    await later(run, 8)
    done = await do(run, CONFIRMER, case_id, "confirmation")
    assert (done.status_code, done.json()["deferred"]) == (200, None)
    again = await confirm()
    assert again.json() == first.json() | {"repeated": True}
    now = await shown(run, case_id)
    assert (now["stage"], now["deferred"]) == ("confirmed", None)
    assert all(publicity["completed"] for publicity in now["publicities"])


@pytest.mark.mechanism("S1-8")
async def test_in_fujian_in_2020_the_county_does_not_decide(run: Run) -> None:
    case_id = await until_approved(run)
    await later(run, 8)
    answer = await do(run, COUNTY_APPROVER, case_id, "confirmation")
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (403, "not-the-deciding-level")
    assert problem["facts"] == {"decided_by": "township"}
    assert "闽民救〔2020〕21号" in problem["source"]
    assert (
        problem["title"]
        == "审核确认权限不在本级 / Another level decides in this division on this date"
    )


async def test_hands_that_approved_do_not_confirm(run: Run) -> None:
    case_id = await until_approved(run)
    await later(run, 8)
    answer = await do(run, APPROVER, case_id, "confirmation")
    assert (answer.status_code, answer.json()["code"]) == (403, "same-hands")
    assert answer.json()["facts"] == {"before": "approval"}


async def test_an_unknown_case_and_round_are_told_apart(run: Run) -> None:
    nobody = await do(run, CLERK, str(uuid4()), "proposal", EXPLANATION)
    assert nobody.status_code == 404
    case_id = await opened(run)
    third = await do(run, CLERK, case_id, "publicities/third")
    assert (third.status_code, third.json()["code"]) == (422, "invalid-fields")


async def test_a_completed_publicity_is_dated_by_its_last_day(run: Run) -> None:
    case_id = await opened(run)
    await do(run, CLERK, case_id, "proposal", EXPLANATION)
    await do(run, CLERK, case_id, "publicities/first")
    posted = (await shown(run, case_id))["publicities"][0]
    await later(run, 9)
    rows = run.embedded.services["decision"].store.read_log(0, 100_000)
    of_case = [d for d in map(read, rows) if str(d.subject) == case_id]
    completed_on = [d.effective_on for d in of_case if d.type.endswith("publicity-completed.v1")]
    assert completed_on == [date.fromisoformat(posted["until_on"])]
