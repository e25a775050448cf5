"""Intake's routes beside the registry's."""

from __future__ import annotations

from fastapi import APIRouter

from services.intake.api import applying
from services.intake.api.access import Applications, Registered
from services.intake.api.before_acceptance import before_acceptance, signing
from services.intake.api.progress import QueryCodes, progress_router
from services.intake.api.reading import reading
from services.intake.api.requests import request_routers
from services.intake.api.screening_tasks import screening_task_routers
from services.intake.api.screenings import screening_routers
from services.intake.api.watch_list import watch_list_routers
from services.intake.model import application_stream
from shared.runtime.service import Service


def routers(service: Service, registered: Registered) -> list[APIRouter]:
    """All of them; ``registered`` asks the registry in this process."""
    applications = Applications(service, application_stream, lambda case: case.submitted)
    codes = QueryCodes(service.keys)
    return [
        *applying.routers(applications, registered, codes),
        before_acceptance(applications),
        signing(applications, registered),
        reading(applications),
        *watch_list_routers(service, codes),
        *request_routers(service, registered, codes),
        progress_router(service, codes),
        *screening_routers(service, registered),
        *screening_task_routers(service),
    ]
