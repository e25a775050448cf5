"""Several instances of a service over one database, on every engine."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from shared.kernel.event import read
from shared.kernel.store import LogShrank, Look, Seen, Store, Turn
from shared.kernel.submission import ClockAstray, VersionMismatch, WriterClosed
from shared.kernel.writer import Limits
from tests.kernel.conftest import Database, Pointer
from tests.kernel.domain import START, TALLY, count_in_both, purse, submission
from tests.kernel.running import (
    amounts,
    assert_record_is_whole,
    error_of,
    outcome,
    run,
)


def test_a_refusal_is_true_whichever_instance_decides(database: Database) -> None:
    one, other = database.writer(), database.writer()
    assert outcome(one, submission("a", 600_00)).refusal is None
    assert outcome(other, submission("a", 600_00)).refusal is not None
    assert outcome(other, submission("a", 400_00)).refusal is None
    assert outcome(one, submission("a", 1)).refusal is not None


def test_a_cached_state_is_dropped_when_another_instance_appended_to_it(
    database: Database,
) -> None:
    store = database.store()
    one, other = database.writer(), database.writer()
    for n in range(1, 7):
        outcome((one, other)[n % 2], submission("a", n, expected_version=n - 1))
    assert isinstance(error_of(one, submission("a", expected_version=5)), VersionMismatch)
    assert amounts(store) == [1, 2, 3, 4, 5, 6]
    assert_record_is_whole(store)


def test_a_rule_over_streams_holds_with_several_instances(database: Database) -> None:
    store = database.store()
    one, other = database.writer(), database.writer()
    for n in range(4):
        outcome(
            (one, other)[n % 2],
            submission(f"p{n}", n + 1, decide=count_in_both, also=(TALLY,)),
        )
    assert amounts(store, TALLY) == [1, 2, 3, 4]
    assert_record_is_whole(store)


@pytest.mark.parametrize("appended", [1, 3, 10_000])
def test_an_instance_catches_up_with_however_much_was_appended(
    database: Database, appended: int
) -> None:
    store = database.store()
    slow = database.writer(limits=Limits(appended=appended))
    quick = database.writer()
    names = ["a", "b", "c", "d", "e"]
    run(slow, *(submission(name, 1) for name in names))
    run(quick, *(submission(name, 2) for name in names[:4]))
    answers = run(slow, *(submission(name, 3) for name in names))
    assert [f.result().version for f in answers] == [3, 3, 3, 3, 2]
    assert amounts(store, purse("d")) == [1, 2, 3]
    assert_record_is_whole(store)


def test_states_beyond_the_caches_bound_are_read_again(database: Database) -> None:
    store = database.store()
    writer = database.writer(store, limits=Limits(states=2))
    for round_ in range(1, 4):
        answers = run(writer, *(submission(f"p{n}", round_) for n in range(6)))
        assert [f.result().version for f in answers] == [round_] * 6
    assert_record_is_whole(store)


def test_the_time_of_recording_never_goes_back_with_the_clock(database: Database) -> None:
    store = database.store()
    clock, slow_clock = Pointer(START), Pointer(START - timedelta(seconds=50))
    writer, slow = database.writer(now=clock), database.writer(now=slow_clock)
    outcome(writer, submission("a"))
    clock.moment -= timedelta(seconds=30)
    outcome(writer, submission("b"))
    outcome(slow, submission("a"))
    outcome(database.writer(now=slow_clock), submission("c"))
    slow_clock.moment = START + timedelta(seconds=1)
    outcome(slow, submission("a"))
    outcome(writer, submission("a"))
    times = [read(row).recorded_at - START for row in store.read_log(0, 10)]
    assert times == [timedelta()] * 4 + [timedelta(seconds=1)] * 2


def test_a_log_that_was_cut_under_a_running_instance_takes_no_commands(
    durable: Database, request: pytest.FixtureRequest
) -> None:
    writer = durable.writer()
    run(writer, submission("a"), submission("b"))
    cut_log(durable, request)
    error = error_of(writer, submission("a"))
    assert isinstance(error, LogShrank)
    assert "ends at 1; 2 was seen" in str(error)


def cut_log(database: Database, request: pytest.FixtureRequest) -> None:
    """Take the log's last event away behind everybody's back."""
    statement = "DELETE FROM stored_events WHERE notification_id = 2"
    if database.engine == "sqlite":
        import sqlite3

        path = request.getfixturevalue("tmp_path") / "service.db"
        sqlite = sqlite3.connect(path, isolation_level=None)
        sqlite.execute(statement)
        sqlite.close()
        return
    import psycopg

    with psycopg.connect(request.getfixturevalue("postgres_url"), autocommit=True) as connection:
        connection.execute(statement)


@pytest.mark.parametrize("seed", range(3))
def test_instances_that_take_turns_in_any_order_write_one_whole_record(
    database: Database, seed: int
) -> None:
    store = database.store()
    chance = random.Random(seed)  # noqa: S311 - no secret
    writers = [database.writer(limits=Limits(states=3, appended=4)) for _ in range(3)]
    sent = [submission(f"p{chance.randrange(5)}", n) for n in range(1, 61)]
    waiting = [(chance.choice(writers), s) for s in [*sent, *chance.sample(sent, 20)]]
    futures = []
    for writer, command in waiting:
        futures.append(writer.submit(command))
        if chance.random() < 0.4:
            chance.choice(writers).step()
    for writer in writers:
        writer.step()
    assert all(f.exception(0) is None for f in futures)
    assert sorted(amounts(store)) == list(range(1, 61))
    assert_record_is_whole(store)


def test_a_clock_far_behind_the_record_decides_nothing(database: Database) -> None:
    store = database.store()
    outcome(database.writer(store), submission("a"))
    slow_clock = Pointer(START - timedelta(minutes=2))
    slow = database.writer(now=slow_clock)
    assert isinstance(error_of(slow, submission("a")), ClockAstray)
    assert slow.trouble == "clock-astray"
    slow_clock.moment = START
    assert outcome(slow, submission("a")).version == 2
    assert slow.trouble is None
    assert_record_is_whole(store)


def test_streams_that_others_appended_to_are_read_again_all_at_once(database: Database) -> None:
    store = database.store()
    slow = database.writer(store)
    names = [f"p{n}" for n in range(40)]
    run(slow, *(submission(name, 1) for name in names))
    run(database.writer(), *(submission(name, 2) for name in names))
    looks = counted_looks(store)
    answers = run(slow, *(submission(name, 3) for name in names))
    assert [f.result().version for f in answers] == [3] * 40
    assert len(looks) == 2


def counted_looks(store: Store) -> list[Look]:
    """The looks of the store's turns from now on."""
    looks: list[Look] = []
    turn = store.turn

    @contextmanager
    def counting() -> Iterator[Turn]:
        with turn() as inner:
            look = inner.look

            def counted(asked: Look) -> Seen:
                looks.append(asked)
                return look(asked)

            inner.look = counted  # type: ignore[method-assign] # the test looks over its shoulder
            yield inner

    store.turn = counting  # type: ignore[method-assign] # likewise
    return looks


def test_a_log_that_was_cut_closes_the_writer_until_it_is_checked(
    durable: Database, request: pytest.FixtureRequest
) -> None:
    writer = durable.writer()
    run(writer, submission("a"), submission("b"))
    cut_log(durable, request)
    assert isinstance(error_of(writer, submission("a")), LogShrank)
    assert not writer.is_open
    with pytest.raises(WriterClosed, match="was seen before"):
        writer.submit(submission("a"))
