"""What verification makes of a department's bytes."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest

from services.verification.gateways import MAX_ANSWER_BYTES, Failed, read_reply, recorded
from shared.contracts.departments import Department, DepartmentFailure


def test_an_answer_that_no_event_can_hold_is_malformed() -> None:
    """Thirty people with a hundred incomes each: within what is read, beyond what is recorded."""
    people = [uuid4() for _ in range(30)]
    income = [{"kind": "wage", "amount_fen": 1_234_567}] * 100
    persons = [{"reference": str(person), "income": income} for person in people]
    body = json.dumps({"persons": persons}).encode()
    assert len(body) < MAX_ANSWER_BYTES
    with pytest.raises(Failed) as raised:
        recorded(Department.TAX, people, [read_reply("application/json", body)])
    assert raised.value.failure is DepartmentFailure.MALFORMED_ANSWER


def test_an_answer_of_a_large_household_is_recorded() -> None:
    people = [uuid4() for _ in range(30)]
    persons = [
        {"reference": str(person), "income": [{"kind": "wage", "amount_fen": 1}] * 20}
        for person in people
    ]
    reply = read_reply("", json.dumps({"persons": persons}).encode())
    command = recorded(Department.TAX, people, [reply])
    assert len(command.income) == 600
