"""What departments' data have to be, to be used."""

from __future__ import annotations

from datetime import date

from shared.policy import Parameters


def is_outdated(parameters: Parameters, as_of: date | None, on: date) -> bool:
    """Whether data of a day are older than the regime permits on the day they come in.

    Data that name no day are taken as of the day of the answer.
    """
    if as_of is None:
        return False
    permitted = parameters.whole_or_none("department_data_maximum_age_days")
    return permitted is not None and (on - as_of).days > permitted
