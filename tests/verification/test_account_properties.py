"""What holds of every account, from the bytes that come in to the benefit: the order of lines says
nothing, and nobody gets more by having more.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.decision.rules.entitlement import monthly_gap_fen
from services.verification import rules
from services.verification.api.surveying import HomeVisit
from services.verification.gateways.formats import read_reply
from services.verification.gateways.replies import recorded
from shared.accounts import Treatment, treatment_of
from shared.contracts.circumstances import DisabilityKind, Occupation
from shared.contracts.departments import Department, DepartmentAnswered
from shared.contracts.fields import DeductionLine, IncomeItem, IncomeLine, LineSource
from shared.policy import Parameters, Policy
from tests.notices import notice
from tests.verification.circumstances import disabled, household, lives
from tests.verification.household import (
    APPLICANT,
    DAUGHTER,
    FIRST,
    FUJIAN,
    HUSBAND,
    MOTHER,
    SECOND,
    SHAANXI,
)

PEOPLE: Final = (APPLICANT, HUSBAND, DAUGHTER, MOTHER)
PUTIAN: Final = "350302001000"
STANDARD_FEN: Final = 600_00
ASKED: Final = (Department.TAX, Department.SOCIAL_INSURANCE)

FENS = st.integers(min_value=0, max_value=4_000_00)
ITEMS = st.sampled_from((None, *IncomeItem))


class Line(NamedTuple):
    """A line of income as somebody states it: the household, or a department."""

    said_by: str
    person: UUID
    kind: str
    item: IncomeItem | None
    amount_fen: int

    def body(self) -> dict[str, Any]:
        item = {} if self.item is None else {"item": self.item.value}
        return {"kind": self.kind, "amount_fen": self.amount_fen, **item}


@st.composite
def lines(draw: st.DrawFn) -> Line:
    said_by = draw(st.sampled_from(("declared", *(one.value for one in ASKED))))
    kind = draw(st.sampled_from(("wage", "transfer", "other")))
    item = None if kind == "wage" else draw(ITEMS)
    return Line(said_by, draw(st.sampled_from(PEOPLE)), kind, item, draw(FENS))


def once(stated: Sequence[Line]) -> list[Line]:
    """A household states each kind and item once a person."""
    by_key = {(one.said_by, one.person, one.kind, one.item): one for one in stated}
    declared = [one for key, one in by_key.items() if key[0] == "declared"]
    return [*declared, *(one for one in stated if one.said_by != "declared")]


LISTS = st.lists(lines(), max_size=8).map(once)


def visit_of(stated: Sequence[Line], deductions: Sequence[tuple[str, int]]) -> rules.Statement:
    """What a surveyor's body states, as the API reads it."""
    body = {
        "visited_on": "2020-04-03",
        "surveyors": [str(FIRST), str(SECOND)],
        "income": [
            {"person_id": str(one.person), **one.body()}
            for one in stated
            if one.said_by == "declared"
        ],
        "deductions": [{"kind": kind, "amount_fen": fen} for kind, fen in deductions],
        "findings": "入户所见",
    }
    visit = HomeVisit.model_validate_json(json.dumps(body))
    return rules.Statement(
        income=tuple(
            IncomeLine(source=LineSource.DECLARED, **one.model_dump()) for one in visit.income
        ),
        deductions=tuple(DeductionLine(**one.model_dump()) for one in visit.deductions),
        circumstances=household(
            lives(APPLICANT, occupation=Occupation.UNSTEADY_WORK),
            lives(HUSBAND, **disabled(DisabilityKind.HEARING, 3)),
        ),
    )


def answers_of(stated: Sequence[Line]) -> list[DepartmentAnswered]:
    """What departments' bodies say, as the gateway reads them."""
    answers = []
    for department in ASKED:
        of_person: dict[UUID, list[Any]] = {person: [] for person in PEOPLE}
        for one in stated:
            if one.said_by == department.value:
                of_person[one.person].append(one.body())
        persons = [
            {"reference": str(person), "income": income} for person, income in of_person.items()
        ]
        reply = read_reply("application/json", json.dumps({"persons": persons}).encode())
        command = recorded(department, PEOPLE, [reply])
        answers.append(
            DepartmentAnswered(
                department=department, income=command.income, deposits_fen=0, houses=0, vehicles=0
            )
        )
    return answers


def account(
    regime: Parameters, stated: Sequence[Line], deductions: Sequence[tuple[str, int]] = ()
) -> rules.Account:
    return rules.account(regime, visit_of(stated, deductions), answers_of(stated))


def benefit_fen(found: rules.Account) -> int:
    return monthly_gap_fen(STANDARD_FEN, len(PEOPLE), found.counted_income_fen)


@pytest.fixture(scope="module")
def regimes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Parameters, ...]:
    """Relief counts; relief and the pension do not; wages are assumed and working has its share."""
    folder: Path = tmp_path_factory.mktemp("putian")
    city = notice(folder, "3503", "all", minimum_wage_monthly_fen=1_800_00)
    policy = Policy.load((city,))
    return (
        policy.at(FUJIAN, "dibao", date(2020, 4, 1)),
        policy.at(SHAANXI, "dibao", date(2023, 5, 4)),
        policy.at(PUTIAN, "dibao", date(2023, 5, 4)),
    )


@given(
    stated=LISTS,
    deductions=st.dictionaries(st.sampled_from(("illness", "disability")), FENS),
    order=st.randoms(use_true_random=False),
)
def test_the_order_in_which_lines_are_stated_says_nothing(
    regimes: tuple[Parameters, ...], stated: list[Line], deductions: dict[str, int], order: Any
) -> None:
    for regime in regimes:
        shuffled = list(stated)
        order.shuffle(shuffled)
        mixed = list(deductions.items())
        order.shuffle(mixed)
        one = account(regime, stated, tuple(deductions.items()))
        other = account(regime, shuffled, mixed)
        assert one.income == other.income
        assert set(one.deductions) == set(other.deductions)
        assert one.counted_income_fen == other.counted_income_fen


@given(stated=LISTS, more=lines(), raised_by=st.integers(min_value=1, max_value=3_000_00))
def test_more_income_that_counts_never_raises_a_benefit(
    regimes: tuple[Parameters, ...], stated: list[Line], more: Line, raised_by: int
) -> None:
    """Whoever states it, as a line of its own or as more of one that is there."""
    for regime in regimes:
        if treatment_of(regime, more.item) is not Treatment.COUNTED:
            continue
        before = account(regime, stated)
        for line in (more, *(one for one in stated if one[:4] == more[:4])):
            raised = line._replace(amount_fen=line.amount_fen + raised_by)
            others = [one for one in stated if one is not line]
            if raised.said_by == "declared":
                others = [one for one in others if one[:4] != raised[:4]]
                if any(
                    one[:4] == raised[:4] and one.amount_fen > raised.amount_fen for one in stated
                ):
                    continue
            after = account(regime, [*others, raised])
            assert after.counted_income_fen >= before.counted_income_fen
            assert benefit_fen(after) <= benefit_fen(before)
