"""Intake's read models."""

from __future__ import annotations

from typing import Final

from services.intake.views.applications import APPLICATIONS, ApplicationRow, fold
from services.intake.views.watch_list import WATCH_LIST, WatchListRow, fold_entry
from shared.views.projector import Projection

__all__ = [
    "APPLICATIONS",
    "PROJECTIONS",
    "WATCH_LIST",
    "ApplicationRow",
    "WatchListRow",
    "fold",
    "fold_entry",
]

PROJECTIONS: Final[tuple[Projection, ...]] = (APPLICATIONS, WATCH_LIST)
