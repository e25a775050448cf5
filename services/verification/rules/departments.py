"""Whom a check asks, and what departments' data have to be, to be used."""

from __future__ import annotations

from datetime import date

from shared.contracts.departments import Department
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
