"""Kafka to store: the consumer with its positions, against a bare poll loop and raw inserts."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from statistics import median
from typing import Any, Final
from uuid import uuid4

import psycopg
from kafka import KafkaConsumer, TopicPartition

from shared.bus.arrivals import ArrivalOf, reacting
from shared.bus.consumer import Consumer
from shared.bus.relay import Relay
from shared.contracts.fields import Sha256Hex
from shared.kernel.answering import Item
from shared.kernel.decider import Aggregate, Decision, Domain, Moment, Stream
from shared.kernel.event import NO_DIGEST, Document, Event
from shared.kernel.postgres import LOG_LOCK, PostgresStore
from shared.kernel.reactions import Reactions
from shared.kernel.store import Store
from shared.kernel.submission import Batch, reaction
from shared.kernel.writer import Writer
from tests.bench import domain
from tests.bench.domain import Noted, fill
from tests.bench.ground import PARTITIONS, Ground
from tests.bench.table import Report, profiled
from tests.bench.writing import multi_row_insert

EVENTS: Final = 60_000
BATCH: Final = 500
ROUNDS: Final = 3
TARGET: Final = 0.5

Wrap = Callable[[str, Callable[[], Any]], Any]


class Taken(Event, service="taker", name="thing-taken"):
    """What follows from a thing noted elsewhere; as large as that."""

    number: int
    pad: Sha256Hex


@dataclass(frozen=True, slots=True)
class Copy:
    """Counts what was taken."""

    events: int = 0


def _evolve(state: Copy, _event: Event) -> Copy:
    return replace(state, events=state.events + 1)


COPY: Final = Aggregate("copy", Copy(), _evolve)
TAKER: Final = Domain("taker", {COPY.name: COPY})


def _take(_state: Copy, command: Noted, _at: Moment) -> Decision:
    return [Taken(number=command.number, pad=command.pad)]


def _on_noted(document: Document[Noted]) -> Any:
    stream = Stream.of_case(COPY.name, document.subject)
    yield reaction("take", document, (stream,), _take, document.data)


def measure(report: Report, ground: Ground) -> None:
    """Records a second of a topic that is already full: one event written for each."""
    topic = ground.topic("bench")
    fill_topic(ground, topic, ground.database("consumed"))
    ours, bare = [], []
    for _ in range(ROUNDS):
        ours.append(consume(ground, topic, REACTING, ground.database("consuming")))
        bare.append(bare_rate(ground, topic))
    seen, ceiling = median(ours), median(bare)
    missed = report.add(
        "Kafka to store through a consumer with positions, records/s",
        f"{seen:,.0f}",
        ceiling=f"bare KafkaConsumer and raw inserts {ceiling:,.0f}",
        ratio=f"{seen / ceiling:.2f}",
        target="half",
        reached=seen >= TARGET * ceiling,
        figures={"ours": ours, "bare": bare},
    )
    if missed:
        consume(ground, topic, REACTING, ground.database("consuming"), profiled)
        report.tell_profile("consuming")
        report.tell_profile("consuming-writer")


def fill_topic(ground: Ground, topic: str, url: str) -> None:
    """Fill a log with ``EVENTS`` events of the bench's service, and relay it to the topic."""
    store = PostgresStore(url)
    fill(store, EVENTS)
    relay = Relay(store, ground.bus, topic, store.election("relay"))
    sent = 0
    while sent < EVENTS:
        sent += relay.step()
    relay.close()
    store.close()


class _Tally:
    """The rate from the first batch taken in to the last; joining a group takes what it takes."""

    def __init__(self) -> None:
        self.taken = self._first = 0
        self._started = self._ended = 0.0

    def add(self, records: int) -> None:
        self.taken += records
        self._ended = time.perf_counter()
        if not self._first:
            self._first, self._started = records, self._ended

    @property
    def rate(self) -> float:
        return (self.taken - self._first) / (self._ended - self._started)


class _Tallied(Writer):
    """A writer that tallies the batches it has answered."""

    tally: _Tally

    def submit(self, item: Item) -> Future[Any]:
        future = super().submit(item)
        if isinstance(item, Batch):
            records = len(item.arrivals)
            future.add_done_callback(lambda _done: self.tally.add(records))
        return future


def _plainly(_name: str, work: Callable[[], Any]) -> Any:
    return work()


@dataclass(frozen=True)
class Taking:
    """How a service takes records in: what it makes of one, and how much it has written."""

    arrival_of: ArrivalOf
    domain: Domain
    written: Callable[[Store], int]


REACTING: Final = Taking(reacting(Reactions({Noted: (_on_noted,)})), TAKER, lambda s: s.head())


def consume(ground: Ground, topic: str, taking: Taking, url: str, wrap: Wrap = _plainly) -> float:
    """Records a second through a consumer and a writer into an empty database."""
    store = PostgresStore(url)
    store.create_table()
    writer = _Tallied(store, replace(domain.setting(), domain=taking.domain), domain.now)
    writer.tally = tally = _Tally()
    writer.open()
    stopping = threading.Event()
    thread = threading.Thread(target=wrap, args=("consuming-writer", lambda: writer.run(stopping)))
    thread.start()
    consumer = Consumer(
        store,
        writer,
        ground.bus,
        taking.arrival_of,
        name=f"taker-{uuid4().hex[:8]}",
        instance="1",
        topics=[topic],
        batch=BATCH,
    )

    def take_all() -> None:
        while tally.taken < EVENTS:
            consumer.step()

    try:
        wrap("consuming", take_all)
    finally:
        consumer.close()
        stopping.set()
        thread.join()
        written = taking.written(store)
        store.close()
    if written != EVENTS:
        raise RuntimeError(f"{EVENTS} records were written as {written}")
    return tally.rate


def bare_rate(ground: Ground, topic: str) -> float:
    """Polls as large, each inserted as one multi-row statement under the log's lock."""
    url = ground.database("bare")
    store = PostgresStore(url)
    store.create_table()
    store.close()
    consumer = KafkaConsumer(
        **ground.kafka.common(), enable_auto_commit=False, auto_offset_reset="earliest"
    )
    consumer.assign([TopicPartition(topic, number) for number in range(PARTITIONS)])
    tally, position = _Tally(), 0
    with psycopg.connect(url) as connection:
        cursor = connection.cursor(binary=True)
        while tally.taken < EVENTS:
            polled = consumer.poll(250, max_records=BATCH)
            records = [record for of_partition in polled.values() for record in of_partition]
            if not records:
                continue
            params: list[Any] = []
            for record in records:
                position += 1
                params += (position, uuid4(), 1, Taken.type, record.value, NO_DIGEST, NO_DIGEST)
            cursor.execute(f"SELECT pg_advisory_xact_lock({LOG_LOCK})")
            cursor.execute(multi_row_insert(len(records)), params, prepare=True)
            connection.commit()
            tally.add(len(records))
    consumer.close()
    return tally.rate
