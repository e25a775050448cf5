"""The simulation's bus: in memory, deterministic, with a hook before each effect.

The hook is called with the name of what is about to happen and may switch to another process,
or raise. It is how requests and acknowledgements get lost:

``send``, before each record is appended. ``BusAway``: the request is lost; this record and the
producer's later ones of its partition are not there. ``Delayed``: they arrive when ``land_late``
is called, after their sender stopped waiting.

``ack``, when all is appended. ``BusAway``: the acknowledgement is lost, the records are there.

``poll``, before a member looks for records.

Any other exception (the simulation's crash) passes through. With ``random``, records of different
partitions are appended and polled in random order; within one the order is the sender's, as an
idempotent producer guarantees. A re-sent record is a duplicate like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from uuid import UUID, uuid5

from shared.bus.groups import Groups, Member
from shared.bus.partitioner import partition_of
from shared.bus.port import (
    BusAway,
    BusError,
    ConsumerPort,
    Headers,
    Listener,
    Record,
    TopicMissing,
    TopicPartition,
    TopicSpec,
    require_settings,
    topic_settings,
)

_NAMESPACE = UUID("0c2f8f4e-8a53-5a0b-8d8e-6f1f6d1d8b6e")


class Delayed(BusAway):
    """Raised by the hook at ``send``: the request arrives later than its sender waits."""


@dataclass(slots=True)
class _Queued:
    topic: str
    partition: int
    key: bytes | None
    value: bytes
    headers: Headers


@dataclass(slots=True)
class _Topic:
    topic_id: UUID
    places: list[TopicPartition]
    partitions: list[list[Record]]


def _quiet(_step: str) -> None:
    return


class MemoryBus:
    """A bus that is gone with its process.

    ``on_step`` is the hook, ``random`` the source of reordering across partitions.
    """

    def __init__(
        self, on_step: Callable[[str], None] = _quiet, random: Random | None = None
    ) -> None:
        self.on_step = on_step
        self.random = random
        self._topics: dict[str, _Topic] = {}
        self._created = 0
        self._late: list[_Queued] = []
        self._groups = Groups(self.partitions)

    def create_topics(self, specs: Sequence[TopicSpec]) -> list[str]:
        """Create the topics that are missing."""
        missing = [spec for spec in specs if spec.name not in self._topics]
        for spec in missing:
            self._created += 1
            topic_id = uuid5(_NAMESPACE, f"{spec.name}/{self._created}")
            places = [TopicPartition(spec.name, topic_id, i) for i in range(spec.partitions)]
            self._topics[spec.name] = _Topic(topic_id, places, [[] for _ in places])
        return [spec.name for spec in missing]

    def delete_topic(self, name: str) -> None:
        """Delete a topic with its records (tests)."""
        del self._topics[name]

    def check_topic(self, spec: TopicSpec) -> None:
        """Raises unless the topic exists with the partitions wanted."""
        require_settings(spec, len(self._topic(spec.name).partitions), topic_settings(1))

    def topic_id(self, name: str) -> UUID:
        """The id of the topic's present incarnation."""
        return self._topic(name).topic_id

    def producer(self) -> MemoryProducer:
        """A new producer."""
        return MemoryProducer(self)

    def consumer(
        self, group: str, instance: str, topics: Sequence[str], listener: Listener
    ) -> ConsumerPort:
        """A member of a group."""
        return Member(self._groups, self, group, instance, topics, listener)

    def expire(self, group: str, instance: str) -> None:
        """Treat a member as dead: others take its partitions before it learns of it."""
        self._groups.expire(group, instance)

    def land_late(self) -> int:
        """Append what was ``Delayed``; how many records."""
        late, self._late = self._late, []
        for queued in late:
            if queued.topic in self._topics:
                self._append(queued)
        return len(late)

    def read_partition(
        self, topic: str, partition: int, from_offset: int, limit: int
    ) -> list[Record]:
        """Records from an offset on."""
        return self._topic(topic).partitions[partition][from_offset : from_offset + limit]

    def begin_offsets(self, topic: str) -> dict[int, int]:
        """Each partition's first offset."""
        return dict.fromkeys(range(len(self._topic(topic).partitions)), 0)

    def end_offsets(self, topic: str) -> dict[int, int]:
        """The offset after each partition's last record."""
        return {i: len(records) for i, records in enumerate(self._topic(topic).partitions)}

    def version(self) -> str:
        """What it is."""
        return "memory bus"

    def close(self) -> None:
        """Nothing to let go of."""

    def partitions(self, topic: str) -> list[TopicPartition]:
        """The partitions of a topic, none if it does not exist (for its members)."""
        known = self._topics.get(topic)
        return [] if known is None else known.places

    def bounds(self, place: TopicPartition) -> tuple[int, int]:
        """First offset and end of a partition (for its members)."""
        records = self._records(place)
        return 0, len(records)

    def fetch(self, place: TopicPartition, offset: int, limit: int) -> list[Record]:
        """Records from an offset on (for its members); with ``random``, sometimes fewer."""
        self.on_step("poll")
        records = self._records(place)[offset : offset + limit]
        if self.random is not None and records:
            return records[: self.random.randint(1, len(records))]
        return records

    def appends(self) -> int:
        """Not counted: the simulation waits for nothing."""
        return 0

    def wait(self, appends: int, timeout_s: float) -> None:
        """The simulation waits for nothing."""

    def _records(self, place: TopicPartition) -> list[Record]:
        known = self._topics.get(place.topic)
        if known is None or known.topic_id != place.topic_id:
            return []
        return known.partitions[place.partition]

    def _topic(self, name: str) -> _Topic:
        if name not in self._topics:
            raise TopicMissing(name)
        return self._topics[name]

    def _place(self, topic: str, key: bytes | None) -> int:
        return 0 if key is None else partition_of(key, len(self._topic(topic).partitions))

    def _append(self, queued: _Queued) -> None:
        topic = self._topic(queued.topic)
        records = topic.partitions[queued.partition]
        at = len(records)
        where = (queued.topic, topic.topic_id, queued.partition, at)
        records.append(Record(*where, queued.key, queued.value, queued.headers, at))

    def _deliver(self, queued: Sequence[_Queued]) -> None:
        """Append one producer's records; a partition that broke takes no more of them."""
        lanes: dict[tuple[str, int], list[_Queued]] = {}
        for item in queued:
            lanes.setdefault((item.topic, item.partition), []).append(item)
        order = [lane for lane, items in lanes.items() for _ in items]
        if self.random is not None:
            self.random.shuffle(order)
        failed: BusAway | None = None
        for lane in order:
            if lane not in lanes:
                continue
            try:
                self.on_step("send")
            except Delayed as late:
                self._late += lanes.pop(lane)
                failed = late
            except BusAway as lost:
                del lanes[lane]
                failed = lost
            else:
                self._append(lanes[lane].pop(0))
        if failed is not None:
            raise BusAway("a record was not acknowledged") from failed
        self.on_step("ack")


class MemoryProducer:
    """Queues until it is flushed."""

    def __init__(self, bus: MemoryBus) -> None:
        self._bus = bus
        self._queued: list[_Queued] = []
        self._broken = False

    def send(self, topic: str, key: bytes | None, value: bytes, headers: Headers) -> None:
        """Queue a record."""
        if self._broken:
            raise BusError("this producer failed before: make a new one")
        partition = self._bus._place(topic, key)
        self._queued.append(_Queued(topic, partition, key, value, headers))

    def flush(self, deadline_s: float) -> None:
        """Append what is queued and await the acknowledgement."""
        queued, self._queued = self._queued, []
        if not queued:
            return
        self._broken = True
        self._bus._deliver(queued)
        self._broken = False

    def discard(self) -> None:
        """Drop what is queued."""
        self._queued.clear()
        self._broken = True
