"""How an event puts something on the agenda."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from shared.kernel.event import Document
from shared.kernel.store import AgendaEntry


def entry_of(kind: str, key: UUID, due_on: date, document: Document[Any]) -> AgendaEntry:
    """What is due on a date because of an event; ``key`` tells it from others of its kind."""
    return AgendaEntry(
        kind, key, due_on, document.subject, document.stream, document.id, document.region
    )
