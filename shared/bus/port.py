"""The bus's port: topics that keep the history for good, producing, consuming in groups.

Kafka, the durable local bus and the simulation's memory implement it and pass the same contract
suite. It is synchronous: whoever uses it has a thread of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple, Protocol
from uuid import UUID

TOPIC_SETTINGS: Mapping[str, str] = MappingProxyType(
    {
        "retention.ms": "-1",
        "retention.bytes": "-1",
        "cleanup.policy": "delete",
        "message.timestamp.type": "LogAppendTime",
        "unclean.leader.election.enable": "false",
    }
)
"""What a topic must be set to, so that it holds the history for good and dates it itself."""

MIN_IN_SYNC = "min.insync.replicas"
"""The setting that says how many replicas have a record before it counts as acknowledged."""

_SEVERAL_REPLICAS = 3

Headers = tuple[tuple[str, bytes], ...]


class BusError(Exception):
    """The base of what the bus raises."""


class BusAway(BusError):
    """The bus cannot be reached, or did not acknowledge in time. Trying again is right."""


class TopicMissing(BusError):
    """A topic does not exist; ``doudi topics`` creates it."""

    def __init__(self, topic: str) -> None:
        super().__init__(f"topic {topic} does not exist: create it with `doudi topics`")
        self.topic = topic


class TopicWrong(BusError):
    """A topic is not set as the house needs it; names the setting, what it is, what it must be."""

    def __init__(self, topic: str, setting: str, seen: str, wanted: str) -> None:
        super().__init__(f"topic {topic}: {setting} is {seen}, must be {wanted}")
        self.topic = topic
        self.setting = setting
        self.seen = seen
        self.wanted = wanted


class PositionOutside(BusError):
    """A stored position lies outside its topic: records were deleted, or the topic lost its end.

    Nothing can be read on safely; a person decides. ``first`` and ``end`` are the topic's first
    offset and the one after its last.
    """

    def __init__(self, topic: str, partition: int, position: int, first: int, end: int) -> None:
        super().__init__(
            f"the stored position {position} of {topic}:{partition} lies outside the topic, which "
            f"holds {first} to {end}: restore the topic, or set the position by hand"
        )
        self.topic = topic
        self.partition = partition
        self.position = position
        self.first = first
        self.end = end


class MemberFenced(BusError):
    """Another process joined the group under this instance's name; this one must stop."""


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """A topic as the house wants it. ``partitions`` is fixed for life: it places the keys."""

    name: str
    partitions: int


class TopicPartition(NamedTuple):
    """One partition of one incarnation of a topic; a re-created topic has another id."""

    topic: str
    topic_id: UUID
    partition: int


class Record(NamedTuple):
    """One record as read. ``timestamp`` is the bus's, in milliseconds since 1970 (UTC)."""

    topic: str
    topic_id: UUID
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Headers
    timestamp: int


class Producer(Protocol):
    """Sends records in order per key. After any error it is discarded and a new one is made."""

    def send(self, topic: str, key: bytes | None, value: bytes, headers: Headers) -> None:
        """Queue a record. Raises ``BusAway`` where an earlier one is known to have failed."""

    def flush(self, deadline_s: float) -> None:
        """Wait until every record sent since the last flush is acknowledged.

        Raises ``BusAway`` when one failed or the deadline passed; some may be there then.
        """

    def discard(self) -> None:
        """Let go of everything queued and of the connection, within moments."""


class Listener(Protocol):
    """Told about partitions that come and go, while ``poll`` or ``close`` runs."""

    def on_assigned(self, partitions: Collection[TopicPartition]) -> Mapping[TopicPartition, int]:
        """The position to read each from. Where it raises, the next poll asks again."""

    def on_revoked(self, partitions: Collection[TopicPartition]) -> None:
        """These go to another member once this returns."""

    def on_lost(self, partitions: Collection[TopicPartition]) -> None:
        """These are another member's already, or their topic is gone."""


class ConsumerPort(Protocol):
    """A member of a consumer group. It commits no offsets: positions lie in the store."""

    def poll(self, timeout_s: float, max_records: int) -> list[Record]:
        """Records of the assigned partitions, in order within each.

        Waits ``timeout_s`` for the first, and some seconds longer while the group is shared out.
        Raises ``BusAway``, ``TopicMissing``, ``PositionOutside`` or ``MemberFenced``, and whatever
        the listener raised.
        """

    def assignment(self) -> set[TopicPartition]:
        """The partitions this member reads now."""

    def seek(self, partition: TopicPartition, offset: int) -> None:
        """Read an assigned partition from here next; one that left meanwhile is no error."""

    def pause(self, partitions: Collection[TopicPartition]) -> None:
        """Fetch nothing from these until resumed."""

    def resume(self, partitions: Collection[TopicPartition]) -> None:
        """Fetch from these again."""

    def close(self) -> None:
        """Leave the group."""


class Bus(Protocol):
    """One bus."""

    def create_topics(self, specs: Sequence[TopicSpec]) -> list[str]:
        """Create the topics that are missing; their names. Existing ones are left alone."""

    def check_topic(self, spec: TopicSpec) -> None:
        """Raises ``TopicMissing`` or ``TopicWrong`` unless the topic is as it must be."""

    def topic_id(self, name: str) -> UUID:
        """The id of the topic's present incarnation. Raises ``TopicMissing``."""

    def producer(self) -> Producer:
        """A new producer; it connects with its first record."""

    def consumer(
        self, group: str, instance: str, topics: Sequence[str], listener: Listener
    ) -> ConsumerPort:
        """A member of a group, known by its instance's name; it connects with its first poll."""

    def read_partition(
        self, topic: str, partition: int, from_offset: int, limit: int
    ) -> list[Record]:
        """At most ``limit`` records from an offset on, outside any group; fewer at the end."""

    def begin_offsets(self, topic: str) -> dict[int, int]:
        """Each partition's first offset."""

    def end_offsets(self, topic: str) -> dict[int, int]:
        """The offset after each partition's last record."""

    def version(self) -> str:
        """The bus's name and version, for an operator."""

    def close(self) -> None:
        """Let go of every connection."""


def topic_settings(replication: int) -> dict[str, str]:
    """What a topic of so many replicas must be set to.

    From three on, two must have a record before it is acknowledged: one broker may be lost
    without a record, and one may be away without a stop. With fewer, one is all that can be asked.
    """
    return {**TOPIC_SETTINGS, MIN_IN_SYNC: "2" if replication >= _SEVERAL_REPLICAS else "1"}


def require_settings(
    spec: TopicSpec, partitions: int, settings: Mapping[str, str], replication: int = 1
) -> None:
    """Compare a topic as it is with what it must be. Raises ``TopicWrong`` for the first.

    ``replication`` is how many replicas the topic has.
    """
    if partitions != spec.partitions:
        raise TopicWrong(spec.name, "partitions", str(partitions), str(spec.partitions))
    for setting, wanted in topic_settings(replication).items():
        seen = settings.get(setting, "not set")
        stricter = setting == MIN_IN_SYNC and seen.isdecimal() and int(seen) > int(wanted)
        if seen != wanted and not stricter:
            raise TopicWrong(spec.name, setting, seen, wanted)
