"""Verification's routes: the visit, the review, the departments, and the account."""

from __future__ import annotations

from fastapi import APIRouter

from services.verification.api import (
    concluding,
    home_counties,
    leads,
    obligors,
    reading,
    spot_checks,
    standing,
    surveying,
)
from services.verification.api.access import Checks
from services.verification.model import check_of
from shared.runtime.service import Service


def routers(service: Service) -> list[APIRouter]:
    """Verification's routers."""
    checks = Checks(service, check_of, lambda check: check.opened)
    rooms = (surveying, obligors, leads, home_counties, concluding, spot_checks, standing, reading)
    return [room.router(checks) for room in rooms]
