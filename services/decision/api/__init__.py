"""Decision's routes, by subject."""

from __future__ import annotations

from fastapi import APIRouter

from services.decision.api import change, determination
from services.decision.api.access import Determinations
from services.decision.api.reading import reading
from services.decision.model import determination_of
from shared.runtime.service import Service


def routers(service: Service) -> list[APIRouter]:
    """Decision's routers."""
    cases = Determinations(service, determination_of, lambda case: case.account)
    return [*determination.routers(cases), change.router(cases), reading(cases)]
