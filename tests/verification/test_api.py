"""The check of a household over HTTP, on the embedded system with everything in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio

from infra.demo.office import CLERK, SECOND_SURVEYOR, SURVEYOR, Official
from infra.demo.people import HUSBAND, PLANTED, told
from shared.access.roles import Role
from tests.house import Run, application, running

pytestmark = pytest.mark.asyncio(loop_scope="module")

NEIGHBOUR = Official("neighbour", Role.TOWNSHIP_CLERK, "350925100000")
NEIGHBOUR_SURVEYOR = Official("neighbour surveyor", Role.TOWNSHIP_SURVEYOR, "350925100000")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Run]:
    async with running(tmp_path_factory.mktemp("verification")) as made:
        yield made


async def accepted(run: Run) -> tuple[str, str]:
    """A household of one whose application is accepted: the case and the person."""
    (person_id,) = await run.registered((run.stranger(),))
    body = application([{"person_id": person_id, "relation": "applicant"}])
    case_id = (await run.house.do(CLERK, "intake", "/applications", body))["case_id"]
    here = f"/applications/{case_id}"
    await run.house.do(CLERK, "intake", f"{here}/acceptance", at=here)
    await run.settled()
    return case_id, person_id


async def today(run: Run) -> date:
    return await run.embedded.services["verification"].today()


async def visit(run: Run, person_id: str, **changed: Any) -> dict[str, Any]:
    return {
        "visited_on": (await today(run)).isoformat(),
        "surveyors": [str(SURVEYOR.actor), str(SECOND_SURVEYOR.actor)],
        "income": [{"person_id": person_id, "kind": "wage", "amount_fen": 500_00}],
        "deductions": [{"kind": "illness", "amount_fen": 100_00}],
        "findings": told("入户调查"),
    } | changed


async def review(run: Run, **changed: Any) -> dict[str, Any]:
    return {
        "held_on": (await today(run)).isoformat(),
        "present": 9,
        "representatives": 7,
        "agreed": 9,
        "upheld": True,
        "minutes": told("民主评议记录"),
    } | changed


async def test_the_storys_household_is_checked_line_by_line(run: Run) -> None:
    members = await run.household()
    await run.house.load_departments(
        [
            {
                "department": "tax",
                "id_number": HUSBAND.id_number,
                "income": [{"kind": "wage", "amount_fen": 2_500_00}],
            },
            {"department": "banks", "id_number": HUSBAND.id_number, "deposits_fen": 800_00},
        ]
    )
    case_id = (await run.house.do(CLERK, "intake", "/applications", application(members)))[
        "case_id"
    ]
    await run.house.do(
        CLERK, "intake", f"/applications/{case_id}/acceptance", at=f"/applications/{case_id}"
    )
    await run.settled()
    here = f"/checks/{case_id}"
    husband = members[1]["person_id"]
    seen = await visit(
        run,
        husband,
        income=[{"person_id": husband, "kind": "wage", "amount_fen": 2_900_00}],
        deductions=[
            {"kind": "illness", "amount_fen": 400_00},
            {"kind": "employment", "amount_fen": 300_00},
        ],
    )
    await run.house.do(SURVEYOR, "verification", f"{here}/home-visits", seen)
    await run.house.do(CLERK, "verification", f"{here}/reviews", await review(run))
    await run.house.do(CLERK, "verification", f"{here}/completion", at=here)
    answer = await run.house.call(CLERK, "GET", "verification", here)
    account = answer.json()["account"]
    assert account["income"] == [
        {
            "person_id": husband,
            "kind": "wage",
            "source": "declared",
            "amount_fen": 2_900_00,
            "item": None,
            "paid_by": None,
        }
    ]
    assert (account["income_fen"], account["deducted_fen"]) == (2_900_00, 700_00)
    assert (account["counted_income_fen"], account["deposits_fen"]) == (2_200_00, 800_00)
    assert account["missing"] == []
    assert not any(mark in answer.text for mark in PLANTED)
    await run.settled()
    listed = await run.house.see(CLERK, "verification", "/checks?status=completed")
    assert [item["counted_income_fen"] for item in listed["items"]] == [2_200_00]


async def test_another_countys_officials_see_and_do_nothing(run: Run) -> None:
    case_id, person_id = await accepted(run)
    here = f"/checks/{case_id}"
    answers = [
        await run.house.call(NEIGHBOUR, "GET", "verification", here),
        await run.house.call(
            NEIGHBOUR_SURVEYOR,
            "POST",
            "verification",
            f"{here}/home-visits",
            await visit(run, person_id),
        ),
        await run.house.call(
            NEIGHBOUR, "POST", "verification", f"{here}/reviews", await review(run)
        ),
        await run.house.call(
            NEIGHBOUR,
            "POST",
            "verification",
            f"{here}/department-queries",
            {"department": "tax"},
        ),
        await run.house.call(
            NEIGHBOUR, "POST", "verification", f"{here}/completion", if_match='"11"'
        ),
    ]
    assert [answer.status_code for answer in answers] == [403] * 5
    assert (await run.house.see(NEIGHBOUR, "verification", "/checks"))["items"] == []
    listed = await run.house.see(CLERK, "verification", "/checks?status=open")
    assert case_id in {item["case_id"] for item in listed["items"]}
    assert (await run.house.see(CLERK, "verification", here))["visit"] is None


async def test_who_may_only_survey_does_not_complete(run: Run) -> None:
    case_id, _person_id = await accepted(run)
    answer = await run.house.call(
        SURVEYOR, "POST", "verification", f"/checks/{case_id}/completion", if_match='"11"'
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "role-not-allowed")


async def test_refusals_say_what_was_seen_and_what_is_needed(run: Run) -> None:
    case_id, person_id = await accepted(run)
    path = f"/checks/{case_id}/home-visits"
    one = await visit(run, person_id, surveyors=[str(SURVEYOR.actor)] * 2)
    answer = await run.house.call(SURVEYOR, "POST", "verification", path, one)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "too-few-surveyors")
    assert problem["facts"] == {"different": 1, "needed": 2}
    assert problem["source"] == "民发〔2012〕220号 art. 18"
    assert problem["title"] == "入户调查人员不足 / Too few different surveyors"


async def test_circumstances_and_items_of_income_reach_the_determination(run: Run) -> None:
    case_id, person_id = await accepted(run)
    here = f"/checks/{case_id}"
    found = {
        "person_id": person_id,
        "age": "sixty_to_sixty_nine",
        "labour": "partial",
        "occupation": "unsteady_work",
    }
    subsidy = {"kind": "transfer", "amount_fen": 80_00, "item": "disability_subsidy"}
    support = {"kind": "transfer", "amount_fen": 20_00, "paid_by": "sibling"}
    seen = await visit(
        run,
        person_id,
        income=[
            {"person_id": person_id, "kind": "wage", "amount_fen": 500_00},
            {"person_id": person_id} | subsidy,
            {"person_id": person_id} | support,
        ],
        circumstances={"poverty": "unlifted", "members": [found]},
    )
    twice = seen | {"circumstances": {"poverty": "lifted", "members": [found, found]}}
    answer = await run.house.call(SURVEYOR, "POST", "verification", f"{here}/home-visits", twice)
    assert (answer.status_code, answer.json()["code"]) == (422, "circumstances-incomplete")
    await run.house.do(SURVEYOR, "verification", f"{here}/home-visits", seen)
    await run.house.do(CLERK, "verification", f"{here}/reviews", await review(run))
    chosen = await run.house.call(
        CLERK,
        "POST",
        "verification",
        f"{here}/completion",
        {"basic_pension": "counted"},
        if_match=(await run.house.call(CLERK, "GET", "verification", here)).headers["ETag"],
    )
    assert (chosen.status_code, chosen.json()["code"]) == (409, "basic-pension-settled")
    await run.house.do(CLERK, "verification", f"{here}/completion", at=here)
    account = (await run.house.see(CLERK, "verification", here))["account"]
    assert account["income_fen"] == 520_00
    assert [line["paid_by"] for line in account["income"]] == [None, "sibling"]
    assert [(e["line"]["item"], e["parameter"]) for e in account["excluded"]] == [
        ("disability_subsidy", "income_excluded")
    ]
    await run.settled()
    taken_over = await run.house.see(CLERK, "decision", f"/cases/{case_id}/determination")
    assert taken_over["account"]["circumstances"]["members"][0]["labour"] == "partial"


async def test_a_surveyor_records_no_visit_of_others(run: Run) -> None:
    case_id, person_id = await accepted(run)
    path = f"/checks/{case_id}/home-visits"
    others = await visit(run, person_id, surveyors=[str(uuid4()), str(SECOND_SURVEYOR.actor)])
    answer = await run.house.call(SURVEYOR, "POST", "verification", path, others)
    assert (answer.status_code, answer.json()["code"]) == (409, "recorder-no-surveyor")
    await run.house.do(CLERK, "verification", path, others)
    shown = await run.house.see(CLERK, "verification", f"/checks/{case_id}")
    assert shown["visit"]["recorded_by"] == str(CLERK.actor)


async def test_completing_is_based_on_what_was_seen(run: Run) -> None:
    case_id, person_id = await accepted(run)
    here = f"/checks/{case_id}"
    before = await run.house.call(CLERK, "GET", "verification", here)
    await run.house.do(SURVEYOR, "verification", f"{here}/home-visits", await visit(run, person_id))
    await run.house.do(CLERK, "verification", f"{here}/reviews", await review(run))
    unseen = await run.house.call(CLERK, "POST", "verification", f"{here}/completion")
    stale = await run.house.call(
        CLERK, "POST", "verification", f"{here}/completion", if_match=before.headers["ETag"]
    )
    assert [unseen.status_code, stale.status_code] == [428, 412]
    await run.house.do(CLERK, "verification", f"{here}/completion", at=here)


async def test_a_visit_sent_twice_is_one(run: Run) -> None:
    case_id, person_id = await accepted(run)
    path, key = f"/checks/{case_id}/home-visits", uuid4()
    body = await visit(run, person_id)
    receipts = [
        (await run.house.call(SURVEYOR, "POST", "verification", path, body, key=key)).json()
        for _ in range(2)
    ]
    assert [receipt["repeated"] for receipt in receipts] == [False, True]
    assert receipts[0]["version"] == receipts[1]["version"]


async def test_a_check_that_is_none_is_not_found(run: Run) -> None:
    answer = await run.house.call(CLERK, "GET", "verification", f"/checks/{uuid4()}")
    assert answer.status_code == 404


async def test_the_list_shows_what_is_due_first(run: Run) -> None:
    first, person_id = await accepted(run)
    second, _person_id = await accepted(run)
    await run.house.do(
        SURVEYOR,
        "verification",
        f"/checks/{first}/home-visits",
        await visit(run, person_id),
    )
    await run.settled()
    listed = await run.house.see(
        CLERK, "verification", "/checks?status=open&order=due_on&limit=200"
    )
    due = {item["case_id"]: item["due_on"] for item in listed["items"]}
    assert due[first] < due[second]
    order = [item["due_on"] or "" for item in listed["items"]]
    assert order == sorted(order)


async def test_a_missed_survey_is_recorded_once_on_the_day_after_its_last(run: Run) -> None:
    case_id, person_id = await accepted(run)
    here = f"/checks/{case_id}"
    last_day = (await run.house.see(CLERK, "verification", here))["opened"]["survey_due"]["on"]
    await run.advance(date.fromisoformat(last_day))
    assert not (await run.house.see(CLERK, "verification", here))["survey_missed"]
    after = date.fromordinal(date.fromisoformat(last_day).toordinal() + 1)
    await run.advance(after)
    assert (await run.house.see(CLERK, "verification", here))["survey_missed"]
    await run.house.do(SURVEYOR, "verification", f"{here}/home-visits", await visit(run, person_id))
    service = run.embedded.services["verification"]
    names = [
        row.type.split(".")[2]
        for row in service.store.read_log(0, 10_000)
        if case_id in row.document.decode()
    ]
    assert names.count("survey-deadline-missed") == 1
