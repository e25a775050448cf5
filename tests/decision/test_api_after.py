"""What follows a confirmation, aid, and tekun, over HTTP on the embedded system: cases 2, 4, 18."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from infra.demo.office import (
    APPROVER,
    CLERK,
    CONFIRMER,
    COUNTY,
    SECOND_SURVEYOR,
    SURVEYOR,
    TOWNSHIP,
    Official,
)
from infra.demo.people import PLANTED, told
from shared.access.roles import Role
from shared.clock import instant_of
from tests.decision.test_api import (
    COUNTY_APPROVER,
    EXPLANATION,
    do,
    later,
    shown,
    until_approved,
)
from tests.house import Run, application, running
from tests.verification.household import HUSBAND, STRANGER

pytestmark = pytest.mark.asyncio(loop_scope="module")

COUNTY_OFFICER = Official("county officer", Role.COUNTY_OFFICER, COUNTY, "county")
WAGES = {"person_id": str(HUSBAND), "kind": "wage", "amount_fen": 3_300_00}
DEDUCTIONS = [
    {"kind": "illness", "amount_fen": 400_00},
    {"kind": "employment", "amount_fen": 300_00},
]
CHANGE: dict[str, Any] = {
    "income": [WAGES],
    "deductions": DEDUCTIONS,
    "explanation": told("丈夫工资上涨"),
}
AID: dict[str, Any] = {
    "kind": "emergency",
    "cause": "epidemic",
    "place": "household_registration",
    "requested_fen": 800_00,
}


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Run]:
    folder: Path = tmp_path_factory.mktemp("after")
    async with running(folder / "data") as made:
        yield made


async def confirmed(run: Run) -> str:
    """A case of the story, confirmed: 200 yuan a month."""
    case_id = await until_approved(run)
    await later(run, 8)
    assert (await do(run, CONFIRMER, case_id, "confirmation")).json()["deferred"] is None
    return case_id


async def changed(run: Run, case_id: str, body: dict[str, Any] = CHANGE) -> str:
    """Where a change that was just reported is decided."""
    reported = await do(run, CLERK, case_id, "changes", body)
    assert reported.status_code == 201, reported.text
    return f"changes/{reported.json()['change_id']}"


async def emergency(run: Run, amount_fen: int = 800_00) -> str:
    """An accepted emergency of somebody new."""
    (person_id,) = await run.registered((run.stranger(),))
    members = [{"person_id": person_id, "relation": "applicant"}]
    body = application(
        members,
        programme="temporary_assistance",
        materials=[],
        aid=AID | {"requested_fen": amount_fen},
    )
    case_id: str = (await run.house.do(CLERK, "intake", "/applications", body))["case_id"]
    here = f"/applications/{case_id}"
    await run.house.do(CLERK, "intake", f"{here}/acceptance", at=here)
    await run.settled()
    return case_id


async def aid(run: Run, who: Official, case_id: str, step: str, body: Any) -> httpx.Response:
    return await run.house.call(who, "POST", "decision", f"/cases/{case_id}/aid/{step}", body)


async def aid_shown(run: Run, case_id: str) -> dict[str, Any]:
    found: dict[str, Any] = await run.house.see(CLERK, "decision", f"/cases/{case_id}/aid")
    return found


async def test_a_rise_above_the_standard_is_phased_out_over_twelve_months(run: Run) -> None:
    case_id = await confirmed(run)
    today = await run.embedded.services["decision"].today()
    change = await changed(run, case_id)
    waiting = (await shown(run, case_id))["change"]
    assert (waiting["heard"], waiting["under_review"]) == (False, False)
    assert waiting["reported"]["counted_income_fen"] == 2_600_00
    answer = await do(run, CONFIRMER, case_id, f"{change}/decision", {})
    assert answer.status_code == 200, answer.text
    now = await shown(run, case_id)
    assert (now["stage"], now["change"]) == ("phasing_out", None)
    assert now["leaving"]["amount_fen"] == now["amount_fen"] == 200_00
    first = date.fromisoformat(f"{now['leaving']['first_month']}-01")
    last = date.fromisoformat(f"{now['leaving']['last_month']}-01")
    assert (first.year, first.month) == (today.year, today.month + 1)
    assert (last.year, last.month) == (first.year + 1, first.month - 1)
    listed = await run.house.see(
        CLERK, "decision", f"/determinations?wait_for={answer.json()['position']}"
    )
    row = {c["case_id"]: c for c in listed["items"]}[case_id]
    assert (row["stage"], row["last_month"]) == ("phasing_out", now["leaving"]["last_month"])


async def test_who_reported_does_not_decide_and_nothing_written_is_shown(run: Run) -> None:
    case_id = await confirmed(run)
    change = await changed(run, case_id)
    reporter = Official(CLERK.name, Role.TOWNSHIP_APPROVER)  # the same person in another role
    answer = await do(run, reporter, case_id, f"{change}/decision", {})
    assert (answer.status_code, answer.json()["code"]) == (403, "same-hands")
    assert answer.json()["facts"] == {"before": "report"}
    seen = await run.house.call(CLERK, "GET", "decision", f"/cases/{case_id}/determination")
    assert not any(mark in seen.text for mark in PLANTED)
    stale = await run.house.call(
        CONFIRMER, "POST", "decision", f"/cases/{case_id}/{change}/decision", {}, if_match='"1"'
    )
    assert stale.status_code == 412


async def test_a_length_that_the_plan_does_not_give_is_told_with_the_source(run: Run) -> None:
    case_id = await confirmed(run)
    change = await changed(run, case_id)
    answer = await do(run, CONFIRMER, case_id, f"{change}/decision", {"phase_out_months": 6})
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "phase-out-months-outside")
    assert problem["facts"] == {"months": 6, "allowed": "12 to 12"}
    assert "闽民救〔2020〕21号" in problem["source"]
    assert "渐退期" in problem["title"]


async def test_at_the_standard_officials_hear_the_household_and_choose(run: Run) -> None:
    case_id = await confirmed(run)
    body = CHANGE | {"income": [WAGES | {"amount_fen": 3_100_00}]}
    change = await changed(run, case_id, body)
    heard = await do(run, CLERK, case_id, f"{change}/hearing", {"statement": told("仍有困难")})
    assert heard.status_code == 201
    assert (await do(run, CONFIRMER, case_id, f"{change}/decision", {})).is_success
    waiting = (await shown(run, case_id))["change"]
    assert (waiting["heard"], waiting["under_review"]) == (True, True)
    choice = {"at_standard": "stop", "reason": told("经复核停发")}
    assert (await do(run, CONFIRMER, case_id, f"{change}/decision", choice)).is_success
    now = await shown(run, case_id)
    assert (now["stage"], now["leaving"]["reason"]) == ("stopped", "income_at_standard")
    assert now["leaving"]["explanation"]["note_id"]


async def test_income_that_falls_again_takes_the_phase_out_back(run: Run) -> None:
    case_id = await confirmed(run)
    change = await changed(run, case_id)
    assert (await do(run, CONFIRMER, case_id, f"{change}/decision", {})).is_success
    less = CHANGE | {"income": [WAGES | {"amount_fen": 2_500_00}]}
    again = await changed(run, case_id, less)
    assert (await do(run, CONFIRMER, case_id, f"{again}/decision", {})).is_success
    now = await shown(run, case_id)
    assert (now["stage"], now["amount_fen"], now["leaving"]) == ("confirmed", 600_00, None)


async def test_a_stranger_s_income_is_not_the_household_s(run: Run) -> None:
    case_id = await confirmed(run)
    body = CHANGE | {"income": [WAGES | {"person_id": str(STRANGER)}]}
    answer = await do(run, CLERK, case_id, "changes", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "person-not-in-household")


@pytest.mark.mechanism("S1-23", "S0-18", "S0-22")
async def test_an_emergency_is_granted_at_once_and_explained_by_other_hands(run: Run) -> None:
    case_id = await emergency(run)
    seen = await run.house.see(CLERK, "intake", f"/applications/{case_id}")
    assert (seen["status"], seen["survey_due"]) == ("accepted", None)
    assert seen["pay_by"]["on"] == (await aid_shown(run, case_id))["opened"]["pay_by"]["on"]
    checks = await run.house.call(CLERK, "GET", "verification", f"/checks/{case_id}")
    assert checks.status_code == 404
    granted = await aid(run, APPROVER, case_id, "grant", {"amount_fen": 800_00})
    assert (granted.status_code, granted.json()["referred"]) == (200, False)
    explanation = {"materials": ["identity"], "findings": told("确因疫情失业")}
    same = await aid(run, APPROVER, case_id, "explanation", explanation)
    assert (same.status_code, same.json()["code"]) == (403, "same-hands")
    done = await aid(run, CLERK, case_id, "explanation", explanation)
    assert done.status_code == 201
    now = await aid_shown(run, case_id)
    assert (now["stage"], now["granted"]["tier"]) == ("explained", "township")
    listed = await run.house.see(CLERK, "decision", f"/aids?wait_for={done.json()['position']}")
    rows = {row["case_id"]: row for row in listed["items"]}
    assert (rows[case_id]["stage"], rows[case_id]["amount_fen"]) == ("explained", 800_00)
    await run.settled()
    application_now = await run.house.see(CLERK, "intake", f"/applications/{case_id}")
    assert (application_now["status"], application_now["refused"]) == ("closed", False)


async def test_what_is_above_the_townships_limit_lies_with_the_county(run: Run) -> None:
    """The fixture for Fujian: 1,800 yuan."""
    case_id = await emergency(run, 1_800_01)
    referred = await aid(run, APPROVER, case_id, "grant", {"amount_fen": 1_800_01})
    assert (referred.status_code, referred.json()["referred"]) == (200, True)
    again = await aid(run, APPROVER, case_id, "grant", {"amount_fen": 1_800_00})
    assert (again.status_code, again.json()["code"]) == (403, "not-the-granting-tier")
    assert again.json()["facts"] == {"tier": "county"}
    granted = await aid(run, COUNTY_APPROVER, case_id, "grant", {"amount_fen": 1_800_01})
    assert granted.json()["referred"] is False
    assert (await aid_shown(run, case_id))["granted"]["tier"] == "county"
    nothing = await aid(run, APPROVER, case_id, "grant", {"amount_fen": 0})
    assert (nothing.status_code, nothing.json()["code"]) == (422, "aid-of-nothing")


async def test_a_refused_aid_frees_its_people_to_ask_again(run: Run) -> None:
    case_id = await emergency(run)
    body = {"reason": "no_emergency", "explanation": told("不属于急难")}
    assert (await aid(run, APPROVER, case_id, "refusal", body)).is_success
    await run.settled()
    closed = await run.house.see(CLERK, "intake", f"/applications/{case_id}")
    assert (closed["status"], closed["refused"]) == ("closed", True)
    again = application(closed["members"], programme="temporary_assistance", materials=[], aid=AID)
    assert (await run.house.do(CLERK, "intake", "/applications", again))["case_id"] != case_id


async def test_small_quick_aid_is_told_to_be_not_provided_for_before_2026(run: Run) -> None:
    (person_id,) = await run.registered((run.stranger(),))
    body = application(
        [{"person_id": person_id, "relation": "applicant"}],
        programme="temporary_assistance",
        aid=AID | {"kind": "small_quick"},
    )
    answer = await run.house.call(CLERK, "POST", "intake", "/applications", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "aid-kind-not-provided-for")
    assert answer.json()["facts"] == {"kind": "small_quick", "allowed": "emergency, expense"}


@pytest.mark.parametrize("path", ["/aids", "/determinations"])
async def test_lists_stay_in_the_county(run: Run, path: str) -> None:
    stranger = Official("far officer", Role.COUNTY_OFFICER, "350925000000", "county")
    answer = await run.house.call(stranger, "GET", "decision", path)
    assert (answer.status_code, answer.json()["items"]) == (200, [])
    narrowed = await run.house.call(stranger, "GET", "decision", f"{path}?division={TOWNSHIP}")
    assert (narrowed.status_code, narrowed.json()["code"]) == (403, "division-not-covered")
    own = await run.house.see(COUNTY_OFFICER, "decision", path)
    assert own["items"]


async def in_august_2021(run: Run) -> None:
    """Take every service's clock there, unless it is there already."""
    day = date(2021, 8, 2)
    for service in run.embedded.services.values():
        if await service.today() < day:
            service.timekeeper.set_to(instant_of(day))
    await run.settled()


async def test_late_things_are_found_when_the_days_have_gone_by(run: Run) -> None:
    """The clock jumps to June 2021: the phase-out is over, and an aid was never explained."""
    phased_out = await confirmed(run)
    change = await changed(run, phased_out)
    assert (await do(run, CONFIRMER, phased_out, f"{change}/decision", {})).is_success
    last_month = (await shown(run, phased_out))["leaving"]["last_month"]
    unexplained = await emergency(run)
    assert (await aid(run, APPROVER, unexplained, "grant", {"amount_fen": 1})).is_success
    await in_august_2021(run)
    ended = (await shown(run, phased_out))["ended"]
    assert (ended["reason"], ended["last_month"]) == ("phase_out_over", last_month)
    assert (await aid_shown(run, unexplained))["explanation_missed"] is True
    late = await do(run, CLERK, phased_out, "changes", CHANGE)
    assert (late.status_code, late.json()["code"]) == (409, "wrong-stage")


async def tekun(run: Run, obligors: str) -> str:
    """Somebody of over sixty, surveyed and proposed for tekun under the measures of 2021."""
    await in_august_2021(run)
    (person_id,) = await run.registered((run.stranger(),))
    body = application([{"person_id": person_id, "relation": "applicant"}], programme="tekun")
    case_id: str = (await run.house.do(CLERK, "intake", "/applications", body))["case_id"]
    application_, check = f"/applications/{case_id}", f"/checks/{case_id}"
    await run.house.do(CLERK, "intake", f"{application_}/acceptance", at=application_)
    await run.settled()
    visit = {
        "visited_on": (await run.embedded.services["verification"].today()).isoformat(),
        "surveyors": [str(SURVEYOR.actor), str(SECOND_SURVEYOR.actor)],
        "findings": told("独居"),
    }
    without = await run.house.call(SURVEYOR, "POST", "verification", f"{check}/home-visits", visit)
    assert (without.status_code, without.json()["code"]) == (422, "tekun-circumstances-missing")
    found = {"ground": "age_sixty_or_over", "obligors": obligors}
    await run.house.do(SURVEYOR, "verification", f"{check}/home-visits", visit | {"tekun": found})
    await run.house.do(CLERK, "verification", f"{check}/completion", at=check)
    await run.settled()
    assert (await do(run, CLERK, case_id, "proposal", EXPLANATION)).is_success
    return case_id


async def test_tekun_is_recognised_by_the_county_at_the_basic_standard(run: Run) -> None:
    case_id = await tekun(run, "unable")
    assert (await do(run, CLERK, case_id, "publicities/first")).is_success
    await later(run, 8)
    assert (await do(run, APPROVER, case_id, "approval")).is_success
    township = await do(run, CONFIRMER, case_id, "confirmation")
    assert township.json()["code"] == "not-the-deciding-level"
    assert (await do(run, COUNTY_APPROVER, case_id, "confirmation")).json()["deferred"] is None
    now = await shown(run, case_id)
    assert (now["stage"], now["confirmed"]["programme"]) == ("confirmed", "tekun")
    assert (now["amount_fen"], now["proposal"]["standard_fen"]) == (780_00, 600_00)


async def test_an_obligor_who_is_able_stands_in_the_way_of_tekun(run: Run) -> None:
    case_id = await tekun(run, "able")
    assert (await do(run, COUNTY_APPROVER, case_id, "refusal")).is_success
    assert (await shown(run, case_id))["refused"]["reason"] == "obligor_able"
