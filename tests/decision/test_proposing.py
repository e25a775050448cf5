"""The proposal and its arithmetic: given, when, then."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.decision.decisions import OpenDetermination, Propose, open_determination, propose
from services.decision.rules.entitlement import monthly_gap_fen
from shared.contracts.assessments import (
    Assessed,
    AssessmentDrawnUp,
    AssessmentReason,
    Assistance,
    Condition,
    ConditionOutcome,
    ConditionResult,
    Outcome,
    ProcedureRegime,
)
from shared.contracts.decision import RefusalReason
from shared.contracts.fields import Member, ParameterUsed, Relation
from shared.kernel.spec import Decided
from shared.policy import MissingValue
from tests.decision.household import (
    EXPLANATION,
    FOUR,
    LIMITS,
    NO_PROPERTY_LIMITS,
    PROPOSER,
    UP_TO_PROPOSAL,
    given,
    opened,
    proposed,
    refusal_proposed,
)
from tests.notices import notice
from tests.verification.household import DAYAO, STRANGER, wage

PROPOSE = Propose(actor=PROPOSER, explanation=EXPLANATION)
INCOME, PROPERTY = RefusalReason.INCOME_NOT_BELOW_STANDARD, RefusalReason.PROPERTY_ABOVE_LIMIT


REFUSED_BY = (
    *LIMITS[:3],
    ParameterUsed(name="single_person_household_factor", value=15_000),
    LIMITS[3],
    ParameterUsed(name="watch_list_for_refused_in_hardship", value=1),
    ParameterUsed(name="watch_list_income_factor", value=15_000),
)
"""What a refusal in Fujian in 2020 reads, of a household of which nothing else is known."""


def whole_household(amount_fen: int = 200_00) -> AssessmentDrawnUp:
    """The household qualifies as a whole, and so for nothing less."""
    first, *less = Assistance
    best = Assessed(
        assistance=first,
        outcome=Outcome.QUALIFIES,
        reason=AssessmentReason.INCOME_BELOW_STANDARD,
        amount_fen=amount_fen,
    )
    fuller = {"outcome": Outcome.NOT_REACHED, "reason": AssessmentReason.FULLER_ASSISTANCE}
    return AssessmentDrawnUp(
        regime=ProcedureRegime.MCA_TWO_TWENTY,
        persons=4,
        standard_fen=600_00,
        counted_income_fen=2_200_00,
        outcomes=(best, *(Assessed(assistance=kind, **fuller) for kind in less)),
        parameters=LIMITS,
        tests=(
            ConditionResult(
                condition=Condition.REGISTRATION, outcome=ConditionOutcome.NOT_LOOKED_INTO
            ),
            ConditionResult(condition=Condition.INCOME, outcome=ConditionOutcome.MET),
            ConditionResult(condition=Condition.PROPERTY, outcome=ConditionOutcome.MET),
        ),
    )


def proposing(**changed: Any) -> Decided:
    """What is proposed on an account that differs from the story's."""
    return given(opened(**changed)).when(PROPOSE, propose)


def test_a_completed_check_opens_one_determination() -> None:
    command = OpenDetermination(account=opened())
    given().when(command, open_determination).then(opened())
    given(opened()).when(command, open_determination).refuses(
        "wrong-stage", stage="opened", allowed="none, resurvey"
    )


class TestWorkedCaseOne:
    def test_two_thousand_two_hundred_counted_for_four_is_two_hundred_a_month(self) -> None:
        proposing().then(whole_household(), proposed())

    def test_undeducted_the_household_has_725_a_head_and_is_refused(self) -> None:
        income = (wage(FOUR[1].person_id, 2_900_00),)
        (assessed, event) = proposing(
            income=income, deductions=(), counted_income_fen=2_900_00
        ).events
        assert event == refusal_proposed(parameters=REFUSED_BY)
        assert assessed.counted_income_fen == 2_900_00

    def test_exactly_at_the_standard_is_not_below_it(self) -> None:
        (_, event) = proposing(counted_income_fen=2_400_00).events
        assert event == refusal_proposed(counted_income_fen=2_400_00, parameters=REFUSED_BY)

    def test_one_fen_below_the_standard_is_one_fen_a_month(self) -> None:
        (_, event) = proposing(counted_income_fen=2_399_99).events
        assert event.amount_fen == 1

    def test_no_income_is_the_full_standard_for_everybody(self) -> None:
        (_, event) = proposing(counted_income_fen=0).events
        assert event.amount_fen == 2_400_00


class TestTheFigures:
    def test_the_gap_is_multiplied_before_it_is_subtracted(self) -> None:
        """632 × 3 − 1,894 is 2 yuan; by way of a rounded figure a head it would be 3."""
        assert monthly_gap_fen(632_00, 3, 1_894_00) == 2_00
        assert monthly_gap_fen(632_00, 3, 1_897_00) == 0

    def test_another_county_has_another_standard(self) -> None:
        """Dayao, 375 yuan a month: three persons with 300 a head are 75 a head short."""
        three = (*FOUR[:2], Member(person_id=STRANGER, relation=Relation.PARENT))
        (_, event) = proposing(division=DAYAO, members=three, counted_income_fen=900_00).events
        assert (event.standard_fen, event.amount_fen) == (375_00, 225_00)

    def test_the_proposal_names_the_parameters_and_their_version(self) -> None:
        decided = proposing()
        assert [event.parameters for event in decided.events] == [LIMITS, LIMITS]
        assert decided.facts[0].policy is not None

    def test_a_missing_standard_is_told_by_name_division_and_date(self) -> None:
        with pytest.raises(MissingValue) as missing:
            proposing(division="440100001000")
        seen = missing.value
        assert (seen.name, seen.region) == ("standard_monthly_fen", "440100001000")
        assert seen.on == date(2020, 4, 1)


class TestProperty:
    """The fixture: deposits of three yearly standards a head, one house, no vehicle."""

    LIMIT_FEN = 3 * 12 * 600_00 * 4

    def test_at_the_limit_is_within_it(self) -> None:
        (_, event) = proposing(deposits_fen=self.LIMIT_FEN, houses=1, vehicles=0).events
        assert event == proposed()

    @pytest.mark.parametrize(
        "beyond", [{"deposits_fen": LIMIT_FEN + 1}, {"houses": 2}, {"vehicles": 1}]
    )
    def test_beyond_any_limit_is_refused(self, beyond: dict[str, int]) -> None:
        (_, event) = proposing(**beyond).events
        assert event.reason is PROPERTY

    def test_income_goes_before_property_as_the_reason(self) -> None:
        (_, event) = proposing(counted_income_fen=2_900_00, houses=2).events
        assert event.reason is INCOME

    def test_a_place_that_states_no_limit_has_none(self, tmp_path: Path) -> None:
        place = notice(tmp_path, "35", **NO_PROPERTY_LIMITS)
        rich = opened(deposits_fen=10**9, houses=9, vehicles=9)
        (_, event) = given(rich, folders=(place,)).when(PROPOSE, propose).events
        assert event.amount_fen == 200_00
        assert event.parameters == LIMITS[3:]


def test_a_case_is_proposed_once() -> None:
    given(*UP_TO_PROPOSAL).when(PROPOSE, propose).refuses(
        "wrong-stage", stage="proposed", allowed="opened"
    )


def test_nothing_is_proposed_before_the_check_is_complete() -> None:
    given().when(PROPOSE, propose).refuses("wrong-stage", stage="none", allowed="opened")
