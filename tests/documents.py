"""Documents as a log holds them, for what folds or reacts to them."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from shared.clock import instant_of
from shared.kernel.event import Document, Event, document_class, event_id


def document(
    event: Event,
    *,
    case_id: UUID,
    on: date,
    version: int = 1,
    stream: UUID | None = None,
    causation_id: UUID | None = None,
    region: str = "350924100000",
) -> Document[Any]:
    """The document of an event of a case, effective and recorded on a day."""
    stream = stream or case_id
    service = event.type.split(".")[1]
    return document_class(type(event))(
        id=event_id(stream, version),
        type=event.type,
        source=f"/doudi/fj/{service}",
        subject=case_id,
        time=instant_of(on),
        dataschema=f"/schemas/{event.type}.json",
        stream=stream,
        version=version,
        effectiveon=on,
        commandid=uuid4(),
        actor=uuid4(),
        role="township_clerk",
        region=region,
        causationid=causation_id or uuid4(),
        correlationid=case_id,
        data=event,
    )
