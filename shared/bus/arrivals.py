"""What a consumer makes of a record: commands that it leads to, or a copy to be taken of it."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

from shared.bus import wire
from shared.bus.port import Record
from shared.contracts.kernel import ParkReason
from shared.kernel.copies import Copy
from shared.kernel.reactions import Reactions
from shared.kernel.submission import Arrival, Contradicted, Place

ArrivalOf = Callable[[Record], Arrival | None]
"""What a record leads to; ``None`` where it is passed over."""


def reacting(reactions: Reactions) -> ArrivalOf:
    """A service's reactions to other services' events."""

    def arrival_of(record: Record) -> Arrival | None:
        event_type = wire.header(record, wire.TYPE)
        return reactions.arrival(_text(record.key), event_type, record.value or b"", _place(record))

    return arrival_of


def copying(contradicted: Contradicted) -> ArrivalOf:
    """A copy of every event, whatever it reports and whether this code knows its type or not.

    What is no valid event of its topic's service is parked under its own coordinates: it blocks
    no case, and its bytes, which may hold anything, are sealed.
    """

    def arrival_of(record: Record) -> Arrival:
        place, body = _place(record), record.value or b""
        copy = _copy_of(record)
        if copy is None:
            name = f"{place.topic_id}/{place.partition}/{place.offset}"
            return Arrival(name, place, body, unreadable=ParkReason.NO_EVENT)
        return Arrival(str(copy.subject), place, body, copy=copy, contradicted=contradicted)

    return arrival_of


def _copy_of(record: Record) -> Copy | None:
    source = wire.source_of(record.topic)
    found = wire.event_of(record, source)
    if found is None:
        return None
    envelope, row = found
    return Copy(
        position=0,
        service=source.rpartition("/")[2],
        log_position=row.position,
        event_id=envelope.id,
        subject=envelope.subject,
        stream=row.stream,
        version=row.version,
        type=row.type,
        topic_id=record.topic_id,
        partition=record.partition,
        offset=record.offset,
        document=row.document,
        body_digest=sha256(row.document).digest(),
        previous_digest=row.previous_digest,
        digest=row.digest,
        seal=b"",
    )


def _place(record: Record) -> Place:
    return Place(record.topic, record.topic_id, record.partition, record.offset)


def _text(key: bytes | None) -> str | None:
    try:
        return key.decode() if key else None
    except UnicodeDecodeError:
        return None
