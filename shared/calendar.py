"""Chinese working days, calendar days and months.

Statutory deadlines count working days as the State Council's yearly notices arrange them: a
holiday may take a weekday off and make a Saturday or Sunday a working day. The notices reach us
through ``chinesecalendar``, which covers whole years; outside them only weekdays are counted and
the deadline says that it is provisional.

Counting begins with the day after the one on which the period opens. The regulations say
``自…之日起`` and leave the first day open; this is the reading of the worked cases.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib.metadata import version
from typing import Annotated, Any, Final

# The package ships no types; what is used of it is typed here.
from chinese_calendar import is_workday  # type: ignore[import-untyped]
from chinese_calendar.constants import holidays  # type: ignore[import-untyped]
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, StringConstraints
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

CALENDAR_VERSION: Final = f"chinesecalendar-{version('chinesecalendar')}"
"""Which calendar counted; an event that sets a deadline stores it."""

CalendarVersion = Annotated[
    str, StringConstraints(pattern=r"^chinesecalendar-[0-9]{1,3}(\.[0-9]{1,3}){1,2}$")
]
"""The form of a calendar's version in a contract."""

COVERED_YEARS: Final[tuple[int, int]] = (
    min(day.year for day in holidays),
    max(day.year for day in holidays),
)
"""First and last year whose working days are known."""

LONGEST_PERIOD_DAYS: Final = 1000
"""More than any statutory period; a longer one is a mistake in the parameters."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a period, and what it was counted with.

    ``provisional``: the period reaches a year for which no arrangement is known yet; the date
    counts weekdays there and is to be corrected when the arrangement is published.
    """

    due_on: date
    calendar_version: str
    provisional: bool


def is_covered(day: date) -> bool:
    """Whether the working days of the day's year are known."""
    return COVERED_YEARS[0] <= day.year <= COVERED_YEARS[1]


@lru_cache(maxsize=8192)
def is_working_day(day: date) -> bool:
    """Whether offices are open: as arranged in a covered year, else Monday to Friday."""
    return bool(is_workday(day)) if is_covered(day) else day.weekday() < 5


def add_working_days(start: date, days: int) -> Deadline:
    """The last day of a period of ``days`` working days that opens on ``start``.

    The day after ``start`` is the first that counts, if it is a working day. Raises
    ``ValueError`` unless 1 ≤ days ≤ 1000.
    """
    _check_length(days)
    day, left, provisional = start, days, False
    while left:
        day += timedelta(days=1)
        provisional = provisional or not is_covered(day)
        left -= is_working_day(day)
    return Deadline(day, CALENDAR_VERSION, provisional)


def working_days_between(start: date, end: date) -> int:
    """How many working days lie after ``start``, up to and with ``end``; 0 if end is not later."""
    return sum(is_working_day(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))


def add_calendar_days(start: date, days: int) -> date:
    """The last day of a period of ``days`` calendar days that opens on ``start``.

    Counted from the next day, like working days: seven days of publicity posted on the 7th run
    to the end of the 14th. Raises ``ValueError`` unless 1 ≤ days ≤ 1000.
    """
    _check_length(days)
    return start + timedelta(days=days)


def same_day_after(day: date, months: int) -> date:
    """The day of the same number so many months later, or that month's last; earlier if below 0."""
    month = Month.of(day).next(months)
    return min(month.last_day, month.first_day + timedelta(days=day.day - 1))


def _check_length(days: int) -> None:
    if not 1 <= days <= LONGEST_PERIOD_DAYS:
        raise ValueError(f"a period has 1 to {LONGEST_PERIOD_DAYS} days, not {days}")


MONTH_PATTERN: Final = r"^[0-9]{4}-(0[1-9]|1[0-2])$"


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """A calendar month, written ``2020-05``. Ordered; a field of pydantic models and JSON.

    Raises ``ValueError`` for a month that does not exist.
    """

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1 <= self.year <= 9999 and 1 <= self.month <= 12):
            raise ValueError(f"no such month: year {self.year}, month {self.month}")

    @classmethod
    def parse(cls, text: str) -> Month:
        """The month that ``text`` names as ``YYYY-MM``. Raises ``ValueError`` otherwise."""
        if not re.fullmatch(MONTH_PATTERN, text):
            raise ValueError("a month is written YYYY-MM, such as 2020-05")
        return cls(int(text[:4]), int(text[5:]))

    @classmethod
    def of(cls, day: date) -> Month:
        """The month in which ``day`` lies."""
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"

    @property
    def first_day(self) -> date:
        """The month's first day."""
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        """The month's last day."""
        if (self.year, self.month) == (9999, 12):
            return date.max
        return self.next().first_day - timedelta(days=1)

    def next(self, months: int = 1) -> Month:
        """The month that comes ``months`` later."""
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Month(year, month + 1)

    def previous(self, months: int = 1) -> Month:
        """The month that came ``months`` earlier."""
        return self.next(-months)

    @property
    def quarter(self) -> tuple[Month, Month]:
        """The first and the last month of the calendar quarter in which it lies."""
        first = self.previous((self.month - 1) % 3)
        return first, first.next(2)

    def months_until(self, other: Month) -> int:
        """How many months later ``other`` is; negative if it is earlier."""
        return (other.year - self.year) * 12 + other.month - self.month

    def through(self, last: Month) -> Iterator[Month]:
        """This month and those after it, up to and with ``last``; none if last is earlier."""
        month = self
        while month <= last:
            yield month
            month = month.next()

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """A string of the pattern becomes a month, and a month is written as that string."""
        from_text = core_schema.no_info_after_validator_function(
            cls.parse, core_schema.str_schema(pattern=MONTH_PATTERN)
        )
        return core_schema.json_or_python_schema(
            json_schema=from_text,
            python_schema=core_schema.union_schema(
                [core_schema.is_instance_schema(cls), from_text],
                custom_error_type="month",
                custom_error_message="a month is written YYYY-MM",
                custom_error_context={"pattern": MONTH_PATTERN},
            ),
            serialization=core_schema.to_string_ser_schema(when_used="json"),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"type": "string", "pattern": MONTH_PATTERN}
