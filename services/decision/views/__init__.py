"""Decision's read models."""

from typing import Final

from services.decision.views.aids import AIDS, AidRow
from services.decision.views.determinations import DETERMINATIONS, DeterminationRow
from services.decision.views.recognised_households import (
    RECOGNISED_HOUSEHOLDS,
    RecognisedHouseholdRow,
)
from services.decision.views.redeterminations import REDETERMINATIONS, RedeterminationRow

PROJECTIONS: Final = (DETERMINATIONS, AIDS, REDETERMINATIONS, RECOGNISED_HOUSEHOLDS)

__all__ = [
    "AIDS",
    "DETERMINATIONS",
    "PROJECTIONS",
    "RECOGNISED_HOUSEHOLDS",
    "REDETERMINATIONS",
    "AidRow",
    "DeterminationRow",
    "RecognisedHouseholdRow",
    "RedeterminationRow",
]
