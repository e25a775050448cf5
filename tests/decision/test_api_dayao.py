"""Worked cases 8, 9 and 11 over HTTP, on the embedded system: Dayao's officials decide."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio

from infra.demo.office import SURVEYOR, Official
from infra.demo.people import PLANTED, told
from services.decision.reactions import on_check_completed
from shared.access.roles import Role
from tests.decision.dayao import COUNTED_FEN, SON, THREE, circumstances
from tests.decision.test_api import later
from tests.documents import document
from tests.house import Run, running
from tests.verification.household import APPLICANT, DAYAO
from tests.verification.test_decisions import completed

pytestmark = pytest.mark.asyncio(loop_scope="module")

DAYAO_COUNTY = "532326000000"
CLERK = Official("clerk of Dayao", Role.TOWNSHIP_CLERK, DAYAO)
TOWNSHIP_APPROVER = Official("approver of Dayao", Role.TOWNSHIP_APPROVER, DAYAO)
COUNTY_APPROVER = Official("county approver of Dayao", Role.COUNTY_APPROVER, DAYAO_COUNTY, "county")
NEIGHBOUR = Official("clerk elsewhere", Role.TOWNSHIP_CLERK, "532325100000")
OFFER = {
    "person_id": str(SON),
    "kind": "job",
    "offered_on": "2020-04-01",
    "answered_on": "2020-04-01",
    "labour": "full",
    "occupation": "no_work",
    "response": "refused",
    "findings": "x",
}


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Run]:
    folder: Path = tmp_path_factory.mktemp("dayao")
    async with running(folder / "data", cell="dayao", home_division="530000000000") as made:
        yield made


async def do(
    run: Run, who: Official, case_id: str, step: str, body: Any = None, *, tag: bool = True
) -> httpx.Response:
    """One step on what is seen now."""
    here = f"/cases/{case_id}"
    seen = await run.house.call(CLERK, "GET", "decision", f"{here}/determination")
    expected = seen.headers.get("ETag") if tag else None
    return await run.house.call(who, "POST", "decision", f"{here}/{step}", body, if_match=expected)


async def shown(run: Run, case_id: str, what: str = "determination") -> dict[str, Any]:
    found: dict[str, Any] = await run.house.see(CLERK, "decision", f"/cases/{case_id}/{what}")
    return found


async def in_benefit(run: Run) -> str:
    """A registered poor household of three, confirmed by the county: 600 yuan a month."""
    case_id = uuid4()
    service = run.embedded.services["decision"]
    check = completed(income=(), income_fen=0, counted_income_fen=COUNTED_FEN).model_copy(
        update={
            "division": DAYAO,
            "members": THREE,
            "deductions": (),
            "surveyors": (SURVEYOR.actor,),
            "circumstances": circumstances(),
        }
    )
    day = await service.today()
    for submission in on_check_completed(document(check, case_id=case_id, on=day, region=DAYAO)):
        await service.writer.execute(submission)
    for who, step, body, days in (
        (CLERK, "proposal", {"explanation": told("按差额计算")}, 0),
        (CLERK, "publicities/first", None, 8),
        (TOWNSHIP_APPROVER, "approval", None, 0),
        (CLERK, "publicities/second", None, 8),
        (COUNTY_APPROVER, "confirmation", None, 0),
    ):
        answer = await do(run, who, str(case_id), step, body)
        assert answer.is_success, answer.text
        if days:
            await later(run, days)
    assert (await shown(run, str(case_id)))["amount_fen"] == 600_00
    return str(case_id)


async def reported(run: Run, case_id: str, monthly_fen: int) -> str:
    """Where a change to so much income in all is decided."""
    line = {"person_id": str(SON), "kind": "business", "amount_fen": monthly_fen}
    body = {"income": [line], "explanation": told("收入变化")}
    answer = await do(run, CLERK, case_id, "changes", body)
    assert answer.status_code == 201, answer.text
    return f"changes/{answer.json()['change_id']}/decision"


async def offered(run: Run, case_id: str, response: str = "refused", **changed: Any) -> Any:
    """The son was offered a poverty project today."""
    today = (await run.embedded.services["decision"].today()).isoformat()
    body = {
        "person_id": str(SON),
        "kind": "project",
        "offered_on": today,
        "answered_on": today,
        "labour": "full",
        "occupation": "no_work",
        "response": response,
        "findings": told("介绍扶贫项目"),
    } | changed
    answer = await do(run, CLERK, case_id, "work-offers", body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def paid(run: Run, case_id: str) -> list[tuple[str, int]]:
    """What payment was told to pay a month, and up to when."""
    await run.settled()
    seen = await run.house.see(CLERK, "payment", f"/cases/{case_id}/entitlement")
    return [(part["last_month"], part["amount_fen"]) for part in seen["parts"]]


@pytest.mark.mechanism("S3-16")
async def test_case_8_above_the_poverty_line_and_below_the_standard_a_household_stays(
    run: Run,
) -> None:
    """4,200 yuan a head and year: 350 a month, 1,050 for three; 1,125 less 1,050 is 75."""
    case_id = await in_benefit(run)
    decision = await reported(run, case_id, 1_050_00)
    assert (await do(run, COUNTY_APPROVER, case_id, decision, {})).is_success
    now = await shown(run, case_id)
    assert (now["stage"], now["amount_fen"], now["leaving"]) == ("confirmed", 75_00, None)


@pytest.mark.mechanism("S3-17")
async def test_case_9_phase_out_bounds(run: Run) -> None:
    """4,800 yuan a head and year: 5 and 13 months are rejected, 12 granted."""
    case_id = await in_benefit(run)
    decision = await reported(run, case_id, 1_200_00)
    for months in (5, 13):
        answer = await do(run, COUNTY_APPROVER, case_id, decision, {"phase_out_months": months})
        assert (answer.status_code, answer.json()["code"]) == (409, "phase-out-months-outside")
        assert answer.json()["facts"] == {"months": months, "allowed": "6 to 12"}
    silent = await do(run, COUNTY_APPROVER, case_id, decision, {"phase_out_months": 0})
    assert silent.json()["code"] == "phase-out-reason-missing"
    granted = await do(run, COUNTY_APPROVER, case_id, decision, {"phase_out_months": 12})
    assert granted.is_success
    leaving = (await shown(run, case_id))["leaving"]
    first, last = (date.fromisoformat(f"{leaving[n]}-01") for n in ("first_month", "last_month"))
    assert (last.year - first.year) * 12 + last.month - first.month == 11


@pytest.mark.mechanism("S3-17")
async def test_case_9_six_months_or_none_with_a_reason(run: Run) -> None:
    for body, stage in (
        ({"phase_out_months": 6}, "phasing_out"),
        ({"phase_out_months": 0, "reason": told("收入稳定")}, "stopped"),
    ):
        case_id = await in_benefit(run)
        decision = await reported(run, case_id, 1_200_00)
        assert (await do(run, COUNTY_APPROVER, case_id, decision, body)).is_success
        assert (await shown(run, case_id))["stage"] == stage


async def test_case_9_exactly_at_the_standard_goes_to_manual_review(run: Run) -> None:
    case_id = await in_benefit(run)
    decision = await reported(run, case_id, 1_125_00)
    assert (await do(run, COUNTY_APPROVER, case_id, decision, {})).is_success
    now = await shown(run, case_id)
    assert (now["stage"], now["change"]["under_review"]) == ("confirmed", True)


@pytest.mark.mechanism("S3-20")
@pytest.mark.parametrize(("consequence", "amount_fen"), [("stop", 400_00), ("reduce", 500_00)])
async def test_case_11_refusal_of_poverty_projects(
    run: Run, consequence: str, amount_fen: int
) -> None:
    """Two refusals lead to nothing; the third cuts the own share, and taking part returns it."""
    case_id = await in_benefit(run)
    for number in (1, 2):
        receipt = await offered(run, case_id)
        assert (receipt["refusals"], receipt["consequence_id"]) == (number, None)
        assert (await shown(run, case_id))["amount_fen"] == 600_00
    third = await offered(run, case_id)
    assert third["refusals"] == 3
    decision = f"work-consequences/{third['consequence_id']}/decision"
    choice = {"consequence": consequence}
    township = await do(run, TOWNSHIP_APPROVER, case_id, decision, choice)
    assert (township.status_code, township.json()["code"]) == (403, "not-the-deciding-level")
    assert (await do(run, COUNTY_APPROVER, case_id, decision, choice)).is_success
    work = await shown(run, case_id, "work")
    assert (work["amount_fen"], work["withheld_fen"]) == (amount_fen, 600_00 - amount_fen)
    rows = {m["person_id"]: (m["job_refusals"], m["project_refusals"]) for m in work["members"]}
    assert (rows[str(SON)], rows[str(APPLICANT)]) == ((0, 3), (0, 0))
    assert (await paid(run, case_id))[-1] == (None, amount_fen)
    back = await offered(run, case_id, "taken_up")
    restore = f"work-consequences/{back['consequence_id']}/decision"
    done = await do(run, COUNTY_APPROVER, case_id, restore, {"consequence": "restore"})
    assert done.is_success, done.text
    now = await shown(run, case_id, "work")
    assert (now["amount_fen"], now["withheld"], now["waiting"]) == (600_00, [], [])
    assert (await paid(run, case_id))[-1] == (None, 600_00)


async def test_case_11_illness_between_resets_and_is_told_again_when_repeated(run: Run) -> None:
    case_id = await in_benefit(run)
    for _ in range(2):
        await offered(run, case_id)
    assert (await offered(run, case_id, "excused", excuse="illness"))["refusals"] == 0
    assert (await offered(run, case_id))["refusals"] == 1
    job = await offered(run, case_id, kind="job")
    assert (job["refusals"], job["consequence_id"]) == (1, None)


async def test_case_11_the_household_is_heard_and_nothing_written_is_shown(run: Run) -> None:
    case_id = await in_benefit(run)
    for _ in range(3):
        receipt = await offered(run, case_id)
    here = f"work-consequences/{receipt['consequence_id']}"
    heard = await do(run, CLERK, case_id, f"{here}/hearing", {"statement": told("要照顾奶奶")})
    assert heard.status_code == 201
    silent = await do(run, COUNTY_APPROVER, case_id, f"{here}/decision", {"consequence": "none"})
    assert silent.json()["code"] == "work-consequence-reason-missing"
    body = {"consequence": "none", "reason": told("初次，批评教育")}
    assert (await do(run, COUNTY_APPROVER, case_id, f"{here}/decision", body)).is_success
    answer = await run.house.call(CLERK, "GET", "decision", f"/cases/{case_id}/work")
    assert not any(mark in answer.text for mark in PLANTED)
    assert answer.json()["amount_fen"] == 600_00
    again = await do(run, COUNTY_APPROVER, case_id, f"{here}/decision", body)
    assert (again.status_code, again.json()["code"]) == (404, "no-such-work-consequence")


async def test_a_neighbour_sees_and_records_nothing(run: Run) -> None:
    case_id = await in_benefit(run)
    for method, step in (("GET", "work"), ("POST", "work-offers")):
        body = None if method == "GET" else OFFER
        path = f"/cases/{case_id}/{step}"
        answer = await run.house.call(NEIGHBOUR, method, "decision", path, body)
        assert (answer.status_code, answer.json()["code"]) == (403, "division-not-covered")
