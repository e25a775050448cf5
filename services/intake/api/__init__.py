"""Intake's routes beside the registry's."""

from __future__ import annotations

from fastapi import APIRouter

from services.intake.api import applying
from services.intake.api.access import Applications
from services.intake.api.reading import reading
from services.intake.api.watch_list import watch_list_routers
from services.intake.model import application_stream
from shared.runtime.service import Service


def routers(service: Service, registered: applying.Registered) -> list[APIRouter]:
    """The routers of applications and the watch list; ``registered`` asks the registry here."""
    applications = Applications(service, application_stream, lambda case: case.submitted)
    return [
        *applying.routers(applications, registered),
        reading(applications),
        *watch_list_routers(service),
    ]
