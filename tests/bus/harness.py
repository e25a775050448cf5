"""What the bus's tests share: a listener that starts at given positions, and polling."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from shared.bus.port import Bus, BusAway, ConsumerPort, Record, TopicPartition

DEADLINE_S = 90.0


class Bookmarks:
    """A listener that remembers what it was told and where reading is to begin."""

    def __init__(self) -> None:
        self.positions: dict[tuple[UUID, int], int] = {}
        self.assigned: list[TopicPartition] = []
        self.revoked: list[TopicPartition] = []
        self.lost: list[TopicPartition] = []
        self.failures = 0

    def on_assigned(self, partitions: Collection[TopicPartition]) -> Mapping[TopicPartition, int]:
        if self.failures:
            self.failures -= 1
            raise BusAway("the store of positions is away")
        self.assigned += partitions
        return {p: self.positions.get((p.topic_id, p.partition), 0) for p in partitions}

    def on_revoked(self, partitions: Collection[TopicPartition]) -> None:
        self.revoked += partitions

    def on_lost(self, partitions: Collection[TopicPartition]) -> None:
        self.lost += partitions


def publish(bus: Bus, topic: str, records: Iterable[tuple[str | None, str]]) -> None:
    producer = bus.producer()
    for key, value in records:
        headers = (("type", b"t"), ("digest", bytes(range(256))))
        producer.send(topic, key.encode() if key else None, value.encode(), headers)
    producer.flush(DEADLINE_S)
    producer.discard()


def until(condition: Callable[[], bool], act: Callable[[], object]) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not condition():
        act()
        assert time.monotonic() < deadline, "nothing came in time"


def poll_side_by_side(is_so: Callable[[], bool], *members: ConsumerPort) -> None:
    """Poll each member on a thread of its own, as processes would, until something is so."""

    def poll(member: ConsumerPort) -> None:
        until(is_so, lambda: member.poll(0.1, 10))

    with ThreadPoolExecutor(len(members)) as pool:
        for done in [pool.submit(poll, member) for member in members]:
            done.result()


def collect(count: int, *members: ConsumerPort) -> list[Record]:
    """Poll the members in turn until that many records came, then once more."""
    found: list[Record] = []

    def poll() -> None:
        for member in members:
            found.extend(member.poll(0.2, 1000))

    until(lambda: len(found) >= count, poll)
    poll()
    return found


def values(records: Iterable[Record]) -> list[str]:
    return [r.value.decode() for r in records if r.value is not None]
