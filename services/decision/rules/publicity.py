"""Publicity, and the dates that follow from it and from a decision."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from shared.calendar import CALENDAR_VERSION, add_calendar_days
from shared.contracts.fields import Due
from shared.contracts.publicity import PublicityRound
from shared.deadlines import working_day_due
from shared.policy import Parameters


def publicity_days(round_: PublicityRound, regime: Parameters) -> int:
    """How many calendar days a round of publicity lasts; 0 where the regime has none.

    Source: 民发〔2012〕220号, arts. 25, 29 (7 days and 7 days); 民发〔2021〕57号, art. 19 (7 days
    once); 民发〔2022〕83号, 4(2); 民发〔2021〕43号, arts. 15, 17.
    """
    if round_ is PublicityRound.FIRST:
        return regime.whole("publicity_days")
    return regime.whole("second_publicity_days")


def last_day_of_publicity(from_on: date, days: int) -> date:
    """The last day of a publicity of so many days, counted from the day after it is posted."""
    return add_calendar_days(from_on, days)


def is_over(until_on: date, on: date) -> bool:
    """Whether a publicity's last day lies before the date."""
    return on > until_on


def decision_due(approved_on: date, regime: Parameters) -> Due:
    """By when the case is to be decided after the township's approval.

    Where there is a second publicity, so many working days after its end, if it is posted on the
    day of the approval; otherwise so many after the report.
    Source: 民发〔2012〕220号, arts. 26, 29; 民发〔2021〕57号, art. 20; 民发〔2021〕43号, art. 16.
    """
    second = regime.whole("second_publicity_days")
    days = regime.whole_or_none("second_publicity_decide_within_working_days") if second else None
    if days is not None:
        return working_day_due(regime, last_day_of_publicity(approved_on, second), days)
    return working_day_due(regime, approved_on, regime.whole("decision_within_working_days"))


def decision_due_after_objection(
    running: Iterable[PublicityRound], objected_on: date, regime: Parameters
) -> Due | None:
    """By when a case is decided to which somebody objected while these rounds ran.

    Only the second publicity has such a day. Source: 民发〔2012〕220号, art. 29 (20 working days).
    """
    if PublicityRound.SECOND not in running:
        return None
    days = regime.whole_or_none("second_publicity_objection_within_working_days")
    return None if days is None else working_day_due(regime, objected_on, days)


def notice_due(refused_on: date, regime: Parameters) -> Due:
    """By when the written notice of a refusal is owed.

    Source: 民发〔2012〕220号 art. 26 (3 days); 民发〔2021〕57号 art. 21 (3 working days, in
    writing, with the reason); 民发〔2021〕43号, art. 18.
    """
    days = regime.whole("refusal_notice_within_days")
    if regime.code("refusal_notice_counted_in") == "working_day":
        return working_day_due(regime, refused_on, days)
    return Due(on=add_calendar_days(refused_on, days), calendar=CALENDAR_VERSION)
