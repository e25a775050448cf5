"""Log to Kafka: the relay, against a bare producer with the same settings and payload."""

from __future__ import annotations

import time
from statistics import median

from kafka import KafkaProducer

from shared.bus.kafka.producing import producer_options
from shared.bus.relay import Relay
from shared.bus.wire import headers_of, key_of
from shared.kernel.event import Recorded
from shared.kernel.postgres import PostgresStore
from tests.bench.domain import fill
from tests.bench.ground import Ground
from tests.bench.table import Report, profiled

EVENTS = 60_000
ROUNDS = 3
TARGET = 0.8


def measure(report: Report, ground: Ground) -> None:
    """Events a second of a whole log into a new topic, everything acknowledged."""
    store = PostgresStore(ground.database("relaying"))
    rows = fill(store, EVENTS)
    ours, bare = [], []
    for _ in range(ROUNDS):  # in turns, so that the machine's moods hit both alike
        ours.append(_relay(store, ground))
        bare.append(_bare(rows, ground))
    seen, ceiling = median(ours), median(bare)
    missed = report.add(
        "log to Kafka through the relay, events/s",
        f"{seen:,.0f}",
        ceiling=f"bare KafkaProducer {ceiling:,.0f}",
        ratio=f"{seen / ceiling:.2f}",
        target=f"{TARGET}",
        reached=seen >= TARGET * ceiling,
        figures={"ours": ours, "bare": bare},
    )
    if missed:
        profiled("relaying", lambda: _relay(store, ground))
        report.tell_profile("relaying")
    store.close()


def _relay(store: PostgresStore, ground: Ground) -> float:
    """Of a new topic: a relay publishes the whole history into it."""
    topic = ground.topic("bench")
    relay = Relay(store, ground.bus, topic, store.election("relay"))
    sent = 0
    started = time.perf_counter()
    while sent < EVENTS:
        sent += relay.step()
    seconds = time.perf_counter() - started
    relay.close()
    return sent / seconds


def _bare(rows: list[Recorded], ground: Ground) -> float:
    payload = [(key_of(row), row.document, list(headers_of(row))) for row in rows]
    topic = ground.topic("bench")
    started = time.perf_counter()
    producer = KafkaProducer(**producer_options(ground.kafka))
    futures = [producer.send(topic, body, key, headers) for key, body, headers in payload]
    producer.flush()
    seconds = time.perf_counter() - started
    if not all(future.succeeded() for future in futures):
        raise RuntimeError("the bare producer lost records")
    producer.close()
    return len(payload) / seconds
