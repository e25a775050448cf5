"""Working days, calendar days, months."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from shared.calendar import (
    CALENDAR_VERSION,
    COVERED_YEARS,
    CalendarVersion,
    Month,
    add_calendar_days,
    add_working_days,
    is_covered,
    is_working_day,
    same_day_after,
    working_days_between,
)


def test_case_24_make_up_days():
    """Sunday 04-26 is worked, 05-01 to 05-05 are off."""
    assert is_working_day(date(2020, 4, 26))
    assert not any(is_working_day(date(2020, 5, day)) for day in range(1, 6))
    assert add_working_days(date(2020, 4, 20), 10).due_on == date(2020, 5, 6)


def test_case_4_fujian_emergency_aid_over_qingming():
    assert add_working_days(date(2020, 3, 31), 5).due_on == date(2020, 4, 8)


def test_twenty_working_days_over_the_spring_festival_of_2026():
    deadline = add_working_days(date(2026, 1, 26), 20)
    assert (deadline.due_on, deadline.provisional) == (date(2026, 2, 28), False)


def test_a_deadline_names_the_calendar_that_counted_it():
    assert add_working_days(date(2020, 4, 20), 1).calendar_version == CALENDAR_VERSION
    assert CALENDAR_VERSION.startswith("chinesecalendar-1.")
    TypeAdapter(CalendarVersion).validate_python(CALENDAR_VERSION)


def test_a_deadline_in_a_year_without_arrangement_is_provisional_and_counts_weekdays():
    last = COVERED_YEARS[1]
    friday = date(2100, 1, 1)
    assert add_working_days(friday, 5).due_on == date(2100, 1, 8)
    assert add_working_days(friday, 5).provisional
    assert add_working_days(date(last, 12, 20), 30).provisional
    assert not add_working_days(date(last, 12, 1), 2).provisional
    assert not is_covered(date(2003, 12, 31))
    assert is_covered(date(2004, 1, 1))


@given(st.dates(date(2004, 1, 1), date(2030, 12, 31)), st.integers(1, 60))
def test_a_deadline_is_a_working_day_with_exactly_that_many_behind_it(start: date, days: int):
    due = add_working_days(start, days).due_on
    assert is_working_day(due)
    assert working_days_between(start, due) == days


@pytest.mark.parametrize("days", [0, -1, 1001])
def test_a_period_without_a_sensible_length_is_refused(days: int):
    with pytest.raises(ValueError, match="1 to 1000 days"):
        add_working_days(date(2020, 4, 1), days)
    with pytest.raises(ValueError, match="1 to 1000 days"):
        add_calendar_days(date(2020, 4, 1), days)


def test_no_working_day_lies_between_a_date_and_an_earlier_one():
    assert working_days_between(date(2020, 4, 2), date(2020, 4, 1)) == 0


def test_seven_days_of_publicity_posted_on_the_7th_end_with_the_14th():
    assert add_calendar_days(date(2020, 4, 7), 7) == date(2020, 4, 14)


class Pay(BaseModel):
    month: Month


def test_a_month_is_a_field_written_as_its_text():
    pay = Pay.model_validate_json('{"month":"2020-05"}')
    assert pay.month == Month(2020, 5)
    assert pay.model_dump_json() == '{"month":"2020-05"}'
    assert pay.model_dump() == {"month": Month(2020, 5)}
    assert Pay(month="2020-05") == Pay(month=Month(2020, 5))
    schema = Pay.model_json_schema()["properties"]["month"]
    assert schema["type"] == "string"
    assert schema["pattern"] == "^[0-9]{4}-(0[1-9]|1[0-2])$"


@pytest.mark.parametrize(
    "text", ["2020-5", "2020-13", "2020-00", "0000-01", "202005", "2020-05\n", " 2020-05", ""]
)
def test_what_is_no_month_is_refused(text: str):
    with pytest.raises(ValueError, match="month"):
        Month.parse(text)
    with pytest.raises(ValidationError):
        Pay.model_validate({"month": text})


def test_months_follow_each_other_over_the_year_and_know_their_days():
    december = Month(2020, 12)
    assert december.next() == Month(2021, 1)
    assert Month(2021, 1).previous() == december
    assert december.next(14) == Month(2022, 2)
    assert Month(2020, 2).last_day == date(2020, 2, 29)
    assert Month(2020, 2).first_day == date(2020, 2, 1)
    assert Month(9999, 12).last_day == date.max
    assert Month.of(date(2020, 5, 31)) == Month.parse("2020-05")


def test_case_2s_twelve_months_from_june_2020_to_may_2021():
    months = list(Month(2020, 6).through(Month(2021, 5)))
    assert len(months) == 12
    assert months == sorted(months)
    assert Month(2020, 6).months_until(Month(2021, 5)) == 11
    assert list(Month(2021, 5).through(Month(2020, 6))) == []


@given(st.integers(1, 9000), st.integers(1, 12), st.integers(-11, 5000))
def test_next_and_previous_undo_each_other(year: int, month: int, months: int):
    there = Month(year + 1, month)
    assert there.next(months).previous(months) == there
    assert there.months_until(there.next(months)) == months


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2020, 8, 31), 6, date(2021, 2, 28)),
        (date(2020, 5, 1), 6, date(2020, 11, 1)),
        (date(2019, 11, 30), 3, date(2020, 2, 29)),
        (date(2020, 2, 29), -12, date(2019, 2, 28)),
    ],
)
def test_months_end_on_the_day_of_the_same_number_or_the_last(
    day: date, months: int, later: date
) -> None:
    assert same_day_after(day, months) == later
