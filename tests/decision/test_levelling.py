"""A recorded standard brings every case to its own: what is raised, what is lowered.

The story's household: four persons, 2,200 yuan counted, 200 yuan a month by a standard of 600 that
comes from a file; the county sets 650 from July 2020 on.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.decision.decisions.levelling import levelled, with_standards
from services.decision.model import Determination, Stage
from shared.calendar import Month
from shared.contracts.fields import Programme
from shared.contracts.standards import (
    AmountRedetermined,
    DivisionLevel,
    StandardReviewOpened,
    StandardReviewReason,
    StandardSet,
)
from shared.kernel.event import Event
from tests.decision import dayao
from tests.decision.appeals import NOBODY_LEFT
from tests.decision.changes import ENDED, PHASE_OUT, STOP
from tests.decision.household import CONFIRMED, UP_TO_SECOND, amount_changed, given, reported
from tests.decision.levelling import IN_JULY, LAW, around, levels, redetermined
from tests.decision.standards import JULY, PREFECTURE, PROVINCE, another, standard_set
from tests.notices import SINCE, notice
from tests.verification.household import FUJIAN


class TestARaisedStandard:
    @pytest.mark.mechanism("S0-20")
    def test_gives_four_times_fifty_yuan_more_from_its_month_on(self) -> None:
        assert levels(*CONFIRMED) == [redetermined()]

    def test_changes_nothing_before_its_month_and_nothing_twice(self) -> None:
        assert levels(*CONFIRMED, on=date(2020, 6, 30)) == []
        assert levels(*CONFIRMED, redetermined()) == []

    def test_leaves_an_undecided_change_open(self) -> None:
        assert levels(*CONFIRMED, reported()) == [redetermined()]
        after: Determination = given(*CONFIRMED, reported(), redetermined()).state
        assert after.change is not None
        assert (after.amount_fen, after.stage) == (400_00, Stage.CONFIRMED)

    def test_goes_by_the_account_that_counts(self) -> None:
        """Wages of 2,500 were decided in May: 1,800 counted, 600 yuan by the old standard."""
        lowered = amount_changed(1_800_00, 600_00)
        (event,) = levels(*CONFIRMED, reported(2_500_00), lowered)
        assert (event.counted_income_fen, event.amount_fen) == (1_800_00, 800_00)

    def test_does_not_reach_a_phase_out_a_stop_or_an_end(self) -> None:
        for left in ((PHASE_OUT,), (STOP,), (PHASE_OUT, ENDED)):
            assert levels(*CONFIRMED, reported(), *left) == []
        assert levels(*UP_TO_SECOND) == []

    def test_does_not_reach_a_household_that_is_gone_while_its_stop_is_suspended(self) -> None:
        """One such case on a page would keep the standard from all others."""
        paid_on = amount_changed(2_200_00, 200_00, change_id=another("appeal"))
        gone = NOBODY_LEFT.model_copy(update={"from_month": Month(2020, 5)})
        assert levels(*CONFIRMED, reported(), gone, paid_on) == []

    def test_counts_for_every_month_though_nobody_came_to_it_in_time(self) -> None:
        """Two standards began before anything was determined by them: each has its months."""
        september = standard_set(660_00, Month(2020, 9), standard_id=another("september"))
        events = levels(*CONFIRMED, on=date(2020, 10, 5), standards=(standard_set(), september))
        assert [(e.from_month, e.amount_fen) for e in events] == [
            (JULY, 400_00),
            (Month(2020, 9), 440_00),
        ]

    def test_from_a_file_re_determines_nobody(self, tmp_path: Path) -> None:
        raised = {SINCE: 600_00, IN_JULY: 650_00}
        place = notice(tmp_path, "350924", standard_monthly_fen=raised)
        case = around(given(*CONFIRMED, on=IN_JULY, folders=(place,)))
        parameters = case.moment.policy.at(FUJIAN, Programme.DIBAO, IN_JULY)
        assert parameters.fen("standard_monthly_fen") == 650_00
        states = [history.state for history in case.histories[1:]]
        assert levelled(case.state, states, JULY, case.moment) == []

    def test_leaves_who_was_brought_up_to_the_poverty_line_there(self, tmp_path: Path) -> None:
        """5,000 a year for three with 525 is 725 a month; the gap is 675 by 400, 726 by 417."""
        place = notice(tmp_path, "532326", poverty_line_yearly_fen=5_000_00)
        account, proposal, *_, confirmation = dayao.in_benefit()
        brought_up = {"amount_fen": 725_00}
        case = given(
            account,
            proposal.model_copy(update=brought_up),
            confirmation.model_copy(update=brought_up),
            on=IN_JULY,
            folders=(place,),
        )
        came = {}
        for fen in (400_00, 417_00):
            beside = around(case, standard_set(fen, division="532326000000"))
            states = [history.state for history in beside.histories[1:]]
            at = with_standards(beside.moment, states)
            (fact,) = levelled(beside.state, states, JULY, at)
            came[fen] = fact.event.amount_fen
        assert came == {400_00: 725_00, 417_00: 726_00}


class TestTheNearestDivision:
    PROVINCES = standard_set(
        640_00,
        standard_id=another("province"),
        division=PROVINCE,
        level=DivisionLevel.PROVINCE,
    )

    def amounts(self, *of_county: StandardSet) -> list[int]:
        case = around(given(*CONFIRMED, on=IN_JULY), *of_county, province=(self.PROVINCES,))
        states = [history.state for history in case.histories[1:]]
        at = with_standards(case.moment, states)
        return [f.event.amount_fen for f in levelled(case.state, states, JULY, at)]

    def test_is_the_one_that_counts(self) -> None:
        assert self.amounts() == [360_00]
        assert self.amounts(standard_set()) == [400_00]

    def test_goes_before_the_province_even_if_it_pays_less(self) -> None:
        assert self.amounts(standard_set(630_00)) == [320_00]

    def test_of_another_prefecture_counts_for_nobody_here(self) -> None:
        elsewhere = standard_set(division="350100000000", level=DivisionLevel.PREFECTURE)
        assert elsewhere.division != PREFECTURE
        assert levels(*CONFIRMED, standards=(elsewhere,)) == []


class TestALoweredStandard:
    """Who is below it is paid less; who is not loses nothing by a figure alone."""

    def lowered_to(self, fen: int, on: date = IN_JULY, *more: Event) -> list[Any]:
        standard = standard_set(fen, Month.of(on))
        return levels(*CONFIRMED, *more, on=on, standards=(standard,))

    def test_pays_less_to_who_is_still_below_it(self) -> None:
        (event,) = self.lowered_to(550_01)
        assert isinstance(event, AmountRedetermined)
        assert event.amount_fen == 4

    @pytest.mark.parametrize(
        ("fen", "reason"),
        [
            (550_00, StandardReviewReason.INCOME_AT_STANDARD),
            (549_99, StandardReviewReason.INCOME_ABOVE_STANDARD),
        ],
    )
    def test_leaves_who_is_at_it_or_above_it_to_officials(
        self, fen: int, reason: StandardReviewReason
    ) -> None:
        (event,) = self.lowered_to(fen)
        assert isinstance(event, StandardReviewOpened)
        assert (event.reason, event.amount_fen, event.standard_fen) == (reason, 200_00, fen)
        after: Determination = given(*CONFIRMED, event).state
        assert (after.stage, after.amount_fen, after.standard_review) == (
            Stage.CONFIRMED,
            200_00,
            event,
        )
        assert self.lowered_to(fen, IN_JULY, event) == []

    def test_is_looked_into_once_though_another_one_follows(self) -> None:
        """Two in a row, both at or below what the household has: each is one matter, for good."""
        lower = standard_set(550_00)
        lowest = standard_set(540_00, Month(2020, 9), standard_id=another("september"))
        in_october = date(2020, 10, 5)
        reviews = levels(*CONFIRMED, on=in_october, standards=(lower, lowest))
        assert [str(review.from_month) for review in reviews] == ["2020-07", "2020-09"]
        again = levels(*CONFIRMED, *reviews, on=in_october, standards=(lower, lowest))
        assert again == []

    def test_takes_from_nobody_who_was_not_heard_where_the_law_wants_it(self) -> None:
        """社会救助法 art. 48, in force from 1 July 2026."""
        (before,) = self.lowered_to(590_00, date(2026, 6, 30))
        assert isinstance(before, AmountRedetermined)
        (since,) = self.lowered_to(590_00, LAW)
        assert since.reason is StandardReviewReason.HEARING_OWED
        (raised,) = self.lowered_to(610_00, LAW)
        assert isinstance(raised, AmountRedetermined)

    def test_is_no_longer_looked_into_once_a_change_was_decided(self) -> None:
        (review,) = self.lowered_to(550_00)
        decided = amount_changed(2_000_00, 200_00, standard_fen=550_00, from_month=Month(2020, 8))
        after = given(*CONFIRMED, review, reported(2_700_00), decided).state
        assert after.standard_review is None
