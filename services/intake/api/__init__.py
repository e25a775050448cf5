"""Intake's routes for applications."""

from __future__ import annotations

from fastapi import APIRouter

from services.intake.api import applying
from services.intake.api.access import Applications
from services.intake.api.reading import reading
from services.intake.model import application_stream
from shared.runtime.service import Service


def routers(service: Service, registered: applying.Registered) -> list[APIRouter]:
    """The routers of applications; ``registered`` asks the registry in this process."""
    applications = Applications(service, application_stream, lambda case: case.submitted)
    return [*applying.routers(applications, registered), reading(applications)]
