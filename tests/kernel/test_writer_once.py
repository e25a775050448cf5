"""A command takes effect once, however often and wherever it is sent, on every engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest

from shared.kernel.memory import MemoryDatabase
from shared.kernel.postgres import PostgresStore
from shared.kernel.store import StoreAway
from shared.kernel.submission import KeyReused, Outcome
from shared.kernel.writer import Writer
from tests.kernel.breaking import (
    AFTER_COMMIT,
    BEFORE_COMMIT,
    BreakingMemory,
    BreakingPostgres,
    BreakingSqlite,
    BreakingStore,
)
from tests.kernel.conftest import Database, Pointer, made, setting
from tests.kernel.domain import (
    LIMIT_FEN,
    AmountCounted,
    fail,
    purse,
    record,
    submission,
)
from tests.kernel.running import (
    amounts,
    assert_record_is_whole,
    error_of,
    outcome,
    result,
    run,
)
from tests.kernel.wire import Wire


def assert_same_outcome(first: Outcome, again: Outcome) -> None:
    assert again == replace(first, repeated=True)


def test_a_command_sent_twice_in_one_turn_takes_effect_once(database: Database) -> None:
    store = database.store()
    sent = submission()
    first, again = run(database.writer(store), sent, sent)
    assert not result(first).repeated
    assert_same_outcome(result(first), result(again))
    assert amounts(store) == [1_00]


def test_a_command_sent_again_later_gives_the_recorded_outcome(database: Database) -> None:
    store = database.store()
    writer = database.writer(store)
    sent = submission("a", decide=record(*[AmountCounted(amount_fen=n) for n in (1, 2)]))
    first = outcome(writer, sent)
    run(writer, submission("a", 7), submission("b", 8))
    assert_same_outcome(first, outcome(writer, sent))
    assert amounts(store) == [1, 2, 7, 8]


def test_a_command_sent_again_to_another_instance_gives_the_recorded_outcome(
    database: Database,
) -> None:
    store = database.store()
    one, other = database.writer(), database.writer()
    sent = submission()
    assert_same_outcome(outcome(one, sent), outcome(other, sent))
    assert amounts(store) == [1_00]


def test_a_refusal_is_repeated_even_when_the_command_would_now_be_allowed(
    database: Database,
) -> None:
    writer = database.writer()
    outcome(writer, submission("a", LIMIT_FEN))
    refused = submission("a", 1)
    first = outcome(writer, refused)
    assert first.refusal is not None
    allowed_now = replace(refused, decide=record(AmountCounted(amount_fen=1)))
    assert_same_outcome(first, outcome(writer, allowed_now))


def test_what_recorded_nothing_may_be_sent_again(database: Database) -> None:
    writer = database.writer()
    sent = submission()
    assert error_of(writer, replace(sent, decide=fail)) is not None
    again = outcome(writer, sent)
    assert (again.repeated, again.events) == (False, 1)


@pytest.mark.parametrize("in_one_turn", [True, False])
def test_a_key_used_for_another_body_is_an_error(database: Database, in_one_turn: bool) -> None:
    store = database.store()
    writer = database.writer(store)
    sent = submission("a", 1, body_digest=b"1" * 32)
    other = replace(sent, command=2, body_digest=b"2" * 32)
    if in_one_turn:
        first, reused = run(writer, sent, other)
        error = reused.exception()
    else:
        (first,) = run(writer, sent)
        error = error_of(writer, other)
    assert isinstance(error, KeyReused)
    assert result(first).events == 1
    assert_same_outcome(result(first), outcome(writer, sent))
    assert amounts(store) == [1]


def test_an_outcome_whose_body_is_unknown_answers_any_body(database: Database) -> None:
    writer = database.writer()
    sent = submission()
    first = outcome(writer, sent)
    assert_same_outcome(first, outcome(writer, replace(sent, body_digest=b"1" * 32)))


def test_a_retry_is_recognised_before_its_version_is_looked_at(database: Database) -> None:
    writer = database.writer()
    sent = submission(expected_version=0)
    assert_same_outcome(outcome(writer, sent), outcome(writer, sent))


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def breaking(request: pytest.FixtureRequest) -> Iterator[BreakingStore]:
    store: BreakingStore
    if request.param == "memory":
        store = BreakingMemory(MemoryDatabase())
    elif request.param == "sqlite":
        store = BreakingSqlite(request.getfixturevalue("tmp_path") / "service.db")
    else:
        store = BreakingPostgres(request.getfixturevalue("postgres_url"))
    store.create_table()
    yield store
    store.close()


def writer_on(store: BreakingStore | PostgresStore) -> Writer:
    writer = Writer(store, setting(), Pointer())
    writer.open()
    return writer


@pytest.mark.parametrize("same_instance", [True, False])
def test_an_answer_lost_after_the_commit_is_given_to_the_retry(
    breaking: BreakingStore, same_instance: bool
) -> None:
    writer = writer_on(breaking)
    outcome(writer, submission("a", 1))
    sent, mate = submission("a", 2), submission("b", 3)
    breaking.breaks = AFTER_COMMIT
    lost = run(writer, sent, mate)
    assert [type(f.exception()) for f in lost] == [StoreAway, StoreAway]
    again = outcome(writer if same_instance else writer_on(breaking), sent)
    assert (again.repeated, again.version, again.position) == (True, 2, 2)
    # What the instance had cached is not trusted: the next decision sees the committed state.
    assert outcome(writer, submission("a", 4)).version == 3
    assert amounts(breaking) == [1, 2, 3, 4]
    assert_record_is_whole(breaking)


def test_a_turn_lost_before_the_commit_takes_effect_with_the_retry(breaking: BreakingStore) -> None:
    writer = writer_on(breaking)
    outcome(writer, submission("a", 1))
    sent = submission("a", 2)
    breaking.breaks = BEFORE_COMMIT
    assert isinstance(error_of(writer, sent), StoreAway)
    assert amounts(breaking) == [1]
    again = outcome(writer, sent)
    assert (again.repeated, again.version) == (False, 2)
    assert_record_is_whole(breaking)


@pytest.fixture
def wire(postgres_url: str) -> Iterator[Wire]:
    laid = Wire(postgres_url)
    yield laid
    laid.close()


@pytest.fixture
def wired(wire: Wire) -> Iterator[PostgresStore]:
    store = PostgresStore(wire.url)
    made(store)
    yield store
    store.close()


def test_a_wire_cut_between_the_commit_and_its_answer_costs_nothing(
    wire: Wire, wired: PostgresStore
) -> None:
    writer = writer_on(wired)
    outcome(writer, submission("a", 1))
    sent = submission("a", 2)
    wire.cut_after_commit = True
    assert isinstance(error_of(writer, sent), StoreAway)
    assert wire.cuts == 1
    assert amounts(wired) == [1, 2]
    again = outcome(writer, sent)
    assert (again.repeated, again.version) == (True, 2)
    assert outcome(writer, submission("a", 3)).version == 3
    assert amounts(wired, purse("a")) == [1, 2, 3]
    assert_record_is_whole(wired)


def end_other_backends(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            """SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()"""
        )


def test_a_connection_ended_inside_a_turn_leaves_nothing_and_the_next_turn_works(
    postgres: Database, postgres_url: str
) -> None:
    store = postgres.store()
    writer = postgres.writer(store)
    outcome(writer, submission("a", 1))

    def cut_and_count(*_seen: object) -> list[AmountCounted]:
        end_other_backends(postgres_url)
        return [AmountCounted(amount_fen=2)]

    sent = submission("a", 2, decide=cut_and_count)
    assert isinstance(error_of(writer, sent), StoreAway)
    assert store.head() == 1
    retry = outcome(writer, replace(sent, decide=record(AmountCounted(amount_fen=2))))
    assert (retry.repeated, retry.version) == (False, 2)
