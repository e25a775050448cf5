"""Household registration, income, property: three tests, each recorded, and each told if missed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.decision.decisions import Decide, Propose, propose, refuse
from shared.contracts.assessments import (
    AssessmentDrawnUp,
    AssessmentReason,
    Condition,
    ConditionOutcome,
    Outcome,
)
from shared.contracts.circumstances import HouseholdRegistration, PovertyStanding
from shared.contracts.decision import CaseRefused, RefusalProposed, RefusalReason
from shared.kernel.event import Event
from shared.kernel.spec import Decided
from tests.decision.household import EXPLANATION, OTHER, PROPOSER, given, objected, opened, resolved
from tests.decision.test_printed import printed
from tests.decision.test_waivers import account as waived
from tests.notices import notice
from tests.verification.circumstances import PHYSICAL_2, household, lives
from tests.verification.household import DAYAO, FUJIAN, MOTHER

R, C = HouseholdRegistration, Condition
MET, MISSED, UNKNOWN = ConditionOutcome
MAY_2020 = date(2020, 5, 18)
GUIDANCE = date(2021, 5, 10)
BELOW, AT = 2_399_99, 2_400_00
"""Four persons, standard 600."""


def assessed(
    registration: HouseholdRegistration | None = R.HERE,
    on: date = MAY_2020,
    division: str = FUJIAN,
    folders: tuple[Path, ...] = (),
    **changed: Any,
) -> tuple[Decided, Event]:
    found = household(lives(MOTHER, **PHYSICAL_2)).model_copy(update={"registration": registration})
    stated = {"circumstances": found, "accepted_on": on, "division": division} | changed
    account = opened(**stated)
    command = Propose(actor=PROPOSER, explanation=EXPLANATION)
    return given(account, on=on, folders=folders).when(command, propose), account


def outcomes(decided: Decided) -> list[ConditionOutcome]:
    drawn_up = decided.events[0]
    assert isinstance(drawn_up, AssessmentDrawnUp)
    assert drawn_up.tests is not None
    assert [one.condition for one in drawn_up.tests] == list(C)
    return [one.outcome for one in drawn_up.tests]


@pytest.mark.mechanism("S3-14")
class TestThreeTests:
    """严格按照“家庭户籍状况、家庭收入和家庭财产”3个农村低保对象认定条件."""

    @pytest.mark.parametrize("registered", [True, False])
    @pytest.mark.parametrize("poor", [True, False])
    @pytest.mark.parametrize("modest", [True, False])
    def test_are_each_taken_whatever_the_others_come_to(
        self, *, registered: bool, poor: bool, modest: bool
    ) -> None:
        decided, account = assessed(
            R.HERE if registered else R.ELSEWHERE,
            counted_income_fen=BELOW if poor else AT,
            vehicles=0 if modest else 1,
        )
        held = (registered, poor, modest)
        assert outcomes(decided) == [MET if one else MISSED for one in held]
        if all(held):
            return
        missed = tuple(c for c, one in zip(C, held, strict=True) if not one)
        proposal = decided.events[1]
        if isinstance(proposal, RefusalProposed):
            spec = given(account, *decided.events, on=MAY_2020)
            refused = spec.when(Decide(actor=OTHER, role="township_approver"), refuse).events[-1]
            assert isinstance(refused, CaseRefused)
            assert refused.not_met == missed
            told = printed(account, *decided.events, refused)
            for word, condition in (
                ("家庭户籍状况 / household registration", C.REGISTRATION),
                ("家庭收入 / income", C.INCOME),
                ("家庭财产 / property", C.PROPERTY),
            ):
                line = next(x for x in told.splitlines() if "不符合的条件" in x)
                assert (word in line) is (condition in missed)

    def test_the_first_that_is_missed_is_the_reason(self) -> None:
        for registration, income, reason in (
            (R.ELSEWHERE, AT, RefusalReason.REGISTERED_ELSEWHERE),
            (R.ELSEWHERE, BELOW, RefusalReason.REGISTERED_ELSEWHERE),
            (R.HERE, 9_999_00, RefusalReason.INCOME_NOT_BELOW_STANDARD),
            (R.HERE, BELOW, RefusalReason.PROPERTY_ABOVE_LIMIT),
        ):
            decided, _ = assessed(registration, counted_income_fen=income, vehicles=1)
            assert decided.events[1].reason is reason

    def test_are_those_of_dayao_too(self) -> None:
        """Standard 375: 1,499.99 of four persons is below it, 1,500 is not."""
        for income, outcome in ((1_499_99, MET), (1_500_00, MISSED)):
            decided, _ = assessed(division=DAYAO, counted_income_fen=income)
            assert outcomes(decided) == [MET, outcome, MET]


@pytest.mark.mechanism("S3-14")
class TestRegistration:
    @pytest.mark.parametrize(
        ("registration", "on", "outcome"),
        [
            (R.HERE, MAY_2020, MET),
            (R.SPLIT, MAY_2020, MET),
            (R.ELSEWHERE, MAY_2020, MISSED),
            (R.RESIDENCE_PERMIT, date(2021, 5, 9), MISSED),
            (R.RESIDENCE_PERMIT, GUIDANCE, MET),
            (R.ELSEWHERE, GUIDANCE, MISSED),
            (None, MAY_2020, UNKNOWN),
        ],
    )
    def test_counts_where_the_place_and_the_day_take_it(
        self,
        registration: HouseholdRegistration | None,
        on: date,
        outcome: ConditionOutcome,
    ) -> None:
        decided, _ = assessed(registration, on, counted_income_fen=BELOW)
        assert outcomes(decided)[0] is outcome
        assert isinstance(decided.events[1], RefusalProposed) is (outcome is MISSED)

    def test_elsewhere_leaves_nothing_for_this_place_to_give(self) -> None:
        decided, _ = assessed(R.ELSEWHERE, counted_income_fen=2_500_00)
        assert {(one.outcome, one.reason) for one in decided.events[0].outcomes} == {
            (Outcome.DOES_NOT_QUALIFY, AssessmentReason.REGISTERED_ELSEWHERE)
        }

    def test_by_a_permit_is_refused_where_a_place_takes_none(self, tmp_path: Path) -> None:
        only = notice(tmp_path, "35", application_places=["household_registration"])
        decided, _ = assessed(
            R.RESIDENCE_PERMIT, GUIDANCE, folders=(only,), counted_income_fen=BELOW
        )
        assert outcomes(decided)[0] is MISSED

    def test_is_tested_where_the_familys_means_are_not(self) -> None:
        elsewhere = household(
            lives(MOTHER, **PHYSICAL_2), poverty=PovertyStanding.UNLIFTED
        ).model_copy(update={"registration": R.ELSEWHERE})
        command = Propose(actor=PROPOSER, explanation=EXPLANATION)
        decided = given(waived(circumstances=elsewhere)).when(command, propose)
        assert outcomes(decided) == [MISSED, UNKNOWN, UNKNOWN]
        assert decided.events[1].reason is RefusalReason.REGISTERED_ELSEWHERE


def test_an_upheld_objection_is_no_missed_condition() -> None:
    decided, account = assessed(counted_income_fen=BELOW)
    spec = given(account, *decided.events, objected(), resolved(upheld=True), on=MAY_2020)
    refused = spec.when(Decide(actor=OTHER, role="township_approver"), refuse).events[-1]
    assert (refused.reason, refused.not_met) == (RefusalReason.OBJECTION_UPHELD, None)
