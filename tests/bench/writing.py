"""Appending: the whole writer against raw inserts and against the library's own application."""

from __future__ import annotations

import asyncio
import multiprocessing
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.queues import Queue
from statistics import median
from typing import Any
from uuid import uuid4

import psycopg
import uvloop
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate as LibraryAggregate
from eventsourcing.domain import event as library_event

from shared.kernel.postgres import LOG_LOCK, PostgresStore
from shared.kernel.writer import Writer
from tests.bench.domain import EVENTS_A_COMMAND, PAD, fill, submission, writer
from tests.bench.ground import Ground
from tests.bench.table import Report, profiled

SUBMITTERS = (1, 16, 64, 256)
INSTANCES = (1, 2, 4)
SECONDS = 2.0
ROUNDS = 3
OF_RAW = 0.8
OF_LIBRARY = 5.0
AT_LEAST = {16: 12_975.0, 64: 18_000.0, 256: 20_000.0}
"""Events a second; at 16 what Axon on the JVM did on the same PostgreSQL and two cores."""


def measure(report: Report, ground: Ground) -> None:
    """Events a second for each number of submitters and instances."""
    for submitters in SUBMITTERS:
        _measure(report, ground, submitters)
    for instances in INSTANCES:
        seen = _several(ground.database("instances"), instances)
        report.add(
            f"append, {instances} instances × 64 submitters, events/s",
            f"{seen:,.0f}",
            figures={"ours": [seen]},
        )


def _measure(report: Report, ground: Ground, submitters: int) -> None:
    with_library = submitters in (1, 16)
    ours, raw, library = [], [], []
    for _ in range(ROUNDS):  # in turns, so that the machine's moods hit all alike
        ours.append(_through_the_writer(ground.database("writer"), submitters))
        raw.append(_raw(ground.database("raw"), submitters))
        if with_library:
            library.append(_library(ground.database("library"), submitters))
    seen, ceiling = median(ours), median(raw)
    least = AT_LEAST.get(submitters, 0.0)
    target = f"{OF_RAW} of raw" + (f"; {least:,.0f}" if least else "")
    reached = seen >= OF_RAW * ceiling and seen >= least
    beside = f"raw {ceiling:,.0f}"
    if library:
        times = seen / median(library)
        beside += f"; library {median(library):,.0f} ({times:.1f} ×)"
        if submitters == 16:
            target += f"; {OF_LIBRARY:.0f} × library"
            reached = reached and times >= OF_LIBRARY
    missed = report.add(
        f"append, {submitters} submitters, events/s",
        f"{seen:,.0f}",
        ceiling=beside,
        ratio=f"{seen / ceiling:.2f}",
        target=target,
        reached=reached,
        figures={"ours": ours, "raw": raw, "library": library},
    )
    if missed:
        name = f"writing-{submitters}"
        _through_the_writer(ground.database("profile"), submitters, name)
        report.tell_profile(name)


async def _submit(made: Writer, submitters: int, seconds: float) -> float:
    async def submitter(until: float) -> int:
        done = 0
        while time.perf_counter() < until:
            await made.execute(submission())
            done += 1
        return done

    started = time.perf_counter()
    done = await asyncio.gather(*(submitter(started + seconds) for _ in range(submitters)))
    return sum(done) * EVENTS_A_COMMAND / (time.perf_counter() - started)


def _through_the_writer(url: str, submitters: int, profile: str = "") -> float:
    store = PostgresStore(url)
    store.create_table()
    made = writer(store)
    stopping = threading.Event()

    def run() -> None:
        if profile:
            profiled(profile, lambda: made.run(stopping))
        else:
            made.run(stopping)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        uvloop.run(_submit(made, submitters, 0.5))
        return uvloop.run(_submit(made, submitters, SECONDS))
    finally:
        stopping.set()
        thread.join()
        store.close()


def multi_row_insert(rows: int) -> str:
    """One statement that inserts so many rows of a log."""
    return """INSERT INTO stored_events (notification_id, originator_id, originator_version, topic,
        state, previous_digest, digest) VALUES """ + ", ".join(
        ["(%s, %s, %s, %s, %s, %s, %s)"] * rows
    )


def _raw(url: str, submitters: int) -> float:
    """Multi-row inserts of the same bytes, as many per transaction, under the same lock."""
    store = PostgresStore(url)
    rows = fill(store, 900)
    store.close()
    size = submitters * EVENTS_A_COMMAND
    statement = multi_row_insert(size)
    done, position = 0, 1_000_000
    with psycopg.connect(url) as connection:
        cursor = connection.cursor(binary=True)
        started = time.perf_counter()
        while time.perf_counter() - started < SECONDS:
            params: list[Any] = []
            for number in range(size):
                row = rows[number % len(rows)]
                position += 1
                params += (position, uuid4(), 1, row.type, row.document)
                params += (row.previous_digest, row.digest)
            cursor.execute(f"SELECT pg_advisory_xact_lock({LOG_LOCK})")
            cursor.execute(statement, params, prepare=True)
            connection.commit()
            done += size
        return done / (time.perf_counter() - started)


class _LibraryThing(LibraryAggregate):
    @library_event("Begun")
    def __init__(self, pad: str) -> None:
        self.pad = pad

    @library_event("Noted")
    def note(self, pad: str) -> None:
        self.pad = pad


def _library(url: str, submitters: int) -> float:
    """One save per command of three events through the library's own application class."""
    parts = psycopg.conninfo.conninfo_to_dict(url)
    app = Application[Any](
        env={
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": str(parts["dbname"]),
            "POSTGRES_HOST": str(parts["host"]),
            "POSTGRES_PORT": str(parts.get("port", "5432")),
            "POSTGRES_USER": str(parts["user"]),
            "POSTGRES_PASSWORD": str(parts.get("password", "")),
            "POSTGRES_POOL_SIZE": str(submitters),
        }
    )
    pad = PAD * 6
    deadline = time.perf_counter() + SECONDS

    def submitter() -> int:
        done = 0
        while time.perf_counter() < deadline:
            thing = _LibraryThing(pad)
            thing.note(pad)
            thing.note(pad)
            app.save(thing)
            done += 1
        return done

    with ThreadPoolExecutor(submitters) as pool:
        started = time.perf_counter()
        done = [f.result() for f in [pool.submit(submitter) for _ in range(submitters)]]
        seconds = time.perf_counter() - started
    app.close()
    return sum(done) * EVENTS_A_COMMAND / seconds


def _several(url: str, instances: int) -> float:
    """The sum of several processes, each with a writer of its own on the same log."""
    PostgresStore(url).create_table()
    context = multiprocessing.get_context("spawn")
    results: Queue[float] = context.Queue()
    processes = [
        context.Process(target=_instance, args=(url, results), daemon=True)
        for _ in range(instances)
    ]
    for process in processes:
        process.start()
    total = sum(results.get(timeout=120) for _ in processes)
    for process in processes:
        process.join()
    return total


def _instance(url: str, results: Queue[float]) -> None:
    results.put(_through_the_writer(url, 64))
