"""What verification's commands have in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from services.verification.model import Check, Status
from shared.contracts.verification import CheckOpened
from shared.kernel.decider import Moment, Refusal
from shared.policy import Parameters


class Command(BaseModel):
    """The base of commands: frozen."""

    model_config = ConfigDict(frozen=True)


def require_open(check: Check) -> CheckOpened:
    """The event that opened a check that is not complete yet."""
    if check.opened is None or check.status is not Status.OPEN:
        raise Refusal("check-not-open", facts={"status": check.status})
    return check.opened


def parameters_of(opened: CheckOpened, at: Moment) -> Parameters:
    """The parameters of the day of acceptance: an application keeps its regime to its end."""
    return at.policy.at(opened.division, opened.programme, opened.accepted_on)
