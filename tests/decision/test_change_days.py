"""Whether there is a phase-out, how long it is, and what comes before a reduction: on the first and
the last day of each regime.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.decision.decisions import DecideChange, ReportChange, decide_change, report_change
from shared.calendar import Month
from shared.contracts.changes import (
    AmountChanged,
    BenefitStopped,
    ManualReviewOpened,
    PhaseOutStarted,
)
from shared.contracts.fields import IncomeKind, IncomeLine, LineSource
from shared.kernel.spec import Decided
from tests.decision.household import (
    CHANGE,
    OTHER,
    REPORTER,
    UP_TO_SECOND,
    confirmed,
    given,
    opened,
    reported,
)
from tests.verification.household import DAYAO, DEDUCTIONS, FUJIAN, HUSBAND, SHAANXI, note, wage

FIRST_OF_220, LAST_OF_220 = date(2012, 12, 12), date(2021, 6, 30)
FIRST_OF_57 = date(2021, 7, 1)
LAST_BEFORE_83, FIRST_OF_83 = date(2022, 10, 19), date(2022, 10, 20)
LAST_BEFORE_THE_LAW, FIRST_OF_THE_LAW = date(2026, 6, 30), date(2026, 7, 1)

PENSION = IncomeLine(
    person_id=HUSBAND,
    kind=IncomeKind.TRANSFER,
    source=LineSource.SOCIAL_INSURANCE,
    amount_fen=3_300_00,
)


def changed_on(
    on: date, division: str, counted_income_fen: int, *, by_employment: bool = True, **given_: Any
) -> Decided:
    """A change reported and decided on a day, of a household confirmed in 2020."""
    income = {} if by_employment else {"income": (PENSION,)}
    so_far = (
        opened(division=division),
        *UP_TO_SECOND[1:],
        confirmed(division=division),
        reported(3_300_00, on, counted_income_fen=counted_income_fen, **income),
    )
    township = division == FUJIAN and date(2020, 3, 31) <= on <= date(2023, 1, 7)
    role = "township_approver" if township else "county_approver"
    command = DecideChange(actor=OTHER, role=role, change_id=CHANGE, **given_)
    return given(*so_far, on=on).when(command, decide_change)


ABOVE_FEN = {FUJIAN: 4 * 600_00 + 1, SHAANXI: 4 * 500_00 + 1, DAYAO: 4 * 375_00 + 1}
"""One fen above each place's standard: without the new wages it would not be."""

NOT_GRANTED, NOT_BY_EMPLOYMENT = "not_granted", "not_by_employment"


class TestPhaseOut:
    """Whether there is one, for which cause, and how long it lasts."""

    def months(self, on: date, division: str, asked: int, **more: Any) -> Decided:
        return changed_on(on, division, ABOVE_FEN[division], phase_out_months=asked, **more)

    @pytest.mark.parametrize(
        ("division", "on"),
        [
            (SHAANXI, FIRST_OF_220),
            (SHAANXI, date(2020, 3, 31)),
            (FUJIAN, date(2020, 3, 30)),
            (DAYAO, date(2020, 3, 1)),
        ],
    )
    @pytest.mark.parametrize("by_employment", [True, False])
    def test_there_is_none_under_220_alone(
        self, division: str, on: date, *, by_employment: bool
    ) -> None:
        self.months(on, division, 1, by_employment=by_employment).refuses(
            "no-phase-out", because=NOT_GRANTED
        )
        (event,) = changed_on(on, division, ABOVE_FEN[division], by_employment=by_employment).events
        assert isinstance(event, BenefitStopped)

    @pytest.mark.parametrize(
        ("division", "on", "allowed"),
        [
            (SHAANXI, date(2020, 4, 1), "at least 1"),
            (SHAANXI, LAST_OF_220, "at least 1"),
            (FUJIAN, date(2020, 3, 31), "12 to 12"),
            (FUJIAN, LAST_BEFORE_83, "12 to 12"),
        ],
    )
    @pytest.mark.parametrize("by_employment", [True, False])
    def test_it_shall_be_granted_whatever_the_cause(
        self, division: str, on: date, allowed: str, *, by_employment: bool
    ) -> None:
        for asked in (0, 12):
            decided = self.months(
                on, division, asked, by_employment=by_employment, explanation=note("reason")
            )
            if asked:
                (event,) = decided.events
                assert isinstance(event, PhaseOutStarted)
            else:
                decided.refuses("phase-out-months-outside", months=0, allowed=allowed)

    @pytest.mark.parametrize(
        ("division", "on", "allowed"),
        [
            (DAYAO, date(2020, 3, 2), "6 to 12"),
            (DAYAO, LAST_BEFORE_83, "6 to 12"),
            (SHAANXI, FIRST_OF_57, "at least 1"),
            (SHAANXI, LAST_BEFORE_83, "at least 1"),
            (SHAANXI, FIRST_OF_83, "1 to 6"),
            (FUJIAN, FIRST_OF_83, "1 to 6"),
            (DAYAO, FIRST_OF_83, "1 to 6"),
        ],
    )
    def test_it_may_be_granted(self, division: str, on: date, allowed: str) -> None:
        (none,) = self.months(on, division, 0, explanation=note("reason")).events
        assert isinstance(none, BenefitStopped)
        changed_on(on, division, ABOVE_FEN[division]).refuses(
            "phase-out-months-missing", allowed=allowed
        )
        (six,) = self.months(on, division, 6).events
        assert six.last_month == Month.of(on).next(6)

    @pytest.mark.parametrize(
        ("division", "on", "months", "granted"),
        [
            (SHAANXI, date(2020, 4, 1), 1, True),
            (SHAANXI, LAST_OF_220, 24, True),
            (SHAANXI, FIRST_OF_57, 1, True),
            (SHAANXI, LAST_BEFORE_83, 24, True),
            (SHAANXI, FIRST_OF_83, 1, True),
            (SHAANXI, FIRST_OF_83, 6, True),
            (SHAANXI, FIRST_OF_83, 7, False),
            (FUJIAN, date(2020, 3, 31), 11, False),
            (FUJIAN, date(2020, 3, 31), 13, False),
            (FUJIAN, LAST_BEFORE_83, 11, False),
            (FUJIAN, LAST_BEFORE_83, 13, False),
            (FUJIAN, FIRST_OF_83, 1, True),
            (FUJIAN, FIRST_OF_83, 7, False),
            (DAYAO, date(2020, 3, 2), 5, False),
            (DAYAO, date(2020, 3, 2), 13, False),
            (DAYAO, LAST_BEFORE_83, 5, False),
            (DAYAO, LAST_BEFORE_83, 12, True),
            (DAYAO, FIRST_OF_83, 5, True),
            (DAYAO, FIRST_OF_83, 7, False),
        ],
    )
    def test_how_long_it_lasts(
        self, division: str, on: date, months: int, *, granted: bool
    ) -> None:
        decided = self.months(on, division, months)
        if granted:
            (event,) = decided.events
            assert event.last_month == Month.of(on).next(months)
        else:
            decided.refuses("phase-out-months-outside", months=months)

    @pytest.mark.parametrize(
        ("division", "on", "granted"),
        [
            (DAYAO, date(2020, 3, 2), True),
            (DAYAO, LAST_BEFORE_83, True),
            (DAYAO, FIRST_OF_83, False),
            (FUJIAN, LAST_BEFORE_83, True),
            (FUJIAN, FIRST_OF_83, False),
            (SHAANXI, LAST_OF_220, True),
            (SHAANXI, FIRST_OF_57, False),
        ],
    )
    def test_whether_it_is_for_a_rise_that_is_not_by_employment(
        self, division: str, on: date, *, granted: bool
    ) -> None:
        months = 12 if on < FIRST_OF_83 else 6
        decided = self.months(on, division, months, by_employment=False)
        if granted:
            assert isinstance(decided.events[0], PhaseOutStarted)
        else:
            decided.refuses("no-phase-out", because=NOT_BY_EMPLOYMENT)


@pytest.mark.parametrize(
    ("on", "heard_first"),
    [
        (FIRST_OF_220, False),
        (LAST_OF_220, False),
        (LAST_BEFORE_THE_LAW, False),
        (FIRST_OF_THE_LAW, True),
    ],
)
def test_whether_a_household_is_heard_before_its_benefit_is_reduced(
    on: date, *, heard_first: bool
) -> None:
    decided = changed_on(on, SHAANXI, 4 * 500_00 - 100_00)
    if heard_first:
        decided.refuses("hearing-missing")
    else:
        assert isinstance(decided.events[0], AmountChanged)


@pytest.mark.parametrize("on", [FIRST_OF_220, LAST_OF_220, FIRST_OF_57])
def test_a_recipient_exactly_at_the_standard_is_looked_into(on: date) -> None:
    (event,) = changed_on(on, SHAANXI, 4 * 500_00).events
    assert isinstance(event, ManualReviewOpened)


def test_a_change_is_reported_on_the_first_day_of_220() -> None:
    """Its deductions are those of the day: none."""
    so_far = (opened(division=SHAANXI), *UP_TO_SECOND[1:], confirmed(division=SHAANXI))
    stated = {
        "change_id": CHANGE,
        "reporter": REPORTER,
        "income": (wage(HUSBAND, 1_000_00),),
        "explanation": note("change"),
    }
    spec = given(*so_far, on=FIRST_OF_220)
    (event,) = spec.when(ReportChange(deductions=(), **stated), report_change).events
    assert event.counted_income_fen == 1_000_00
    spec.when(ReportChange(deductions=DEDUCTIONS, **stated), report_change).refuses(
        "deduction-not-allowed"
    )
