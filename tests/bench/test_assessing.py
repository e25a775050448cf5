"""What the bench of assessing times is what the house decides."""

from __future__ import annotations

import json
from random import Random

import pytest

from shared.clock import instant_of
from shared.contracts.decision import BenefitProposed, RefusalProposed
from shared.kernel.decider import Moment
from shared.policy import Policy
from tests.bench.assessing import ACCEPTED_ON, DEPARTMENTS, Household, assess, household
from tests.bench.caseload import live
from tests.bench.ground import POLICY


@pytest.fixture(scope="module")
def at() -> Moment:
    return Moment(instant_of(ACCEPTED_ON), ACCEPTED_ON, Policy.load((POLICY,)))


def counted_fen(one: Household) -> int:
    """The highest wage that anybody stated of each person, without what illness costs."""
    stated = [(str(line.person_id), line.amount_fen) for line in one.declared]
    for _department, body in one.answers:
        for person in json.loads(body)["persons"]:
            stated += [(person["reference"], line["amount_fen"]) for line in person["income"]]
    highest: dict[str, int] = {}
    for person_id, amount_fen in stated:
        highest[person_id] = max(amount_fen, highest.get(person_id, 0))
    return max(0, sum(highest.values()) - sum(line.amount_fen for line in one.deductions))


@pytest.mark.parametrize("seed", range(20))
def test_a_household_is_assessed_by_what_departments_answered(seed: int, at: Moment) -> None:
    one = household(Random(seed))  # noqa: S311 - the same households in every run
    assert [department for department, _body in one.answers] == list(DEPARTMENTS)
    event = assess(one, at)
    assert isinstance(event, BenefitProposed | RefusalProposed)
    assert event.counted_income_fen == counted_fen(one)
    gap_fen = 4 * 600_00 - counted_fen(one)
    assert getattr(event, "amount_fen", 0) == max(0, gap_fen)


def test_every_live_case_gets_its_new_amount(postgres_url: str) -> None:
    """``live`` raises where a case was left out, or taken twice."""
    assert live(postgres_url, cases=5).core_seconds > 0
