"""A lowered standard would cost a household its aid: it is looked into, and what is decided falls.

The story's household: four persons, 2,200 yuan counted, 200 yuan a month by 600. The county lowers
its standard from July 2020 on: by 540 it lies above, by 550 exactly at it, by 560 it gets 40.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.decision.decisions import (
    OrderSuspension,
    by_recorded_standards,
    carry_out_ruling,
    order_suspension,
)
from services.decision.decisions.levelling import after
from services.decision.model import Stage
from shared.calendar import Month
from shared.contracts.changes import MonthsRedetermined
from shared.contracts.notices import NoticeSubject
from shared.contracts.standards import StandardReviewOpened, StandardReviewReason
from shared.kernel.event import Event
from tests.decision.appeals import APPEAL_ID, appealed, carry_out, filed, ruled
from tests.decision.changes import STOP
from tests.decision.household import CHANGE, CONFIRMED, REPORTER, amount_changed, reported
from tests.decision.levelling import IN_JULY, around, levels
from tests.decision.standards import STANDARD, standard_set
from tests.verification.household import CASE, note

JUNE, JULY, AUGUST = (Month(2020, n) for n in (6, 7, 8))
ON = date(2020, 9, 8)
STOPPED = STOP.model_copy(
    update={"change_id": CHANGE, "last_month": JULY, "standard_fen": 540_00, "persons": 4}
)


def looked_into_and_stopped(fen: int = 540_00) -> tuple[Event, ...]:
    lowered = standard_set(fen)
    review = levels(*CONFIRMED, on=IN_JULY, standards=(lowered,))
    assert [type(event) for event in review] == [StandardReviewOpened]
    return (*CONFIRMED, *review, reported(2_900_00, date(2020, 7, 20)), STOPPED)


def fell(case: tuple[Event, ...], fen: int, subject: NoticeSubject) -> tuple[Any, list[Any]]:
    spec = around(appealed(filed(subject), ruled(), on=ON, case=case), standard_set(fen))
    decided = spec.when(carry_out(), by_recorded_standards(carry_out_ruling, 1))
    facts = [fact for fact in decided.facts if fact.stream is None]
    return after(spec.state, facts), [fact.event for fact in facts]


def by_month(case: Any) -> list[int]:
    return [case.amounts.at(month) // 100 for month in JUNE.through(Month(2020, 10))]


@pytest.mark.parametrize(
    ("fen", "reason"),
    [
        (540_00, StandardReviewReason.INCOME_ABOVE_STANDARD),
        (550_00, StandardReviewReason.INCOME_AT_STANDARD),
    ],
)
def test_a_stop_that_falls_leaves_what_was_paid_while_it_was_looked_into(
    fen: int, reason: StandardReviewReason
) -> None:
    """Not nothing a month, by a figure that nobody decided about; it is looked into anew."""
    now, events = fell(looked_into_and_stopped(fen), fen, NoticeSubject.STOP)
    assert (now.stage, by_month(now)) == (Stage.CONFIRMED, [200] * 5)
    (beside,) = (e for e in events if isinstance(e, MonthsRedetermined))
    assert beside.difference_fen == 2 * 200_00
    (review,) = (e for e in events if isinstance(e, StandardReviewOpened))
    assert (review.reason, review.standard_id, review.from_month) == (
        reason,
        STANDARD,
        AUGUST,
    )


def test_a_stop_that_waits_pays_what_was_paid_while_it_was_looked_into() -> None:
    case = looked_into_and_stopped()
    spec = around(appealed(filed(NoticeSubject.STOP), on=ON, case=case), standard_set(540_00))
    order = OrderSuspension(
        case_id=CASE, appeal_id=APPEAL_ID, recorder=REPORTER, order=note("order")
    )
    decided = spec.when(order, by_recorded_standards(order_suspension, 1))
    facts = [fact for fact in decided.facts if fact.stream is None]
    assert by_month(after(spec.state, facts)) == [200, 200, 0, 0, 200]


@pytest.mark.parametrize(("fen", "due"), [(540_00, 200), (560_00, 40)])
def test_an_amount_that_falls_after_a_standard_was_lowered(fen: int, due: int) -> None:
    """1,200 counted since June: 1,200 yuan, and less by the lowered standard, which that bears."""
    changed = (reported(1_900_00), amount_changed(1_200_00, 1_200_00))
    lowered = levels(*CONFIRMED, *changed, on=IN_JULY, standards=(standard_set(fen),))
    now, _ = fell((*CONFIRMED, *changed, *lowered), fen, NoticeSubject.AMOUNT_CHANGED)
    assert by_month(now) == [200, *[due] * 4]
