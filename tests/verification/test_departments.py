"""Asking the departments: what they answer, and every way in which they may not."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from infra.demo.office import AUDITOR, CLERK
from shared.kernel.event import read
from tests.house import Run, application, eventually, running

pytestmark = pytest.mark.asyncio(loop_scope="module")

ALL = ("tax", "social_insurance", "housing", "vehicles", "banks")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Run]:
    folder = tmp_path_factory.mktemp("departments")
    singly = frozenset({"vehicles"})
    async with running(folder, gateway_timeout_ms=300, departments_asked_singly=singly) as made:
        yield made


async def accept(
    run: Run, person_id: str | None = None, members: list[dict[str, str]] | None = None
) -> str:
    """A household of one, unless told whom, whose application is accepted; the case."""
    if person_id is None and members is None:
        (person_id,) = await run.registered((run.stranger(),))
    body = application(members or [{"person_id": str(person_id), "relation": "applicant"}])
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


async def asides(run: Run, case_id: str) -> list[Any]:
    """The answers of a case that were set aside."""
    store = run.embedded.services["verification"].store
    documents = [read(row) for row in store.read_log(0, 10_000)]
    of_case = [d for d in documents if str(d.subject) == case_id]
    return [d.data for d in of_case if d.type.endswith("answer-set-aside.v1")]


async def tomorrow(run: Run) -> None:
    today = await run.embedded.services["verification"].today()
    await run.advance(today + timedelta(days=1))


@pytest.mark.parametrize(
    ("mode", "reason", "failure"),
    [
        ("malformed", "unreadable", "malformed_answer"),
        ("other_person", "unreadable", "malformed_answer"),
        ("outdated", "outdated", "outdated_answer"),
    ],
)
async def test_an_answer_of_no_use_is_kept_and_asked_for_again_on_the_next_days(
    run: Run, mode: str, reason: str, failure: str
) -> None:
    await run.misbehave(tax={"mode": mode})
    case_id = await accept(run)
    await run.settled()
    waiting = dict.fromkeys(ALL, "answered") | {"tax": "asked"}
    assert await standing(run, case_id) == waiting
    (aside,) = await asides(run, case_id)
    assert aside.reason == reason
    notes = [str(part.note_id) for part in aside.received]
    question = {"note_ids": notes, "purpose": "audit"}
    kept = (await run.house.do(AUDITOR, "intake", "/notes/readings", question))["notes"]
    body = b"".join(b64decode(note["text"]) for note in kept)
    assert body.startswith(b"{")
    await tomorrow(run)
    assert await standing(run, case_id) == waiting
    await tomorrow(run)
    assert await standing(run, case_id) == waiting | {"tax": failure}
    assert len(await asides(run, case_id)) == 3


async def test_a_department_that_mends_its_answer_is_believed(run: Run) -> None:
    await run.misbehave(tax={"mode": "malformed"})
    case_id = await accept(run)
    await run.settled()
    await run.misbehave()
    await tomorrow(run)
    assert await standing(run, case_id) == dict.fromkeys(ALL, "answered")


async def test_a_department_may_answer_in_lines_of_gb18030(run: Run) -> None:
    await run.misbehave(housing={"format": "lines"})
    person = run.stranger()
    (person_id,) = await run.registered((person,))
    known = {"houses": 1, "entries": ["business_registered"]}
    await run.house.load_departments(
        [{"department": "housing", "id_number": person.id_number} | known]
    )
    case_id = await accept(run, person_id)
    await run.settled()
    check = await run.house.see(CLERK, "verification", f"/checks/{case_id}")
    housing = next(d for d in check["departments"] if d["department"] == "housing")["answer"]
    assert housing["houses"] == 1
    assert [entry["kind"] for entry in housing["entries"]] == ["business_registered"]
    assert len(housing["received"]) == 1


async def test_a_department_may_be_asked_about_one_person_at_a_time(run: Run) -> None:
    await run.misbehave()
    people = (run.stranger(), run.stranger())
    one, other = await run.registered(people)
    await run.house.load_departments(
        [{"department": "vehicles", "id_number": p.id_number, "vehicles": 1} for p in people]
    )
    before = len(await times_asked(run, "vehicles"))
    members = [
        {"person_id": one, "relation": "applicant"},
        {"person_id": other, "relation": "spouse"},
    ]
    case_id = await accept(run, members=members)
    await run.settled()
    check = await run.house.see(CLERK, "verification", f"/checks/{case_id}")
    answer = next(d for d in check["departments"] if d["department"] == "vehicles")["answer"]
    assert (answer["vehicles"], len(answer["received"])) == (2, 2)
    assert len(await times_asked(run, "vehicles")) == before + 2


async def test_answers_about_one_person_each_that_are_no_answers_by_their_length(run: Run) -> None:
    """Each is short enough to be read, together they are more notes than a command may name."""
    await run.misbehave()
    people = tuple(run.stranger() for _ in range(3))
    persons = await run.registered(people)
    income = [{"kind": "wage", "amount_fen": 1}] * 7_000
    await run.house.load_departments(
        [{"department": "vehicles", "id_number": p.id_number, "income": income} for p in people]
    )
    relations = ("applicant", "spouse", "child")
    members = [
        {"person_id": person_id, "relation": relation}
        for person_id, relation in zip(persons, relations, strict=True)
    ]
    case_id = await accept(run, members=members)
    await run.settled()
    expected = dict.fromkeys(ALL, "answered") | {"vehicles": "malformed_answer"}
    assert await standing(run, case_id) == expected


async def test_a_department_that_bears_one_call_a_second_answers_about_households(
    tmp_path: Path,
) -> None:
    """Nobody's ID number is read for a question that may not be asked yet."""
    singly = frozenset({"vehicles"})
    async with running(
        tmp_path, department_calls_per_second=1, departments_asked_singly=singly
    ) as slow:
        one, other, third = await slow.registered(tuple(slow.stranger() for _ in range(3)))
        couple = [
            {"person_id": one, "relation": "applicant"},
            {"person_id": other, "relation": "spouse"},
        ]
        cases = [await accept(slow, members=couple), await accept(slow, third)]
        await slow.settled()
        for case_id in cases:
            assert await standing(slow, case_id) == dict.fromkeys(ALL, "answered")
        log = slow.embedded.services["intake"].store.read_log(0, 10_000)
        read_numbers = [r for r in map(read, log) if r.type.endswith("persons-consulted.v1")]
        assert len(read_numbers) == len(cases) * len(ALL)


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
    asked = {d.id: d.data.department for d in of_case if d.type.endswith("department-asked.v2")}
    answers = [d for d in of_case if d.type.endswith("department-answered.v2")]
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
