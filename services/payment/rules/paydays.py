"""By which day months are paid, and which of them at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from shared.calendar import Month
from shared.kernel.decider import Refusal
from shared.policy import Parameters

PAYDAY_SOURCE = "民发〔2012〕220号 art. 31"
"""By which day it is paid, and where by the quarter."""

Regimes = Callable[[date], Parameters]
"""The parameters of a township and programme on a day."""


def months_paid_at_once(month: Month, on: date, regimes: Regimes) -> tuple[Month, Month]:
    """The first and the last month that are paid together with ``month``, as of a day.

    Itself, or its quarter where a place pays by the quarter: where it has done so since the
    quarter's first day, so that a place that goes over to it leaves no month behind.
    Source: 民发〔2012〕220号, art. 31; 民发〔2021〕57号, art. 25.
    """
    first, last = month.quarter
    days = (on, first.first_day)
    by_quarter = all(regimes(day).code("pay_rhythm") == "quarterly" for day in days)
    return (first, last) if by_quarter else (month, month)


def payday(first: Month, regime: Parameters) -> date:
    """The last day on which months are paid: of the month, or of the quarter's first month.

    A calendar day, whether it is worked or not; the month's last where it has no such day.
    Source: 民发〔2012〕220号, art. 31 (每月10日前).
    """
    day = min(regime.whole("pay_by_day_of_month"), first.last_day.day)
    return first.first_day.replace(day=day)


def next_payday(on: date, regimes: Regimes) -> tuple[Month, Month, date]:
    """The first payday that has not passed on a day, after the months that are paid by it."""
    first, last = months_paid_at_once(Month.of(on), on, regimes)
    due_on = payday(first, regimes(on))
    if due_on >= on:
        return first, last, due_on
    first, last = months_paid_at_once(last.next(), on, regimes)
    return first, last, payday(first, regimes(on))


def require_first_month(month: Month, first: Month) -> None:
    """Where a quarter is paid at once, its run is that of its first month."""
    if month != first:
        raise Refusal(
            "run-is-a-quarters",
            facts={"month": str(month), "allowed_month": str(first)},
            source=PAYDAY_SOURCE,
        )
