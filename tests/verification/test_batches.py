"""Questions about several households in one call: gathered, sent, and each told its own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from uuid import UUID, uuid5

import pytest

from services.verification.gateways.batches import (
    Batches,
    HouseholdQuestion,
    Said,
    read_lines,
)
from services.verification.gateways.calling import Failed
from services.verification.gateways.formats import Unreadable
from shared.contracts.departments import DepartmentFailure
from shared.kernel.decider import HOUSE
from shared.kernel.duties import OutsideAway

QUESTIONS = [HouseholdQuestion(uuid5(HOUSE, f"tests/batch/{n}"), ()) for n in range(5)]


class Department:
    """Answers everybody in one line, but for whom it is told otherwise of."""

    def __init__(self, **otherwise: Said) -> None:
        self.calls: list[int] = []
        self.otherwise = otherwise

    async def __call__(self, questions: Sequence[HouseholdQuestion]) -> Mapping[UUID, Said]:
        self.calls.append(len(questions))
        if "away" in self.otherwise:
            raise OutsideAway("away")
        said: dict[UUID, Said] = {q.request_id: str(q.request_id).encode() for q in questions}
        if "left_out" in self.otherwise:
            del said[QUESTIONS[1].request_id]
        return said


@pytest.mark.mechanism("S4-43")
async def test_what_is_asked_at_the_same_time_is_one_call_and_each_has_its_own_line() -> None:
    department = Department()
    batches = Batches(department)
    lines = await asyncio.gather(*(batches.ask(question) for question in QUESTIONS))
    assert department.calls == [5]
    assert lines == [str(question.request_id).encode() for question in QUESTIONS]


async def test_no_call_holds_more_than_it_may() -> None:
    department = Department()
    batches = Batches(department, most=2)
    await asyncio.gather(*(batches.ask(question) for question in QUESTIONS))
    assert sorted(department.calls) == [1, 2, 2]


async def test_a_department_that_is_away_is_away_for_all_of_them() -> None:
    batches = Batches(Department(away=b""))
    found = await asyncio.gather(
        *(batches.ask(question) for question in QUESTIONS), return_exceptions=True
    )
    assert [type(one) for one in found] == [OutsideAway] * 5


async def test_who_was_left_out_spoils_nobody_elses() -> None:
    batches = Batches(Department(left_out=b""))
    first, second, *_rest = await asyncio.gather(
        *(batches.ask(question) for question in QUESTIONS), return_exceptions=True
    )
    assert isinstance(first, bytes)
    assert isinstance(second, Unreadable)


def test_lines_are_each_of_one_household_as_they_came() -> None:
    one, other, twice, *_rest = [question.request_id for question in QUESTIONS]
    known = json.dumps({"request_id": str(one), "persons": []}, indent=None).encode()
    lines = [
        known,
        json.dumps({"request_id": str(other), "status": "person_unknown"}).encode(),
        b"no line of anybody",
        json.dumps({"request_id": str(twice), "persons": []}).encode(),
        json.dumps({"request_id": str(twice), "persons": [1]}).encode(),
    ]
    found = read_lines(b"\n".join(lines))
    assert found[one] == known
    failed = found[other]
    assert isinstance(failed, Failed)
    assert failed.failure is DepartmentFailure.PERSON_UNKNOWN
    assert isinstance(found[twice], Unreadable)
    assert len(found) == 3
