"""A decision about a past fact falls on appeal: every month is again what it was before it.

The story's household, 200 yuan a month from May 2020 on. A first decision counts from July; a
second one, of September, is about a fact of April and counts from May. The second one falls.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid5

import pytest

from services.decision.decisions import (
    OrderSuspension,
    RecordRuling,
    carry_out_ruling,
    order_suspension,
    record_ruling,
)
from services.decision.decisions.former_accounts import months_of_former_accounts
from services.decision.decisions.levelling import after, levelled, with_standards
from shared.calendar import Month
from shared.contracts.appeals import AppealRuling
from shared.contracts.changes import (
    AmountChanged,
    BenefitStopped,
    MonthsRedetermined,
    PhaseOutStarted,
    StopReason,
)
from shared.contracts.notices import NoticeSubject
from shared.kernel.decider import HOUSE
from shared.kernel.event import Event
from tests.decision.appeals import NOBODY_LEFT, appealed, carry_out, filed, ruled
from tests.decision.changes import PHASE_OUT, STOP
from tests.decision.household import (
    CONFIRMED,
    REPORTER,
    amount_changed,
    given,
    reported,
)
from tests.decision.levelling import around
from tests.decision.standards import standard_set
from tests.verification.household import CASE, note

MAY, JULY = Month(2020, 5), Month(2020, 7)
ON = date(2020, 10, 8)
THROUGH = Month(2020, 11)
EARLIER = uuid5(HOUSE, "tests/earlier change")
A_HUNDRED = amount_changed(2_300_00, 100_00, change_id=EARLIER, from_month=JULY)
FIFTY = amount_changed(2_350_00, 50_00, from_month=MAY)
PHASED_OUT = PHASE_OUT.model_copy(update={"change_id": EARLIER, "first_month": JULY})
STOPPED = STOP.model_copy(update={"change_id": EARLIER, "last_month": Month(2020, 10)})
ALL_DEAD = (
    NOBODY_LEFT.model_copy(update={"from_month": MAY}),
    STOP.model_copy(
        update={"reason": StopReason.NOBODY_LEFT, "last_month": Month(2020, 4), "persons": 0}
    ),
)


def fell(first: Event, *second: Event) -> tuple[tuple[Event, ...], tuple[Any, ...]]:
    """The case with both decisions, and what the fall of the second brings."""
    case = (
        *CONFIRMED,
        reported(change_id=EARLIER),
        first,
        reported(on=date(2020, 9, 1), reporter=REPORTER, happened_on=date(2020, 4, 20)),
        *second,
    )
    subject = NoticeSubject.STOP if len(second) > 1 else NoticeSubject.AMOUNT_CHANGED
    appeal = filed(subject, filed_on=date(2020, 9, 20)), ruled()
    spec = appealed(*appeal, on=ON, case=case)
    return case, spec.when(carry_out(), carry_out_ruling).events[:-1]


def by_month(*events: Event, of: tuple[Event, ...] = ()) -> list[int]:
    amounts = given(*of, *events, on=ON).state.amounts
    return [amounts.at(month) // 100 for month in MAY.through(THROUGH)]


@pytest.mark.parametrize(
    ("first", "second"), [(A_HUNDRED, (FIFTY,)), (PHASED_OUT, (FIFTY,)), (STOPPED, (FIFTY,))]
)
def test_the_months_before_an_earlier_decision_are_of_the_account_before_it(
    first: Event, second: tuple[Event, ...]
) -> None:
    before = by_month(first, of=CONFIRMED)
    case, events = fell(first, *second)
    assert by_month(*case) == [50] * 7
    assert by_month(*case, *events) == before
    (beside,) = (e for e in events if isinstance(e, MonthsRedetermined))
    assert [(m.month, m.after_fen // 100) for m in beside.months] == list(
        zip(MAY.through(Month(2020, 10)), before, strict=False)
    )
    assert beside.difference_fen == sum(before[:6]) * 100 - 6 * 50_00


@pytest.mark.parametrize("first", [PHASED_OUT, STOPPED])
def test_who_was_said_to_be_dead_before_they_left_is_owed_those_months_too(first: Event) -> None:
    case, events = fell(first, *ALL_DEAD)
    assert by_month(*case) == [0] * 7
    assert by_month(*case, *events) == by_month(first, of=CONFIRMED)
    (left,) = (e for e in events if isinstance(e, PhaseOutStarted | BenefitStopped))
    assert left.last_month == getattr(first, "last_month", None)
    told = [e for e in events if isinstance(e, AmountChanged)]
    assert [(e.persons, e.counted_income_fen) for e in told] == [(4, 2_200_00)]


def test_months_in_which_an_earlier_decision_was_suspended_are_as_they_were_paid() -> None:
    """A cut of July waited in August and September; it stands from October on. Then a fact of the
    past, from August on, is decided, and falls.
    """
    appeal, order = uuid5(HOUSE, "tests/earlier appeal"), uuid5(HOUSE, "tests/later appeal")
    of_cut = filed(NoticeSubject.AMOUNT_CHANGED, change_id=EARLIER, appeal_id=appeal)
    cut = (*CONFIRMED, reported(change_id=EARLIER), A_HUNDRED)
    suspend = OrderSuspension(
        case_id=CASE, appeal_id=appeal, recorder=REPORTER, order=note("order")
    )
    spec = appealed(of_cut, on=date(2020, 7, 6), case=cut)
    ordered, *waits = spec.when(suspend, order_suspension).events
    upheld = ruled(AppealRuling.UPHELD).model_copy(update={"appeal_id": appeal})
    rule = RecordRuling(**{**upheld.model_dump(), "case_id": CASE})
    spec = appealed(of_cut, ordered, on=date(2020, 9, 7), case=(*cut, *waits))
    _, *stands = spec.when(rule, record_ruling).events
    case = (*cut, *waits, *stands)
    before = by_month(*case)
    assert before == [200, 200, 100, 200, 200, 100, 100]
    later = (reported(), FIFTY.model_copy(update={"from_month": Month(2020, 8)}))
    of_later = filed(NoticeSubject.AMOUNT_CHANGED, appeal_id=order, filed_on=date(2020, 9, 20))
    spec = appealed(of_later, ruled(), on=ON, case=(*case, *later))
    *events, _ = spec.when(carry_out(appeal_id=order), carry_out_ruling).events
    assert by_month(*case, *later) == [200, 200, 100, 50, 50, 50, 50]
    assert by_month(*case, *later, *events) == before


def fell_twice() -> tuple[Event, ...]:
    """A hundred from July; two decisions about facts of the past fall, one after the other."""
    case, back = fell(A_HUNDRED, FIFTY)
    later = uuid5(HOUSE, "tests/later change")
    case = (
        *case,
        *back,
        reported(change_id=later, on=ON, happened_on=date(2020, 4, 20)),
        PHASE_OUT.model_copy(update={"change_id": later, "first_month": MAY}),
    )
    order = uuid5(HOUSE, "tests/later appeal")
    appeal = filed(NoticeSubject.PHASE_OUT, change_id=later, appeal_id=order, filed_on=ON), ruled()
    spec = appealed(*appeal, on=ON, case=case)
    *again, _ = spec.when(carry_out(appeal_id=order), carry_out_ruling).events
    return (*case, *again)


def test_the_fall_of_another_decision_before_it_moves_no_month_to_another_account() -> None:
    """May and June are due by the account of then, though both that fell reached back to May."""
    assert by_month(*fell_twice()) == [200, 200, 100, 100, 100, 100, 100]


def test_a_standard_of_past_months_goes_by_their_accounts_after_a_decision_fell() -> None:
    """650 from May on: 400 yuan in May and June, by 2,200 counted, and 300 from July, by 2,300."""
    case, back = fell(A_HUNDRED, FIFTY)
    spec = around(given(*case, *back, on=ON), standard_set(650_00, MAY))
    states = [history.state for history in spec.histories[1:]]
    at = with_standards(spec.moment, states)
    facts = [
        *months_of_former_accounts(spec.state, MAY, at),
        *levelled(spec.state, states, THROUGH, at),
    ]
    amounts = after(spec.state, facts).amounts
    assert [amounts.at(m) // 100 for m in MAY.through(THROUGH)] == [400, 400, *[300] * 5]
