"""Care, put together."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter

from services.care.model import AGGREGATES
from shared.kernel.decider import Domain
from shared.runtime.definition import Definition
from shared.runtime.service import Service


def _routers(_service: Service) -> Sequence[APIRouter]:
    return ()


def definition() -> Definition:
    """What care is."""
    return Definition(domain=Domain("care", AGGREGATES), title="照料服务 / Care", routers=_routers)
