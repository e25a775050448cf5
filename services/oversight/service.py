"""Oversight, put together."""

from __future__ import annotations

from services.oversight.api import routers
from services.oversight.model import AGGREGATES
from services.oversight.problems import PROBLEMS
from services.oversight.reactions import on_contradiction
from shared.kernel.decider import Domain
from shared.runtime.definition import Definition


def definition() -> Definition:
    """What oversight is."""
    return Definition(
        domain=Domain("oversight", AGGREGATES),
        title="监督审计 / Oversight",
        routers=routers,
        contradicted=on_contradiction,
        problems=PROBLEMS,
    )
