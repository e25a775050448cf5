"""The embedded run's bus: one SQLite file with topics, partitions and offsets.

It keeps Kafka's rules (ids of topics, keys in the same partitions, order within each, positions
in the services' own stores), so that what runs embedded runs distributed. A flush is one
transaction with ``synchronous=FULL``: acknowledged means on disk. One process owns the file.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from shared.bus.groups import Groups, Member
from shared.bus.partitioner import partition_of
from shared.bus.port import (
    BusAway,
    BusError,
    ConsumerPort,
    Headers,
    Listener,
    Record,
    TopicMissing,
    TopicPartition,
    TopicSpec,
    require_settings,
    topic_settings,
)
from shared.clock import Clock, WallClock

_SCHEMA = """
CREATE TABLE IF NOT EXISTS topics (
    topic INTEGER PRIMARY KEY AUTOINCREMENT,
    topic_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL UNIQUE,
    partitions INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS records (
    topic INTEGER NOT NULL,
    "partition" INTEGER NOT NULL,
    "offset" INTEGER NOT NULL,
    key BLOB,
    value BLOB NOT NULL,
    headers TEXT NOT NULL,
    appended_ms INTEGER NOT NULL,
    PRIMARY KEY (topic, "partition", "offset")
) STRICT, WITHOUT ROWID;
"""


class LocalBus:
    """A durable bus in one file (``path``). ``clock`` dates the records."""

    def __init__(self, path: Path, clock: Clock | None = None) -> None:
        self._path = path
        self._clock = clock or WallClock()
        self._writing_lock = threading.Lock()
        self._reading: list[sqlite3.Connection] = []
        self._reading_lock = threading.Lock()
        self._appended = threading.Condition()
        self._appends = 0
        self._known: dict[str, tuple[int, UUID, int]] = {}
        self._groups = Groups(self.partitions)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._writing = self._connect()
        with self._transaction() as db:
            for statement in _SCHEMA.split(";"):
                db.execute(statement)
        self._learn()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, isolation_level=None, check_same_thread=False, timeout=10
        )
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        return connection

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._writing_lock:
            db = self._writing
            try:
                db.execute("BEGIN IMMEDIATE")
                yield db
                db.execute("COMMIT")
            except sqlite3.OperationalError as error:
                raise BusAway(f"the local bus cannot write: {error}") from error
            finally:
                if db.in_transaction:
                    db.execute("ROLLBACK")

    def _fetch(self, statement: str, *params: Any) -> list[Any]:
        with self._reading_lock:
            db = self._reading.pop() if self._reading else None
        db = db or self._connect()
        try:
            return db.execute(statement, params).fetchall()
        except sqlite3.OperationalError as error:
            raise BusAway(f"the local bus cannot read: {error}") from error
        finally:
            with self._reading_lock:
                self._reading.append(db)

    def _learn(self) -> None:
        rows = self._fetch("SELECT name, topic, topic_id, partitions FROM topics")
        self._known = {name: (topic, UUID(i), partitions) for name, topic, i, partitions in rows}

    def create_topics(self, specs: Sequence[TopicSpec]) -> list[str]:
        """Create the topics that are missing."""
        missing = [spec for spec in specs if spec.name not in self._known]
        with self._transaction() as db:
            db.executemany(
                "INSERT INTO topics (topic_id, name, partitions) VALUES (?, ?, ?)",
                [(uuid4().hex, spec.name, spec.partitions) for spec in missing],
            )
        self._learn()
        return [spec.name for spec in missing]

    def delete_topic(self, name: str) -> None:
        """Delete a topic with its records (tests)."""
        topic, _, _ = self._topic(name)
        with self._transaction() as db:
            db.execute("DELETE FROM records WHERE topic = ?", (topic,))
            db.execute("DELETE FROM topics WHERE topic = ?", (topic,))
        self._learn()

    def check_topic(self, spec: TopicSpec) -> None:
        """Raises unless the topic exists with the partitions wanted."""
        require_settings(spec, self._topic(spec.name)[2], topic_settings(1))

    def topic_id(self, name: str) -> UUID:
        """The id of the topic's present incarnation."""
        return self._topic(name)[1]

    def _topic(self, name: str) -> tuple[int, UUID, int]:
        known = self._known.get(name)
        if known is None:
            raise TopicMissing(name)
        return known

    def producer(self) -> LocalProducer:
        """A new producer."""
        return LocalProducer(self)

    def consumer(
        self, group: str, instance: str, topics: Sequence[str], listener: Listener
    ) -> ConsumerPort:
        """A member of a group within this process."""
        return Member(self._groups, self, group, instance, topics, listener)

    def append(self, queued: Sequence[Queued]) -> None:
        """Append records in order, in one transaction (for its producers)."""
        now_ms = _milliseconds(self._clock.now())
        with self._transaction() as db:
            ends: dict[tuple[int, int], int] = {}
            rows = []
            for name, key, value, headers in queued:
                topic, _, partitions = self._topic(name)
                lane = topic, 0 if key is None else partition_of(key, partitions)
                if lane not in ends:
                    ends[lane] = self._end(db, *lane)
                rows.append((*lane, ends[lane], key, value, _headers_text(headers), now_ms))
                ends[lane] += 1
            db.executemany("INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        with self._appended:
            self._appends += 1
            self._appended.notify_all()

    @staticmethod
    def _end(db: sqlite3.Connection, topic: int, partition: int) -> int:
        row = db.execute(
            'SELECT max("offset") FROM records WHERE topic = ? AND "partition" = ?',
            (topic, partition),
        ).fetchone()
        return 0 if row[0] is None else int(row[0]) + 1

    def read_partition(
        self, topic: str, partition: int, from_offset: int, limit: int
    ) -> list[Record]:
        """Records from an offset on."""
        _, topic_id, _ = self._topic(topic)
        return self.fetch(TopicPartition(topic, topic_id, partition), from_offset, limit)

    def begin_offsets(self, topic: str) -> dict[int, int]:
        """Each partition's first offset."""
        return {p.partition: self.bounds(p)[0] for p in self._existing(topic)}

    def end_offsets(self, topic: str) -> dict[int, int]:
        """The offset after each partition's last record."""
        return {p.partition: self.bounds(p)[1] for p in self._existing(topic)}

    def _existing(self, topic: str) -> list[TopicPartition]:
        self._topic(topic)
        return self.partitions(topic)

    def version(self) -> str:
        """What it is."""
        return f"local bus on SQLite {sqlite3.sqlite_version}"

    def close(self) -> None:
        """Close every connection."""
        with self._writing_lock, self._reading_lock:
            for db in (self._writing, *self._reading):
                db.close()
            self._reading.clear()

    def partitions(self, topic: str) -> list[TopicPartition]:
        """The partitions of a topic, none if it does not exist (for its members)."""
        known = self._known.get(topic)
        if known is None:
            return []
        return [TopicPartition(topic, known[1], i) for i in range(known[2])]

    def bounds(self, place: TopicPartition) -> tuple[int, int]:
        """First offset and end of a partition (for its members)."""
        [(first, last)] = self._fetch(
            'SELECT min("offset"), max("offset") FROM records '
            'WHERE topic = (SELECT topic FROM topics WHERE topic_id = ?) AND "partition" = ?',
            place.topic_id.hex,
            place.partition,
        )
        return (0, 0) if first is None else (first, last + 1)

    def fetch(self, place: TopicPartition, offset: int, limit: int) -> list[Record]:
        """Records from an offset on (for its members)."""
        rows = self._fetch(
            'SELECT "offset", key, value, headers, appended_ms FROM records '
            'WHERE topic = (SELECT topic FROM topics WHERE topic_id = ?) AND "partition" = ? '
            'AND "offset" >= ? ORDER BY "offset" LIMIT ?',
            place.topic_id.hex,
            place.partition,
            offset,
            limit,
        )
        return [Record(*place, at, key, value, _headers(h), ms) for at, key, value, h, ms in rows]

    def appends(self) -> int:
        """How often something was appended so far (for its members)."""
        return self._appends

    def wait(self, appends: int, timeout_s: float) -> None:
        """Return when something more was appended, or after the time (for its members)."""
        with self._appended:
            self._appended.wait_for(lambda: self._appends > appends, timeout_s)


Queued = tuple[str, bytes | None, bytes, Headers]


class LocalProducer:
    """Queues until it is flushed: one transaction."""

    def __init__(self, bus: LocalBus) -> None:
        self._bus = bus
        self._queued: list[Queued] = []
        self._broken = False

    def send(self, topic: str, key: bytes | None, value: bytes, headers: Headers) -> None:
        """Queue a record."""
        if self._broken:
            raise BusError("this producer failed before: make a new one")
        self._queued.append((topic, key, value, headers))

    def flush(self, deadline_s: float) -> None:
        """Append what is queued; it is on disk then."""
        queued, self._queued = self._queued, []
        if queued:
            self._broken = True
            self._bus.append(queued)
            self._broken = False

    def discard(self) -> None:
        """Drop what is queued."""
        self._queued.clear()
        self._broken = True


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _headers_text(headers: Headers) -> str:
    # Latin-1 maps every byte to one character and back.
    return json.dumps([(name, value.decode("latin-1")) for name, value in headers])


def _headers(text: str) -> Headers:
    return tuple((name, value.encode("latin-1")) for name, value in json.loads(text))
