"""Rows as a turn would write them, without a writer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from shared.kernel.event import NO_DIGEST, Recorded, digest_of
from shared.kernel.store import AgendaEntry, Handled, Look, Move, Parked, Seen, Store, Write

AT = datetime(2020, 5, 18, 1, 2, 3, 456789, tzinfo=UTC)
TOPIC = UUID("70000000-0000-4000-8000-000000000000")


def events(
    first_position: int,
    *streams: UUID,
    versions: dict[UUID, int] | None = None,
    body: bytes = b'{"n":1}',
) -> list[Recorded]:
    """Events that follow on in the log; ``versions`` are the streams' last ones before."""
    last = dict(versions or {})
    rows = []
    for offset, stream in enumerate(streams):
        version = last[stream] = last.get(stream, 0) + 1
        previous = NO_DIGEST if version == 1 else bytes([version]) * 32
        position = first_position + offset
        document = body + b" " * (position % 3)
        rows.append(
            Recorded(
                position,
                stream,
                version,
                "doudi.tests.amount-counted.v1",
                document,
                previous,
                digest_of(previous, document),
            )
        )
    return rows


def handled(command_id: UUID | None = None, **changed: Any) -> Handled:
    plain = Handled(command_id or uuid4(), b"d" * 32, 7, 2, 3, "", AT)
    return plain._replace(**changed)


def entry(kind: str = "review", *, due_on: str = "2020-06-01", **changed: Any) -> AgendaEntry:
    plain = AgendaEntry(
        kind, uuid4(), date.fromisoformat(due_on), uuid4(), uuid4(), uuid4(), "350121000000"
    )
    return plain._replace(**changed)


def parked(key: str = "k", ordinal: int = 1, *, consumer: str = "c", **changed: Any) -> Parked:
    plain = Parked(
        consumer, key, ordinal, "doudi.fj.intake", TOPIC, 3, 41, "reaction-failed", b"\x00sealed"
    )
    return plain._replace(**changed)


def move(start: int, end: int, partition: int = 0, source_position: int = 0) -> Move:
    return Move("c", TOPIC, partition, start, end, source_position)


def take_turn(store: Store, write: Write, look: Look | None = None) -> Seen:
    """One turn that looks and writes."""
    with store.turn() as turn:
        seen = turn.look(look or Look())
        turn.write(write)
    return seen


def look_only(store: Store, look: Look) -> Seen:
    """What a turn sees that writes nothing."""
    with store.turn() as turn:
        return turn.look(look)


def append(store: Store, *streams: UUID) -> Sequence[Recorded]:
    """Append one event to each stream, in order, as a turn does."""
    with store.turn() as turn:
        seen = turn.look(Look(streams=list(set(streams))))
        versions = {stream: rows[-1].version for stream, rows in seen.streams.items()}
        rows = events(seen.head + 1, *streams, versions=versions)
        turn.write(Write(events=rows))
    return rows
