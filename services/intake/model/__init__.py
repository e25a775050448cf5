"""Intake's aggregates beside the registry's: applications, and who is kept in mind."""

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
    "WATCH_LIST_ENTRY",
    "Application",
    "OpenApplication",
    "Status",
    "WatchListEntry",
    "WatchStage",
    "application_stream",
    "open_application_stream",
    "watch_list_entry_of",
]

AGGREGATES: Final[dict[str, Aggregate[Any]]] = {
    aggregate.name: aggregate for aggregate in (APPLICATION, OPEN_APPLICATION, WATCH_LIST_ENTRY)
}
"""What intake's domain holds beside the registry."""
