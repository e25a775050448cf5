"""Payment's routes: runs by separate hands, paydays, funds, fines, entitlements, payments."""

from __future__ import annotations

from fastapi import APIRouter

from services.payment.api.fraud import fraud_router
from services.payment.api.funds import funds_router
from services.payment.api.paydays import paydays_router
from services.payment.api.reading import reading_router
from services.payment.api.runs import runs_router
from shared.runtime.service import Service

__all__ = ["routers"]


def routers(service: Service) -> list[APIRouter]:
    """Payment's routers."""
    makers = (runs_router, paydays_router, funds_router, fraud_router, reading_router)
    return [make(service) for make in makers]
