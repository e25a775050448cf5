"""Verification, put together."""

from __future__ import annotations

from services.verification.api import routers
from services.verification.duties import DUTIES, agenda
from services.verification.gateways import gateways
from services.verification.model import AGGREGATES
from services.verification.problems import PROBLEMS
from services.verification.reactions import FOREIGN, OWN
from services.verification.views import PROJECTIONS
from shared.access.persons import RULES
from shared.kernel.decider import Domain
from shared.runtime.definition import Definition


def definition() -> Definition:
    """What verification is."""
    return Definition(
        domain=Domain("verification", AGGREGATES, agenda),
        title="调查核实 / Verification",
        routers=routers,
        projections=PROJECTIONS,
        own=OWN,
        foreign=FOREIGN,
        duties=DUTIES,
        gateways=gateways,
        problems=PROBLEMS,
        rules=RULES,
    )
