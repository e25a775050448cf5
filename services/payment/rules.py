"""The rules of paying, pure: who pays, which months a run takes up, and who may approve it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from uuid import UUID, uuid5

from shared.calendar import Month
from shared.contracts.payment import RUN_PAGE_LINES, RunLine
from shared.kernel.decider import Refusal
from shared.money import MAX_FEN
from shared.policy import Parameters
from shared.regions import Level

APPROVAL_SOURCE = "法规未作规定 (制单与复核分离: preparer and approver are separate hands)"


PAYDAY_SOURCE = "民发〔2012〕220号 art. 31"
"""By which day it is paid, and where by the quarter."""

Regimes = Callable[[date], Parameters]
"""The parameters of a township and programme on a day."""


def paying_division(handling_division: str) -> str:
    """The township (乡镇、街道) on whose roster a case is; of a village, the one around it.

    A run is a township's: a case that a village took in would otherwise be on nobody's run.
    """
    return Level.TOWNSHIP.around(handling_division)


def is_township(division: str) -> bool:
    """Whether a code of twelve digits is a township's: no village of it, no whole county."""
    of_township = division[Level.COUNTY.digits : Level.TOWNSHIP.digits]
    return division == paying_division(division) and bool(of_township.strip("0"))


def require_township(division: str) -> None:
    """A run is prepared for a township, neither for a village of it nor for a whole county."""
    if not is_township(division):
        raise Refusal(
            "run-is-a-townships", facts={"allowed_level": Level.TOWNSHIP.value}, status=422
        )


def payment_id_of(case_id: UUID, month: Month) -> UUID:
    """The payment's id, which follows from case and month alone."""
    return uuid5(case_id, f"payment/{month}")


def day_after(day: date) -> date:
    """The first day on which a deadline has passed."""
    return day + timedelta(days=1)


def pages_of(lines: Sequence[RunLine]) -> list[tuple[RunLine, ...]]:
    """The lines in pages of at most ``RUN_PAGE_LINES``."""
    starts = range(0, len(lines), RUN_PAGE_LINES)
    return [tuple(lines[start : start + RUN_PAGE_LINES]) for start in starts]


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


def require_month_begun(month: Month, today: date) -> None:
    """A month's run is prepared in the month or later: it pays for a month that has begun.

    Source: 民发〔2012〕220号, art. 31 (paid by the 10th of each month).
    """
    if month > Month.of(today):
        raise Refusal(
            "run-ahead-of-its-month",
            facts={"month": str(month), "latest": str(Month.of(today))},
            source="民发〔2012〕220号 art. 31",
        )


def require_separate_hands(preparer: UUID, approver: UUID) -> None:
    """Who prepared a run cannot approve it."""
    if preparer == approver:
        raise Refusal("same-hands", source=APPROVAL_SOURCE, status=403)


def require_fund_of_township(division: str) -> None:
    """A reserve fund is a township's, neither a village's nor a county's."""
    if not is_township(division):
        raise Refusal(
            "fund-is-a-townships", facts={"allowed_level": Level.TOWNSHIP.value}, status=422
        )


def require_county(level: Level) -> None:
    """A township's fund is replenished by the county (or above it): who spends does not fill it."""
    if level.digits > Level.COUNTY.digits:
        raise Refusal(
            "fund-replenished-by-county",
            facts={"level": level.value, "allowed_level": Level.COUNTY.value},
            status=403,
        )


def require_room(balance_fen: int, advanced_fen: int, amount_fen: int) -> None:
    """A fund holds no more than an amount can say, even if every open advance came back."""
    most_fen = MAX_FEN - balance_fen - advanced_fen
    if amount_fen > most_fen:
        raise Refusal(
            "fund-full", facts={"amount_fen": amount_fen, "allowed_fen": max(0, most_fen)}
        )
