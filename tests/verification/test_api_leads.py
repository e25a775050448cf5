"""Bills and leads over HTTP, on the embedded system with everything in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from infra.demo.office import CLERK, SECOND_SURVEYOR, SURVEYOR
from infra.demo.people import told
from tests.house import Run, application, running

pytestmark = pytest.mark.asyncio(loop_scope="module")

NUMBER = "0350-22160211-09876543"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Run]:
    async with running(tmp_path_factory.mktemp("leads")) as made:
        yield made


async def accepted(run: Run, **known: dict[str, Any]) -> tuple[str, str]:
    """A household of one, of whom departments know this: the case and the person."""
    person = run.stranger()
    (person_id,) = await run.registered((person,))
    await run.house.load_departments(
        [{"department": name, "id_number": person.id_number} | of for name, of in known.items()]
    )
    body = application([{"person_id": person_id, "relation": "applicant"}])
    case_id = (await run.house.do(CLERK, "intake", "/applications", body))["case_id"]
    here = f"/applications/{case_id}"
    await run.house.do(CLERK, "intake", f"{here}/acceptance", at=here)
    await run.settled()
    return case_id, person_id


async def visited(run: Run, case_id: str, person_id: str, **changed: Any) -> None:
    today = await run.embedded.services["verification"].today()
    body = {
        "visited_on": today.isoformat(),
        "surveyors": [str(SURVEYOR.actor), str(SECOND_SURVEYOR.actor)],
        "income": [{"person_id": person_id, "kind": "wage", "amount_fen": 500_00}],
        "findings": told("入户调查"),
    }
    path = f"/checks/{case_id}/home-visits"
    await run.house.do(SURVEYOR, "verification", path, body | changed)
    held = {
        "held_on": today.isoformat(),
        "present": 3,
        "representatives": 3,
        "agreed": 3,
        "upheld": True,
        "minutes": told("民主评议"),
    }
    await run.house.do(CLERK, "verification", f"/checks/{case_id}/reviews", held)


async def bill(run: Run, person_id: str, **changed: Any) -> dict[str, Any]:
    today = await run.embedded.services["verification"].today()
    return {
        "person_id": person_id,
        "kind": "illness",
        "number": NUMBER,
        "issued_on": (today - timedelta(days=30)).isoformat(),
        "amount_fen": 2_400_00,
        "reimbursed_fen": 1_200_00,
    } | changed


async def shown(run: Run, case_id: str) -> dict[str, Any]:
    found: dict[str, Any] = await run.house.see(CLERK, "verification", f"/checks/{case_id}")
    return found


async def answer(run: Run, case_id: str, response: str, **changed: Any) -> None:
    body = {"response": response, "statement": told("家庭说明")} | changed
    await run.house.do(CLERK, "verification", f"/checks/{case_id}/leads/1/answers", body)
    await run.settled()


async def complete(run: Run, case_id: str) -> dict[str, Any]:
    here = f"/checks/{case_id}"
    await run.house.do(CLERK, "verification", f"{here}/completion", at=here)
    account: dict[str, Any] = (await shown(run, case_id))["account"]
    return account


async def test_a_department_that_knows_more_is_put_to_the_household(run: Run) -> None:
    wages = {"income": [{"kind": "wage", "amount_fen": 900_00}]}
    case_id, person_id = await accepted(run, tax=wages)
    await visited(run, case_id, person_id)
    await run.settled()
    (lead,) = (await shown(run, case_id))["leads"]
    assert (lead["standing"], lead["contradiction"]["reported"]) == ("open", 900_00)
    here = f"/checks/{case_id}"
    etag = (await run.house.call(CLERK, "GET", "verification", here)).headers["ETag"]
    early = await run.house.call(CLERK, "POST", "verification", f"{here}/completion", if_match=etag)
    assert (early.status_code, early.json()["code"]) == (409, "leads-open")
    listed = await run.house.see(CLERK, "verification", "/checks?status=open&limit=200")
    assert {i["case_id"]: i["waiting_leads"] for i in listed["items"]}[case_id] == [1]
    await answer(run, case_id, "explained", data_stand=False)
    account = await complete(run, case_id)
    assert account["counted_income_fen"] == 500_00
    assert [lead["standing"] for lead in account["leads"]] == ["set_aside"]
    assert str(CLERK.actor) in account["surveyors"]


async def test_an_objection_asks_the_department_again_and_it_decides(run: Run) -> None:
    case_id, person_id = await accepted(run, vehicles={"vehicles": 1})
    await visited(run, case_id, person_id, property={"deposits_fen": 0, "houses": 0, "vehicles": 0})
    await answer(run, case_id, "objected")
    (lead,) = (await shown(run, case_id))["leads"]
    assert lead["standing"] == "upheld"
    account = await complete(run, case_id)
    assert account["vehicles"] == 1


async def test_somebody_recorded_dead_is_a_lead(run: Run) -> None:
    case_id, person_id = await accepted(run, social_insurance={"entries": ["deceased"]})
    await visited(run, case_id, person_id)
    (lead,) = (await shown(run, case_id))["leads"]
    assert lead["contradiction"]["kind"] == "recorded_dead"


async def test_a_bill_of_two_cases_is_known_by_no_number(run: Run) -> None:
    first, one = await accepted(run)
    await visited(run, first, one, bills=[await bill(run, one)])
    assert (await complete(run, first))["deducted_fen"] == 100_00
    second, other = await accepted(run)
    spaced = NUMBER.replace("-", "")
    await visited(run, second, other, bills=[await bill(run, other, number=spaced)])
    (lead,) = (await shown(run, second))["leads"]
    assert lead["contradiction"]["kind"] == "bill_used_elsewhere"
    assert lead["contradiction"]["other_case"] == first
    await answer(run, second, "acknowledged")
    assert (await complete(run, second))["deducted_fen"] == 0
    for service in run.embedded.services.values():
        log = b"".join(row.document for row in service.store.read_log(0, 10_000))
        assert NUMBER.encode() not in log
        assert spaced.encode() not in log


async def test_a_lead_that_nobody_answers_is_marked_and_the_check_goes_on(run: Run) -> None:
    case_id, person_id = await accepted(
        run, tax={"income": [{"kind": "wage", "amount_fen": 600_00}]}
    )
    await visited(run, case_id, person_id)
    today = await run.embedded.services["verification"].today()
    await run.advance(today + timedelta(days=10))
    assert (await shown(run, case_id))["leads"][0]["standing"] == "open"
    await run.advance(today + timedelta(days=11))
    assert (await shown(run, case_id))["leads"][0]["standing"] == "unanswered"
    assert (await complete(run, case_id))["counted_income_fen"] == 600_00
