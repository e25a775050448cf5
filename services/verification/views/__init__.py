"""Verification's read models."""

from typing import Final

from services.verification.views.checks import CHECKS, CheckRow, fold
from services.verification.views.home_inquiries import (
    HOME_INQUIRIES,
    HomeInquiryRow,
    HomeInquiryStanding,
)
from services.verification.views.standing_households import (
    STANDING_HOUSEHOLDS,
    StandingHouseholdRow,
)

PROJECTIONS: Final = (CHECKS, HOME_INQUIRIES, STANDING_HOUSEHOLDS)

__all__ = [
    "CHECKS",
    "HOME_INQUIRIES",
    "PROJECTIONS",
    "STANDING_HOUSEHOLDS",
    "CheckRow",
    "HomeInquiryRow",
    "HomeInquiryStanding",
    "StandingHouseholdRow",
    "fold",
]
