"""Income above the standard: a phase-out where the place grants one, and what ends it early."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.decision.decisions import AtStandard, EndCase, decide_change, end_case, report_change
from shared.calendar import Month
from shared.contracts.changes import (
    AmountChanged,
    BenefitStopped,
    ChangeReported,
    PhaseOutStarted,
    StopReason,
)
from shared.contracts.decision import EndReason
from shared.contracts.fields import IncomeKind, IncomeLine, LineSource, ParameterUsed
from shared.kernel.event import Event
from shared.kernel.spec import Decided, Given
from tests.decision.changes import (
    AT_STANDARD_FEN,
    COUNTY,
    ENDED,
    KEPT_IN_MIND,
    LESSER,
    PHASE_OUT,
    REASON,
    REVIEW,
    STOP,
    change_of,
    decide,
    decided,
    report,
)
from tests.decision.household import (
    CHANGED_ON,
    CONFIRMED,
    FOUR,
    LIMITS,
    UP_TO_SECOND,
    confirmed,
    given,
    opened,
    reported,
)
from tests.notices import notice
from tests.verification.household import DAYAO, HUSBAND


class TestFujianIn2020:
    """Case 2: wages of 3,300 for four persons, less 700: 650 a head, above 600."""

    @pytest.mark.mechanism("S1-14")
    def test_income_above_the_standard_starts_a_phase_out_of_twelve_months(self) -> None:
        decided(3_300_00).then(
            PHASE_OUT.model_copy(
                update={
                    "parameters": (
                        ParameterUsed(name="hearing_before_reduction_or_stop", value=0),
                        ParameterUsed(name="phase_out_maximum_months", value=12),
                        ParameterUsed(name="phase_out_minimum_months", value=12),
                        *LIMITS[:3],
                        ParameterUsed(name="single_person_household_factor", value=15_000),
                        LIMITS[3],
                        ParameterUsed(name="watch_list_for_refused_in_hardship", value=1),
                        ParameterUsed(name="watch_list_income_factor", value=15_000),
                    ),
                    "lesser": LESSER,
                }
            )
        )

    @pytest.mark.parametrize("months", [1, 11, 13])
    def test_no_other_length_is_allowed(self, months: int) -> None:
        refusal = decided(3_300_00, phase_out_months=months).refuses(
            "phase-out-months-outside", months=months, allowed="12 to 12"
        )
        assert "闽民救〔2020〕21号" in refusal.source

    def test_it_shall_be_granted_whatever_the_reason(self) -> None:
        decided(3_300_00, phase_out_months=0, explanation=REASON).refuses(
            "phase-out-months-outside", months=0, allowed="12 to 12"
        )

    def test_it_is_granted_whatever_the_cause(self) -> None:
        land = IncomeLine(
            person_id=HUSBAND,
            kind=IncomeKind.PROPERTY,
            source=LineSource.DECLARED,
            amount_fen=3_300_00,
        )
        (event,) = change_of(3_300_00, income=(land,)).when(decide(), decide_change).events
        assert isinstance(event, PhaseOutStarted)

    def test_one_fen_above_the_standard_is_above_it(self) -> None:
        (event,) = decided(AT_STANDARD_FEN + 1).events
        assert isinstance(event, PhaseOutStarted)

    def test_one_fen_below_the_standard_is_still_entitled_to_the_gap(self) -> None:
        (event,) = decided(AT_STANDARD_FEN - 1).events
        assert isinstance(event, AmountChanged)
        assert (event.amount_fen, event.from_month) == (1, Month(2020, 6))

    def test_less_income_raises_the_amount_from_the_next_month(self) -> None:
        (event,) = decided(2_500_00).events
        assert (event.amount_fen, event.from_month) == (600_00, Month(2020, 6))

    def test_no_phase_out_is_asked_for_where_income_is_not_above(self) -> None:
        decided(2_500_00, phase_out_months=12).refuses(
            "no-phase-out", months=12, because="income_not_above_standard"
        )

    def test_a_phase_out_can_be_half_of_the_amount(self, tmp_path: Path) -> None:
        halving = notice(tmp_path, "35", phase_out_amount_rule="halve")
        so_far = (*UP_TO_SECOND, confirmed(amount_fen=200_01), reported())
        spec = given(*so_far, on=CHANGED_ON, folders=(halving,))
        (event,) = spec.when(decide(), decide_change).events
        assert event.amount_fen == 100_01  # half up


class TestExactlyAtTheStandard:
    """Neither below the standard nor above it (case 9): officials look into it."""

    def reviewed(self) -> Given:
        return change_of(AT_STANDARD_FEN, CHANGED_ON, REVIEW)

    def test_a_manual_review_is_opened(self) -> None:
        decided(AT_STANDARD_FEN).then(REVIEW)

    def test_officials_may_let_the_household_stay_at_the_gap_of_nothing(self) -> None:
        command = decide(at_standard=AtStandard.STAY)
        (event,) = self.reviewed().when(command, decide_change).events
        assert isinstance(event, AmountChanged)
        assert (event.amount_fen, event.from_month) == (0, Month(2020, 6))

    def test_officials_may_stop_it_without_a_phase_out(self) -> None:
        command = decide(at_standard=AtStandard.STOP)
        (event,) = self.reviewed().when(command, decide_change).events
        assert isinstance(event, BenefitStopped)
        assert (event.reason, event.last_month) == (StopReason.INCOME_AT_STANDARD, Month(2020, 5))

    def test_the_review_asks_for_a_choice(self) -> None:
        self.reviewed().when(decide(), decide_change).refuses(
            "choice-missing", allowed="stay, stop"
        )

    def test_there_is_no_choice_without_a_review(self) -> None:
        decided(AT_STANDARD_FEN, at_standard=AtStandard.STAY).refuses("nothing-to-choose")
        decided(3_300_00, at_standard=AtStandard.STOP).refuses("nothing-to-choose")

    @pytest.mark.parametrize(("rule", "kind"), [("stay", AmountChanged), ("stop", BenefitStopped)])
    def test_a_deployment_may_settle_it(self, tmp_path: Path, rule: str, kind: type[Event]) -> None:
        folders = (notice(tmp_path, "35", eligibility_recipient_at_standard=rule),)
        spec = given(*CONFIRMED, reported(AT_STANDARD_FEN), on=CHANGED_ON, folders=folders)
        (event,) = spec.when(decide(), decide_change).events
        assert isinstance(event, kind)


class TestDayao:
    """Case 9: 6 to 12 months may be granted, or none with a reason; the standard is 375."""

    ABOVE = 400_00 * 4

    def decided(self, **changed: Any) -> Decided:
        change = reported(counted_income_fen=self.ABOVE)
        account = opened(division=DAYAO, counted_income_fen=1_300_00)
        so_far = (account, *UP_TO_SECOND[1:], confirmed(division=DAYAO), change)
        command = decide(role=COUNTY, **changed)
        return given(*so_far, on=CHANGED_ON).when(command, decide_change)

    @pytest.mark.mechanism("S3-17")
    @pytest.mark.parametrize(("months", "last"), [(6, Month(2020, 11)), (12, Month(2021, 5))])
    def test_six_and_twelve_months_are_granted(self, months: int, last: Month) -> None:
        (event,) = self.decided(phase_out_months=months).events
        assert (event.first_month, event.last_month) == (Month(2020, 6), last)

    @pytest.mark.mechanism("S3-17")
    @pytest.mark.parametrize("months", [5, 13])
    def test_five_and_thirteen_are_not(self, months: int) -> None:
        self.decided(phase_out_months=months).refuses(
            "phase-out-months-outside", months=months, allowed="6 to 12"
        )

    def test_the_approver_says_how_many(self) -> None:
        self.decided().refuses("phase-out-months-missing", allowed="6 to 12")

    def test_none_at_all_is_lawful_with_a_reason(self) -> None:
        (event,) = self.decided(phase_out_months=0, explanation=REASON).events
        assert isinstance(event, BenefitStopped)
        assert (event.last_month, event.explanation) == (Month(2020, 5), REASON)

    def test_none_at_all_is_not_without_one(self) -> None:
        self.decided(phase_out_months=0).refuses("phase-out-reason-missing")


class TestThreePersonsInDayao:
    """Case 8: the poverty line is 4,000 yuan a year, the standard 4,500: 375 a month."""

    def decided(self, counted_income_fen: int) -> Decided:
        three = {"division": DAYAO, "members": FOUR[:3]}
        so_far = (
            opened(counted_income_fen=825_00, **three),
            *UP_TO_SECOND[1:],
            confirmed(amount_fen=300_00, **three),
            reported(counted_income_fen=counted_income_fen),
        )
        command = decide(role=COUNTY)
        return given(*so_far, on=CHANGED_ON).when(command, decide_change)

    @pytest.mark.mechanism("S3-16")
    def test_above_the_poverty_line_and_below_the_standard_a_household_stays(self) -> None:
        """4,200 yuan a head and year: 75 a month."""
        (event,) = self.decided(3 * 350_00).events
        assert isinstance(event, AmountChanged)
        assert event.amount_fen == 75_00

    @pytest.mark.mechanism("S3-23")
    @pytest.mark.parametrize(
        ("counted_income_fen", "amount_fen"), [(824_99, 300_01), (825_01, 299_99)]
    )
    def test_the_amount_follows_the_income_up_and_down(
        self, counted_income_fen: int, amount_fen: int
    ) -> None:
        (event,) = self.decided(counted_income_fen).events
        assert (event.amount_fen, event.from_month) == (amount_fen, Month(2020, 6))


class TestWhileItLeaves:
    """The phase-out of case 2 runs: 2020-06 to 2021-05."""

    def so_far(self) -> tuple[Event, ...]:
        return (*CONFIRMED, reported(), *decided(3_300_00).events)

    def test_income_below_the_standard_ends_the_phase_out(self) -> None:
        on = date(2020, 9, 10)
        spec = given(*self.so_far(), reported(2_500_00, on), on=on)
        (event,) = spec.when(decide(), decide_change).events
        assert (event.amount_fen, event.from_month) == (600_00, Month(2020, 10))
        state = spec.given(event).state
        assert (state.stage, state.leaving) == ("confirmed", None)
        spec.given(event).when(EndCase(), end_case).then()

    def test_income_that_is_still_above_changes_nothing(self) -> None:
        on = date(2020, 9, 10)
        spec = given(*self.so_far(), reported(3_400_00, on), on=on)
        spec.when(decide(), decide_change).refuses("already-leaving", last_month="2021-05")

    @pytest.mark.parametrize(
        ("on", "ended"), [(date(2021, 5, 31), False), (date(2021, 6, 1), True)]
    )
    def test_the_case_ends_on_the_day_after_its_last_month(self, on: date, ended: bool) -> None:
        spec = given(*self.so_far(), on=on)
        spec.when(EndCase(), end_case).then(*((ENDED, KEPT_IN_MIND) if ended else ()))
        spec.given(ENDED).when(EndCase(), end_case).then()

    def test_a_stop_ends_the_case_with_its_month(self) -> None:
        spec = given(*CONFIRMED, reported(), STOP, on=date(2020, 6, 1))
        (event,) = spec.when(EndCase(), end_case).events
        assert (event.reason, event.last_month) == (EndReason.STOPPED, Month(2020, 5))

    @pytest.mark.parametrize("stage", ["ended", "over"])
    def test_nothing_is_reported_of_a_case_that_is_over(self, stage: str) -> None:
        """On the day after its last month, whether or not its end was recorded yet."""
        spec = given(*self.so_far(), on=date(2021, 6, 1))
        if stage == "over":
            spec.when(report(), report_change).refuses("benefit-over", last_month="2021-05")
            return
        spec.given(*spec.when(EndCase(), end_case).events).when(report(), report_change).refuses(
            "wrong-stage", stage="ended"
        )

    def test_a_change_may_still_be_reported_on_its_last_day(self) -> None:
        spec = given(*self.so_far(), on=date(2021, 5, 31))
        (event,) = spec.when(report(), report_change).events
        assert isinstance(event, ChangeReported)
