"""Appending: the whole writer against raw inserts and against the library's own application."""

from __future__ import annotations

import asyncio
import multiprocessing
import threading
import time
from collections.abc import Callable
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

from shared.kernel.event import Recorded
from shared.kernel.postgres import LOG_LOCK, PostgresStore
from shared.kernel.writer import Writer
from tests.bench.domain import EVENTS_A_COMMAND, PAD, submission, writer
from tests.bench.table import Report

SUBMITTERS = (1, 16, 64, 256)
INSTANCES = (1, 2, 4)
SECONDS = 3.0
ROUNDS = 3


def measure(report: Report, database: Callable[[str], str]) -> None:
    """Events a second for each number of submitters and instances."""
    for submitters in SUBMITTERS:
        ours, raw, library = [], [], []
        for number in range(ROUNDS):  # in turns, so that the machine's moods hit all alike
            ours.append(_through_the_writer(database(f"w{submitters}_{number}"), submitters))
            raw.append(_raw(database(f"r{submitters}_{number}"), submitters))
            if submitters in (1, 16):
                library.append(_library(database(f"l{submitters}_{number}"), submitters))
        seen, ceiling = median(ours), median(raw)
        target = {1: "0.8 of raw", 16: "5 × library, > 12,975", 64: "18,000", 256: "20,000"}
        beside = (
            f"; library {median(library):,.0f} ({seen / median(library):.1f} ×)" if library else ""
        )
        report.add(
            f"append, {submitters} submitters, events/s",
            f"{seen:,.0f}",
            f"raw {ceiling:,.0f}{beside}",
            f"{seen / ceiling:.2f}",
            target[submitters],
        )
    for instances in INSTANCES:
        seen = _several(database(f"i{instances}"), instances)
        report.add(
            f"append, {instances} instances × 64 submitters, events/s", f"{seen:,.0f}", "", "", ""
        )


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


def _through_the_writer(url: str, submitters: int) -> float:
    store = PostgresStore(url)
    store.create_table()
    made = writer(store)
    stopping = threading.Event()
    thread = threading.Thread(target=made.run, args=(stopping,))
    thread.start()
    try:
        uvloop.run(_submit(made, submitters, 0.5))
        return uvloop.run(_submit(made, submitters, SECONDS))
    finally:
        stopping.set()
        thread.join()
        store.close()


def _rows(url: str) -> list[Recorded]:
    """A page of what the writer itself writes, to insert the same bytes."""
    store = PostgresStore(url)
    store.create_table()
    made = writer(store)
    futures = [made.submit(submission()) for _ in range(300)]
    while not all(future.done() for future in futures):
        made.step()
    rows = store.read_log(0, 900)
    store.close()
    return rows


_RAW = """INSERT INTO stored_events (notification_id, originator_id, originator_version, topic,
    state, previous_digest, digest) VALUES """


def _raw(url: str, submitters: int) -> float:
    """Multi-row inserts of the same bytes, as many per transaction, under the same lock."""
    rows = _rows(url)
    size = submitters * EVENTS_A_COMMAND
    statement = _RAW + ", ".join(["(%s, %s, %s, %s, %s, %s, %s)"] * size)
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
