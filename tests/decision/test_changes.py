"""A confirmed household's income changes: cases 2 and 9 of the worked cases, and the end."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import UUID, uuid5

import pytest

from services.decision.decisions import HoldHearing, decide_change, hold_hearing, report_change
from shared.calendar import Month
from shared.contracts.changes import (
    AmountChanged,
    BenefitStopped,
    HearingHeld,
    PhaseOutStarted,
    StopReason,
)
from shared.contracts.fields import (
    DeductionKind,
    DeductionLine,
    IncomeKind,
    IncomeLine,
    LineSource,
    Programme,
)
from shared.kernel.decider import HOUSE
from shared.kernel.event import Event
from shared.kernel.spec import Decided, Given
from tests.decision.changes import (
    AT_STANDARD_FEN,
    COUNTY,
    REASON,
    change_of,
    decide,
    decided,
    report,
)
from tests.decision.household import (
    CHANGE,
    CHANGED_ON,
    CONFIRMED,
    FOUR,
    REPORTER,
    UP_TO_SECOND,
    confirmed,
    given,
    opened,
    policy,
    reported,
)
from tests.notices import notice
from tests.verification.household import FIRST, HUSBAND, SHAANXI, STRANGER, note, wage

IN_2023 = date(2023, 5, 15)
UNDER_THE_LAW = date(2026, 7, 1)


class TestAReport:
    def test_is_the_account_anew_and_opens_under_the_days_regime(self) -> None:
        decided = given(*CONFIRMED, on=CHANGED_ON).when(report(), report_change)
        decided.then(reported())
        assert decided.facts[0].policy == policy().version

    def test_is_counted_as_income_less_deductions_and_never_below_nothing(self) -> None:
        (event,) = given(*CONFIRMED, on=CHANGED_ON).when(report(699_00), report_change).events
        assert event.counted_income_fen == 0

    def test_is_not_taken_before_the_case_is_confirmed(self) -> None:
        given(*UP_TO_SECOND, on=CHANGED_ON).when(report(), report_change).refuses(
            "wrong-stage", stage="approved", allowed="confirmed, phasing_out, stopped"
        )

    def test_tells_of_members_only(self) -> None:
        of_others = report(income=(wage(STRANGER, 1),))
        refusal = given(*CONFIRMED, on=CHANGED_ON).when(of_others, report_change)
        assert refusal.refuses("person-not-in-household", lines=1).status == 422

    def test_deducts_only_what_the_day_provides_for(self) -> None:
        """The epidemic was deducted in Fujian to 2023-01-07."""
        epidemic = (DeductionLine(kind=DeductionKind.EPIDEMIC, amount_fen=1),)
        command = report(deductions=epidemic)
        (event,) = given(*CONFIRMED, on=date(2023, 1, 7)).when(command, report_change).events
        assert event.deductions == epidemic
        given(*CONFIRMED, on=date(2023, 1, 8)).when(command, report_change).refuses(
            "deduction-not-allowed", kind="epidemic"
        )

    def test_stands_in_the_place_of_one_that_is_not_decided(self) -> None:
        another = uuid5(HOUSE, "tests/another change")
        later = reported(2_900_00, change_id=another)
        spec = given(*CONFIRMED, reported(), later, on=CHANGED_ON)
        refusal = spec.when(decide(), decide_change).refuses("no-such-change")
        assert refusal.status == 404
        (event,) = spec.when(decide(change_id=another), decide_change).events
        assert event.amount_fen == 200_00

    def test_is_for_dibao_only_so_far(self) -> None:
        tekun = (opened(programme=Programme.TEKUN), confirmed(programme=Programme.TEKUN))
        given(*tekun, on=CHANGED_ON).when(report(), report_change).refuses(
            "programme-without-changes", programme="tekun"
        )


class TestTheRegimeOfTheDayItOpens:
    """The case was confirmed in Fujian in 2020; the change is reported later."""

    def test_to_the_nineteenth_of_october_2022_it_is_twelve_months(self) -> None:
        (event,) = decided(3_300_00, date(2022, 10, 19)).events
        assert (event.first_month, event.last_month) == (Month(2022, 11), Month(2023, 10))

    def test_from_the_next_day_on_at_most_six(self) -> None:
        on = date(2022, 10, 20)
        (event,) = decided(3_300_00, on, phase_out_months=6).events
        assert (event.first_month, event.last_month) == (Month(2022, 11), Month(2023, 4))
        refusal = decided(3_300_00, on, phase_out_months=7).refuses(
            "phase-out-months-outside", months=7, allowed="1 to 6"
        )
        assert "民发〔2022〕83号" in refusal.source

    def test_a_change_keeps_it_when_it_is_decided_later(self) -> None:
        """Opened on the last day of twelve months, decided under the six."""
        spec = given(*CONFIRMED, reported(on=date(2022, 10, 19)), on=date(2022, 11, 1))
        (event,) = spec.when(decide(), decide_change).events
        assert (event.first_month, event.last_month) == (Month(2022, 12), Month(2023, 11))

    def test_in_2023_a_month_is_the_shortest(self) -> None:
        (event,) = decided(3_300_00, IN_2023, phase_out_months=1).events
        assert (event.first_month, event.last_month) == (Month(2023, 6), Month(2023, 6))

    def test_in_2023_a_rise_that_is_not_by_employment_stops_it(self) -> None:
        pension = IncomeLine(
            person_id=FOUR[3].person_id,
            kind=IncomeKind.TRANSFER,
            source=LineSource.SOCIAL_INSURANCE,
            amount_fen=400_00,
        )
        lines = (wage(HUSBAND, 2_900_00), pension)
        spec = change_of(3_300_00, IN_2023, income=lines)
        (event,) = spec.when(decide(role=COUNTY), decide_change).events
        assert isinstance(event, BenefitStopped)
        assert (event.reason, event.last_month) == (
            StopReason.INCOME_ABOVE_STANDARD,
            Month(2023, 5),
        )
        refusal = spec.when(decide(role=COUNTY, phase_out_months=6), decide_change).refuses(
            "no-phase-out", months=6, because="not_by_employment"
        )
        assert "民发〔2021〕57号" in refusal.source

    @pytest.mark.parametrize(
        ("wages_fen", "pension_fen", "kind"),
        [(3_300_00, 200_00, PhaseOutStarted), (3_300_00, 200_01, BenefitStopped)],
    )
    def test_it_is_by_employment_if_without_the_new_wages_it_would_not_exceed(
        self, wages_fen: int, pension_fen: int, kind: type[Event]
    ) -> None:
        """2,900 less 700 and a pension of 200: exactly at the standard without the 400 more."""
        pension = IncomeLine(
            person_id=FOUR[3].person_id,
            kind=IncomeKind.TRANSFER,
            source=LineSource.DECLARED,
            amount_fen=pension_fen,
        )
        lines = (wage(HUSBAND, wages_fen), pension)
        counted_fen = wages_fen + pension_fen - 700_00
        spec = change_of(wages_fen, IN_2023, income=lines, counted_income_fen=counted_fen)
        months = 6 if kind is PhaseOutStarted else None
        command = decide(role=COUNTY, phase_out_months=months)
        (event,) = spec.when(command, decide_change).events
        assert isinstance(event, kind)

    def in_shaanxi(self, on: date) -> Given:
        """Shaanxi had no rule of its own; its standard here is 500."""
        so_far = (
            opened(division=SHAANXI, counted_income_fen=1_500_00),
            *UP_TO_SECOND[1:],
            confirmed(division=SHAANXI),
            reported(on=on),
        )
        return given(*so_far, on=on)

    def test_before_the_action_plan_there_was_none(self) -> None:
        spec = self.in_shaanxi(date(2020, 3, 31))
        (event,) = spec.when(decide(role=COUNTY), decide_change).events
        assert isinstance(event, BenefitStopped)
        assert event.last_month == Month(2020, 3)
        spec.when(decide(role=COUNTY, phase_out_months=1), decide_change).refuses(
            "no-phase-out", because="not_granted"
        )

    @pytest.mark.mechanism("S0-12")
    def test_under_the_action_plan_there_is_one_whose_length_the_approver_says(self) -> None:
        spec = self.in_shaanxi(date(2020, 4, 1))
        spec.when(decide(role=COUNTY), decide_change).refuses(
            "phase-out-months-missing", allowed="at least 1"
        )
        spec.when(decide(role=COUNTY, phase_out_months=0), decide_change).refuses(
            "phase-out-months-outside", months=0
        )
        (event,) = spec.when(decide(role=COUNTY, phase_out_months=3), decide_change).events
        assert (event.first_month, event.last_month) == (Month(2020, 5), Month(2020, 7))

    def test_the_level_that_decides_is_that_of_the_day_too(self) -> None:
        on = date(2023, 1, 8)  # the delegation to the townships was over
        change_of(3_300_00, on).when(decide(), decide_change).refuses(
            "not-the-deciding-level", decided_by="county"
        )
        change_of(3_300_00, date(2023, 1, 7)).when(decide(role=COUNTY), decide_change).refuses(
            "not-the-deciding-level", decided_by="township"
        )


class TestHearing:
    """From 2026-07-01 the household is heard before aid is reduced or stopped."""

    HEARD = HearingHeld(change_id=CHANGE, statement=note("statement"))

    def decided(self, wages_fen: int, *more: Event, on: date = UNDER_THE_LAW) -> Decided:
        months = 6 if wages_fen > AT_STANDARD_FEN else None
        command = decide(role=COUNTY, phase_out_months=months)
        return change_of(wages_fen, on, *more).when(command, decide_change)

    @pytest.mark.parametrize("wages_fen", [2_900_01, AT_STANDARD_FEN - 1, 3_300_00])
    def test_comes_before_less_is_paid(self, wages_fen: int) -> None:
        refusal = self.decided(wages_fen).refuses("hearing-missing")
        assert "社会救助法" in refusal.source
        assert len(self.decided(wages_fen, self.HEARD).events) == 1

    def test_comes_before_a_stop(self) -> None:
        command = decide(role=COUNTY, phase_out_months=0, explanation=REASON)
        change_of(3_300_00, UNDER_THE_LAW).when(command, decide_change).refuses("hearing-missing")
        heard = change_of(3_300_00, UNDER_THE_LAW, self.HEARD)
        (event,) = heard.when(command, decide_change).events
        assert isinstance(event, BenefitStopped)

    @pytest.mark.parametrize("wages_fen", [2_900_00, 2_899_99])
    def test_is_not_needed_where_no_less_is_paid(self, wages_fen: int) -> None:
        (event,) = self.decided(wages_fen).events
        assert isinstance(event, AmountChanged)

    @pytest.mark.parametrize(("wages_fen", "needed"), [(3_000_00, False), (3_000_01, True)])
    def test_compares_with_what_is_paid_now(
        self, tmp_path: Path, wages_fen: int, *, needed: bool
    ) -> None:
        """A phase-out at half of 200 runs: a new amount of 100 is no less."""
        halving = notice(tmp_path, "35", phase_out_amount_rule="halve")
        so_far = (*CONFIRMED, reported(on=UNDER_THE_LAW), self.HEARD)
        spec = given(*so_far, on=UNDER_THE_LAW, folders=(halving,))
        started = spec.when(decide(role=COUNTY, phase_out_months=6), decide_change).events
        spec = spec.given(*started, reported(wages_fen, UNDER_THE_LAW))
        decided = spec.when(decide(role=COUNTY), decide_change)
        if needed:
            decided.refuses("hearing-missing")
        else:
            assert decided.events[0].amount_fen == 100_00

    def test_was_not_needed_the_day_before(self) -> None:
        (event,) = self.decided(3_300_00, on=date(2026, 6, 30)).events
        assert isinstance(event, PhaseOutStarted)

    def test_is_held_about_the_open_change_only(self) -> None:
        hold = HoldHearing(change_id=CHANGE, statement=note("statement"))
        change_of(3_300_00).when(hold, hold_hearing).then(self.HEARD)
        given(*CONFIRMED, on=CHANGED_ON).when(hold, hold_hearing).refuses("no-such-change")

    def test_about_an_earlier_change_does_not_count_for_a_later(self) -> None:
        again = reported(3_300_00, UNDER_THE_LAW)
        self.decided(3_300_00, self.HEARD, again).refuses("hearing-missing")


class TestWhoDecides:
    @pytest.mark.parametrize(("actor", "before"), [(REPORTER, "report"), (FIRST, "survey")])
    def test_neither_who_reported_nor_who_surveyed(self, actor: UUID, before: str) -> None:
        refusal = decided(3_300_00, actor=actor).refuses("same-hands", before=before)
        assert refusal.status == 403

    def test_a_change_is_decided_once(self) -> None:
        started = decided(3_300_00).events
        change_of(3_300_00, CHANGED_ON, *started).when(decide(), decide_change).refuses(
            "no-such-change"
        )
