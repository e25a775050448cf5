"""Consuming from Kafka: a static member that keeps its positions elsewhere.

kafka-python calls the rebalance listener on its network thread, while the member's own thread
waits in ``poll`` or ``close``; so the two never run at once. An exception there would leave a
partition without a position, so it is kept and raised from ``poll``, and the partition stays
paused until its position could be asked for again.

Fetches go by a topic's name. A record's topic id is certain because the ids are asked for before
the consumer connects and again after each poll that brought records: ids never return. When one
changed, everything polled is dropped and a new consumer connects.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn
from uuid import UUID

from kafka import ConsumerRebalanceListener, errors
from kafka import TopicPartition as Place
from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor
from kafka.structs import MemberState

from shared.bus.kafka.ahead import ReadAhead
from shared.bus.kafka.connection import KafkaSettings, translated
from shared.bus.kafka.group import Readers
from shared.bus.kafka.reading import CLOSE_MS, close_consumer, new_consumer
from shared.bus.port import (
    BusAway,
    BusError,
    Listener,
    MemberFenced,
    PositionOutside,
    Record,
    TopicMissing,
    TopicPartition,
)

if TYPE_CHECKING:
    from shared.bus.kafka.bus import KafkaBus

log = logging.getLogger(__name__)

_IDLE_CHECK_S = 1.0
_JOINING_S = 2.0
_JOINING_POLL_S = 0.5
"""How long a poll goes on, and in which steps, while the group is shared out."""

_PORTIONS = 4
"""How many portions are read at once."""


class _Hooks(ConsumerRebalanceListener):  # type: ignore[misc]  # kafka-python ships no types
    """Hands kafka-python's callbacks to the member."""

    def __init__(self, member: KafkaMember) -> None:
        self._member = member

    def on_partitions_assigned(self, assigned: Iterable[Any]) -> None:
        self._member._assigned(assigned)

    def on_partitions_revoked(self, revoked: Iterable[Any]) -> None:
        self._member._gone(revoked, lost=False)

    def on_partitions_lost(self, lost: Iterable[Any]) -> None:
        self._member._gone(lost, lost=True)


class KafkaMember:
    """One member of a consumer group."""

    def __init__(
        self,
        bus: KafkaBus,
        settings: KafkaSettings,
        group: str,
        instance: str,
        topics: Sequence[str],
        listener: Listener,
    ) -> None:
        self._bus = bus
        self._settings = settings
        self._group = group
        self._instance = instance
        self._topics = list(topics)
        self._listener = listener
        self._consumer: Any = None
        self._ids: dict[str, UUID] = {}
        self._readers = Readers(group)
        self._ahead = ReadAhead()
        self._placed: set[TopicPartition] = set()
        self._unplaced: set[TopicPartition] = set()
        self._problem: Exception | None = None
        self._checked_at = 0.0
        self._muted = False
        self._closed = False

    def poll(self, timeout_s: float, max_records: int) -> list[Record]:
        """Records of the assigned partitions; see the port."""
        if self._closed:
            raise BusError("the consumer is closed")
        if self._consumer is None:
            self._open()
        if self._unplaced:
            self._place(self._unplaced)
        self._raise_problem()
        if not self._ahead.vouched:
            self._read(timeout_s, max_records * _PORTIONS)
        return self._ahead.take(max_records)

    def _read(self, timeout_s: float, max_records: int) -> None:
        """Poll, and vouch for the topics of what came.

        Several portions are read at once, since each look at the topics' ids takes a while. What
        came before the cluster could be asked stays and is vouched for by the next look.
        """
        if not self._ahead:
            self._ahead.add(self._poll(timeout_s, max_records), self._ids)
        self._raise_problem()
        if self._consumer is None:
            return
        due = time.monotonic() >= self._checked_at + _IDLE_CHECK_S
        if due:
            self._look_at_group()
        if self._consumer is not None and (self._ahead or due):
            self._ahead.vouched = self._same_topics()

    def _open(self) -> None:
        self._ids = self._bus.topic_ids(self._topics)
        self._checked_at = time.monotonic()
        self._muted = False
        session_ms = int(self._settings.session_s * 1000)
        with translated("joining a group"):
            consumer = new_consumer(
                self._settings,
                group_id=self._group,
                group_instance_id=self._instance,
                partition_assignment_strategy=[CooperativeStickyAssignor],
                session_timeout_ms=session_ms,
                heartbeat_interval_ms=max(session_ms // 10, 100),
            )
            try:
                consumer.subscribe(self._topics, listener=_Hooks(self))
                for topic in self._topics:  # learnt after joining, they would make it join again
                    consumer.partitions_for_topic(topic)
            except BaseException:
                close_consumer(consumer)
                raise
        self._consumer = consumer

    def _poll(self, timeout_s: float, max_records: int) -> dict[Any, list[Any]]:
        """Poll, and stay while the group is shared out.

        kafka-python gives nothing meanwhile, and an answer that comes between two polls it loses:
        then the next poll joins once more, or (see ``group``) never.
        """
        polled = self._poll_once(timeout_s, max_records)
        deadline = time.monotonic() + _JOINING_S
        while not polled and self._joining and time.monotonic() < deadline:
            polled = self._poll_once(_JOINING_POLL_S, max_records)
        return polled

    @property
    def _joining(self) -> bool:
        if self._consumer is None or self._problem is not None:
            return False
        return bool(self._consumer.group_metadata().state == MemberState.REBALANCING)

    def _poll_once(self, timeout_s: float, max_records: int) -> dict[Any, list[Any]]:
        try:
            polled: dict[Any, list[Any]] = self._consumer.poll(
                timeout_ms=int(timeout_s * 1000), max_records=max_records
            )
        except (errors.OffsetOutOfRangeError, errors.LogTruncationError) as error:
            if self._same_topics():
                self._raise_outside(error)
            return {}
        except errors.FencedInstanceIdError:
            self._fenced()
        except (errors.KafkaError, OSError, RuntimeError) as error:
            self._drop()
            raise BusAway(f"Kafka, polling: {type(error).__name__}") from error
        return polled

    def _look_at_group(self) -> None:
        self._checked_at = time.monotonic()
        own = self._consumer.group_metadata().member_id
        if not own:
            return  # not joined yet: the name may still be its last holder's
        group = self._bus.group(self._group)
        holder = group.holders.get(self._instance, own)
        if holder != own == self._consumer.group_metadata().member_id:
            self._fenced()
        wanted = self._bus.partitions(self._topics)
        held = {(place.topic, place.partition) for place in self._consumer.assignment()}
        if self._readers.are_missing(group, wanted, own, held):
            known = own in group.shares
            if known and not self._bus.leave(self._group, self._instance, own):
                self._fenced()
            self._drop()

    def _fenced(self) -> NoReturn:
        self._drop()
        raise MemberFenced(f"another process joined {self._group} as {self._instance}")

    def _same_topics(self) -> bool:
        """Whether every topic is still the one this consumer connected to; if not, let go."""
        try:
            ids = self._bus.topic_ids(self._topics)
        except TopicMissing:
            self._drop()
            raise
        if ids == self._ids:
            return True
        log.warning("a topic of group %s was re-created: it is read from its start", self._group)
        self._drop()
        return False

    def _raise_outside(self, error: Exception) -> None:
        position = {
            TopicPartition(p.topic, self._ids[p.topic], p.partition): (
                offset if isinstance(offset, int) else self._position(p)
            )
            for p, offset in error.args[0].items()
        }
        for place, offset in position.items():
            first = self._bus.begin_offsets(place.topic)[place.partition]
            end = self._bus.end_offsets(place.topic)[place.partition]
            raise PositionOutside(place.topic, place.partition, offset, first, end) from error

    def _position(self, place: Any) -> int:
        return int(self._consumer.position(place, timeout_ms=CLOSE_MS) or 0)

    def _raise_problem(self) -> None:
        problem, self._problem = self._problem, None
        if problem is not None:
            raise problem

    def _assigned(self, assigned: Iterable[Any]) -> None:
        if not self._muted:
            self._place({self._named(p) for p in assigned})

    def _place(self, partitions: set[TopicPartition]) -> None:
        """Ask where to read from; until that is known, read nothing."""
        places = {p: Place(p.topic, p.partition) for p in partitions}
        self._unplaced = partitions
        for place in places.values():
            self._consumer.seek(place, 0)
            self._consumer.pause(place)
        try:
            positions = self._listener.on_assigned(partitions)
        except Exception as error:  # noqa: BLE001 - raised from poll, on the member's own thread
            self._problem = error
            return
        for partition, place in places.items():
            self._consumer.seek(place, positions[partition])
            self._consumer.resume(place)
        self._placed |= partitions
        self._unplaced = set()

    def _gone(self, partitions: Iterable[Any], *, lost: bool) -> None:
        if self._muted:
            return
        gone = {self._named(p) for p in partitions}
        told = gone & self._placed
        self._ahead.drop(gone)
        self._placed -= gone
        self._unplaced -= gone
        try:
            if told and lost:
                self._listener.on_lost(told)
            elif told:
                self._listener.on_revoked(told)
        except Exception as error:  # noqa: BLE001 - raised from poll, on the member's own thread
            self._problem = error

    def _named(self, place: Any) -> TopicPartition:
        return TopicPartition(place.topic, self._ids[place.topic], place.partition)

    def _drop(self) -> None:
        """Let go of the connection and of everything read; the next poll connects anew."""
        consumer, self._consumer = self._consumer, None
        self._muted = True
        lost, self._placed, self._unplaced = self._placed, set(), set()
        self._ahead.clear()
        close_consumer(consumer)
        if lost:
            self._listener.on_lost(lost)

    def assignment(self) -> set[TopicPartition]:
        """The partitions this member reads now."""
        return set(self._placed)

    def seek(self, partition: TopicPartition, offset: int) -> None:
        """Read from here next."""
        if partition in self._placed:
            self._ahead.drop([partition])
            self._consumer.seek(Place(partition.topic, partition.partition), offset)

    def pause(self, partitions: Collection[TopicPartition]) -> None:
        """Fetch nothing from these."""
        for p, offset in self._ahead.drop(partitions).items():
            self._consumer.seek(Place(p.topic, p.partition), offset)
        for p in self._placed & set(partitions):
            self._consumer.pause(Place(p.topic, p.partition))

    def resume(self, partitions: Collection[TopicPartition]) -> None:
        """Fetch from these again."""
        for p in self._placed & set(partitions):
            self._consumer.resume(Place(p.topic, p.partition))

    def close(self) -> None:
        """Stop reading. The group keeps this instance's partitions for it until the session ends,
        so that a restart moves nothing."""
        if self._closed:
            return
        self._closed = True
        consumer, self._consumer = self._consumer, None
        placed = set(self._placed)
        try:
            if placed:
                self._listener.on_revoked(placed)
        finally:
            self._muted = True
            self._placed.clear()
            close_consumer(consumer)
