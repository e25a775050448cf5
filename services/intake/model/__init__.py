"""Intake's aggregates beside the registry's: applications and what goes before them."""

from __future__ import annotations

from typing import Any, Final

from services.intake.model.applications import (
    APPLICATION,
    OPEN_APPLICATION,
    Application,
    OpenApplication,
    Status,
    application_stream,
    open_application_stream,
)
from services.intake.model.requests import (
    REQUEST,
    WAITS_FOR,
    Request,
    RequestStage,
    request_of,
)
from services.intake.model.screening import (
    SCREENING,
    SCREENING_TASK,
    UNFINISHED,
    Screening,
    ScreeningTask,
    TaskStage,
    screening_of,
    screening_task_of,
    stage_after,
    stage_of,
    task_id_of,
)
from services.intake.model.watch_list import (
    WATCH_LIST_ENTRY,
    WatchListEntry,
    WatchStage,
    watch_list_entry_of,
)
from shared.kernel.decider import Aggregate

__all__ = [
    "AGGREGATES",
    "APPLICATION",
    "OPEN_APPLICATION",
    "REQUEST",
    "SCREENING",
    "SCREENING_TASK",
    "UNFINISHED",
    "WAITS_FOR",
    "WATCH_LIST_ENTRY",
    "Application",
    "OpenApplication",
    "Request",
    "RequestStage",
    "Screening",
    "ScreeningTask",
    "Status",
    "TaskStage",
    "WatchListEntry",
    "WatchStage",
    "application_stream",
    "open_application_stream",
    "request_of",
    "screening_of",
    "screening_task_of",
    "stage_after",
    "stage_of",
    "task_id_of",
    "watch_list_entry_of",
]

AGGREGATES: Final[dict[str, Aggregate[Any]]] = {
    aggregate.name: aggregate
    for aggregate in (
        APPLICATION,
        OPEN_APPLICATION,
        WATCH_LIST_ENTRY,
        SCREENING,
        SCREENING_TASK,
        REQUEST,
    )
}
"""What intake's domain holds beside the registry."""
