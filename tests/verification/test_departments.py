"""Asking the departments: what they answer, and every way in which they may not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from infra.demo.office import CLERK
from shared.kernel.event import read
from tests.house import Run, application, eventually, running

pytestmark = pytest.mark.asyncio(loop_scope="module")

ALL = ("tax", "social_insurance", "housing", "vehicles", "banks")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Run]:
    folder = tmp_path_factory.mktemp("departments")
    async with running(folder, gateway_timeout_ms=300) as made:
        yield made


async def accept(run: Run) -> str:
    """A household of one whose application is accepted; the case."""
    (person_id,) = await run.registered((run.stranger(),))
    body = application([{"person_id": person_id, "relation": "applicant"}])
    case_id: str = (await run.house.do(CLERK, "intake", "/applications", body))["case_id"]
    here = f"/applications/{case_id}"
    await run.house.do(CLERK, "intake", f"{here}/acceptance", at=here)
    return case_id


async def standing(run: Run, case_id: str) -> dict[str, Any]:
    """How far each department is; nothing before the check is opened."""
    answer = await run.house.call(CLERK, "GET", "verification", f"/checks/{case_id}")
    found = answer.json().get("departments", ()) if answer.status_code == 200 else ()
    return {d["department"]: d["failure"] or d["standing"] for d in found}


async def times_asked(run: Run, department: str) -> list[int]:
    """How often each query to a department was asked."""
    answer = await run.house.client.get(f"{run.house.sandboxes['departments']}/queries")
    return [query["asked"] for query in answer.json() if query["department"] == department]


@pytest.mark.parametrize(
    ("mode", "failure"),
    [
        ("refusing", "refused"),
        ("unknown_person", "person_unknown"),
        ("malformed", "malformed_answer"),
        ("other_person", "malformed_answer"),
        ("oversized", "malformed_answer"),
    ],
)
async def test_a_department_that_gives_no_data_has_failed_and_can_be_asked_again(
    run: Run, mode: str, failure: str
) -> None:
    await run.misbehave(tax={"mode": mode})
    case_id = await accept(run)
    await run.settled()
    assert await standing(run, case_id) == dict.fromkeys(ALL, "answered") | {"tax": failure}
    await run.misbehave()
    path = f"/checks/{case_id}/department-queries"
    await run.house.do(CLERK, "verification", path, {"department": "tax"})
    await run.settled()
    assert await standing(run, case_id) == dict.fromkeys(ALL, "answered")


@pytest.mark.parametrize("fault", [{"mode": "away"}, {"mode": "slow", "delay_ms": 5_000}])
async def test_a_department_that_is_away_or_slow_is_asked_until_it_answers(
    run: Run, fault: dict[str, Any]
) -> None:
    await run.misbehave(banks=fault)
    case_id = await accept(run)

    async def others_answered() -> bool:
        found = await standing(run, case_id)
        return found == dict.fromkeys(ALL, "answered") | {"banks": "asked"}

    async def asked_again() -> bool:
        return max(await times_asked(run, "banks")) > 1

    await eventually(others_answered)
    await eventually(asked_again)
    await run.misbehave()
    await run.settled()
    assert await standing(run, case_id) == dict.fromkeys(ALL, "answered")


async def test_each_question_is_recorded_once_however_often_it_was_asked(run: Run) -> None:
    await run.misbehave(housing={"mode": "away"})
    case_id = await accept(run)

    async def asked_again() -> bool:
        return max(await times_asked(run, "housing"), default=0) > 1

    await eventually(asked_again)
    await run.misbehave()
    await run.settled()
    store = run.embedded.services["verification"].store
    documents = [read(row) for row in store.read_log(0, 10_000)]
    of_case = [d for d in documents if str(d.subject) == case_id]
    asked = {d.id: d.data.department for d in of_case if d.type.endswith("department-asked.v1")}
    answers = [d for d in of_case if d.type.endswith("department-answered.v1")]
    assert sorted(d.data.department for d in answers) == sorted(ALL)
    assert {d.causation_id: d.data.department for d in answers} == asked


async def test_who_is_asked_about_is_recorded_and_named_nowhere(run: Run) -> None:
    await run.misbehave()
    person = run.stranger()
    (person_id,) = await run.registered((person,))
    await run.house.load_departments(
        [{"department": "housing", "id_number": person.id_number, "houses": 2}]
    )
    body = application([{"person_id": person_id, "relation": "applicant"}])
    case_id = (await run.house.do(CLERK, "intake", "/applications", body))["case_id"]
    here = f"/applications/{case_id}"
    await run.house.do(CLERK, "intake", f"{here}/acceptance", at=here)
    await run.settled()
    check = await run.house.see(CLERK, "verification", f"/checks/{case_id}")
    housing = next(d for d in check["departments"] if d["department"] == "housing")
    assert housing["answer"]["houses"] == 2
    consulted = [
        document.data
        for document in map(read, run.embedded.services["intake"].store.read_log(0, 10_000))
        if document.type.endswith("persons-consulted.v1")
        and person_id in {str(found) for found in document.data.person_ids}
    ]
    assert len(consulted) == len(ALL)
    assert {(c.purpose, c.fields) for c in consulted} == {("means-check", ("id_number",))}
    for service in run.embedded.services.values():
        log = b"".join(row.document for row in service.store.read_log(0, 10_000))
        assert person.id_number.encode() not in log
