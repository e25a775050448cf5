"""On what grounds one person's support ends, how that is made public, and what comes after it."""

from __future__ import annotations

from datetime import date
from typing import Final

from services.decision.rules.publicity import last_day_of_publicity
from shared.contracts.fields import Due, Programme
from shared.contracts.terminations import TerminationGround
from shared.deadlines import working_day_due
from shared.kernel.decider import Refusal
from shared.policy import Parameters

NOT_KEPT_IN_MIND: Final = (TerminationGround.IMPRISONED, TerminationGround.VOLUNTARY)
"""Who is in prison belongs to no household; who left of their own will may apply like anybody."""


PROGRAMMES: Final = (
    Programme.TEKUN,
    Programme.DISABILITY_LIVING_SUBSIDY,
    Programme.DISABILITY_CARE_SUBSIDY,
)
"""Whose support officials end so. What the house knows by itself is no ground of theirs: a
household's standing that ends, other support that begins."""


def require_ground_of(regime: Parameters, ground: TerminationGround) -> None:
    """A support ends on a ground of its own programme, as the rules of the day list them.

    Source: 民发〔2021〕43号, art. 24; 国发〔2015〕52号, 2(1), 2(4).
    """
    allowed = regime.codes("termination_grounds")
    if ground not in allowed:
        raise Refusal(
            "termination-ground-out-of-place",
            facts={"ground": ground, "allowed": ", ".join(allowed)},
            source=regime.value("termination_grounds").source,
            status=422,
        )


def is_made_public(regime: Parameters) -> bool:
    """Whether a proposed end is made public, and can be objected to, before it is decided."""
    return regime.whole("termination_publicity_days") > 0


def public_until(from_on: date, regime: Parameters) -> date:
    """The last day on which a proposed end is public, or public anew; its own where none is.

    Source: 民发〔2021〕43号, art. 26 (7 days).
    """
    if not is_made_public(regime):
        return from_on
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
