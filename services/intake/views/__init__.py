"""Intake's read models."""

from __future__ import annotations

from typing import Final

from services.intake.views.applications import APPLICATIONS, ApplicationRow, fold
from services.intake.views.progress import PROGRESS, ProgressRow, fold_progress
from services.intake.views.requests import REQUESTS, RequestRow, fold_request
from services.intake.views.screening import (
    SCREENING_LEDGER,
    SCREENING_TASKS,
    ScreeningLedgerRow,
    ScreeningTaskRow,
    fold_ledger,
    fold_task,
)
from services.intake.views.watch_list import WATCH_LIST, WatchListRow, fold_entry
from shared.views.projector import Projection

__all__ = [
    "APPLICATIONS",
    "PROGRESS",
    "PROJECTIONS",
    "REQUESTS",
    "SCREENING_LEDGER",
    "SCREENING_TASKS",
    "WATCH_LIST",
    "ApplicationRow",
    "ProgressRow",
    "RequestRow",
    "ScreeningLedgerRow",
    "ScreeningTaskRow",
    "WatchListRow",
    "fold",
    "fold_entry",
    "fold_ledger",
    "fold_progress",
    "fold_request",
    "fold_task",
]

PROJECTIONS: Final[tuple[Projection, ...]] = (
    APPLICATIONS,
    WATCH_LIST,
    SCREENING_TASKS,
    SCREENING_LEDGER,
    REQUESTS,
    PROGRESS,
)
