"""Payment's routes: runs by separate hands, reserve funds, entitlements and payments."""

from __future__ import annotations

from fastapi import APIRouter

from services.payment.api.funds import funds_router
from services.payment.api.reading import reading_router
from services.payment.api.runs import runs_router
from shared.runtime.service import Service

__all__ = ["routers"]


def routers(service: Service) -> list[APIRouter]:
    """Payment's routers."""
    return [runs_router(service), funds_router(service), reading_router(service)]
