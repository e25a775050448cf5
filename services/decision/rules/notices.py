"""By when a household is to be told, when a notice counts as served, and what runs from there."""

from __future__ import annotations

from datetime import date

from shared.calendar import add_calendar_days, same_day_after
from shared.contracts.appeals import AppealOrgan
from shared.contracts.fields import Due
from shared.contracts.notices import ServiceManner
from shared.deadlines import working_day_due
from shared.policy import Parameters


def change_notice_due(decided_on: date, regime: Parameters) -> Due:
    """By when a household is told that its aid is changed or stopped, with the reasons.

    The sources give no days: those of a refusal, in working days, are chosen.
    Source: 民发〔2012〕220号, art. 32; 民发〔2021〕57号, art. 32; 社会救助法, art. 48.
    """
    days = regime.whole("change_notice_within_working_days")
    return working_day_due(regime, decided_on, days)


def grant_told_by(regime: Parameters) -> str:
    """In what form a household is told that it is granted: by its certificate, a notice, in public.

    None of them sets days, nor wants the handing over recorded. Source: 民发〔2012〕220号, art. 29
    (发给低保证); 民发〔2021〕57号, art. 21 (低保证或确认通知书); 民发〔2021〕43号, art. 17 (公布).
    """
    return regime.code("grant_told_by")


def counts_on(manner: ServiceManner, served_on: date, regime: Parameters) -> date:
    """When a notice counts as served: on its day; by public notice, so many days afterwards."""
    if manner is ServiceManner.PUBLIC_NOTICE:
        return add_calendar_days(served_on, regime.whole("public_notice_counts_after_days"))
    return served_on


def reconsideration_until(counted_on: date, regime: Parameters) -> date:
    """The last day to ask the authority above for reconsideration (行政复议).

    So many days from the day on which the notice counts as served: the clock starts with service,
    not with the decision. Source: 行政复议法, art. 20; 行政复议法（2017年修正）, art. 9.
    """
    return add_calendar_days(counted_on, regime.whole("reconsideration_apply_within_days"))


def court_until(counted_on: date, regime: Parameters) -> date:
    """The last day to go to court (行政诉讼): so many months from the service.

    Source: 行政诉讼法, art. 46.
    """
    return same_day_after(counted_on, regime.whole("court_apply_within_months"))


def reconsideration_organs(decided_by: str, regime: Parameters) -> tuple[AppealOrgan, ...]:
    """Who hears a reconsideration of what a ``township`` or a ``county`` decided.

    Since 2024 the county's government alone; before, of what its civil affairs decided, the
    city's civil affairs as well, as the household chose.
    Source: 行政复议法, art. 24; 行政复议法（2017年修正）, arts. 12, 13.
    """
    of = "township" if decided_by == "township" else "county"
    return tuple(AppealOrgan(code) for code in regime.codes(f"reconsideration_organs_of_{of}"))
