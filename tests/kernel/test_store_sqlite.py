"""SQLite: durable settings, a lock that another process holds, a file that is not there."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest

from shared.kernel.sqlite import SqliteStore
from shared.kernel.store import LogConflict, Look, StoreAway, Write
from tests.kernel.rows import append, events, take_turn

A = UUID(int=1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "service.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    opened = SqliteStore(path, lock_timeout_s=0)
    opened.create_table()
    yield opened
    opened.close()


def test_the_file_is_in_wal_mode_and_gives_no_position_twice(
    store: SqliteStore, path: Path
) -> None:
    append(store, A, A)
    db = sqlite3.connect(path, isolation_level=None)
    assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    db.execute("DELETE FROM stored_events WHERE notification_id = 2")
    assert db.execute("SELECT seq FROM sqlite_sequence").fetchone() == (2,)
    db.close()


def test_a_lock_that_another_process_keeps_is_an_engine_away(
    store: SqliteStore, path: Path
) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreAway, match="locked"):
        append(store, A)
    assert store.head() == 0
    other.execute("ROLLBACK")
    other.close()
    append(store, A)
    assert store.head() == 1


def test_threads_wait_for_each_others_turn(store: SqliteStore) -> None:
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: append(store, A), range(30)))
        heads = list(pool.map(lambda _: store.head(), range(30)))
    assert set(heads) == {30}
    assert [row.version for row in store.read_stream(A)] == list(range(1, 31))


def test_a_folder_that_is_gone_is_an_engine_away(tmp_path: Path) -> None:
    with pytest.raises(StoreAway):
        SqliteStore(tmp_path / "nowhere" / "service.db").create_table()


def test_conflicts_say_what_was_taken(store: SqliteStore) -> None:
    append(store, A)
    with pytest.raises(LogConflict, match="notification_id"):
        take_turn(store, Write(events=events(1, UUID(int=2))))
    with pytest.raises(LogConflict, match="originator_version"):
        take_turn(store, Write(events=events(2, A)))


def test_more_streams_and_commands_than_sql_takes_variables(store: SqliteStore) -> None:
    streams = [UUID(int=n) for n in range(1, 40_000)]
    append(store, *streams[:10])
    with store.turn() as turn:
        seen = turn.look(Look(streams=streams, commands=streams))
    assert len(seen.streams) == 10
    assert store.handled(streams) == {}
