"""What a determination meets on the first and the last day of each regime."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from services.decision.decisions import (
    Approve,
    Decide,
    PostPublicity,
    Propose,
    approve,
    confirm,
    post_publicity,
    propose,
    refuse,
)
from shared.calendar import Month
from shared.contracts.fields import Programme
from shared.contracts.publicity import PublicityPosted, PublicityRound
from shared.kernel.event import Event
from shared.kernel.spec import Given
from tests.decision.household import (
    APPROVER,
    EXPLANATION,
    OTHER,
    PROPOSER,
    approved,
    given,
    opened,
    proposed,
    refusal_proposed,
)
from tests.decision.test_tekun import account as of_tekun
from tests.decision.test_tekun import proposed as proposed_tekun
from tests.verification.household import FUJIAN, SHAANXI

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


@pytest.mark.parametrize(
    ("accepted_on", "regime"),
    [
        (FIRST_OF_220, "mca_two_twenty"),
        (LAST_OF_220, "mca_two_twenty"),
        (FIRST_OF_57, "mca_fifty_seven"),
        (LAST_BEFORE_83, "mca_fifty_seven"),
        (FIRST_OF_83, "mca_eighty_three"),
        (LAST_BEFORE_THE_LAW, "mca_eighty_three"),
        (FIRST_OF_THE_LAW, "social_assistance_law"),
    ],
)
def test_an_assessment_says_by_which_procedure_it_was_drawn_up(
    accepted_on: date, regime: str
) -> None:
    begun = given(opened(accepted_on=accepted_on), on=accepted_on + 10 * DAYS)
    command = Propose(actor=PROPOSER, explanation=EXPLANATION)
    drawn_up, _proposal = begun.when(command, propose).events
    assert drawn_up.regime == regime
