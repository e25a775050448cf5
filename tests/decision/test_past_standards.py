"""A standard decided in June counts from April: every month since, of every case, once.

The story's household: four persons, 2,200 yuan counted, 200 yuan a month from May 2020 on by a
standard of 600 from a file. The county sets 650 on 15 August 2020, from May on: 4 × 50 more.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid5

import pytest

from services.decision.decisions import carry_out_ruling
from services.decision.model import Stage
from shared.calendar import Month
from shared.contracts.changes import BenefitStopped, PhaseOutStarted, StopReason
from shared.contracts.decision import CaseEnded, EndReason
from shared.contracts.fields import Programme
from shared.contracts.notices import NoticeSubject
from shared.contracts.standards import (
    AmountRedetermined,
    CaseloadLeft,
    RedeterminationListed,
    RedeterminationPageApplied,
    RedeterminationStarted,
    StandardForce,
    StandardKind,
)
from shared.kernel.decider import HOUSE
from shared.kernel.event import Event
from shared.policy.standards import PROGRAMME_OF_KIND
from tests.decision.appeals import appealed, carry_out, filed, ruled
from tests.decision.household import CHANGE, CONFIRMED, FOUR, OTHER, amount_changed, reported
from tests.decision.office import Office
from tests.decision.standards import COUNTY, PREFECTURE, PROVINCE

ONE = "350924100000"
MAY, JUNE, JULY, AUGUST = (Month(2020, n) for n in (5, 6, 7, 8))
SET_ON = date(2020, 8, 15)
CASE, OF_DIBAO = (uuid5(HOUSE, f"tests/past/{name}") for name in ("case", "dibao"))
OF_ONE_PERSON = (
    StandardKind.TEKUN_BASIC,
    StandardKind.DISABILITY_LIVING_SUBSIDY,
    StandardKind.DISABILITY_CARE_SUBSIDY,
)


def office(on: date = SET_ON) -> Office:
    """Under a floor of 300 yuan for every month."""
    made = Office(date(2020, 3, 31))
    for kind in (StandardKind.DIBAO, *OF_ONE_PERSON):
        made.set(PROVINCE, 300_00, Month(2020, 4), kind, force=StandardForce.FLOOR)
    made.today = on
    return made


def lived(*events: Event, **account: Any) -> Office:
    """The county's new standard, once the household has lived through these events."""
    made = office()
    made.live([CASE], ONE, **account)
    if events:
        made.record(CASE, *events, region=ONE)
    made.follow()
    raised(made)
    return made


def raised(made: Office, fen: int = 650_00, month: Month = MAY) -> UUID:
    standard_id = made.set(COUNTY, fen, month)
    made.follow()
    made.duties()
    made.follow()
    return standard_id


def told(made: Office) -> list[tuple[str, str | None, int, int]]:
    events = made.events(AmountRedetermined)
    return [
        (
            str(e.from_month),
            None if e.last_month is None else str(e.last_month),
            e.amount_before_fen,
            e.amount_fen,
        )
        for e in events
    ]


def by_month(made: Office, through: Month = AUGUST) -> list[int]:
    amounts = made.case(CASE).amounts
    return [amounts.at(month) // 100 for month in MAY.through(through)]


PHASE_OUT = PhaseOutStarted(
    change_id=CHANGE,
    decider=OTHER,
    persons=4,
    standard_fen=600_00,
    counted_income_fen=2_600_00,
    parameters=(),
    amount_fen=200_00,
    first_month=JULY,
    last_month=Month(2021, 6),
)
STOP = BenefitStopped(
    change_id=CHANGE,
    decider=OTHER,
    persons=4,
    standard_fen=600_00,
    counted_income_fen=3_000_00,
    parameters=(),
    reason=StopReason.INCOME_ABOVE_STANDARD,
    last_month=JUNE,
)
ENDED = CaseEnded(
    programme=Programme.DIBAO,
    division=ONE,
    members=FOUR,
    reason=EndReason.STOPPED,
    last_month=JUNE,
)


class TestEveryMonthSince:
    def test_of_an_account_that_still_counts_follows_by_one_event(self) -> None:
        made = lived()
        assert told(made) == [("2020-05", None, 200_00, 400_00)]
        assert by_month(made) == [400] * 4
        (applied,) = made.events(RedeterminationPageApplied)
        assert applied.arrears_fen == 4 * 200_00
        assert (applied.before_fen, applied.after_fen) == (200_00, 400_00)
        assert {d.effective_on for d in made.documents(AmountRedetermined)} == {SET_ON}

    def test_before_another_account_is_determined_by_the_account_of_then(self) -> None:
        """1,800 counted since July: 600 yuan by the old standard, 800 by the new one."""
        made = lived(reported(2_500_00), amount_changed(1_800_00, 600_00, from_month=JULY))
        assert told(made) == [
            ("2020-05", "2020-06", 200_00, 400_00),
            ("2020-07", None, 600_00, 800_00),
        ]
        assert by_month(made) == [400, 400, 800, 800]
        now = made.case(CASE)
        assert (now.amount_fen, now.amount_from, now.counted_income_fen) == (
            800_00,
            JULY,
            1_800_00,
        )
        (applied,) = made.events(RedeterminationPageApplied)
        assert (applied.arrears_fen, applied.redetermined) == (4 * 200_00, 1)
        assert (applied.before_fen, applied.after_fen) == (600_00, 800_00)

    def test_with_a_change_that_counts_from_next_month_follows_to_this_one_and_from_then_on(
        self,
    ) -> None:
        """1,800 counted from September: 600 yuan by the standard of the day it was decided, 800 by
        that of September.
        """
        made = lived(
            reported(2_500_00), amount_changed(1_800_00, 600_00, from_month=Month(2020, 9))
        )
        assert told(made) == [
            ("2020-05", "2020-08", 200_00, 400_00),
            ("2020-09", None, 600_00, 800_00),
        ]
        assert by_month(made, Month(2020, 9)) == [400] * 4 + [800]
        (applied,) = made.events(RedeterminationPageApplied)
        assert applied.arrears_fen == 4 * 200_00

    def test_goes_by_the_parameters_of_its_own_month(self) -> None:
        """The county had set 610 for July: each month is told from what it was."""
        made = office(date(2020, 6, 20))
        made.live([CASE], ONE)
        made.follow()
        made.set(PREFECTURE, 610_00, JULY)
        made.today = date(2020, 7, 1)
        made.duties()
        made.follow()
        made.today = SET_ON
        raised(made)
        assert told(made)[1:] == [
            ("2020-05", "2020-06", 200_00, 400_00),
            ("2020-07", None, 240_00, 400_00),
        ]
        befores = [e.standard_before_fen for e in made.events(AmountRedetermined)]
        assert befores == [600_00, 600_00, 610_00]

    def test_before_a_phase_out_follows_and_what_was_frozen_stays(self) -> None:
        made = lived(reported(), PHASE_OUT)
        assert told(made) == [("2020-05", "2020-06", 200_00, 400_00)]
        assert by_month(made) == [400, 400, 200, 200]
        now = made.case(CASE)
        assert (now.stage, now.amount_fen) == (Stage.PHASING_OUT, 200_00)
        assert now.amounts.at(Month(2021, 7)) == 0

    def test_of_a_case_that_has_ended_since_follows_too(self) -> None:
        made = lived(reported(), STOP, ENDED)
        assert [e.last_month for e in made.events(CaseloadLeft)] == [JUNE]
        assert told(made) == [("2020-05", "2020-06", 200_00, 400_00)]
        assert by_month(made) == [400, 400, 0, 0]
        assert made.case(CASE).stage is Stage.ENDED

    @pytest.mark.parametrize("ended", [(), (ENDED,)])
    def test_before_a_stop_that_fell_on_appeal_follows_as_if_it_had_never_been(
        self, ended: tuple[Event, ...]
    ) -> None:
        """May and June lie before the stop, July and August are restored."""
        stopped = (reported(), STOP, *ended)
        spec = appealed(filed(NoticeSubject.STOP), ruled(), on=SET_ON, case=(*CONFIRMED, *stopped))
        *fell, _ = spec.when(carry_out(), carry_out_ruling).events
        made = lived(*stopped, *fell)
        assert by_month(made) == [400] * 4
        assert told(made) == [
            ("2020-05", "2020-06", 200_00, 400_00),
            ("2020-07", None, 200_00, 400_00),
        ]

    @pytest.mark.parametrize(("month", "cases"), [(JUNE, 1), (JULY, 0)])
    def test_of_a_case_that_ended_before_it_is_none(self, month: Month, cases: int) -> None:
        """Its last month was June."""
        made = office()
        made.live([CASE], ONE)
        made.record(CASE, reported(), STOP, ENDED, region=ONE)
        made.follow()
        raised(made, month=month)
        (listed,) = made.events(RedeterminationListed)
        assert listed.cases == cases
        assert len(told(made)) == cases

    @pytest.mark.parametrize("kind", OF_ONE_PERSON)
    def test_of_one_person_is_the_standard_itself(self, kind: StandardKind) -> None:
        made = office()
        made.live([OF_DIBAO], ONE)  # which the living subsidy rests on
        made.live([CASE], ONE, programme=PROGRAMME_OF_KIND[kind])
        made.follow()
        made.set(COUNTY, 900_00, MAY, kind)
        made.follow()
        made.duties()
        made.follow()
        (event,) = made.events(AmountRedetermined)
        assert (event.from_month, event.last_month, event.amount_fen) == (MAY, None, 900_00)


class TestExactlyOnce:
    def test_set_again_for_the_same_month_it_gives_the_rest(self) -> None:
        made = lived(reported(2_500_00), amount_changed(1_800_00, 600_00, from_month=JULY))
        raised(made, 660_00)
        assert told(made)[2:] == [
            ("2020-05", "2020-06", 400_00, 440_00),
            ("2020-07", None, 800_00, 840_00),
        ]
        assert len(made.events(RedeterminationStarted)) == 2

    def test_whoever_decides_before_its_page_finds_and_leaves_the_same(self) -> None:
        """What was level already is found level: nothing is told twice."""
        made = lived()
        standard_id = raised(made)  # the same again: nothing is lower, nothing is new
        assert standard_id
        assert len(told(made)) == 1

    def test_a_standard_ahead_says_nothing_of_arrears(self) -> None:
        made = office()
        made.live([CASE], ONE)
        made.follow()
        made.set(COUNTY, 650_00, Month(2020, 9))
        made.today = date(2020, 9, 1)
        made.duties()
        made.follow()
        (applied,) = made.events(RedeterminationPageApplied)
        assert (applied.arrears_fen, applied.redetermined) == (None, 1)


def test_the_fold_of_months_alone_leaves_all_others_as_they_are() -> None:
    made = lived(reported(), PHASE_OUT)
    state = made.case(CASE)
    assert state.standards.at(JUNE) == 650_00
    assert state.standards.at(JULY) == 600_00
