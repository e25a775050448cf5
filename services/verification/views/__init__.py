"""Verification's read models."""

from typing import Final

from services.verification.views.checks import CHECKS, CheckRow, fold
from services.verification.views.home_inquiries import (
    HOME_INQUIRIES,
    HomeInquiryRow,
    HomeInquiryStanding,
)

PROJECTIONS: Final = (CHECKS, HOME_INQUIRIES)

__all__ = [
    "CHECKS",
    "HOME_INQUIRIES",
    "PROJECTIONS",
    "CheckRow",
    "HomeInquiryRow",
    "HomeInquiryStanding",
    "fold",
]
