"""What a determination meets on the first and the last day of each regime."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from services.decision.decisions import (
    Approve,
    Decide,
    DecideChange,
    PostPublicity,
    ReportChange,
    approve,
    confirm,
    decide_change,
    post_publicity,
    refuse,
    report_change,
)
from shared.calendar import Month
from shared.contracts.decision import (
    AmountChanged,
    BenefitStopped,
    ManualReviewOpened,
    PhaseOutStarted,
    PublicityPosted,
    PublicityRound,
)
from shared.contracts.fields import IncomeKind, IncomeLine, LineSource, Programme
from shared.kernel.event import Event
from shared.kernel.spec import Decided, Given
from tests.decision.household import (
    APPROVER,
    CHANGE,
    OTHER,
    REPORTER,
    UP_TO_SECOND,
    approved,
    confirmed,
    given,
    opened,
    proposed,
    refusal_proposed,
    reported,
)
from tests.decision.test_tekun import account as of_tekun
from tests.decision.test_tekun import proposed as proposed_tekun
from tests.verification.household import DAYAO, DEDUCTIONS, FUJIAN, HUSBAND, SHAANXI, note, wage

DIBAO, TEKUN = Programme.DIBAO, Programme.TEKUN
FIRST_OF_220, LAST_OF_220 = date(2012, 12, 12), date(2021, 6, 30)
FIRST_OF_57 = FIRST_OF_43 = date(2021, 7, 1)
LAST_BEFORE_83, FIRST_OF_83 = date(2022, 10, 19), date(2022, 10, 20)
LAST_BEFORE_THE_LAW, FIRST_OF_THE_LAW = date(2026, 6, 30), date(2026, 7, 1)
ONE, TWO = PublicityRound.FIRST, PublicityRound.SECOND
DAYS = timedelta(days=1)


def account(programme: Programme, accepted_on: date, **changed: Any) -> Event:
    """A household's account, or a tekun person's, of an application accepted on a day."""
    made = of_tekun if programme is TEKUN else opened
    return made(accepted_on=accepted_on, **changed)


def posted_on(day: date, round_: PublicityRound = ONE) -> PublicityPosted:
    """A publicity that is over by the middle of the month after."""
    return PublicityPosted(round=round_, from_on=day, until_on=day + 7 * DAYS)


def case(programme: Programme, accepted_on: date, *more: Event, **changed: Any) -> Given:
    """A case, proposed, and what happened then; on the tenth day after its acceptance."""
    proposal = proposed_tekun() if programme is TEKUN else proposed()
    so_far = (account(programme, accepted_on, **changed), proposal, *more)
    return given(*so_far, on=accepted_on + 10 * DAYS)


class TestPublicity:
    @pytest.mark.parametrize(
        ("programme", "accepted_on"),
        [
            (DIBAO, FIRST_OF_220),
            (DIBAO, LAST_OF_220),
            (DIBAO, FIRST_OF_57),
            (DIBAO, LAST_BEFORE_83),
            (DIBAO, FIRST_OF_83),
            (TEKUN, FIRST_OF_43),
        ],
    )
    def test_is_of_seven_calendar_days(self, programme: Programme, accepted_on: date) -> None:
        spec = case(programme, accepted_on)
        (event,) = spec.when(PostPublicity(round=ONE), post_publicity).events
        assert event.until_on - event.from_on == 7 * DAYS

    @pytest.mark.parametrize("accepted_on", [FIRST_OF_220, LAST_OF_220])
    def test_has_a_second_round_under_220(self, accepted_on: date) -> None:
        spec = case(DIBAO, accepted_on, posted_on(accepted_on), approved())
        (event,) = spec.when(PostPublicity(round=TWO), post_publicity).events
        assert event.until_on - event.from_on == 7 * DAYS

    @pytest.mark.parametrize(
        ("programme", "accepted_on"), [(DIBAO, FIRST_OF_57), (TEKUN, FIRST_OF_43)]
    )
    def test_has_none_afterwards(self, programme: Programme, accepted_on: date) -> None:
        spec = case(programme, accepted_on, posted_on(accepted_on), approved())
        spec.when(PostPublicity(round=TWO), post_publicity).refuses("no-such-publicity")


class TestDeadlines:
    @pytest.mark.parametrize(
        ("programme", "accepted_on", "due_on"),
        [
            # The second publicity ends on Saturday the 29th; then the 31st, the 4th after New
            # Year, and the 5th, a Saturday that is worked.
            pytest.param(DIBAO, FIRST_OF_220, date(2013, 1, 5), id="220"),
            pytest.param(DIBAO, LAST_OF_220, date(2021, 7, 21), id="220 on its last day"),
            pytest.param(DIBAO, FIRST_OF_57, date(2021, 7, 23), id="57: ten working days"),
            pytest.param(TEKUN, FIRST_OF_43, date(2021, 7, 30), id="43: fifteen"),
        ],
    )
    def test_of_the_decision(self, programme: Programme, accepted_on: date, due_on: date) -> None:
        spec = case(programme, accepted_on, posted_on(accepted_on))
        (event,) = spec.when(Approve(actor=APPROVER), approve).events
        assert event.decision_due.on == due_on

    @pytest.mark.parametrize(
        ("programme", "accepted_on", "decided_on", "due_on"),
        [
            pytest.param(DIBAO, FIRST_OF_220, date(2012, 12, 14), date(2012, 12, 17), id="220"),
            pytest.param(DIBAO, LAST_OF_220, date(2021, 7, 16), date(2021, 7, 19), id="220, last"),
            pytest.param(DIBAO, FIRST_OF_57, date(2021, 7, 16), date(2021, 7, 21), id="57"),
            pytest.param(TEKUN, FIRST_OF_43, date(2021, 7, 16), date(2021, 7, 21), id="43"),
        ],
    )
    def test_of_the_notice_of_a_refusal_on_a_friday(
        self, programme: Programme, accepted_on: date, decided_on: date, due_on: date
    ) -> None:
        """Three days over the weekend, then three working days."""
        to_refuse = (account(programme, accepted_on), refusal_proposed())
        by_county = Decide(actor=OTHER, role="county_approver")
        by_township = Decide(actor=OTHER, role="township_approver")
        fujian = programme is DIBAO and accepted_on >= date(2020, 3, 31)
        (event,) = (
            given(*to_refuse, on=decided_on)
            .when(by_township if fujian else by_county, refuse)
            .events
        )
        assert event.notice_due.on == due_on


@pytest.mark.parametrize(
    ("programme", "division", "accepted_on", "level"),
    [
        (DIBAO, SHAANXI, FIRST_OF_220, "county"),
        (DIBAO, SHAANXI, LAST_OF_220, "county"),
        (DIBAO, SHAANXI, FIRST_OF_57, "county"),
        (DIBAO, FUJIAN, date(2020, 3, 30), "county"),
        (DIBAO, FUJIAN, date(2020, 3, 31), "township"),
        (DIBAO, FUJIAN, date(2023, 1, 7), "township"),
        (DIBAO, FUJIAN, date(2023, 1, 8), "county"),
        (TEKUN, FUJIAN, FIRST_OF_43, "county"),
    ],
)
def test_who_decides(programme: Programme, division: str, accepted_on: date, level: str) -> None:
    to_refuse = (account(programme, accepted_on, division=division), refusal_proposed())
    spec = given(*to_refuse, on=accepted_on + 10 * DAYS)
    for role in ("county", "township"):
        decided = spec.when(Decide(actor=OTHER, role=f"{role}_approver"), refuse)
        if role == level:
            assert decided.events
        else:
            decided.refuses("not-the-deciding-level", decided_by=level)


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


@pytest.mark.parametrize(
    ("programme", "accepted_on", "rounds"),
    [
        (DIBAO, FIRST_OF_220, (ONE, TWO)),
        (DIBAO, LAST_OF_220, (ONE, TWO)),
        (DIBAO, FIRST_OF_57, (ONE,)),
        (TEKUN, FIRST_OF_43, (ONE,)),
    ],
)
def test_a_case_is_confirmed_once_its_publicity_is_over(
    programme: Programme, accepted_on: date, rounds: tuple[PublicityRound, ...]
) -> None:
    rest = (posted_on(accepted_on), approved())
    if TWO in rounds:
        rest = (*rest, posted_on(accepted_on + DAYS, TWO))
    fujian = programme is DIBAO and accepted_on >= date(2020, 3, 31)
    command = Decide(actor=OTHER, role="township_approver" if fujian else "county_approver")
    (event,) = case(programme, accepted_on, *rest).when(command, confirm).events
    assert event.pay_from == Month.of(accepted_on + 10 * DAYS).next()
    if TWO in rounds:
        case(programme, accepted_on, *rest[:2]).when(command, confirm).refuses(
            "publicity-missing", round="second"
        )
