"""Appeals: when one is in time, by when it is answered, whose hands carry a ruling out."""

from __future__ import annotations

from datetime import date

from shared.calendar import add_calendar_days
from shared.contracts.appeals import AppealKind
from shared.contracts.notices import NoticeServed
from shared.policy import Parameters


def is_in_time(kind: AppealKind, filed_on: date, served: NoticeServed | None) -> bool:
    """Whether an appeal comes within its time, which runs from the notice's service.

    A notice that was not served has started no clock; a petition has none. The organ says what
    becomes of a late one. Source: 国务院令第649号, art. 65 (reconsideration and court are open).
    """
    if served is None or kind is AppealKind.PETITION:
        return True
    reconsideration = kind is AppealKind.RECONSIDERATION
    last = served.reconsideration_until if reconsideration else served.court_until
    return filed_on <= last


def reply_by(kind: AppealKind, filed_on: date, regime: Parameters) -> date | None:
    """By when the authority answers with its evidence; ``None`` where no time is set."""
    days = regime.whole_or_none(f"{kind}_reply_within_days")
    return None if days is None else add_calendar_days(filed_on, days)
