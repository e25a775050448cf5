"""Reading from Kafka: how every consumer of ours is made, and reading outside any group."""

from __future__ import annotations

import logging
import threading
import time
from typing import Any
from uuid import UUID

from kafka import KafkaConsumer, errors
from kafka import TopicPartition as Place

from shared.bus.kafka.connection import KafkaSettings, connected, translated
from shared.bus.port import BusAway, Record

log = logging.getLogger(__name__)

CLOSE_MS = 5_000
_READ_PATIENCE_S = 30.0


def new_consumer(settings: KafkaSettings, **more: Any) -> Any:
    """A consumer that commits nothing, creates nothing and never chooses its own position."""
    options = {
        **settings.common(),
        "enable_auto_commit": False,
        "auto_offset_reset": "none",
        "allow_auto_create_topics": False,
        "fetch_max_wait_ms": 250,
        "metrics_enabled": False,
        **more,
    }
    return connected(KafkaConsumer, options)


def close_consumer(consumer: Any) -> None:
    """Close within moments, whatever state the connection is in."""
    if consumer is None:
        return
    try:
        consumer.close(autocommit=False, timeout_ms=CLOSE_MS)
    except (errors.KafkaError, OSError, RuntimeError) as error:
        log.info("a consumer did not close cleanly: %s", type(error).__name__)


class PartitionReader:
    """Reads partitions outside any group. Safe for several threads."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._consumer: Any = None
        self._next: tuple[str, UUID, int, int] | None = None

    def read(
        self, topic: str, topic_id: UUID, partition: int, start: int, end: int, limit: int
    ) -> list[Record]:
        """Records from ``start``, up to ``limit`` of them and before ``end``."""
        end = min(end, start + limit)
        if start >= end:
            return []
        with self._lock:
            try:
                with translated("reading a partition"):
                    return self._read(topic, topic_id, partition, start, end)
            except BaseException:
                consumer, self._consumer = self._consumer, None
                close_consumer(consumer)
                raise

    def _read(
        self, topic: str, topic_id: UUID, partition: int, start: int, end: int
    ) -> list[Record]:
        place = Place(topic, partition)
        if self._consumer is None:
            self._consumer = new_consumer(self._settings)
            self._next = None
        if self._next != (topic, topic_id, partition, start):
            self._consumer.assign([place])
            self._consumer.seek(place, start)
        records: list[Record] = []
        last_seen = time.monotonic()
        position = start
        while position < end:
            # An offset may be missing (a control record): the position is what counts.
            for r in self._consumer.poll(250, max_records=end - position).get(place, ()):
                last_seen = time.monotonic()
                position = r.offset + 1
                if r.offset < end:
                    where = (topic, topic_id, partition, r.offset)
                    records.append(Record(*where, r.key, r.value, tuple(r.headers), r.timestamp))
            if time.monotonic() > last_seen + _READ_PATIENCE_S:
                raise BusAway(f"Kafka gives nothing of {topic}:{partition} past {position}")
        self._next = (topic, topic_id, partition, position)
        return records

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            consumer, self._consumer = self._consumer, None
            close_consumer(consumer)
