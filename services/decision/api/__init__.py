"""Decision's routes, by subject."""

from __future__ import annotations

from fastapi import APIRouter

from services.decision.api import (
    aid,
    appeals,
    change,
    coming_of_age,
    determination,
    meetings,
    notices,
    residence,
    reviews,
    terminations,
    terms,
    work,
)
from services.decision.api.access import Aids, Determinations
from services.decision.api.board import board_router
from services.decision.api.obligations import obligations_router
from services.decision.api.reading import reading
from services.decision.api.standards import standards_router
from services.decision.model import aid_of, determination_of
from shared.runtime.service import Service


def routers(service: Service) -> list[APIRouter]:
    """Decision's routers."""
    cases = Determinations(service, determination_of, lambda case: case.account)
    aids = Aids(service, aid_of, lambda case: case.opened)
    return [
        *determination.routers(cases),
        change.router(cases),
        work.router(cases),
        notices.router(cases),
        reviews.router(cases),
        residence.router(cases),
        terminations.router(cases),
        *coming_of_age.routers(cases),
        appeals.router(cases),
        meetings.router(cases),
        *aid.routers(aids),
        reading(cases),
        obligations_router(service),
        terms.router(service),
        board_router(service),
        standards_router(service),
    ]
