"""The People's Bank's network over HTTP: a receipt, fetched later, by everybody's word."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from infra.demo import STANDARDS
from infra.demo.office import CLERK
from infra.demo.people import PLANTED, Person
from services.verification.model import check_of, standing_of
from shared.clock import instant_of
from shared.contracts.departments import Department
from tests.house import Run, application, eventually, running
from tests.verification.test_departments import standing
from tests.verification.test_periodic_checks import with_network

pytestmark = pytest.mark.asyncio(loop_scope="module")

BANK = "102391000017"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Run]:
    folder = tmp_path_factory.mktemp("pboc")
    (folder / "policy").mkdir()
    with_network(folder / "policy", since="2020-04-01", scope="35")
    async with running(folder / "data", policy_dirs=(STANDARDS, folder / "policy")) as made:
        yield made


async def behave(run: Run, mode: str) -> None:
    url = f"{run.house.sandboxes['pboc']}/behaviour"
    (await run.house.client.put(url, json={"mode": mode})).raise_for_status()


async def hold(run: Run, *accounts: tuple[Person, str, int]) -> None:
    held = [
        {"id_number": who.id_number, "institution": BANK, "account": name, "balance_fen": fen}
        for who, name, fen in accounts
    ]
    url = f"{run.house.sandboxes['pboc']}/accounts"
    (await run.house.client.post(url, json=held)).raise_for_status()


async def handed_in(run: Run) -> list[int]:
    answer = await run.house.client.get(f"{run.house.sandboxes['pboc']}/queries")
    return [question["handed_in"] for question in answer.json()]


async def accepted(run: Run, people: tuple[Person, ...], *, apart: bool = False) -> tuple[str, Any]:
    """A household whose application is accepted, by one paper or by words of their own."""
    ids = await run.registered(people)
    relations = ["applicant", *["parent"] * (len(ids) - 1)]
    members = [
        {"person_id": person_id, "relation": relation}
        for person_id, relation in zip(ids, relations, strict=True)
    ]
    body = application(members)
    case_id: str = (await run.house.do(CLERK, "intake", "/applications", body))["case_id"]
    here = f"/applications/{case_id}"
    today = await run.embedded.services["intake"].today()
    for person_id in ids if apart else ():
        word = {
            "person_id": person_id,
            "standing": "member",
            "signed_by": person_id,
            "signed_on": today.isoformat(),
            "document_digest": "ab" * 32,
        }
        await run.house.do(CLERK, "intake", f"{here}/authorisations", word)
    await run.house.do(CLERK, "intake", f"{here}/acceptance", at=here)
    return case_id, ids


async def network_of(run: Run, case_id: str) -> str | None:
    found: dict[str, Any] = await standing(run, case_id)
    return found.get("pboc_network")


async def is_(run: Run, case_id: str, wanted: str) -> None:
    async def so() -> bool:
        return await network_of(run, case_id) == wanted

    await eventually(so)


@pytest.mark.mechanism("S4-43")
async def test_an_answer_comes_later_and_an_account_of_two_is_one(run: Run) -> None:
    await behave(run, "late")
    people = (run.stranger(), run.stranger())
    await hold(run, (people[0], "a", 5_000_00), (people[1], "a", 5_000_00), (people[1], "b", 100))
    before = len(await handed_in(run))
    case_id, _ids = await accepted(run, people)
    await run.house.load_departments(
        [{"department": "banks", "id_number": people[0].id_number, "deposits_fen": 5_000_00}]
    )

    async def taken() -> bool:
        return len(await handed_in(run)) == before + 1

    await eventually(taken)
    await is_(run, case_id, "asked")
    await behave(run, "well")
    await is_(run, case_id, "answered")
    answer = await run.house.call(CLERK, "GET", "verification", f"/checks/{case_id}")
    network = next(d for d in answer.json()["departments"] if d["department"] == "pboc_network")
    assert network["answer"]["deposits_fen"] == 5_001_00
    assert network["answer"]["institutions"] == [
        {"institution": BANK, "accounts": 2, "deposits_fen": 5_001_00}
    ]
    assert len(network["answer"]["received"]) == 1
    assert not any(mark in answer.text for mark in PLANTED)
    assert set(await handed_in(run)) == {1}


async def test_a_receipt_that_is_not_known_any_more_is_asked_for_anew_the_next_day(
    run: Run,
) -> None:
    await behave(run, "lost")
    before = len(await handed_in(run))
    case_id, _ids = await accepted(run, (run.stranger(),))
    await run.settled()
    assert await network_of(run, case_id) == "asked"
    await behave(run, "well")
    today = await run.embedded.services["verification"].today()
    await run.advance(today + timedelta(days=1))
    assert await network_of(run, case_id) == "answered"
    assert len(await handed_in(run)) == before + 2


async def later(run: Run, days: int) -> None:
    """Every service wakes up so many days later."""
    today = await run.embedded.services["verification"].today()
    for service in run.embedded.services.values():
        moment = instant_of(today + timedelta(days=days))
        await asyncio.to_thread(service.timekeeper.set_to, moment)


async def test_a_receipt_that_never_resolves_does_not_hold_the_household_for_ever(
    run: Run,
) -> None:
    """It is asked for anew, and after as many answers of no use the check does without."""
    await behave(run, "late")
    before = len(await handed_in(run))
    case_id, _ids = await accepted(run, (run.stranger(),))

    async def handed() -> int:
        return len(await handed_in(run)) - before

    async def taken() -> bool:
        return await handed() == 1

    async def taken_anew() -> bool:
        return await handed() == 2

    await eventually(taken)
    await later(run, 11)
    await eventually(lambda: aside(run, case_id))
    assert (await network_of(run, case_id), await handed()) == ("asked", 1)
    await later(run, 1)
    await eventually(taken_anew)


async def aside(run: Run, case_id: str) -> bool:
    """Whether what was waited for in vain was set aside."""
    check = await run.embedded.services["verification"].read(check_of(UUID(case_id)))
    return bool(check.state.set_aside.get(Department.PBOC_NETWORK))


@pytest.mark.mechanism("S4-43")
async def test_a_word_taken_back_meanwhile_lets_nobody_fetch_it(run: Run) -> None:
    await behave(run, "late")
    case_id, (person_id,) = await accepted(run, (run.stranger(),), apart=True)
    await is_(run, case_id, "asked")
    path = f"/applications/{case_id}/authorisations/withdrawal"
    await run.house.do(CLERK, "intake", path, {"person_id": person_id})
    await eventually(lambda: withdrawn(run, case_id))
    await behave(run, "well")
    await is_(run, case_id, "not_authorised")


async def withdrawn(run: Run, case_id: str) -> bool:
    """Whether verification has heard of it."""
    found = await run.embedded.services["verification"].read(standing_of(UUID(case_id)))
    return bool(found.state.apart and not found.state.words)
