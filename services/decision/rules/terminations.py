"""How the end of a tekun person's support is made public, and what comes after it."""

from __future__ import annotations

from datetime import date
from typing import Final

from services.decision.rules.publicity import last_day_of_publicity
from shared.contracts.fields import Due
from shared.contracts.terminations import TerminationGround
from shared.deadlines import working_day_due
from shared.policy import Parameters

NOT_KEPT_IN_MIND: Final = (TerminationGround.IMPRISONED, TerminationGround.VOLUNTARY)
"""Who is in prison belongs to no household; who left of their own will may apply like anybody."""


def public_until(from_on: date, regime: Parameters) -> date:
    """The last day on which a proposed end is public, or public anew.

    Source: 民发〔2021〕43号, art. 26 (7 days).
    """
    return last_day_of_publicity(from_on, regime.whole("termination_publicity_days"))


def objection_due(objected_on: date, regime: Parameters) -> Due:
    """By when an objection to a proposed end is looked into.

    Source: 民发〔2021〕43号, art. 26 (15 working days).
    """
    days = regime.whole("termination_objection_within_working_days")
    return working_day_due(regime, objected_on, days)


def may_fit_another_programme(ground: TerminationGround) -> bool:
    """Whether somebody whose support ends is to be looked at for dibao and temporary aid.

    Source: 民发〔2021〕43号, art. 27.
    """
    return ground not in NOT_KEPT_IN_MIND
