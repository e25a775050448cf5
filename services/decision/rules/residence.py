"""Households away from home: no aid in two counties, and a permit's last day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from shared.calendar import Month
from shared.contracts.residence import ReceivedAtHome
from shared.kernel.decider import Refusal
from shared.policy import Parameters

ONE_COUNTY_SOURCE = "民发〔2021〕57号 art. 5"


def require_not_aided_at_home(received: Iterable[ReceivedAtHome], pay_from: Month) -> None:
    """Nobody is aided in two counties: aid at home has ended before the first month paid here.

    The county that takes an application in pays, the others assist. Source: 民发〔2021〕57号,
    art. 5.
    """
    still = [one for one in received if one.last_month is None or one.last_month >= pay_from]
    if still:
        facts: dict[str, int | str] = {"persons": len(still), "pay_from": str(pay_from)}
        raise Refusal("aided-at-home", facts=facts, source=ONE_COUNTY_SOURCE)


def tell_on(until_on: date, regime: Parameters) -> date:
    """From which day officials are told that a permit runs out. No source says how long before."""
    return until_on - timedelta(days=regime.whole("residence_permit_told_days_before"))


def review_due(opened_on: date, scheduled: date, regime: Parameters) -> date:
    """By when a household is reviewed whose permit is over: as soon as any other review is done.

    Not later than it would have been without.
    """
    ahead = timedelta(days=regime.whole("review_opens_days_before"))
    return max(opened_on, min(scheduled, opened_on + ahead))
