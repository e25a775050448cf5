"""Worked cases 8 and 9: who stays, who is phased out and how long, what is at the standard."""

from __future__ import annotations

from typing import Any

import pytest

from services.decision.decisions import DecideChange, decide_change
from services.decision.rules.change import is_above_poverty_line
from shared.calendar import Month
from shared.contracts.changes import (
    AmountChanged,
    BenefitStopped,
    ManualReviewOpened,
    PhaseOutStarted,
)
from shared.contracts.circumstances import PovertyStanding
from shared.kernel.spec import Decided
from tests.decision.dayao import JULY, circumstances, household
from tests.decision.household import CHANGE, OTHER, reported
from tests.verification.household import FUJIAN, note

REASON = note("reason")
AT_STANDARD_FEN = 3 * 375_00
YEARLY_4_200_FEN = 3 * 350_00
YEARLY_4_800_FEN = 3 * 400_00


def decided(
    counted_income_fen: int,
    poverty: PovertyStanding | None = PovertyStanding.UNLIFTED,
    division: str = "532326101000",
    **changed: Any,
) -> Decided:
    """What comes of a change of the household of three."""
    change = reported(on=JULY, income=(), deductions=(), counted_income_fen=counted_income_fen)
    found = None if poverty is None else circumstances(poverty)
    role = "township_approver" if division == FUJIAN else "county_approver"
    command = DecideChange(actor=OTHER, role=role, change_id=CHANGE, **changed)
    spec = household(change, circumstances=found, division=division)
    return spec.when(command, decide_change)


@pytest.mark.mechanism("S3-16")
def test_case_8_above_the_poverty_line_and_below_the_standard_a_household_stays() -> None:
    """4,200 yuan a head and year, above 4,000 and below 4,500: 300 × 3 / 12 = 75 a month."""
    (event,) = decided(YEARLY_4_200_FEN, PovertyStanding.LIFTED).events
    assert isinstance(event, AmountChanged)
    assert (event.amount_fen, event.from_month) == (75_00, Month(2020, 8))
    assert event.above_poverty_line is True
    used = {one.name: one.value for one in event.parameters}
    assert (used["poverty_line_yearly_fen"], used["standard_monthly_fen"]) == (4_000_00, 375_00)


@pytest.mark.mechanism("S3-16")
@pytest.mark.parametrize(
    ("counted_fen", "above"), [(1_000_00, False), (1_000_01, True), (999_99, False)]
)
def test_case_8_exactly_at_the_poverty_line_is_not_above_it(counted_fen: int, above: bool) -> None:
    """4,000 a head and year is 1,000 a month for three: it stays either way."""
    (event,) = decided(counted_fen).events
    assert event.above_poverty_line is above
    assert event.amount_fen == 375_00 * 3 - counted_fen
    assert is_above_poverty_line(4_000_00, 3, counted_fen) is above


def test_case_8_a_place_without_a_line_says_nothing_of_it() -> None:
    (event,) = decided(1_000_00, division=FUJIAN).events
    assert event.above_poverty_line is None


@pytest.mark.mechanism("S3-17")
@pytest.mark.parametrize(("months", "last"), [(6, Month(2021, 1)), (12, Month(2021, 7))])
def test_case_9_six_and_twelve_months_are_accepted(months: int, last: Month) -> None:
    """4,800 yuan a head and year."""
    (event,) = decided(YEARLY_4_800_FEN, phase_out_months=months).events
    assert isinstance(event, PhaseOutStarted)
    assert (event.first_month, event.last_month) == (Month(2020, 8), last)
    assert event.amount_fen == 600_00


@pytest.mark.mechanism("S3-17")
@pytest.mark.parametrize("months", [5, 13])
def test_case_9_five_and_thirteen_are_rejected(months: int) -> None:
    refusal = decided(YEARLY_4_800_FEN, phase_out_months=months).refuses(
        "phase-out-months-outside", months=months, allowed="6 to 12"
    )
    assert "大民联发(2020)2号" in refusal.source


@pytest.mark.mechanism("S3-17")
def test_case_9_none_at_all_is_lawful_with_a_reason() -> None:
    (event,) = decided(YEARLY_4_800_FEN, phase_out_months=0, explanation=REASON).events
    assert isinstance(event, BenefitStopped)
    assert (event.last_month, event.explanation) == (Month(2020, 7), REASON)
    decided(YEARLY_4_800_FEN, phase_out_months=0).refuses("phase-out-reason-missing")


@pytest.mark.parametrize(
    ("counted_fen", "kind"),
    [
        (AT_STANDARD_FEN - 1, AmountChanged),
        (AT_STANDARD_FEN, ManualReviewOpened),
        (AT_STANDARD_FEN + 1, PhaseOutStarted),
    ],
)
def test_case_9_exactly_at_the_standard_is_reviewed_by_people(counted_fen: int, kind: type) -> None:
    """4,500 a head and year is neither 超过 nor 低于."""
    months = 6 if kind is PhaseOutStarted else None
    (event,) = decided(counted_fen, phase_out_months=months).events
    assert isinstance(event, kind)


class TestWhoIsNotRegisteredAsPoor:
    """The plan's phase-out is for registered poor households; for others it is the nation's."""

    def test_it_shall_be_granted_for_whatever_time(self) -> None:
        """The action plan of 2020 sets no length; a month is the shortest there is."""
        for months in (1, 5, 13):
            (event,) = decided(
                YEARLY_4_800_FEN, PovertyStanding.NOT_REGISTERED, phase_out_months=months
            ).events
            assert event.last_month == Month(2020, 7).next(months)

    def test_none_at_all_is_not_lawful(self) -> None:
        refusal = decided(
            YEARLY_4_800_FEN,
            PovertyStanding.NOT_REGISTERED,
            phase_out_months=0,
            explanation=REASON,
        ).refuses("phase-out-months-outside", months=0)
        assert "社会救助兜底脱贫行动方案" in refusal.source

    @pytest.mark.parametrize("poverty", [PovertyStanding.LIFTED, None])
    def test_who_was_lifted_or_of_whom_nothing_is_known_has_the_plans(
        self, poverty: PovertyStanding | None
    ) -> None:
        decided(YEARLY_4_800_FEN, poverty, phase_out_months=5).refuses(
            "phase-out-months-outside", allowed="6 to 12"
        )

    def test_where_the_rule_is_for_all_it_is_the_places_own(self) -> None:
        (event,) = decided(3_000_00, PovertyStanding.NOT_REGISTERED, division=FUJIAN).events
        assert (event.first_month, event.last_month) == (Month(2020, 8), Month(2021, 7))
