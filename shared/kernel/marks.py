"""The events that tell what became of a record that could not be applied."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from shared.kernel.decider import Stream
from shared.kernel.event import Event, digest_of
from shared.kernel.states import PARKING
from shared.kernel.submission import NATIONWIDE, Arrival, Submission


def parking_stream(consumer: str, key: str) -> Stream:
    """The stream in which the fate of a key's parked records is told."""
    return Stream(PARKING, f"{consumer}/{key}")


def mark_of(arrival: Arrival) -> dict[str, Any]:
    """Which record an event of parking speaks of: where it came from, and its bytes' digest."""
    return {
        "topic_id": arrival.place.topic_id,
        "partition": arrival.place.partition,
        "offset": arrival.place.offset,
        "digest": digest_of(b"", arrival.body).hex(),
    }


def recording(command_id: UUID, stream: Stream, event: Event, actor: UUID, role: str) -> Submission:
    """A submission that just records one event of the kernel."""
    return Submission(
        command_id=command_id,
        command=event,
        reads=(stream,),
        decide=lambda _state, command, _at: [command],
        actor=actor,
        role=role,
        region=NATIONWIDE,
        causation_id=command_id,
    )
