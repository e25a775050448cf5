"""Reading: a stream with its state, and the whole log, against psycopg alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from uuid import uuid4

import psycopg

from shared.kernel.decider import Stream
from shared.kernel.deciding import fold
from shared.kernel.postgres import PostgresStore
from tests.bench.domain import DOMAIN, THING, submission, writer
from tests.bench.table import Report

STREAMS = 4_000
READS = 2_000
PAGE = 1_000

_STREAM = """SELECT notification_id, originator_id, originator_version, topic, state,
    previous_digest, digest FROM stored_events WHERE originator_id = %s
    ORDER BY originator_version"""
_LOG = """SELECT notification_id, originator_id, originator_version, topic, state,
    previous_digest, digest FROM stored_events WHERE notification_id > %s
    ORDER BY notification_id LIMIT %s"""


def measure(report: Report, database: Callable[[str], str]) -> None:
    """The median of reading a stream of about ten events, and events a second of a whole log."""
    url = database("reading")
    store = PostgresStore(url)
    store.create_table()
    made = writer(store)
    cases = [uuid4() for _ in range(STREAMS)]
    for _ in range(3):
        futures = [made.submit(submission(case)) for case in cases]
        while not all(future.done() for future in futures):
            made.step()
    ids = [Stream.of_case(THING.name, case).id("bench", "bench") for case in cases[:READS]]
    with psycopg.connect(url, autocommit=True) as connection:
        ours, raw = [], []
        cursor = connection.cursor(binary=True)
        for stream_id in ids:
            started = time.perf_counter()
            fold(DOMAIN, THING.name, store.read_stream(stream_id))
            between = time.perf_counter()
            cursor.execute(_STREAM, (stream_id,), prepare=True).fetchall()
            ours.append(between - started)
            raw.append(time.perf_counter() - between)
        report.add(
            "read a stream of nine events with its state, median ms",
            f"{median(ours) * 1000:.2f}",
            f"psycopg {median(raw) * 1000:.2f}",
            f"{median(raw) / median(ours):.2f}",
            "0.4 ms",
        )
        total = store.head()
        rates: list[tuple[float, float]] = []
        for _ in range(3):
            started = time.perf_counter()
            after = 0
            while rows := store.read_log(after, PAGE):
                after = rows[-1].position
            between = time.perf_counter()
            after = 0
            while found := cursor.execute(_LOG, (after, PAGE), prepare=True).fetchall():
                after = found[-1][0]
            rates.append((total / (between - started), total / (time.perf_counter() - between)))
    seen, ceiling = (median(rate[i] for rate in rates) for i in (0, 1))
    report.add(
        "read the whole log, events/s",
        f"{seen:,.0f}",
        f"psycopg {ceiling:,.0f}",
        f"{seen / ceiling:.2f}",
        "0.8",
    )
    store.close()
