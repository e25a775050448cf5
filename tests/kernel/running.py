"""Putting items through a writer, and reading what came of them."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any
from uuid import UUID

from shared.contracts.kernel import ParkReason
from shared.kernel.answering import Item
from shared.kernel.event import NO_DIGEST, Recorded, is_sealed, read
from shared.kernel.store import Move, Store
from shared.kernel.submission import Arrival, Batch, Outcome, Place, Submission
from shared.kernel.writer import Writer
from tests.kernel.domain import AmountCounted, stream_id
from tests.kernel.rows import TOPIC


def run(writer: Writer, *items: Item) -> list[Future[Any]]:
    """Queue the items and make one turn of them; every one of them has its answer."""
    futures = [writer.submit(item) for item in items]
    writer.step()
    assert all(future.done() for future in futures)
    return futures


def outcome(writer: Writer, item: Item) -> Outcome:
    """The outcome of one item in a turn of its own."""
    return result(run(writer, item)[0])


def result(future: Future[Outcome]) -> Outcome:
    """The outcome of an item that has been answered."""
    return future.result(0)


def error_of(writer: Writer, item: Item) -> BaseException | None:
    """What an item in a turn of its own raised."""
    return run(writer, item)[0].exception(0)


def drain(writer: Writer) -> None:
    """Step until nothing is queued."""
    while writer.queued:
        writer.step()


def amounts(store: Store, stream: Any = None) -> list[int]:
    """The amounts counted, over the whole log or in one stream, in order."""
    rows = store.read_log(0, 100_000) if stream is None else store.read_stream(stream_id(stream))
    facts = [read(row).data for row in rows if row.type == AmountCounted.type]
    return [fact.amount_fen for fact in facts]


def types(store: Store) -> list[str]:
    """The names of the log's events, in order, without service and version."""
    return [row.type.split(".")[2] for row in store.read_log(0, 100_000)]


def assert_record_is_whole(store: Store) -> None:
    """Positions and versions without gaps, chains sealed, times that never decrease."""
    rows = store.read_log(0, 1_000_000)
    assert [row.position for row in rows] == list(range(1, len(rows) + 1))
    last: dict[UUID, Recorded] = {}
    times = []
    for row in rows:
        before = last.get(row.stream)
        assert row.version == (before.version if before else 0) + 1
        assert row.previous_digest == (before.digest if before else NO_DIGEST)
        assert is_sealed(row)
        last[row.stream] = row
        document = read(row)
        assert (document.stream, document.version) == (row.stream, row.version)
        times.append(document.recorded_at)
    assert times == sorted(times)


def place(offset: int, partition: int = 0) -> Place:
    return Place("doudi.fj.intake", TOPIC, partition, offset)


def arrival(
    offset: int,
    key: str = "k",
    *submissions: Submission,
    unreadable: ParkReason | None = None,
) -> Arrival:
    """A record at an offset of partition 0."""
    return Arrival(key, place(offset), b"record %d" % offset, submissions, unreadable)


def batch(start: int, *arrivals: Arrival, consumer: str = "c", end: int | None = None) -> Batch:
    """A polled batch that began at ``start``."""
    past = end if end is not None else max([start, *(a.place.offset + 1 for a in arrivals)])
    return Batch(consumer, (Move(consumer, TOPIC, 0, start, past, past * 10),), arrivals)
