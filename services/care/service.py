"""Care, put together."""

from __future__ import annotations

from services.care.api import routers
from services.care.duties import DUTIES, agenda
from services.care.model import AGGREGATES
from services.care.problems import PROBLEMS
from services.care.reactions import FOREIGN, OWN
from services.care.views import PROJECTIONS
from shared.access.persons import RULES
from shared.kernel.decider import Domain
from shared.runtime.definition import Definition


def definition() -> Definition:
    """What care is."""
    return Definition(
        domain=Domain("care", AGGREGATES, agenda),
        title="照料服务 / Care",
        routers=routers,
        projections=PROJECTIONS,
        own=OWN,
        foreign=FOREIGN,
        duties=DUTIES,
        problems=PROBLEMS,
        rules=RULES,
    )
