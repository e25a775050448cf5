"""The store's contract on every engine: the copies of everyone's events, taken in a turn."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from hashlib import sha256
from itertools import pairwise
from uuid import UUID, uuid4

import psycopg
import pytest

from shared.kernel.copies import NO_COPIES, NO_SEAL, Copy, seal_of
from shared.kernel.event import NO_DIGEST, digest_of, event_id
from shared.kernel.store import LogConflict, Look, Store, Write
from shared.kernel.submission import (
    Arrival,
    Batch,
    Contradicted,
    PositionMoved,
    Submission,
)
from tests.kernel.conftest import Database
from tests.kernel.domain import submission
from tests.kernel.rows import TOPIC, look_only, take_turn
from tests.kernel.running import batch, place, result, run, types

CASE, OTHER = (UUID(int=n) for n in (1, 2))


def copy_of(
    number: int, subject: UUID = CASE, *, service: str = "decision", body: bytes = b'{"n":1}'
) -> Copy:
    """The number-th event of a subject's only stream, as a record brings it."""
    return Copy(
        position=0,
        service=service,
        log_position=number,
        event_id=event_id(subject, number),
        subject=subject,
        stream=subject,
        version=number,
        type="doudi.tests.amount-counted.v1",
        topic_id=TOPIC,
        partition=2,
        offset=number - 1,
        document=body,
        body_digest=sha256(body).digest(),
        previous_digest=NO_DIGEST,
        digest=digest_of(NO_DIGEST, body),
        seal=b"",
    )


def placed(copy: Copy, position: int, before: bytes = NO_SEAL) -> Copy:
    there = copy._replace(position=position)
    return there._replace(seal=seal_of(before, there))


def copied(start: int, *copies: Copy, contradicted: Contradicted | None = None) -> Batch:
    """A polled batch of records that are to be copied."""
    arrivals = (
        Arrival(str(c.subject), place(start + n), c.document, copy=c, contradicted=contradicted)
        for n, c in enumerate(copies)
    )
    return batch(start, *arrivals)


def kept(store: Store) -> list[Copy]:
    return store.copies.read(0, 1000)


def assert_chained(copies: list[Copy]) -> None:
    assert [c.position for c in copies] == list(range(1, len(copies) + 1))
    seals = [NO_SEAL, *(c.seal for c in copies)]
    for (before, seal), copy in zip(pairwise(seals), copies, strict=True):
        assert seal == seal_of(before, copy)


def test_there_are_none_at_first(store: Store) -> None:
    assert store.copies.end() == NO_COPIES
    assert kept(store) == store.copies.of_subject(CASE, 0, 10) == []
    assert look_only(store, Look(copies=[uuid4()])).copied == {}


def test_a_copy_is_read_back_to_the_byte_by_each_way(store: Store) -> None:
    first = placed(copy_of(1, body='{"n":"兜底"}'.encode()), 1)
    second = placed(copy_of(1, OTHER, service="payment"), 2, first.seal)
    third = placed(copy_of(2), 3, second.seal)
    take_turn(store, Write(copies=[first, second, third]))
    copies = store.copies
    assert copies.end() == (3, third.seal)
    assert copies.read(0, 2) == [first, second]
    assert copies.read(2, 5) == [third]
    assert copies.of_subject(CASE, 0, 10) == [first, third]
    assert copies.of_subject(CASE, 1, 1) == [third]
    assert copies.of_events([second.event_id, third.event_id]) == [second, third]
    assert copies.of_log("decision", [1, 2, 7]) == [first, third]


def test_a_look_tells_what_was_copied_and_where_the_copies_end(store: Store) -> None:
    first = placed(copy_of(1), 1)
    second = placed(copy_of(1, body=b"another"), 2, first.seal)
    take_turn(store, Write(copies=[first, second]))
    seen = look_only(store, Look(copies=[first.event_id, uuid4()]))
    assert seen.copied == {first.event_id: [first.body_digest, second.body_digest]}
    assert seen.copies_end == (2, second.seal)


def test_a_broken_turn_leaves_no_copy(store: Store) -> None:
    with suppress(KeyError), store.turn() as turn:
        turn.look(Look(copies=[uuid4()]))
        turn.write(Write(copies=[placed(copy_of(1), 1)]))
        raise KeyError
    assert kept(store) == []


def test_a_position_that_is_taken_is_a_conflict(store: Store) -> None:
    take_turn(store, Write(copies=[placed(copy_of(1), 1)]))
    with pytest.raises(LogConflict):
        take_turn(store, Write(copies=[placed(copy_of(2), 1)]))


@pytest.mark.parametrize("statement", ["UPDATE copies SET partition = 0", "DELETE FROM copies"])
def test_the_database_itself_refuses_to_change_one(
    durable: Database, statement: str, request: pytest.FixtureRequest
) -> None:
    store = durable.store()
    take_turn(store, Write(copies=[placed(copy_of(1), 1)]))
    if durable.engine == "sqlite":
        path = request.getfixturevalue("tmp_path") / "service.db"
        with (
            pytest.raises(sqlite3.IntegrityError, match="never changed"),
            sqlite3.connect(path) as db,
        ):
            db.execute(statement)
        db.close()
    else:
        with (
            psycopg.connect(request.getfixturevalue("postgres_url")) as connection,
            pytest.raises(psycopg.errors.RaiseException, match="never changed"),
        ):
            connection.execute(statement)
    assert len(kept(store)) == 1


class TestInATurn:
    def test_copies_are_taken_in_one_chain(self, database: Database) -> None:
        writer, store = database.writer(), database.store()
        run(writer, copied(0, copy_of(1), copy_of(2)))
        run(database.writer(), copied(2, copy_of(1, OTHER), copy_of(3)))
        assert [(c.subject, c.version) for c in kept(store)] == [
            (CASE, 1),
            (CASE, 2),
            (OTHER, 1),
            (CASE, 3),
        ]
        assert_chained(kept(store))

    def test_a_body_comes_again_and_is_kept_once(self, database: Database) -> None:
        writer, store = database.writer(), database.store()
        run(writer, copied(0, copy_of(1), copy_of(1)))
        run(writer, copied(2, copy_of(1), copy_of(2)))
        assert [c.version for c in kept(store)] == [1, 2]
        assert_chained(kept(store))

    def test_another_body_is_kept_beside_and_something_follows(self, database: Database) -> None:
        told: list[tuple[Copy, bytes]] = []

        def contradicted(copy: Copy, earlier: bytes) -> Submission:
            told.append((copy, earlier))
            return submission("contradictions", 7, command_id=copy.event_id)

        writer, store = database.writer(), database.store()
        first, other = copy_of(1), copy_of(1, body=b"another")
        run(writer, copied(0, first, contradicted=contradicted))
        run(writer, copied(1, other, first, other, contradicted=contradicted))
        assert [c.document for c in kept(store)] == [first.document, b"another"]
        assert_chained(kept(store))
        # Deciding may be done anew within a turn: told once or twice of it, it follows once.
        assert set(told) == {(other, first.body_digest)}
        assert types(store) == ["amount-counted"]

    def test_with_a_moved_position_nothing_is_copied(self, database: Database) -> None:
        writer, store = database.writer(), database.store()
        run(writer, copied(0, copy_of(1)))
        (future,) = run(writer, copied(0, copy_of(2)))
        assert isinstance(future.exception(0), PositionMoved)
        assert [c.version for c in kept(store)] == [1]
        assert result(run(writer, copied(1, copy_of(2)))[0]) is not None
        assert [c.version for c in kept(store)] == [1, 2]
