"""Producing to Kafka: idempotent, in order, acknowledged by all replicas or not at all."""

from __future__ import annotations

import logging
import time
from typing import Any

from kafka import KafkaProducer, errors

from shared.bus.kafka.connection import KafkaSettings, connected, translated
from shared.bus.partitioner import partition_of
from shared.bus.port import BusAway, Headers

log = logging.getLogger(__name__)

LINGER_MS = 20
BATCH_BYTES = 256_000
REQUEST_BYTES = 1_048_576

_GIVE_UP_MS = 600_000
"""When kafka-python itself drops a record: far beyond any deadline of ours. A producer that
drops one goes on with the next under a new epoch, which would put events out of order."""


def producer_options(settings: KafkaSettings) -> dict[str, Any]:
    """The settings of every producer of ours, also of the benchmark's bare one."""
    return {
        **settings.common(),
        "acks": "all",
        "enable_idempotence": True,
        "linger_ms": LINGER_MS,
        "batch_size": BATCH_BYTES,
        "max_request_size": REQUEST_BYTES,
        "max_block_ms": int(settings.connect_s * 1000),
        "delivery_timeout_ms": _GIVE_UP_MS,
        "allow_auto_create_topics": False,
        "metrics_enabled": False,
    }


class KafkaProducing:
    """One idempotent producer; it connects with its first record. Never sets a timestamp."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._settings = settings
        self._producer: Any = None
        self._futures: list[Any] = []
        self._partitions: dict[str, int] = {}
        self._failed: BaseException | None = None

    def send(self, topic: str, key: bytes | None, value: bytes, headers: Headers) -> None:
        """Queue a record."""
        if self._failed is not None:
            raise BusAway("Kafka did not take an earlier record") from self._failed
        with translated("sending"):
            if self._producer is None:
                self._producer = connected(KafkaProducer, producer_options(self._settings))
            future = self._producer.send(topic, value, key, list(headers), self._place(topic, key))
        future.add_errback(self._stop)
        self._futures.append(future)

    def _place(self, topic: str, key: bytes | None) -> int:
        """The key's partition, as Kafka's own partitioner gives it, but remembered."""
        count = self._partitions.get(topic)
        if count is None:
            count = len(self._producer.partitions_for(topic))
            self._partitions[topic] = count
        return 0 if key is None else partition_of(key, count)

    def _stop(self, error: BaseException) -> None:
        """Stop sending at once, in the sender's own thread: later records must not overtake."""
        if self._failed is None:
            self._failed = error
            _halt(self._producer)

    def flush(self, deadline_s: float) -> None:
        """Wait for every acknowledgement."""
        if not self._futures:
            return
        deadline = time.monotonic() + deadline_s
        while self._failed is None:
            left_s = deadline - time.monotonic()
            if left_s <= 0:
                self._failed = TimeoutError(f"no acknowledgement within {deadline_s} s")
                break
            try:
                with translated("flushing"):
                    # The library's timeout counts anew for each batch: ask in slices.
                    self._producer.flush(timeout=min(left_s, 1.0))
                    break
            except BusAway as away:
                if not isinstance(away.__cause__, errors.KafkaTimeoutError):
                    raise
        futures, self._futures = self._futures, []
        if self._failed is None and all(future.succeeded() for future in futures):
            return
        raise BusAway("Kafka did not acknowledge every record") from self._failed

    def discard(self) -> None:
        """Drop what is queued and stop the sender's thread."""
        self._futures.clear()
        self._failed = self._failed or RuntimeError("the producer was discarded")
        producer, self._producer = self._producer, None
        if producer is None:
            return
        _halt(producer)
        try:
            producer.close(timeout=1)
        except errors.KafkaError as error:
            log.info("a discarded producer did not close cleanly: %s", type(error).__name__)


def _halt(producer: Any) -> None:
    # The public close() first waits for what is queued, and when that times out it raises and
    # leaves the thread sending. There is no public way to stop without delivering.
    producer._sender.force_close()
