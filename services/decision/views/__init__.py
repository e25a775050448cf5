"""Decision's read models."""

from typing import Final

from services.decision.views.aids import AIDS, AidRow
from services.decision.views.coming_of_age import COMING_OF_AGE, ComingOfAgeRow
from services.decision.views.determinations import DETERMINATIONS, DeterminationRow
from services.decision.views.recognised_households import (
    RECOGNISED_HOUSEHOLDS,
    RecognisedHouseholdRow,
)
from services.decision.views.redeterminations import REDETERMINATIONS, RedeterminationRow
from services.decision.views.residence_permits import RESIDENCE_PERMITS, PermitRow
from services.decision.views.subsidy_leads import SUBSIDY_LEADS, SubsidyLeadRow

PROJECTIONS: Final = (
    DETERMINATIONS,
    AIDS,
    REDETERMINATIONS,
    RECOGNISED_HOUSEHOLDS,
    COMING_OF_AGE,
    SUBSIDY_LEADS,
    RESIDENCE_PERMITS,
)

__all__ = [
    "AIDS",
    "COMING_OF_AGE",
    "DETERMINATIONS",
    "PROJECTIONS",
    "RECOGNISED_HOUSEHOLDS",
    "REDETERMINATIONS",
    "RESIDENCE_PERMITS",
    "SUBSIDY_LEADS",
    "AidRow",
    "ComingOfAgeRow",
    "DeterminationRow",
    "PermitRow",
    "RecognisedHouseholdRow",
    "RedeterminationRow",
    "SubsidyLeadRow",
]
