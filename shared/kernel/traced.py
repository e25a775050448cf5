"""Log lines about what no request is waiting for: which trace and which event they belong to."""

from __future__ import annotations

from uuid import UUID


def traced(event: UUID, traceparent: str | None) -> dict[str, UUID | str]:
    """The extra fields of such a line: the event's id, and the trace that its request began.

    ``traceparent`` is as an event carries it (W3C: version, trace, span and flags).
    """
    fields: dict[str, UUID | str] = {"event": event}
    if traceparent is not None:
        fields["trace"] = traceparent[3:35]
    return fields
