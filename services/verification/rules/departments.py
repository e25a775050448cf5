"""Whom a check asks, and what departments' data have to be, to be used."""

from __future__ import annotations

from datetime import date

from shared.contracts.departments import Department
from shared.contracts.fields import Due
from shared.deadlines import working_day_due
from shared.policy import Parameters


def is_outdated(parameters: Parameters, as_of: date | None, on: date) -> bool:
    """Whether data of a day are older than the regime permits on the day they come in.

    Data that name no day are taken as of the day of the answer; of a day to come they are of no
    use either, whatever the regime permits.
    """
    if as_of is None:
        return False
    if as_of > on:
        return True
    permitted = parameters.whole_or_none("department_data_maximum_age_days")
    return permitted is not None and (on - as_of).days > permitted


def departments_due(parameters: Parameters, accepted_on: date) -> Due | None:
    """By when departments are asked about an accepted household; ``None`` without such a day.

    Source: 民发〔2021〕57号, art. 17 (在3个工作日内启动信息核对工作).
    """
    days = parameters.whole_or_none("means_check_start_within_working_days")
    return None if days is None else working_day_due(parameters, accepted_on, days)


def is_overdue(parameters: Parameters, since: date, on: date) -> bool:
    """Whether an answer under a receipt number has been waited for too long.

    To the last of its days, from the day of the receipt; a household is not held for ever.
    """
    return (on - since).days > parameters.whole("receipt_answered_within_days")


def departments_of_check(parameters: Parameters) -> tuple[Department, ...]:
    """Whom a check asks: those that the regime names, and where banks are asked and it is in use
    the People's Bank's network, which knows of all of them.
    """
    asked = {Department(code) for code in parameters.codes("means_check_departments")}
    if Department.BANKS in asked and parameters.flag("pboc_network_in_use"):
        asked.add(Department.PBOC_NETWORK)
    return tuple(department for department in Department if department in asked)
