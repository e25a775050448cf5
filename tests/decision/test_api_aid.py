"""Temporary assistance beyond emergencies over HTTP, from the window to the bank."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio

from infra.demo.office import (
    APPROVER,
    CLERK,
    CONFIRMER,
    COUNTY,
    PAYMENT_APPROVER,
    SECOND_SURVEYOR,
    SURVEYOR,
    TOWNSHIP,
    Official,
)
from infra.demo.people import PLANTED, told
from shared.access.roles import Role
from tests.decision.test_api import COUNTY_APPROVER, EXPLANATION, do, later, shown, until_approved
from tests.house import Run, application, running

pytestmark = pytest.mark.asyncio(loop_scope="module")

NEIGHBOUR = Official("clerk of the next county", Role.TOWNSHIP_CLERK, "350925100000")
AID: dict[str, Any] = {
    "kind": "expense",
    "cause": "illness",
    "place": "household_registration",
    "requested_fen": 1_500_00,
}
FOUND = {"hardship": ["illness"], "findings": told("仍在治疗")}


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Run]:
    folder: Path = tmp_path_factory.mktemp("aids")
    async with running(folder / "data", hand_clock_start=date(2026, 3, 2)) as made:
        path = f"/funds/{TOWNSHIP}/replenishments"
        await made.house.do(PAYMENT_APPROVER, "payment", path, {"amount_fen": 10_000_00})
        yield made


async def accepted(run: Run, person_id: str | None = None, **asked: Any) -> str:
    """An accepted application for aid, of one person."""
    if person_id is None:
        (person_id,) = await run.registered((run.stranger(),))
    members = [{"person_id": person_id, "relation": "applicant"}]
    body = application(members, programme="temporary_assistance", aid=AID | asked)
    case_id: str = (await run.house.do(CLERK, "intake", "/applications", body))["case_id"]
    here = f"/applications/{case_id}"
    await run.house.do(CLERK, "intake", f"{here}/acceptance", at=here)
    await run.settled()
    return case_id


async def checked(run: Run, income_fen: int = 2_000_00, **asked: Any) -> str:
    """One whose check found an income, and 600 yuan a month for illness."""
    case_id = await accepted(run, **asked)
    check = f"/checks/{case_id}"
    (member,) = (await run.house.see(CLERK, "intake", f"/applications/{case_id}"))["members"]
    person = {"person_id": member["person_id"]}
    visit = {
        "visited_on": (await run.embedded.services["verification"].today()).isoformat(),
        "surveyors": [str(SURVEYOR.actor), str(SECOND_SURVEYOR.actor)],
        "findings": told("住院"),
        "income": [person | {"kind": "wage", "amount_fen": income_fen}],
        "deductions": [{"kind": "illness", "amount_fen": 600_00}],
    }
    await run.house.do(SURVEYOR, "verification", f"{check}/home-visits", visit)
    await run.house.do(CLERK, "verification", f"{check}/completion", at=check)
    await run.settled()
    return case_id


async def aid_shown(run: Run, case_id: str) -> dict[str, Any]:
    found: dict[str, Any] = await run.house.see(CLERK, "decision", f"/cases/{case_id}/aid")
    return found


async def paid(run: Run, case_id: str) -> list[int]:
    """What payment was told to pay of a case."""
    seen = await run.house.see(CLERK, "payment", f"/cases/{case_id}/payments")
    return [payment["amount_fen"] for payment in seen["items"]]


async def act(run: Run, who: Official, case_id: str, step: str, body: Any) -> httpx.Response:
    return await run.house.call(who, "POST", "decision", f"/cases/{case_id}/aid/{step}", body)


async def until_granted(
    run: Run, granter: Official, stages: list[dict[str, Any]] | None = None, **asked: Any
) -> str:
    """Aid for expenses the whole way; ``stages`` are those after the first."""
    case_id = await checked(run, **asked)
    for who, step, body in (
        (CLERK, "proposal", EXPLANATION),
        (CLERK, "publicities/first", None),
    ):
        answer = await do(run, who, case_id, step, body)
        assert answer.is_success, answer.text
    early = await do(run, APPROVER, case_id, "approval")
    assert early.json()["code"] == "publicity-not-over"
    await later(run, 8)
    assert (await do(run, APPROVER, case_id, "approval")).is_success
    body = None if stages is None else {"later": stages}
    granted = await do(run, granter, case_id, "confirmation", body)
    assert granted.is_success, granted.text
    assert granted.json()["deferred"] is None
    await run.settled()
    return case_id


@pytest.mark.mechanism("S1-22", "S2-19", "S4-6")
async def test_aid_for_expenses_is_checked_publicised_granted_and_paid_once(run: Run) -> None:
    case_id = await until_granted(run, CONFIRMER)
    now = await shown(run, case_id)
    assert (now["stage"], now["ended"]["reason"]) == ("ended", "aid_granted")
    assert now["proposal"]["expenses"]["local_income_yearly_fen"] == 18_000_00
    aid = await aid_shown(run, case_id)
    assert (aid["stage"], aid["granted"]["tier"]) == ("explained", "township")
    path = f"/cases/{case_id}/determination/printed"
    printed = (await run.house.call(CLERK, "GET", "decision", path)).text
    assert "支出型临时救助 / aid for expenses" in printed
    assert "乡镇（街道）审批 / granted by the township，一次性 / once: 1,500.00" in printed
    assert "参数已变更" not in printed  # dibao's standard is found as dibao's
    closed = await run.house.see(CLERK, "intake", f"/applications/{case_id}")
    assert (closed["status"], closed["refused"]) == ("closed", False)
    assert await paid(run, case_id) == [1_500_00]
    fund = await run.house.see(PAYMENT_APPROVER, "payment", f"/funds/{TOWNSHIP}")
    assert fund["balance_fen"] == 10_000_00 - 1_500_00
    assert fund["open_advances"] == []
    (person_id,) = (member["person_id"] for member in closed["members"])
    assert await accepted(run, person_id) != case_id


@pytest.mark.mechanism("S2-26")
async def test_aid_for_expenses_in_stages_is_over_with_the_last(run: Run) -> None:
    today = await run.embedded.services["decision"].today()
    last_on = today + timedelta(days=40)
    stage = {"amount_fen": 600_00, "due_on": last_on.isoformat()}
    case_id = await until_granted(run, CONFIRMER, [stage])
    assert (await shown(run, case_id))["stage"] == "aid_under_way"
    assert await paid(run, case_id) == [900_00]
    again = await do(run, CONFIRMER, case_id, "confirmation")
    assert (again.status_code, again.json()["code"]) == (409, "wrong-stage")
    await run.advance(last_on)
    now = await shown(run, case_id)
    assert (now["stage"], now["ended"]["reason"]) == ("ended", "aid_granted")
    assert sorted(await paid(run, case_id)) == [600_00, 900_00]
    fund = await run.house.see(PAYMENT_APPROVER, "payment", f"/funds/{TOWNSHIP}")
    assert fund["open_advances"] == []


async def test_what_is_above_the_townships_limit_is_granted_by_the_county(run: Run) -> None:
    case_id = await until_granted(run, COUNTY_APPROVER, requested_fen=1_800_01)
    assert (await aid_shown(run, case_id))["granted"]["tier"] == "county"


async def test_a_refusal_is_written_with_its_reason_and_printed(run: Run) -> None:
    """2,100.00 less 600 are 1,500 a month: exactly the local average."""
    case_id = await checked(run, income_fen=2_100_00)
    assert (await do(run, CLERK, case_id, "proposal", EXPLANATION)).is_success
    at_once = await act(run, APPROVER, case_id, "grant", {"amount_fen": 1})
    assert (at_once.status_code, at_once.json()["code"]) == (409, "aid-of-another-kind")
    assert (await do(run, CONFIRMER, case_id, "refusal")).is_success
    await run.settled()
    now = await shown(run, case_id)
    assert now["refused"]["reason"] == "income_not_below_local_average"
    notices = await run.house.see(CLERK, "decision", f"/cases/{case_id}/notices")
    assert [notice["owed"]["subject"] for notice in notices["notices"]] == ["refusal"]
    path = f"/cases/{case_id}/determination/printed"
    printed = await run.house.call(CLERK, "GET", "decision", path)
    assert "18,000.00 = 18,000.00 × 1 = 18,000.00" in printed.text
    listed = await run.house.see(CLERK, "decision", "/aids?stage=refused")
    assert case_id in {row["case_id"] for row in listed["items"]}


async def test_of_a_case_that_is_named_it_is_told_only_whether_it_recognises_the_household(
    run: Run,
) -> None:
    """Another household's, and one that is not there: the answer is the same, so nobody learns
    by it whose case it is."""
    case_id = await checked(run)
    for named in (await until_approved(run), str(uuid4())):
        body = EXPLANATION | {"recognised_case": named}
        answer = await do(run, CLERK, case_id, "proposal", body)
        assert (answer.status_code, answer.json()["code"]) == (409, "not-recognised-before")


async def test_small_quick_aid_is_granted_at_once_and_once_in_a_hardship(run: Run) -> None:
    (person_id,) = await run.registered((run.stranger(),))
    quick = {"kind": "small_quick", "cause": "accident"}
    case_id = await accepted(run, person_id, **quick)
    aid = await aid_shown(run, case_id)
    accepted_on = date.fromisoformat(aid["opened"]["accepted_on"])
    assert aid["opened"]["pay_by"]["on"] == (accepted_on + timedelta(days=3)).isoformat()
    above = await act(run, APPROVER, case_id, "grant", {"amount_fen": 600_01})
    assert (above.status_code, above.json()["code"]) == (409, "small-aid-above-limit")
    assert above.json()["facts"]["instead"] == "emergency"
    granted = await act(run, APPROVER, case_id, "grant", {"amount_fen": 600_00})
    assert (granted.status_code, granted.json()["referred"]) == (200, False)
    explanation = {"materials": ["identity"], "findings": told("车祸")}
    assert (await act(run, CLERK, case_id, "explanation", explanation)).is_success
    await run.settled()
    assert await paid(run, case_id) == [600_00]
    again = await accepted(run, person_id, **quick)
    same = await act(run, APPROVER, again, "grant", {"amount_fen": 1})
    assert (same.status_code, same.json()["code"]) == (409, "small-aid-had-before")
    refusal = {"reason": "helped_before", "explanation": told("同一困难")}
    assert (await act(run, APPROVER, again, "refusal", refusal)).is_success


@pytest.mark.mechanism("S2-25", "S0-21", "S1-26")
async def test_a_follow_up_falls_due_and_leads_to_dibao_without_keying_again(run: Run) -> None:
    case_id = await accepted(run, kind="emergency")
    assert (await act(run, APPROVER, case_id, "grant", {"amount_fen": 500_00})).is_success
    due = date.fromisoformat((await aid_shown(run, case_id))["granted"]["follow_up_on"])
    await run.advance(due)
    assert (await aid_shown(run, case_id))["follow_up_opened"] is True
    elsewhere = await act(run, NEIGHBOUR, case_id, "follow-up", FOUND)
    assert elsewhere.status_code == 403
    held = await act(run, CLERK, case_id, "follow-up", FOUND)
    assert held.status_code == 201
    again = await act(run, CLERK, case_id, "follow-up", FOUND)
    assert (again.status_code, again.json()["code"]) == (409, "followed-up-before")
    await run.settled()
    answer = await run.house.call(CLERK, "GET", "decision", f"/cases/{case_id}/aid")
    assert answer.json()["followed_up"]["hardship"] == ["illness"]
    assert not any(mark in answer.text for mark in PLANTED)
    entry = f"/watch-list/{case_id}"
    body = {"occasion": "village_visit", "reason": told("跟进")}
    reopened = await run.house.do(CLERK, "intake", f"{entry}/reopening", body, at=entry)
    made = await run.house.see(CLERK, "intake", f"/applications/{reopened['case_id']}")
    before = await run.house.see(CLERK, "intake", f"/applications/{case_id}")
    assert (made["programme"], made["members"]) == ("dibao", before["members"])
    assert made["division"].startswith(COUNTY[:6])
