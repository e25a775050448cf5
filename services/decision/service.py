"""Decision, put together."""

from __future__ import annotations

from services.decision.api import routers
from services.decision.duties import DUTIES, agenda
from services.decision.model import AGGREGATES, appeals_of
from services.decision.problems import PROBLEMS
from services.decision.reactions import FOREIGN, OWN
from services.decision.views import PROJECTIONS
from shared.kernel.decider import Domain
from shared.runtime.definition import Definition


def definition() -> Definition:
    """What decision is."""
    return Definition(
        domain=Domain("decision", AGGREGATES, agenda),
        title="审核确认 / Decision",
        routers=routers,
        projections=PROJECTIONS,
        own=OWN,
        foreign=FOREIGN,
        duties=DUTIES,
        further_streams=appeals_of,
        problems=PROBLEMS,
    )
