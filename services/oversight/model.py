"""Oversight's aggregate: what contradicts what was received before, per event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from shared.contracts.oversight import ContradictionReceived
from shared.kernel.decider import Aggregate, Stream
from shared.kernel.event import Event


@dataclass(frozen=True, slots=True)
class Contradictions:
    """How often an event came again with other bytes."""

    received: int = 0


def evolve(state: Contradictions, event: Event) -> Contradictions:
    """Fold one event of an event's contradictions."""
    match event:
        case ContradictionReceived():
            return Contradictions(state.received + 1)
    return state


CONTRADICTIONS: Final = Aggregate("contradictions", Contradictions(), evolve)
AGGREGATES: Final = {CONTRADICTIONS.name: CONTRADICTIONS}


def contradictions_of(event_id: UUID) -> Stream:
    """The stream of what contradicts an event."""
    return Stream(CONTRADICTIONS.name, str(event_id))
