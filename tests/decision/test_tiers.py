"""Benefit by tiers (分档, 民发〔2021〕57号 art. 23), in a place that has stated its three.

Below 30 % of the standard a person gets 90 % of it, below 60 % 60 %, from there on 30 %: for four
persons and a standard of 600 yuan the bounds are 720 and 1,440, the amounts 4 × 540, 360, 180.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.decision.decisions import DecideChange, Propose, decide_change, propose
from services.decision.decisions.levelling import levelled, with_standards
from services.decision.model import STANDARDS
from shared.calendar import Month
from shared.contracts.assessments import BenefitTier, Tier
from shared.contracts.changes import AmountChanged, MonthsRedetermined, PhaseOutStarted
from shared.contracts.circumstances import HouseholdCircumstances, PovertyStanding
from shared.contracts.decision import BenefitProposed
from shared.contracts.standards import AmountRedetermined
from shared.kernel.spec import Decided
from tests.decision.household import (
    CHANGE,
    CHANGED_ON,
    EXPLANATION,
    OTHER,
    PROPOSER,
    confirmed,
    given,
    opened,
    proposed,
    reported,
)
from tests.decision.standards import JULY, standard_set
from tests.decision.test_printed import printed
from tests.notices import notice
from tests.verification.circumstances import PHYSICAL_2, lives
from tests.verification.household import HUSBAND, MOTHER, wage

TIERS: dict[str, Any] = {
    "benefit_method": "tiers",
    "benefit_first_tier_below_share": "0.3",
    "benefit_second_tier_below_share": "0.6",
    "benefit_first_tier_share": "0.9",
    "benefit_second_tier_share": "0.6",
    "benefit_third_tier_share": "0.3",
}
FIRST = BenefitTier(tier=Tier.FIRST, per_person_fen=540_00)
SECOND = BenefitTier(tier=Tier.SECOND, per_person_fen=360_00)
THIRD = BenefitTier(tier=Tier.THIRD, per_person_fen=180_00)
STANDING = (
    opened(counted_income_fen=1_439_99),
    proposed(amount_fen=1_440_00, counted_income_fen=1_439_99, tier=SECOND),
    confirmed(amount_fen=1_440_00),
)
"""A household confirmed in the second tier."""


def place(folder: Path, **changed: Any) -> tuple[Path, ...]:
    """The notice of a place that pays by tiers."""
    return (notice(folder, "350924", **(TIERS | changed)),)


def proposal(folder: Path, counted_fen: int, **changed: Any) -> BenefitProposed:
    account = opened(counted_income_fen=counted_fen)
    spec = given(account, folders=place(folder, **changed))
    event = spec.when(Propose(actor=PROPOSER, explanation=EXPLANATION), propose).events[1]
    assert isinstance(event, BenefitProposed)
    return event


def changed_to(folder: Path, counted_fen: int, **change: Any) -> Decided:
    """What comes of the second tier's household when its wages are reported anew."""
    report = reported(counted_fen + 700_00, **change)
    spec = given(*STANDING, report, on=CHANGED_ON, folders=place(folder))
    by = {"actor": OTHER, "role": "township_approver", "change_id": CHANGE}
    return spec.when(DecideChange(**by), decide_change)


class TestTheTier:
    @pytest.mark.parametrize(
        ("counted_fen", "tier", "amount_fen"),
        [
            (0, FIRST, 2_160_00),
            (719_99, FIRST, 2_160_00),
            (720_00, SECOND, 1_440_00),
            (1_439_99, SECOND, 1_440_00),
            (1_440_00, THIRD, 720_00),
            (2_399_99, THIRD, 720_00),
        ],
    )
    def test_is_the_one_that_income_a_head_lies_below(
        self, counted_fen: int, tier: BenefitTier, amount_fen: int, tmp_path: Path
    ) -> None:
        event = proposal(tmp_path, counted_fen)
        assert (event.tier, event.amount_fen) == (tier, amount_fen)

    def test_records_the_figures_that_it_rests_on(self, tmp_path: Path) -> None:
        used = {p.name: p.value for p in proposal(tmp_path, 720_00).parameters}
        assert used["benefit_first_tier_below_share"] == 3_000
        assert used["benefit_second_tier_share"] == 6_000

    @pytest.mark.parametrize(
        ("changed", "counted_fen", "amount_fen"),
        [
            ({"benefit_first_tier_below_share": "0.4"}, 720_00, 2_160_00),
            ({"benefit_second_tier_below_share": "0.7"}, 1_440_00, 1_440_00),
            ({"benefit_first_tier_share": "1"}, 0, 2_400_00),
            ({"benefit_second_tier_share": "0.5"}, 720_00, 1_200_00),
            ({"benefit_third_tier_share": "0.2"}, 1_440_00, 480_00),
            ({"benefit_third_tier_share": "1/7"}, 1_440_00, 4 * 85_71),
        ],
    )
    def test_is_the_places_own(
        self, changed: dict[str, Any], counted_fen: int, amount_fen: int, tmp_path: Path
    ) -> None:
        assert proposal(tmp_path, counted_fen, **changed).amount_fen == amount_fen

    @pytest.mark.parametrize(
        "changed",
        [
            {"benefit_first_tier_below_share": "0.6"},
            {"benefit_second_tier_below_share": "1"},
            {"benefit_first_tier_below_share": "0"},
            {"benefit_third_tier_share": "0.7"},
        ],
    )
    def test_is_refused_where_the_places_tiers_are_out_of_order(
        self, changed: dict[str, Any], tmp_path: Path
    ) -> None:
        spec = given(opened(), folders=place(tmp_path, **changed))
        command = Propose(actor=PROPOSER, explanation=EXPLANATION)
        assert spec.when(command, propose).refuses("benefit-tiers-astray").source

    def test_is_not_for_whom_the_gap_is_worked_out(self) -> None:
        spec = given(opened())
        command = Propose(actor=PROPOSER, explanation=EXPLANATION)
        assert spec.when(command, propose).events[1].tier is None

    @pytest.mark.parametrize(("own_fen", "tier"), [(179_99, FIRST), (180_00, SECOND)])
    def test_is_of_their_own_income_for_who_enters_alone(
        self, own_fen: int, tier: BenefitTier, tmp_path: Path
    ) -> None:
        """From July 2021 on, when nobody is paid in full: 30 % of 600 are 180."""
        circumstances = HouseholdCircumstances(
            poverty=PovertyStanding.NOT_REGISTERED,
            members=(lives(HUSBAND), lives(MOTHER, **PHYSICAL_2)),
        )
        account = opened(
            counted_income_fen=2_500_00,
            income=(wage(HUSBAND, 2_500_00 - own_fen), wage(MOTHER, own_fen)),
            circumstances=circumstances,
            accepted_on=date(2021, 8, 2),
        )
        spec = given(account, on=date(2021, 8, 2), folders=place(tmp_path))
        event = spec.when(Propose(actor=PROPOSER, explanation=EXPLANATION), propose).events[1]
        (alone,) = event.single_persons
        assert (alone.person_id, alone.tier, alone.amount_fen) == (
            MOTHER,
            tier,
            tier.per_person_fen,
        )


class TestAfterwards:
    @pytest.mark.parametrize(
        ("counted_fen", "tier", "amount_fen"),
        [(719_99, FIRST, 2_160_00), (720_00, SECOND, 1_440_00), (2_399_99, THIRD, 720_00)],
    )
    def test_a_change_moves_the_household_to_its_tier(
        self, counted_fen: int, tier: BenefitTier, amount_fen: int, tmp_path: Path
    ) -> None:
        (event,) = changed_to(tmp_path, counted_fen).events
        assert isinstance(event, AmountChanged)
        assert (event.tier, event.amount_fen) == (tier, amount_fen)
        assert event.from_month == Month(2020, 6)

    def test_above_the_standard_the_phase_out_pays_what_the_tier_gave(self, tmp_path: Path) -> None:
        (event,) = changed_to(tmp_path, 2_400_01).events
        assert isinstance(event, PhaseOutStarted)
        assert event.amount_fen == 1_440_00

    def test_a_fact_of_the_past_moves_every_month_since(self, tmp_path: Path) -> None:
        decided = changed_to(tmp_path, 1_440_00, happened_on=date(2020, 4, 10))
        changed, beside = decided.events
        assert (changed.from_month, changed.tier) == (Month(2020, 5), THIRD)
        assert isinstance(beside, MonthsRedetermined)
        assert beside.difference_fen == -720_00

    @pytest.mark.parametrize(
        ("counted_fen", "tier", "amount_fen"),
        [
            (1_439_99, BenefitTier(tier=Tier.SECOND, per_person_fen=390_00), 1_560_00),
            (779_99, BenefitTier(tier=Tier.FIRST, per_person_fen=585_00), 2_340_00),
            (780_00, BenefitTier(tier=Tier.SECOND, per_person_fen=390_00), 1_560_00),
        ],
    )
    def test_a_raised_standard_moves_bounds_and_amounts(
        self, counted_fen: int, tier: BenefitTier, amount_fen: int, tmp_path: Path
    ) -> None:
        """By 650 yuan: 30 % of 4 × 650 are 780."""
        case = given(
            opened(counted_income_fen=counted_fen),
            proposed(amount_fen=1_440_00, counted_income_fen=counted_fen, tier=SECOND),
            confirmed(amount_fen=1_440_00),
            on=date(2020, 7, 1),
            folders=place(tmp_path),
        )
        beside = case.beside(STANDARDS).beside(STANDARDS).beside(STANDARDS, standard_set())
        states = [history.state for history in beside.histories[1:]]
        at = with_standards(beside.moment, states)
        (fact,) = levelled(beside.state, states, JULY, at)
        assert isinstance(fact.event, AmountRedetermined)
        assert (fact.event.tier, fact.event.amount_fen) == (tier, amount_fen)


def test_the_sum_is_told_in_print(tmp_path: Path) -> None:
    (changed,) = changed_to(tmp_path, 1_440_00).events
    events = (*STANDING, reported(2_140_00), changed)
    told = printed(*events, on=CHANGED_ON)
    assert "分档 / Tier: 第二档 / second tier，360.00 × 4 = 1,440.00" in told
    assert "分档 / Tier: 第三档 / third tier，180.00 × 4 = 720.00" in told
    assert "差额" not in told
