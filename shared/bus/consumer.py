"""The consumer: other services' topics into this service's store, each record exactly once.

A polled batch, the positions it moves and all its commands are one item of the writer's queue
and take effect in one turn, or not at all. The turn moves each position from exactly where the
batch began; where another instance has moved it, the turn refuses, and this consumer begins anew
from the stored positions. Nothing else is needed against a consumer that was stalled while its
partitions went to another.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import Future, wait
from typing import NamedTuple

from shared.bus import wire
from shared.bus.arrivals import ArrivalOf
from shared.bus.port import (
    Bus,
    ConsumerPort,
    MemberFenced,
    PositionOutside,
    Record,
    TopicPartition,
)
from shared.kernel.store import Move, Store
from shared.kernel.submission import Arrival, Batch, BatchDone, PositionMoved
from shared.kernel.writer import Writer

log = logging.getLogger(__name__)

_REVOKE_WAIT_S = 2.0


class _Flight(NamedTuple):
    """A batch in the writer's queue, with the partitions it moves."""

    future: Future[BatchDone]
    partitions: frozenset[TopicPartition]


class Consumer:
    """One instance of a service's consumer.

    ``arrival_of`` says what a record leads to. ``name`` is the service's: its positions are
    stored under it, whichever instance moved them. ``instance`` is this process's stable name in
    the group. ``batch`` bounds the records of one poll, ``in_flight`` the batches that wait for
    the writer. ``revoke_wait_s`` bounds how long a partition that goes to another member is held
    for the batches under way; what is not applied by then, the compare-and-set decides.
    """

    def __init__(
        self,
        store: Store,
        writer: Writer,
        bus: Bus,
        arrival_of: ArrivalOf,
        *,
        name: str,
        instance: str,
        topics: Sequence[str],
        batch: int = 500,
        in_flight: int = 4,
        revoke_wait_s: float = _REVOKE_WAIT_S,
    ) -> None:
        self._store = store
        self._writer = writer
        self._bus = bus
        self._arrival_of = arrival_of
        self._name = name
        self._instance = instance
        self._topics = tuple(topics)
        self._batch = batch
        self._in_flight = in_flight
        self._revoke_wait_s = revoke_wait_s
        self._port: ConsumerPort | None = None
        self._flights: deque[_Flight] = deque()
        self._next: dict[TopicPartition, int] = {}
        self._astray = False
        self._gap: tuple[TopicPartition, int, int] | None = None
        self._stopped: Exception | None = None
        self.idle = False
        """Whether the last step found nothing to read and no batch is under way."""

    @property
    def group(self) -> str:
        """The consumer group: cell and service, so that cells may share a cluster."""
        return f"{self._topics[0].rpartition('.')[0]}.{self._name}"

    def step(self, wait_s: float = 0.25) -> int:
        """See what became of earlier batches, poll, and hand the next batch to the writer.

        Waits up to ``wait_s`` for records, or for the writer when enough batches are under way.
        Returns how many records went to the writer or came back applied. Raises ``BusAway``,
        ``StoreAway``, ``TopicMissing``, ``WriterBusy``, ``WriterClosed``; the next step begins
        from the stored positions. Raises ``PositionOutside`` and ``MemberFenced`` for good.
        """
        if self._stopped is not None:
            raise self._stopped
        self.idle = False
        if len(self._flights) >= self._in_flight or (self._astray and self._flights):
            wait([self._flights[0].future], wait_s)
        landed = self._land()
        if self._astray and not self._find_back():
            return landed
        if len(self._flights) >= self._in_flight:
            return landed
        try:
            records = self._member().poll(wait_s, self._batch)
        except (PositionOutside, MemberFenced) as error:
            self._stopped = error
            raise
        except Exception:
            # Nobody knows what the member has read already and not handed out.
            self._astray = True
            raise
        if records and not self._submit(records):
            return landed
        self.idle = not records and not self._flights
        return landed + len(records)

    def close(self) -> None:
        """Leave the group; batches under way are waited for as on a revocation."""
        port, self._port = self._port, None
        if port is not None:
            port.close()

    def _member(self) -> ConsumerPort:
        if self._port is None:
            self._port = self._bus.consumer(self.group, self._instance, self._topics, self)
        return self._port

    def _land(self) -> int:
        """Take off what the writer has answered, in order. Raises what an engine's absence is."""
        applied = 0
        while self._flights and self._flights[0].future.done():
            flight = self._flights.popleft()
            try:
                flight.future.result()
            except PositionMoved:
                log.info("%s: a position was moved by another instance", self.group)
                self._astray = True
            except Exception:
                # Nobody knows whether it was committed; the stored positions do.
                self._astray = True
                raise
            else:
                applied += 1
        return applied

    def _find_back(self) -> bool:
        """Seek every assigned partition to its stored position, once nothing is under way."""
        if self._flights:
            return False
        port = self._member()
        for partition, position in self._stored(port.assignment()).items():
            port.seek(partition, position)
            self._next[partition] = position
        self._astray = False
        return True

    def _stored(self, partitions: Iterable[TopicPartition]) -> dict[TopicPartition, int]:
        known = {(p.topic_id, p.partition): p.position for p in self._store.positions(self._name)}
        return {p: known.get((p.topic_id, p.partition), 0) for p in partitions}

    def _submit(self, records: Sequence[Record]) -> bool:
        """Hand a batch to the writer; false if the records do not follow on."""
        ends: dict[TopicPartition, tuple[int, int]] = {}
        arrivals: list[Arrival] = []
        for record in records:
            partition = TopicPartition(record.topic, record.topic_id, record.partition)
            if partition not in self._next:
                continue  # it left while it was polled
            expected, seen = ends.get(partition, (self._next[partition], 0))
            if record.offset != expected and self._is_astray(partition, expected, record.offset):
                return False
            ends[partition] = record.offset + 1, max(seen, wire.log_position(record))
            arrival = self._arrival_of(record)
            if arrival is not None:
                arrivals.append(arrival)
        if not ends:
            return True
        moves = tuple(
            Move(self._name, p.topic_id, p.partition, self._next[p], end, source_position)
            for p, (end, source_position) in ends.items()
        )
        try:
            future = self._writer.submit(Batch(self._name, moves, tuple(arrivals)))
        except Exception:
            self._astray = True
            raise
        self._flights.append(_Flight(future, frozenset(ends)))
        for partition, (end, _) in ends.items():
            self._next[partition] = end
        return True

    def _is_astray(self, partition: TopicPartition, expected: int, offset: int) -> bool:
        """Whether to go back rather than to move past an offset that was never read.

        A topic itself may have a hole (nothing of ours makes one): seen twice, it is one.
        """
        gap = partition, expected, offset
        if offset > expected and gap == self._gap:
            return False
        log.warning("%s: %s expected offset %d, got %d", self.group, partition.topic, *gap[1:])
        self._gap = gap
        self._astray = True
        return True

    def on_assigned(self, partitions: Collection[TopicPartition]) -> Mapping[TopicPartition, int]:
        """Where the store says that these are to be read from."""
        positions = self._stored(partitions)
        self._next.update(positions)
        return positions

    def on_revoked(self, partitions: Collection[TopicPartition]) -> None:
        """Let the batches under way be applied first, so that the next owner begins past them."""
        gone = set(partitions)
        under_way = [f.future for f in self._flights if f.partitions & gone]
        if under_way and self._revoke_wait_s > 0:
            wait(under_way, self._revoke_wait_s)
        self._forget(gone)

    def on_lost(self, partitions: Collection[TopicPartition]) -> None:
        """Another owner may be ahead already: what is under way, the compare-and-set decides."""
        self._forget(partitions)

    def _forget(self, partitions: Iterable[TopicPartition]) -> None:
        for partition in partitions:
            self._next.pop(partition, None)
