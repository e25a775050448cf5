"""Streams folded to states, and the bounded cache of those that are committed."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from shared.kernel import rebuilding
from shared.kernel.decider import Aggregate, Domain
from shared.kernel.event import NO_DIGEST, Event, Recorded, read

PARKING: Final = "parking"
"""The aggregate of what became of parked records, which keeps no state."""

KERNEL_AGGREGATES: Final[Mapping[str, Aggregate[Any]]] = {
    PARKING: Aggregate(PARKING, None, lambda state, _event: state),
    rebuilding.REBUILDING: rebuilding.AGGREGATE,
}
"""The aggregates of the kernel's own streams, which every service's log may hold."""


class StreamState(NamedTuple):
    """A stream folded: its version, the digest its next event builds on, and its state."""

    version: int
    digest: bytes
    state: Any


class States:
    """The bounded cache of committed states; ``after`` is the log position it has seen.

    It advances only from committed rows. After a commit of unknown outcome it is forgotten.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._states: OrderedDict[UUID, StreamState] = OrderedDict()
        self.after = 0
        self.recorded_at: datetime | None = None

    def __contains__(self, stream: UUID) -> bool:
        return stream in self._states

    def __len__(self) -> int:
        return len(self._states)

    def get(self, stream: UUID) -> StreamState | None:
        """A stream's state, if it is known."""
        return self._states.get(stream)

    def forget(self, streams: Iterable[UUID] | None = None) -> None:
        """Drop some streams (another instance appended to them), or everything."""
        if streams is None:
            self._states.clear()
            return
        for stream in streams:
            self._states.pop(stream, None)

    def advance(self, states: dict[UUID, StreamState], after: int, recorded_at: datetime) -> None:
        """Take over what a committed turn left; the least recently written go first."""
        for stream, state in states.items():
            self._states[stream] = state
            self._states.move_to_end(stream)
        while len(self._states) > self._limit:
            self._states.popitem(last=False)
        self.after = after
        self.recorded_at = recorded_at


def evolve(domain: Domain, aggregate: str, state: Any, event: Event) -> Any:
    """One step of a stream's fold."""
    return _aggregate(domain, aggregate).evolve(state, event)


def fold(domain: Domain, aggregate: str, rows: Iterable[Recorded]) -> StreamState:
    """A stream's rows folded from its beginning."""
    state = _aggregate(domain, aggregate).initial
    version, digest = 0, NO_DIGEST
    for row in rows:
        state = evolve(domain, aggregate, state, read(row).data)
        version, digest = row.version, row.digest
    return StreamState(version, digest, state)


def _aggregate(domain: Domain, name: str) -> Aggregate[Any]:
    return KERNEL_AGGREGATES.get(name) or domain.aggregates[name]
