"""Oversight, put together."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter

from services.oversight.model import AGGREGATES
from shared.kernel.decider import Domain
from shared.runtime.definition import Definition
from shared.runtime.service import Service


def _routers(_service: Service) -> Sequence[APIRouter]:
    return ()


def definition() -> Definition:
    """What oversight is."""
    return Definition(
        domain=Domain("oversight", AGGREGATES), title="监督审计 / Oversight", routers=_routers
    )
