"""A household's property changes: a car, a second house, deposits; 民发〔2021〕57号 art. 14.

The story's household, four persons with a standard of 600: three yearly standards a head, one
house and no vehicle are its limits; 3 × 12 × 600 × 4 = 86,400 yuan.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid5

import pytest

from services.decision.decisions import DecideChange, ReportChange, decide_change, report_change
from shared.calendar import Month
from shared.contracts.changes import (
    AmountChanged,
    BenefitStopped,
    HearingHeld,
    MonthsRedetermined,
    PropertyHeld,
    StopReason,
)
from shared.kernel.decider import HOUSE
from shared.kernel.event import Event
from shared.kernel.spec import Decided
from tests.decision.household import (
    CHANGE,
    CHANGED_ON,
    CONFIRMED,
    LIMITS,
    OTHER,
    REPORTER,
    given,
    reported,
)
from tests.decision.test_printed import printed
from tests.notices import notice
from tests.verification.household import DEDUCTIONS, HUSBAND, note, wage

LIMIT_FEN = 86_400_00
UNDER_THE_LAW = date(2026, 7, 1)


def held(deposits_fen: int = 800_00, houses: int = 1, vehicles: int = 0) -> PropertyHeld:
    return PropertyHeld(deposits_fen=deposits_fen, houses=houses, vehicles=vehicles)


def decided(
    property_held: PropertyHeld,
    *more: Event,
    on: date = CHANGED_ON,
    folders: tuple[Path, ...] = (),
    wages_fen: int = 2_900_00,
    asked: int | None = None,
    **changed: Any,
) -> Decided:
    """What comes of it that the household has so much now; its income is as it was."""
    change = reported(wages_fen, on, property=property_held, **changed)
    role = "county_approver" if on.year > 2022 else "township_approver"
    command = DecideChange(actor=OTHER, role=role, change_id=CHANGE, phase_out_months=asked)
    return given(*CONFIRMED, change, *more, on=on, folders=folders).when(command, decide_change)


def test_it_is_reported_with_the_account() -> None:
    command = ReportChange(
        change_id=CHANGE,
        reporter=REPORTER,
        income=(wage(HUSBAND, 2_900_00),),
        deductions=DEDUCTIONS,
        explanation=note("change"),
        property=held(vehicles=1),
    )
    decided = given(*CONFIRMED, on=CHANGED_ON).when(command, report_change)
    decided.then(reported(2_900_00, property=held(vehicles=1)))


@pytest.mark.parametrize(
    "has", [held(deposits_fen=LIMIT_FEN + 1), held(houses=2), held(vehicles=1)]
)
def test_above_a_limit_aid_stops_with_the_month_of_the_decision(has: PropertyHeld) -> None:
    (event,) = decided(has).events
    assert isinstance(event, BenefitStopped)
    assert (event.reason, event.last_month) == (StopReason.PROPERTY_ABOVE_LIMIT, Month(2020, 5))
    limits = {limit.name for limit in LIMITS}
    assert limits <= {used.name for used in event.parameters}


@pytest.mark.parametrize("has", [held(deposits_fen=LIMIT_FEN), held(houses=1), held(houses=0)])
def test_at_the_limits_it_goes_on(has: PropertyHeld) -> None:
    (event,) = decided(has).events
    assert isinstance(event, AmountChanged)
    assert event.amount_fen == 200_00


@pytest.mark.parametrize(
    ("limit", "has"),
    [
        ({"property_vehicles_limit": 1}, held(vehicles=1)),
        ({"property_houses_limit": 2}, held(houses=2)),
        ({"property_deposits_limit_annual_standards": "4"}, held(deposits_fen=LIMIT_FEN + 1)),
        ({"property_vehicles_limit": "none"}, held(vehicles=9)),
    ],
)
def test_the_limits_are_the_places_own(
    limit: dict[str, Any], has: PropertyHeld, tmp_path: Path
) -> None:
    (event,) = decided(has, folders=(notice(tmp_path, "350924", **limit),)).events
    assert isinstance(event, AmountChanged)


def test_a_limit_is_of_the_day_of_the_report(tmp_path: Path) -> None:
    limit = {date(2012, 12, 12): 1, date(2020, 5, 19): 0}
    folders = (notice(tmp_path, "350924", property_vehicles_limit=limit),)
    (event,) = decided(held(vehicles=1), folders=folders).events
    assert isinstance(event, AmountChanged)
    (event,) = decided(held(vehicles=1), folders=folders, on=date(2020, 5, 19)).events
    assert isinstance(event, BenefitStopped)


def test_there_is_no_phase_out_of_property() -> None:
    decided(held(vehicles=1), asked=12).refuses(
        "no-phase-out", months=12, because="property_above_limit"
    )


def test_property_goes_before_an_income_that_rose_as_well() -> None:
    """In Fujian twelve months are owed of income; nobody is owed them of a car."""
    (event,) = decided(held(vehicles=1), wages_fen=3_300_00).events
    assert isinstance(event, BenefitStopped)


def test_under_the_law_the_household_is_heard_before() -> None:
    decided(held(vehicles=1), on=UNDER_THE_LAW).refuses("hearing-missing")
    heard = HearingHeld(change_id=CHANGE, statement=note("statement"))
    (event,) = decided(held(vehicles=1), heard, on=UNDER_THE_LAW).events
    assert isinstance(event, BenefitStopped)


def test_what_was_bought_in_the_past_counts_from_the_month_after() -> None:
    on = date(2020, 8, 18)
    stopped, beside = decided(held(vehicles=1), on=on, happened_on=date(2020, 6, 30)).events
    assert isinstance(stopped, BenefitStopped)
    assert stopped.last_month == Month(2020, 6)
    assert isinstance(beside, MonthsRedetermined)
    months = [(m.month, m.before_fen, m.after_fen) for m in beside.months]
    assert months == [(Month(2020, 7), 200_00, 0), (Month(2020, 8), 200_00, 0)]


def test_who_is_stopped_for_it_is_not_entitled_again_by_a_report_of_income() -> None:
    """The car is known until another word on property comes; then aid goes on."""
    later = uuid5(HOUSE, "tests/later change")
    (stopped,) = decided(held(vehicles=1)).events
    stands = (reported(2_900_00, property=held(vehicles=1)), stopped)

    def again(**changed: Any) -> Decided:
        report = reported(2_500_00, change_id=later, **changed)
        command = DecideChange(actor=OTHER, role="township_approver", change_id=later)
        return given(*CONFIRMED, *stands, report, on=CHANGED_ON).when(command, decide_change)

    again().refuses("already-leaving", last_month="2020-05")
    (sold,) = again(property=held()).events
    assert isinstance(sold, AmountChanged)
    assert (sold.amount_fen, sold.from_month) == (600_00, Month(2020, 6))


def test_it_is_told_in_print_beside_the_limits() -> None:
    (stopped,) = decided(held(vehicles=1)).events
    change = reported(2_900_00, property=held(vehicles=1))
    told = printed(*CONFIRMED, change, stopped, on=CHANGED_ON)
    assert "住房 / houses 1；机动车辆 / vehicles 1" in told
    assert "机动车辆 / Vehicles: 1 > 0" in told
    assert "财产超过规定上限 / property above the limit" in told
