"""Decision's read models."""

from typing import Final

from services.decision.views.aids import AIDS, AidRow
from services.decision.views.determinations import DETERMINATIONS, DeterminationRow

PROJECTIONS: Final = (DETERMINATIONS, AIDS)

__all__ = ["AIDS", "DETERMINATIONS", "PROJECTIONS", "AidRow", "DeterminationRow"]
