"""Payment, put together."""

from __future__ import annotations

from services.payment.api import routers
from services.payment.duties import DUTIES, agenda
from services.payment.gateways import gateways
from services.payment.model import AGGREGATES, payments_of
from services.payment.problems import PROBLEMS
from services.payment.reactions import FOREIGN, OWN
from services.payment.views import PROJECTIONS
from shared.kernel.decider import Domain
from shared.runtime.definition import Definition


def definition() -> Definition:
    """What payment is."""
    return Definition(
        domain=Domain("payment", AGGREGATES, agenda),
        title="资金发放 / Payment",
        routers=routers,
        projections=PROJECTIONS,
        own=OWN,
        foreign=FOREIGN,
        duties=DUTIES,
        gateways=gateways,
        further_streams=payments_of,
        problems=PROBLEMS,
    )
