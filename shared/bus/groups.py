"""Consumer groups within one process, for the buses that are not Kafka.

Partitions are shared out as Kafka's cooperative-sticky assignor does: a member keeps what it has
as far as the shares allow; what must move is first given up by its holder, in that holder's own
``poll``, and only then given to the next. A member that is expired (the simulation's stalled
process) learns of it at its next poll, while others already read its partitions.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from shared.bus.port import (
    BusError,
    Listener,
    MemberFenced,
    PositionOutside,
    Record,
    TopicMissing,
    TopicPartition,
)


class Source(Protocol):
    """What a member reads from."""

    def partitions(self, topic: str) -> list[TopicPartition]:
        """The partitions of the topic's present incarnation; none if it does not exist."""

    def bounds(self, place: TopicPartition) -> tuple[int, int]:
        """A partition's first offset and the one after its last; 0, 0 if its topic is gone."""

    def fetch(self, place: TopicPartition, offset: int, limit: int) -> list[Record]:
        """Records from an offset on."""

    def appends(self) -> int:
        """How often something was appended so far."""

    def wait(self, appends: int, timeout_s: float) -> None:
        """Return when ``appends`` has grown past the given count, or after the time."""


@dataclass(slots=True, eq=False)
class _Seat:
    """One member's place in its group."""

    instance: str
    topics: tuple[str, ...]
    owned: set[TopicPartition] = field(default_factory=set)
    lost: bool = False
    fenced: bool = False


class Groups:
    """Who reads which partition. Safe for several threads."""

    def __init__(self, partitions: Callable[[str], list[TopicPartition]]) -> None:
        self._partitions = partitions
        self._groups: dict[str, dict[str, _Seat]] = {}
        self._lock = threading.RLock()
        self.changes = 0
        """Grows with everything that may move a partition; while it stands still, nothing does."""

    def join(self, group: str, instance: str, topics: Sequence[str]) -> _Seat:
        """Take a seat; a seat of the same instance's name is fenced off, its partitions free."""
        with self._lock:
            self.changes += 1
            seats = self._groups.setdefault(group, {})
            if instance in seats:
                seats[instance].fenced = True
            seat = seats[instance] = _Seat(instance, tuple(topics))
            return seat

    def leave(self, group: str, seat: _Seat) -> None:
        """Give the seat up."""
        with self._lock:
            self.changes += 1
            seats = self._groups[group]
            if seats.get(seat.instance) is seat:
                del seats[seat.instance]

    def expire(self, group: str, instance: str) -> None:
        """Treat a member as dead: others take its partitions before it learns of it."""
        with self._lock:
            self.changes += 1
            seat = self._groups.get(group, {}).pop(instance, None)
            if seat is not None:
                seat.lost = True

    def lost(self, group: str, seat: _Seat) -> set[TopicPartition]:
        """What the member has no more without having given it up; an expired member rejoins."""
        with self._lock:
            if seat.fenced:
                raise MemberFenced(f"another process joined {group} as {seat.instance}")
            if seat.lost:
                self.changes += 1
                gone, seat.owned, seat.lost = seat.owned, set(), False
                self._groups.setdefault(group, {}).setdefault(seat.instance, seat)
                if self._groups[group][seat.instance] is not seat:
                    seat.fenced = True
                return gone
            gone = {p for p in seat.owned if p not in self._partitions(p.topic)}
            if gone:
                self.changes += 1
                seat.owned -= gone
            return gone

    def surplus(self, group: str, seat: _Seat) -> set[TopicPartition]:
        """What the member holds beyond its share, to be given up with ``release``."""
        with self._lock:
            return seat.owned - self._shares(group)[seat.instance]

    def release(self, seat: _Seat, partitions: Collection[TopicPartition]) -> None:
        """Give partitions up, after the listener has let go of them."""
        with self._lock:
            self.changes += 1
            seat.owned -= set(partitions)

    def claim(self, group: str, seat: _Seat) -> set[TopicPartition]:
        """Take what is the member's share and nobody's any more."""
        with self._lock:
            taken = {p for other in self._groups[group].values() for p in other.owned}
            free = self._shares(group)[seat.instance] - taken
            if free:
                self.changes += 1
                seat.owned |= free
            return free

    def _shares(self, group: str) -> dict[str, set[TopicPartition]]:
        """Who should hold what: equal shares, everyone keeping as much as fits."""
        seats = self._groups[group]
        shares: dict[str, set[TopicPartition]] = {name: set() for name in seats}
        for topic in sorted({t for seat in seats.values() for t in seat.topics}):
            entitled = sorted(name for name, seat in seats.items() if topic in seat.topics)
            places = self._partitions(topic)
            least, extra = divmod(len(places), len(entitled))
            # Who holds most already takes the odd one, so that a full group moves nothing.
            held = {n: [p for p in places if p in seats[n].owned] for n in entitled}
            order = sorted(entitled, key=lambda n: (-len(held[n]), n))
            room = {n: least + (i < extra) for i, n in enumerate(order)}
            kept = {n: held[n][: room[n]] for n in entitled}
            spare = [p for p in places if not any(p in k for k in kept.values())]
            for name in entitled:
                missing = room[name] - len(kept[name])
                shares[name].update(kept[name], spare[:missing])
                spare = spare[missing:]
        return shares


class Member:
    """A member of a group over any source: the consumer of the local bus and the simulation's."""

    def __init__(
        self,
        groups: Groups,
        source: Source,
        group: str,
        instance: str,
        topics: Sequence[str],
        listener: Listener,
    ) -> None:
        self._groups = groups
        self._source = source
        self._group = group
        self._listener = listener
        self._topics = tuple(topics)
        self._seat = groups.join(group, instance, topics)
        self._positions: dict[TopicPartition, int] = {}
        self._paused: set[TopicPartition] = set()
        self._turn = 0
        self._closed = False
        self._settled: tuple[object, ...] = ()

    def poll(self, timeout_s: float, max_records: int) -> list[Record]:
        """Records of the assigned partitions; see the port."""
        if self._closed:
            raise BusError("the consumer is closed")
        self._settle()
        appends = self._source.appends()
        records = self._fetch(max_records)
        if not records and timeout_s > 0:
            self._source.wait(appends, timeout_s)
            records = self._fetch(max_records)
        return records

    def _settle(self) -> None:
        """Let go of what went, give up what is beyond the share, take what is free."""
        topics = [self._source.partitions(topic) for topic in self._topics]
        changes = self._groups.changes
        if all(topics) and self._settled == (changes, topics):
            return
        gone = self._groups.lost(self._group, self._seat)
        if gone:
            self._forget(gone)
            self._listener.on_lost(gone)
        surplus = self._groups.surplus(self._group, self._seat)
        if surplus:
            self._listener.on_revoked(surplus)
            self._forget(surplus)
            self._groups.release(self._seat, surplus)
        self._groups.claim(self._group, self._seat)
        # Not only what was just claimed: the listener may have failed at the last poll.
        unplaced = {p for p in self._seat.owned if p not in self._positions}
        if unplaced:
            self._positions.update(self._listener.on_assigned(unplaced))
        for topic in self._topics:
            if not self._source.partitions(topic):
                raise TopicMissing(topic)
        self._settled = (changes, topics)

    def _fetch(self, max_records: int) -> list[Record]:
        """Round the partitions, beginning after the one that came first the last time."""
        places = sorted(p for p in self._positions if p not in self._paused)
        records: list[Record] = []
        reached: dict[TopicPartition, int] = {}
        self._turn += 1
        for i in range(len(places)):
            place = places[(i + self._turn) % len(places)]
            room = max_records - len(records)
            if room == 0:
                break
            position = self._positions[place]
            found = self._source.fetch(place, position, room)
            if found:
                reached[place] = found[-1].offset + 1
                records += found
            else:
                self._require_inside(place, position)
        # Only now: where one partition cannot be read, nothing of the others was handed out.
        self._positions.update(reached)
        return records

    def _require_inside(self, place: TopicPartition, position: int) -> None:
        first, end = self._source.bounds(place)
        if place in self._source.partitions(place.topic) and not first <= position <= end:
            raise PositionOutside(place.topic, place.partition, position, first, end)

    def _forget(self, partitions: Collection[TopicPartition]) -> None:
        for place in partitions:
            self._positions.pop(place, None)
            self._paused.discard(place)

    def assignment(self) -> set[TopicPartition]:
        """The partitions this member reads now."""
        return set(self._positions)

    def seek(self, partition: TopicPartition, offset: int) -> None:
        """Read from here next."""
        if partition in self._positions:
            self._positions[partition] = offset

    def pause(self, partitions: Collection[TopicPartition]) -> None:
        """Fetch nothing from these."""
        self._paused |= self._positions.keys() & set(partitions)

    def resume(self, partitions: Collection[TopicPartition]) -> None:
        """Fetch from these again."""
        self._paused -= set(partitions)

    def close(self) -> None:
        """Leave the group."""
        if self._closed:
            return
        self._closed = True
        try:
            if self._positions:
                self._listener.on_revoked(set(self._positions))
        finally:
            self._positions.clear()
            self._groups.leave(self._group, self._seat)
