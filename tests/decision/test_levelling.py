"""Decisions on a case go by the recorded standards: each month's amount by that month's.

The story's household: four persons, 2,200 yuan counted, 200 yuan a month by a standard of 600 that
comes from a file; the county sets 650 from July 2020 on.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.decision.decisions import (
    Decide,
    DecideChange,
    Propose,
    by_recorded_standards,
    confirm,
    decide_change,
    propose,
)
from services.decision.decisions.levelling import levelled, with_standards
from services.decision.model import STANDARDS, Determination, Stage
from shared.calendar import Month
from shared.contracts.assessments import SinglePerson, SinglePersonGround
from shared.contracts.changes import PhaseOutStarted
from shared.contracts.decision import CaseConfirmed
from shared.contracts.fields import ParameterUsed, Programme
from shared.contracts.standards import (
    AmountRedetermined,
    DivisionLevel,
    StandardKind,
    StandardReviewOpened,
    StandardReviewReason,
    StandardSet,
)
from shared.kernel.event import Event
from shared.kernel.spec import Decided, Given
from tests.decision import dayao
from tests.decision.household import (
    CHANGE,
    CONFIRMED,
    OTHER,
    PROPOSER,
    UP_TO_SECOND,
    amount_changed,
    confirmed,
    given,
    opened,
    proposed,
    reported,
)
from tests.decision.standards import (
    JULY,
    PREFECTURE,
    PROVINCE,
    STANDARD,
    another,
    floor_set,
    standard_set,
)
from tests.decision.test_appeals import NOBODY_LEFT
from tests.decision.test_work import cut, withheld
from tests.notices import SINCE, notice
from tests.verification.household import APPLICANT, FUJIAN, MOTHER, note

IN_JUNE, IN_JULY = date(2020, 6, 20), date(2020, 7, 1)
LAW = date(2026, 7, 1)


def around(case: Given, *of_county: StandardSet, province: tuple[StandardSet, ...] = ()) -> Given:
    """A case beside what its province, prefecture and county have set."""
    return case.beside(STANDARDS, *province).beside(STANDARDS).beside(STANDARDS, *of_county)


def levels(
    *events: Event,
    on: date = IN_JULY,
    standards: tuple[StandardSet, ...] = (standard_set(),),
    through: Month | None = None,
) -> list[Any]:
    """What brings a case up to the standards of its months, through the month of a day."""
    case = around(given(*events, on=on), *standards)
    states = [history.state for history in case.histories[1:]]
    at = with_standards(case.moment, states)
    facts = levelled(case.state, states, through or Month.of(on), at)
    assert all(fact.policy == at.policy.version for fact in facts)
    return [fact.event for fact in facts]


def redetermined(**changed: Any) -> AmountRedetermined:
    """From 200 yuan to 4 × 50 more."""
    stated: dict[str, Any] = {
        "standard_id": STANDARD,
        "persons": 4,
        "counted_income_fen": 2_200_00,
        "standard_before_fen": 600_00,
        "standard_fen": 650_00,
        "amount_before_fen": 200_00,
        "amount_fen": 400_00,
        "from_month": JULY,
        "parameters": (
            ParameterUsed(name="standard_monthly_fen", value=650_00, standard_id=STANDARD),
        ),
    }
    return AmountRedetermined(**(stated | changed))


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
        leaving = PhaseOutStarted(
            change_id=CHANGE,
            decider=OTHER,
            persons=4,
            standard_fen=600_00,
            counted_income_fen=2_600_00,
            parameters=(),
            amount_fen=200_00,
            first_month=Month(2020, 6),
            last_month=Month(2021, 5),
        )
        assert levels(*CONFIRMED, reported(), leaving) == []
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


class TestTekun:
    ACCOUNT = opened(
        programme=Programme.TEKUN, members=opened().members[:1], counted_income_fen=0, income=()
    )
    TEKUN = (
        ACCOUNT,
        proposed(persons=1, counted_income_fen=0, amount_fen=780_00),
        confirmed(programme=Programme.TEKUN, members=ACCOUNT.members, amount_fen=780_00),
    )

    def test_is_paid_the_basic_standard_itself(self) -> None:
        basic = standard_set(845_00, kind=StandardKind.TEKUN_BASIC)
        (event,) = levels(*self.TEKUN, standards=(basic,))
        assert (event.amount_before_fen, event.amount_fen) == (780_00, 845_00)
        assert (event.standard_before_fen, event.standard_fen) == (780_00, 845_00)

    def test_is_paid_less_by_a_lowered_one_but_since_july_2026_not_unheard(self) -> None:
        """社会救助法 art. 48, in force from 1 July 2026."""
        lowered = standard_set(779_99, Month(2026, 6), kind=StandardKind.TEKUN_BASIC)
        (before,) = levels(*self.TEKUN, on=date(2026, 6, 30), standards=(lowered,))
        assert before.amount_fen == 779_99
        later = standard_set(779_99, Month(2026, 7), kind=StandardKind.TEKUN_BASIC)
        (since,) = levels(*self.TEKUN, on=LAW, standards=(later,))
        assert since.reason is StandardReviewReason.HEARING_OWED

    def test_is_not_paid_by_the_standard_of_dibao(self) -> None:
        assert levels(*self.TEKUN) == []


class TestMembersWhoEnteredAlone:
    PERSONS = tuple(
        SinglePerson(
            person_id=person,
            ground=SinglePersonGround.ILLNESS,
            own_income_fen=own_fen,
            amount_fen=600_00,
        )
        for person, own_fen in ((MOTHER, 100_00), (APPLICANT, 0))
    )

    def case(self, accepted_on: date) -> tuple[Event, ...]:
        return (
            opened(accepted_on=accepted_on),
            proposed(amount_fen=1_200_00, single_persons=self.PERSONS),
            confirmed(amount_fen=1_200_00),
        )

    def test_are_each_paid_the_full_standard_in_fujian_to_june_2021(self) -> None:
        (event,) = levels(*self.case(date(2020, 4, 1)))
        assert event.amount_fen == 2 * 650_00

    def test_are_each_paid_the_gap_elsewhere_and_later(self) -> None:
        (event,) = levels(*self.case(date(2021, 7, 1)), on=date(2021, 8, 1))
        assert event.amount_fen == (650_00 - 100_00) + 650_00

    def test_has_what_was_withheld_of_a_share_withheld_of_the_share_as_it_now_is(self) -> None:
        """The mother's 500 of 1,100 were stopped; by 650 her share is 550 of 1,200."""
        paid_fen = {MOTHER: 500_00, APPLICANT: 600_00}
        persons = tuple(
            person.model_copy(update={"amount_fen": paid_fen[person.person_id]})
            for person in self.PERSONS
        )
        stopped = cut(600_00, withheld(person_id=MOTHER)).model_copy(
            update={"withheld_fen": 500_00}
        )
        in_august = date(2021, 8, 1)
        (event,) = levels(
            opened(accepted_on=date(2021, 7, 1)),
            proposed(amount_fen=1_100_00, single_persons=persons),
            confirmed(amount_fen=1_100_00, pay_from=Month(2021, 7)),
            stopped.model_copy(update={"from_month": Month(2021, 7)}),
            on=in_august,
            standards=(standard_set(from_month=Month(2021, 8)),),
        )
        assert (event.amount_fen, event.withheld_fen) == (650_00, 550_00)


class TestADecision:
    """Reads the standards in the turn in which it is taken."""

    def proposes(self, on: date, accepted_on: date, *of_county: StandardSet) -> Decided:
        case = around(given(opened(accepted_on=accepted_on), on=on), *of_county)
        command = Propose(actor=PROPOSER, explanation=note("explanation"))
        return case.when(command, by_recorded_standards(propose))

    def test_on_an_application_keeps_the_standard_of_the_day_it_was_accepted(self) -> None:
        last, first = date(2020, 6, 30), date(2020, 7, 1)
        (_, before) = self.proposes(date(2020, 7, 7), last, standard_set()).events
        assert (before.standard_fen, before.amount_fen) == (600_00, 200_00)
        (_, since) = self.proposes(date(2020, 7, 7), first, standard_set()).events
        assert (since.standard_fen, since.amount_fen) == (650_00, 400_00)
        used = {p.name: p for p in since.parameters}["standard_monthly_fen"]
        assert (used.value, used.standard_id) == (650_00, STANDARD)

    def confirms(self, on: date, *of_county: StandardSet) -> Decided:
        case = around(given(*UP_TO_SECOND, on=on), *of_county)
        command = Decide(actor=OTHER, role="township_approver")
        return case.when(command, by_recorded_standards(confirm))

    def test_to_confirm_pays_by_the_standard_of_the_first_month(self) -> None:
        kept, raised = self.confirms(IN_JUNE, standard_set()).events
        assert isinstance(kept, CaseConfirmed)
        assert (kept.amount_fen, kept.pay_from) == (200_00, JULY)
        assert raised == redetermined()
        (alone,) = self.confirms(date(2020, 5, 31), standard_set()).events
        assert alone.pay_from == Month(2020, 6)

    def decides(self, reported_on: date, on: date, wages_fen: int = 2_800_00) -> Decided:
        case = given(*CONFIRMED, reported(wages_fen, reported_on), on=on)
        command = {"actor": OTHER, "role": "township_approver", "change_id": CHANGE}
        return around(case, standard_set()).when(
            DecideChange(**command), by_recorded_standards(decide_change)
        )

    def test_on_a_change_opened_before_pays_by_the_standard_of_the_month_it_counts_from(
        self,
    ) -> None:
        """Wages of 2,800 less 700: 300 yuan a month by 600, of the day on which the change was
        opened, and 500 by 650, of the month.
        """
        changed, raised = self.decides(IN_JUNE, IN_JUNE).events
        assert (changed.standard_fen, changed.amount_fen) == (600_00, 300_00)
        assert (raised.from_month, raised.amount_fen) == (JULY, 500_00)

    def test_taken_late_first_brings_the_months_before_up(self) -> None:
        """Decided in July before July's cases were gone through: July is still paid by the
        account that counted then, August by the one that was decided.
        """
        july, changed, august = self.decides(IN_JUNE, date(2020, 7, 2)).events
        assert july == redetermined()
        assert (changed.from_month, changed.amount_fen) == (Month(2020, 8), 300_00)
        assert (august.from_month, august.amount_fen) == (Month(2020, 8), 500_00)

    def test_of_what_opened_after_needs_nothing_more(self) -> None:
        july, changed = self.decides(IN_JULY, IN_JULY).events
        assert july == redetermined()
        assert (changed.standard_fen, changed.amount_fen) == (650_00, 500_00)

    def test_to_phase_out_freezes_what_is_paid_by_then(self) -> None:
        july, leaving = self.decides(IN_JULY, IN_JULY, wages_fen=3_300_01).events
        assert july == redetermined()
        assert (leaving.first_month, leaving.amount_fen) == (Month(2020, 8), 400_00)

    def test_without_recorded_standards_is_what_it_was(self) -> None:
        assert self.confirms(IN_JUNE).events == (confirmed(pay_from=JULY),)

    def test_asks_no_file_for_a_month_whose_standard_is_recorded_elsewhere(self) -> None:
        """A floor, or a standard of what the case is not paid by, is no reason to look."""
        nowhere = confirmed(division="440100001000")
        of_tekun = standard_set(kind=StandardKind.TEKUN_BASIC, division="440100000000")
        case = (opened(division="440100001000"), proposed(), nowhere)
        assert levels(*case, standards=(floor_set(), of_tekun)) == []
