"""What care meets on the first days of its regimes."""

from __future__ import annotations

from datetime import date

import pytest

from services.care.decisions.agreements import OrderRectification, order_rectification
from services.care.decisions.care_file import Assess, assess
from services.care.decisions.contacts import NoteMissedContact, note_missed_contact
from shared.calendar import Month
from shared.contracts.care import CareIndicator
from shared.contracts.fields import CareLevel
from shared.kernel.event import Event
from shared.kernel.spec import Given
from tests.care.person import (
    ASSESSORS,
    DAYAO,
    ORDER,
    SHAANXI,
    assessed,
    chosen,
    given,
    missed,
    note,
    opened,
    signed,
)

FIRST_OF_43 = date(2021, 7, 1)
INDICATORS = tuple(CareIndicator)


def recognised_early(division: str, on: date, *more: Event) -> Given:
    """Somebody recognised before the regime, and what happened to them."""
    early = opened(division).model_copy(update={"confirmed_on": date(2021, 6, 1)})
    return given(early, *more, on=on)


@pytest.mark.parametrize(
    ("failed", "level"),
    [
        (0, CareLevel.SELF_CARE),
        (1, CareLevel.PARTIAL_CARE),
        (3, CareLevel.PARTIAL_CARE),
        (4, CareLevel.FULL_CARE),
    ],
)
def test_two_assess_by_the_indicators_from_the_first_day_of_43(
    failed: int, level: CareLevel
) -> None:
    stated = {
        "assessed_on": FIRST_OF_43,
        "failed": frozenset(INDICATORS[:failed]),
        "findings": note("assessment"),
    }
    beginning = recognised_early(SHAANXI, FIRST_OF_43)
    (event,) = beginning.when(Assess(assessors=ASSESSORS, **stated), assess).events
    assert event.level is level
    beginning.when(Assess(assessors=ASSESSORS[:1], **stated), assess).refuses(
        "too-few-assessors", different=1, needed=2
    )


def at_home(division: str) -> tuple[Event, ...]:
    """Agreed on care at home a month before the regime, for a year."""
    agreement = signed(
        signed_on=date(2021, 6, 1), until_on=date(2022, 12, 31), first_month=Month(2021, 6)
    )
    before = assessed(assessed_on=date(2021, 6, 1), from_month=Month(2021, 7))
    return (before, chosen(), agreement)


def test_a_caregiver_is_ordered_to_mend_their_ways_on_the_first_day_of_43() -> None:
    command = OrderRectification(order_id=ORDER, grounds=note("grounds"))
    beginning = recognised_early(DAYAO, FIRST_OF_43, *at_home(DAYAO))
    (event,) = beginning.when(command, order_rectification).events
    assert event.due.on == date(2021, 7, 15)


@pytest.mark.parametrize(
    ("division", "month", "owed"),
    [
        (DAYAO, Month(2021, 7), False),
        (SHAANXI, Month(2021, 7), False),
        (SHAANXI, Month(2022, 3), False),
        (SHAANXI, Month(2022, 4), True),
    ],
)
def test_contact_is_owed_by_the_regime_of_the_months_first_day(
    division: str, month: Month, *, owed: bool
) -> None:
    beginning = recognised_early(division, month.next().first_day, *at_home(division))
    found = beginning.when(NoteMissedContact(month=month), note_missed_contact).events
    assert found == ((missed(month),) if owed else ())
