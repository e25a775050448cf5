"""What an account comes to besides dibao of the household: singly, edge household, watch list."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.decision.decisions import (
    Decide,
    refuse,
)
from shared.contracts.assessments import (
    AssessmentReason,
    Assistance,
    Outcome,
    TopUpKind,
)
from shared.contracts.circumstances import (
    AgeGroup,
    Occupation,
    PovertyStanding,
)
from shared.contracts.decision import CaseRefused, RefusalReason
from shared.contracts.recognition import (
    HardshipGround,
    HouseholdRecognised,
    HouseholdStatus,
    PotentialRecipientListed,
)
from shared.kernel.event import Event
from shared.kernel.spec import Decided
from tests.decision.assessments import (
    AT_EDGE_FEN,
    AUGUST_2021,
    BAOJI,
    JILIN_CITY,
    LIFTED,
    MAY_2020,
    NONE,
    UNLIFTED,
    assessed,
    outcome,
)
from tests.decision.household import FOUR, OTHER, given, objected, opened, posted, resolved
from tests.notices import notice
from tests.verification.circumstances import ILL, PHYSICAL_2, PHYSICAL_3, SEVERE, household, lives
from tests.verification.household import DAYAO, FUJIAN, HUSBAND, MOTHER, SHAANXI


def ended(decided: Decided, on: date, *, role: str = "township_approver") -> tuple[Event, ...]:
    """What is recorded when the proposal to refuse is followed by other hands."""
    account = opened(
        circumstances=household(lives(HUSBAND, occupation=Occupation.UNSTEADY_WORK)),
        counted_income_fen=2_560_00,
        accepted_on=on,
    )
    spec = given(account, *decided.events, on=on)
    return spec.when(Decide(actor=OTHER, role=role), refuse).events


class TestWorkedCase21:
    """640 a head after deductions, standard 600, unsteady work, nobody ill, disabled, in school."""

    UNSTEADY = lives(HUSBAND, occupation=Occupation.UNSTEADY_WORK)

    @pytest.mark.mechanism("S0-3", "S1-3")
    def test_case_21_in_2020_is_refused_with_a_reason_and_kept_in_mind(self) -> None:
        decided = assessed(self.UNSTEADY)
        assert decided.events[1].reason is RefusalReason.INCOME_NOT_BELOW_STANDARD
        listed, refused = ended(decided, MAY_2020)
        assert isinstance(listed, PotentialRecipientListed)
        assert listed.hardship == (
            HardshipGround.UNSTEADY_WORK,
            HardshipGround.INCOME_NEAR_STANDARD,
        )
        assert listed.members == FOUR
        assert isinstance(refused, CaseRefused)

    @pytest.mark.mechanism("S4-10")
    def test_case_21_in_2021_is_an_edge_household(self) -> None:
        decided = assessed(self.UNSTEADY, on=AUGUST_2021)
        recognised, refused = ended(decided, AUGUST_2021)
        assert isinstance(recognised, HouseholdRecognised)
        assert recognised.status is HouseholdStatus.EDGE_HOUSEHOLD
        assert isinstance(refused, CaseRefused)

    @pytest.mark.mechanism("S2-16", "S4-33")
    def test_what_each_comes_to_is_told_with_its_reason(self) -> None:
        told = [(one.outcome, one.reason) for one in assessed(self.UNSTEADY).events[0].outcomes]
        assert told == [
            (Outcome.DOES_NOT_QUALIFY, AssessmentReason.INCOME_NOT_BELOW_STANDARD),
            (Outcome.DOES_NOT_QUALIFY, AssessmentReason.NO_SINGLE_PERSON_GROUND),
            (Outcome.NOT_PROVIDED_FOR, AssessmentReason.REGIME_HAS_NONE),
            (Outcome.NOT_PROVIDED_FOR, AssessmentReason.REGIME_HAS_NONE),
            (Outcome.QUALIFIES, AssessmentReason.IN_HARDSHIP),
        ]

    def test_who_is_far_above_the_standard_is_not_kept_in_mind(self) -> None:
        at = assessed(self.UNSTEADY, counted_income_fen=AT_EDGE_FEN)
        assert outcome(at, Assistance.WATCH_LIST).reason is AssessmentReason.NOT_IN_HARDSHIP
        below = assessed(self.UNSTEADY, counted_income_fen=AT_EDGE_FEN - 1)
        assert outcome(below, Assistance.WATCH_LIST).outcome is Outcome.QUALIFIES

    def test_before_the_plan_of_2020_there_is_no_list(self) -> None:
        for on, found in (
            (date(2020, 3, 31), Outcome.QUALIFIES),  # Fujian's plan
            (date(2020, 3, 30), Outcome.NOT_PROVIDED_FOR),
        ):
            assert outcome(assessed(on=on), Assistance.WATCH_LIST).outcome is found

    def test_an_upheld_objection_leaves_nothing_behind(self) -> None:
        decided = assessed(self.UNSTEADY, counted_income_fen=2_200_00)
        account = opened(circumstances=household(self.UNSTEADY), accepted_on=MAY_2020)
        begun = given(account, *decided.events, posted(), objected(), resolved(upheld=True))
        (event,) = begun.when(Decide(actor=OTHER, role="township_approver"), refuse).events
        assert event.reason is RefusalReason.OBJECTION_UPHELD


class TestTheEdge:
    """民发〔2021〕57号, art. 8: below 1.5 times the standard, property within the limits."""

    @pytest.mark.parametrize(
        ("counted_fen", "found"),
        [
            (AT_EDGE_FEN - 1, AssessmentReason.INCOME_BELOW_EDGE),
            (AT_EDGE_FEN, AssessmentReason.INCOME_NOT_BELOW_EDGE),
        ],
    )
    def test_income_lies_strictly_below(self, counted_fen: int, found: AssessmentReason) -> None:
        decided = assessed(on=AUGUST_2021, counted_income_fen=counted_fen)
        assert outcome(decided, Assistance.EDGE_HOUSEHOLD).reason is found

    @pytest.mark.parametrize(
        ("on", "found"),
        [
            (date(2021, 6, 30), Outcome.NOT_PROVIDED_FOR),
            (date(2021, 7, 1), Outcome.QUALIFIES),
            (date(2026, 6, 30), Outcome.QUALIFIES),
            (date(2026, 7, 1), Outcome.NOT_PROVIDED_FOR),  # the province sets the limit
        ],
    )
    def test_it_holds_from_day_to_day(self, on: date, found: Outcome) -> None:
        assert outcome(assessed(on=on), Assistance.EDGE_HOUSEHOLD).outcome is found

    def test_property_above_the_limit_is_no_edge_and_no_hardship(self) -> None:
        decided = assessed(on=AUGUST_2021, houses=2)
        for kind in (Assistance.EDGE_HOUSEHOLD, Assistance.WATCH_LIST):
            assert outcome(decided, kind).reason is AssessmentReason.PROPERTY_ABOVE_LIMIT

    def test_a_poor_household_with_too_much_property_is_no_edge_household_either(self) -> None:
        decided = assessed(on=AUGUST_2021, counted_income_fen=0, houses=2)
        assert decided.events[1].reason is RefusalReason.PROPERTY_ABOVE_LIMIT
        found = outcome(decided, Assistance.EDGE_HOUSEHOLD)
        assert found.reason is AssessmentReason.PROPERTY_ABOVE_LIMIT


class TestWhoeverIsPoor:
    """“符合低保政策的人员全部纳入农村低保范围”: unlifted, lifted and poor again, newly poor."""

    @pytest.mark.mechanism("S0-7", "S1-7")
    @pytest.mark.parametrize("poverty", PovertyStanding)
    @pytest.mark.parametrize(("region", "standard_fen"), [(FUJIAN, 600_00), (DAYAO, 375_00)])
    def test_is_included_below_the_standard_whatever_the_register_says(
        self, region: str, standard_fen: int, poverty: PovertyStanding
    ) -> None:
        below, at = (
            outcome(
                assessed(division=region, poverty=poverty, counted_income_fen=counted_fen),
                Assistance.HOUSEHOLD_DIBAO,
            ).outcome
            for counted_fen in (4 * standard_fen - 1, 4 * standard_fen)
        )
        assert (below, at) == (Outcome.QUALIFIES, Outcome.DOES_NOT_QUALIFY)


class TestTopUps:
    """分类施保: a share of the standard by category, the highest only (Baoji, Jilin City)."""

    @pytest.mark.mechanism("S4-13", "S1-12")
    @pytest.mark.parametrize(
        ("region", "found", "kind", "amount_fen"),
        [
            (BAOJI, {"age": AgeGroup.SEVENTY_OR_OVER}, TopUpKind.SEVENTY_OR_OVER, 150_00),
            (BAOJI, {"age": AgeGroup.SIXTY_TO_SIXTY_NINE}, None, 0),
            (BAOJI, {"age": AgeGroup.SIXTEEN_OR_SEVENTEEN}, TopUpKind.MINOR, 150_00),
            (BAOJI, PHYSICAL_2, TopUpKind.SEVERE_DISABILITY, 250_00),
            (BAOJI, PHYSICAL_3, None, 0),
            (BAOJI, SEVERE, TopUpKind.SEVERE_ILLNESS, 250_00),
            (BAOJI, ILL, None, 0),
            (BAOJI, {"age": AgeGroup.SEVENTY_OR_OVER} | SEVERE, TopUpKind.SEVERE_ILLNESS, 250_00),
            (SHAANXI, SEVERE, None, 0),
        ],
    )
    def test_the_highest_of_a_members_categories_is_added(
        self, region: str, found: dict[str, Any], kind: TopUpKind | None, amount_fen: int
    ) -> None:
        decided = assessed(
            lives(MOTHER, **found), on=AUGUST_2021, division=region, counted_income_fen=1_900_00
        )
        proposal = decided.events[1]
        assert proposal.amount_fen == 100_00 + amount_fen
        kinds = [topup.kind for topup in proposal.topups or ()]
        assert kinds == ([] if kind is None else [kind])

    @pytest.mark.parametrize(
        ("found", "share"),
        [
            (SEVERE, 300),
            (PHYSICAL_2, 200),
            ({"age": AgeGroup.SEVENTY_OR_OVER}, 100),
            ({"age": AgeGroup.UNDER_SIXTEEN}, 100),
        ],
    )
    def test_jilin_city(self, found: dict[str, Any], share: int, tmp_path: Path) -> None:
        decided = assessed(
            lives(MOTHER, **found),
            on=AUGUST_2021,
            division=JILIN_CITY,
            counted_income_fen=4 * 1_000_00 - 1,
            folders=(notice(tmp_path, "2202", standard_monthly_fen=1_000_00),),
        )
        assert decided.events[1].amount_fen == 1 + share * 1_00


class TestThePovertyLine:
    """大民联发(2020)2号, 2(2): who enters is brought up to the poverty line."""

    @pytest.mark.mechanism("S3-15")
    @pytest.mark.parametrize(
        ("poverty", "counted_fen", "amount_fen"),
        [
            (LIFTED, 0, 1_666_67),  # 5,000 × 4 ÷ 12, rounded half up
            (UNLIFTED, 1_400_00, 266_67),
            (NONE, 1_400_00, 100_00),  # the gap to 375 × 4
        ],
    )
    def test_a_line_above_the_standard_is_what_registered_households_get(
        self, poverty: PovertyStanding, counted_fen: int, amount_fen: int, tmp_path: Path
    ) -> None:
        place = notice(tmp_path, "532326", poverty_line_yearly_fen=5_000_00)
        decided = assessed(
            division=DAYAO, poverty=poverty, counted_income_fen=counted_fen, folders=(place,)
        )
        assert decided.events[1].amount_fen == amount_fen

    def test_a_line_below_the_standard_changes_nothing(self) -> None:
        """Dayao: 4,000 a year below the standard of 4,500."""
        decided = assessed(division=DAYAO, poverty=LIFTED, counted_income_fen=1_200_00)
        assert decided.events[1].amount_fen == 300_00
