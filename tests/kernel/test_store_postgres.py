"""PostgreSQL when it breaks off, is killed, or a process stops with the lock in its hand."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from shared.kernel.postgres import PostgresStore
from shared.kernel.store import AnnexRow, LogConflict, Look, StoreAway, Write
from tests.kernel.breaking import end_backends_holding_locks
from tests.kernel.conftest import Database, Pointer, made, setting
from tests.kernel.domain import submission
from tests.kernel.rows import append, events, move, take_turn
from tests.kernel.running import amounts, assert_record_is_whole, error_of, outcome
from tests.waiting import DEADLINE_S, eventually

if TYPE_CHECKING:
    from infra.engines import PostgresEngine

A = UUID(int=1)


@pytest.fixture
def store(postgres: Database) -> PostgresStore:
    opened = postgres.store()
    assert isinstance(opened, PostgresStore)
    return opened


def test_tables_are_made_by_several_processes_at_once(postgres_url: str) -> None:
    stores = [PostgresStore(postgres_url) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(PostgresStore.create_table, stores))
    assert [store.head() for store in stores] == [0] * 4
    for store in stores:
        store.close()


def test_who_asks_before_the_tables_are_there_is_told_to_wait(postgres_url: str) -> None:
    store = PostgresStore(postgres_url)
    with pytest.raises(StoreAway, match="no tables of ours yet"):
        store.head()
    store.create_table()
    assert store.head() == 0
    store.close()


def test_turns_of_many_threads_and_instances_wait_for_each_other(postgres: Database) -> None:
    stores = [postgres.store() for _ in range(3)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda n: append(stores[n % 3], A, A), range(30)))
    rows = stores[0].read_log(0, 100)
    assert [row.position for row in rows] == list(range(1, 61))
    assert [row.version for row in rows] == list(range(1, 61))


def test_a_connection_ended_in_a_turn_is_an_engine_away(
    store: PostgresStore, postgres_url: str
) -> None:
    append(store, A)
    with pytest.raises(StoreAway):
        cut_half_way(store, postgres_url)
    assert store.head() == 1
    append(store, A)
    assert store.head() == 2


def test_a_writing_connection_made_anew_is_told_of_before_it_is_used(
    store: PostgresStore, postgres_url: str
) -> None:
    class AnotherServer(Exception):
        pass

    def reconnected() -> None:
        raise AnotherServer

    store.watch(reconnected)
    append(store, A)
    with pytest.raises(StoreAway):
        cut_half_way(store, postgres_url)
    with pytest.raises(AnotherServer):
        append(store, A)
    assert store.head() == 1
    append(store, A)
    assert store.head() == 2


def cut_half_way(store: PostgresStore, url: str) -> None:
    with store.turn() as turn:
        turn.look(Look())
        end_backends_holding_locks(url)
        turn.write(Write(events=events(2, A, versions={A: 1})))


def test_a_turn_that_takes_too_long_loses_the_lock_to_the_others(
    postgres: Database, postgres_url: str
) -> None:
    stopped = postgres.store(transaction_timeout_s=1.0)
    other = postgres.store()

    def stop_half_way() -> None:
        with stopped.turn() as turn:
            turn.look(Look())
            append(other, A)  # waits until the server has ended the stopped turn
            turn.write(Write(events=events(1, A)))

    with pytest.raises(StoreAway):
        stop_half_way()
    assert [row.version for row in other.read_stream(A)] == [1]


def test_who_waits_too_long_for_the_lock_is_told_that_the_engine_is_away(
    postgres: Database,
) -> None:
    holding = postgres.store()
    waiting = postgres.store(transaction_timeout_s=0.2)
    with holding.turn() as turn:
        turn.look(Look())
        with pytest.raises(StoreAway):
            append(waiting, A)
        turn.write(Write(events=events(1, A)))
    append(holding, A)
    assert holding.head() == 2


_HOLD_THE_LOCK = """
import sys
from shared.kernel.postgres import PostgresStore
from shared.kernel.store import Look
with PostgresStore(sys.argv[1], transaction_timeout_s=1.0).turn() as turn:
    turn.look(Look())
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def holder(postgres: Database, postgres_url: str) -> Iterator[subprocess.Popen[str]]:
    """A process of its own that has taken the lock and goes no further."""
    postgres.store()  # makes the tables
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLD_THE_LOCK, postgres_url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_a_stopped_process_that_holds_the_lock_stops_nobody_else(
    holder: subprocess.Popen[str], postgres: Database
) -> None:
    os.kill(holder.pid, signal.SIGSTOP)
    store = postgres.store()
    assert outcome(postgres.writer(store), submission("a", 1)).version == 1
    assert amounts(store) == [1]


def test_a_killed_process_that_holds_the_lock_stops_nobody_else(
    holder: subprocess.Popen[str], postgres: Database
) -> None:
    holder.kill()
    assert outcome(postgres.writer(), submission("a", 1)).version == 1


def test_conflicts_say_what_was_taken(store: PostgresStore) -> None:
    append(store, A)
    with pytest.raises(LogConflict, match="stored_events_position"):
        take_turn(store, Write(events=events(1, UUID(int=2))))
    with pytest.raises(LogConflict, match="stored_events_pkey"):
        take_turn(store, Write(events=events(2, A)))


def test_an_engine_that_is_not_there_is_said_to_be_away() -> None:
    nobody = PostgresStore("postgresql://nobody:none@127.0.0.1:1/none")
    with pytest.raises(StoreAway):
        nobody.create_table()
    with pytest.raises(StoreAway), nobody.turn() as turn:
        turn.look(Look())
    assert not nobody.election("relay").held()
    nobody.close()


@pytest.fixture
def mortal_store(mortal_postgres_url: str) -> Iterator[PostgresStore]:
    store = PostgresStore(mortal_postgres_url)
    made(store)
    yield store
    store.close()


def test_a_killed_engine_is_away_and_after_its_restart_the_same_process_goes_on(
    mortal_postgres: PostgresEngine, mortal_store: PostgresStore
) -> None:
    from shared.kernel.writer import Writer

    writer = Writer(mortal_store, setting(), Pointer())
    writer.open()
    election = mortal_store.election("relay")
    assert election.held()
    sent = [submission("a", n) for n in (1, 2, 3)]
    outcome(writer, sent[0])
    mortal_postgres.kill()
    assert isinstance(error_of(writer, sent[1]), StoreAway)
    for read in (mortal_store.head, lambda: mortal_store.read_log(0, 10)):
        with pytest.raises(StoreAway):
            read()
    with pytest.raises(StoreAway):
        mortal_store.move(move(0, 1))
    with pytest.raises(StoreAway):
        mortal_store.annex_put([AnnexRow("clock", "hand", b"1")])
    assert not election.held()
    mortal_postgres.start()
    assert eventually(lambda: succeeds(mortal_store.head))
    assert eventually(lambda: succeeds(lambda: mortal_store.annex_put([])))
    assert mortal_store.agenda("review", date(2099, 1, 1), 1) == []
    assert eventually(election.held)
    assert outcome(writer, sent[0]).repeated
    assert [outcome(writer, s).version for s in sent[1:]] == [2, 3]
    assert amounts(mortal_store) == [1, 2, 3]
    assert_record_is_whole(mortal_store)
    election.release()


def succeeds(call: object) -> bool:
    try:
        call()  # type: ignore[operator] # a call, which lambdas of any result are
    except StoreAway:
        return False
    return True


def test_an_engine_that_stands_still_for_a_while_loses_nothing(
    mortal_postgres: PostgresEngine, mortal_store: PostgresStore
) -> None:
    from shared.kernel.writer import Writer

    writer = Writer(mortal_store, setting(), Pointer())
    writer.open()
    outcome(writer, submission("a", 1))
    mortal_postgres.pause()
    future = writer.submit(submission("a", 2))
    stepping = threading.Thread(target=writer.step)
    stepping.start()
    assert not eventually(future.done, within_s=0.3)
    mortal_postgres.resume()
    assert future.result(DEADLINE_S).version == 2
    stepping.join(DEADLINE_S)
    assert amounts(mortal_store) == [1, 2]
