"""Statutory periods in working days, as events state them."""

from __future__ import annotations

from datetime import date, timedelta

from shared.calendar import add_working_days
from shared.contracts.fields import Due
from shared.policy import Parameters


def working_day_due(parameters: Parameters, opened_on: date, days: int) -> Due:
    """The last day of a period of ``days`` working days that opens on ``opened_on``.

    Whether the opening day itself counts is the parameter ``working_days_count_from``: the
    regulations say 自…之日起 and leave it open. Raises ``ValueError`` unless 1 ≤ days ≤ 1000.
    """
    counts_itself = parameters.code("working_days_count_from") == "same_day"
    start = opened_on - timedelta(days=1) if counts_itself else opened_on
    deadline = add_working_days(start, days)
    return Due(
        on=deadline.due_on, calendar=deadline.calendar_version, provisional=deadline.provisional
    )
