"""Decision's read models."""

from typing import Final

from services.decision.views.aids import AIDS, AidRow
from services.decision.views.determinations import DETERMINATIONS, DeterminationRow
from services.decision.views.redeterminations import REDETERMINATIONS, RedeterminationRow

PROJECTIONS: Final = (DETERMINATIONS, AIDS, REDETERMINATIONS)

__all__ = [
    "AIDS",
    "DETERMINATIONS",
    "PROJECTIONS",
    "REDETERMINATIONS",
    "AidRow",
    "DeterminationRow",
    "RedeterminationRow",
]
