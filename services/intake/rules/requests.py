"""The rules of requests for help, pure: the last day of each step."""

from __future__ import annotations

from datetime import date
from typing import Final

from shared.contracts.fields import Due
from shared.contracts.requests import RequestStep
from shared.deadlines import working_day_due
from shared.policy import Parameters

_PERIOD: Final = {
    RequestStep.REGISTRATION: "request_registration_within_working_days",
    RequestStep.TRANSFER: "request_transfer_within_working_days",
    RequestStep.FEEDBACK: "request_feedback_within_working_days",
}


def step_due(parameters: Parameters, step: RequestStep, opened_on: date) -> Due:
    """The last day of a step, in working days from the step before it (限时办理)."""
    return working_day_due(parameters, opened_on, parameters.whole(_PERIOD[step]))
