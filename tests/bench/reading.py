"""Reading: a stream with its state, and the whole log, against psycopg alone."""

from __future__ import annotations

import time
from statistics import median
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg import Cursor

from shared.kernel.decider import Stream
from shared.kernel.postgres import PostgresStore
from shared.kernel.states import fold
from tests.bench.domain import DOMAIN, EVENTS_A_COMMAND, THING, submission, writer
from tests.bench.ground import Ground
from tests.bench.table import Report, profiled

STREAMS = 4_000
READS = 2_000
EVENTS_A_STREAM = 9
ROUNDS = 5
STREAM_MS = 0.4
OF_RAW = 0.8
PAGE = 1_000

_STREAM = """SELECT notification_id, originator_id, originator_version, topic, state,
    previous_digest, digest FROM stored_events WHERE originator_id = %s
    ORDER BY originator_version"""
_LOG = """SELECT notification_id, originator_id, originator_version, topic, state,
    previous_digest, digest FROM stored_events WHERE notification_id > %s
    ORDER BY notification_id LIMIT %s"""


def measure(report: Report, ground: Ground) -> None:
    """The median of reading a stream of nine events, and events a second of a whole log."""
    url = ground.database("reading")
    store = PostgresStore(url)
    store.create_table()
    ids = _streams(store)
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.cursor(binary=True)
        _measure_streams(report, store, cursor, ids)
        _measure_log(report, store, cursor)
    store.close()


def _streams(store: PostgresStore) -> list[UUID]:
    made = writer(store)
    cases = [uuid4() for _ in range(STREAMS)]
    for _ in range(EVENTS_A_STREAM // EVENTS_A_COMMAND):
        futures = [made.submit(submission(case)) for case in cases]
        while not all(future.done() for future in futures):
            made.step()
    return [Stream.of_case(THING.name, case).id("bench", "bench") for case in cases[:READS]]


def _measure_streams(
    report: Report, store: PostgresStore, cursor: Cursor[Any], ids: list[UUID]
) -> None:
    def read_all() -> tuple[list[float], list[float]]:
        ours, raw = [], []
        for stream_id in ids:
            started = time.perf_counter()
            fold(DOMAIN, THING.name, store.read_stream(stream_id))
            between = time.perf_counter()
            cursor.execute(_STREAM, (stream_id,), prepare=True).fetchall()
            ours.append(between - started)
            raw.append(time.perf_counter() - between)
        return ours, raw

    ours, raw = read_all()
    seen_ms, raw_ms = median(ours) * 1000, median(raw) * 1000
    missed = report.add(
        "read a stream of nine events with its state, median ms",
        f"{seen_ms:.2f}",
        ceiling=f"psycopg {raw_ms:.2f}",
        ratio=f"{raw_ms / seen_ms:.2f}",
        target=f"{STREAM_MS} ms",
        reached=seen_ms <= STREAM_MS,
        figures={"ours_ms": [seen_ms], "raw_ms": [raw_ms]},
    )
    if missed:
        profiled("reading-streams", read_all)
        report.tell_profile("reading-streams")


def _measure_log(report: Report, store: PostgresStore, cursor: Cursor[Any]) -> None:
    total = store.head()

    def read_log() -> float:
        started = time.perf_counter()
        after = 0
        while rows := store.read_log(after, PAGE):
            after = rows[-1].position
        return total / (time.perf_counter() - started)

    def read_raw() -> float:
        started = time.perf_counter()
        after = 0
        while found := cursor.execute(_LOG, (after, PAGE), prepare=True).fetchall():
            after = found[-1][0]
        return total / (time.perf_counter() - started)

    ours, raw = [], []
    for _ in range(ROUNDS):
        ours.append(read_log())
        raw.append(read_raw())
    seen, ceiling = median(ours), median(raw)
    missed = report.add(
        "read the whole log, events/s",
        f"{seen:,.0f}",
        ceiling=f"psycopg {ceiling:,.0f}",
        ratio=f"{seen / ceiling:.2f}",
        target=f"{OF_RAW}",
        reached=seen >= OF_RAW * ceiling,
        figures={"ours": ours, "raw": raw},
    )
    if missed:
        profiled("reading-log", read_log)
        report.tell_profile("reading-log")
