"""Batches of consumed records on every engine: positions, parking, redrive and discard."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.contracts.kernel import ParkReason, RecordDiscarded, RecordParked, RecordRedriven
from shared.kernel.answering import Item
from shared.kernel.event import digest_of, read
from shared.kernel.memory import MemoryDatabase, MemoryStore
from shared.kernel.store import Move, Store, StoreAway
from shared.kernel.submission import (
    Arrival,
    Batch,
    BatchDone,
    Note,
    NoteExpired,
    NotParked,
    PositionMoved,
    Unpark,
)
from shared.kernel.writer import Writer
from tests.kernel.conftest import Database, Pointer, setting
from tests.kernel.domain import CLERK, START, fail, submission
from tests.kernel.rows import TOPIC
from tests.kernel.running import (
    amounts,
    arrival,
    assert_record_is_whole,
    batch,
    drain,
    error_of,
    outcome,
    run,
    types,
)

ALL = ("", "", 0)
NO_EVENT = ParkReason.NO_EVENT


def position(store: Store, consumer: str = "c") -> int:
    return next((p.position for p in store.positions(consumer)), 0)


def parked(store: Store) -> list[tuple[str, int, int, str]]:
    """Key, ordinal, offset and reason of what is parked."""
    return [(p.key, p.ordinal, p.offset, p.reason) for p in store.parked(None, ALL, 100)]


def test_a_batch_moves_its_positions_with_all_of_its_effects(database: Database) -> None:
    store = database.store()
    sent = batch(0, arrival(0, "k", submission("a", 1)), arrival(2, "j", submission("b", 2)))
    (future,) = run(database.writer(store), sent)
    assert future.result() == BatchDone(0, 2)
    assert amounts(store) == [1, 2]
    (moved,) = store.positions("c")
    assert (moved.position, moved.source_position, moved.own_position) == (3, 30, 2)


def test_a_batch_without_effects_moves_its_positions(database: Database) -> None:
    store = database.store()
    (future,) = run(database.writer(store), batch(0, end=50))
    assert future.result() == BatchDone(0, 0)
    assert position(store) == 50


def test_a_batch_over_several_partitions_moves_all_or_none(database: Database) -> None:
    store = database.store()
    writer = database.writer(store)
    run(writer, batch(0, end=5))
    moves = (Move("c", TOPIC, 0, 4, 9), Move("c", TOPIC, 1, 0, 7))
    assert isinstance(error_of(writer, Batch("c", moves)), PositionMoved)
    assert [p.position for p in store.positions("c")] == [5]


def test_a_record_that_comes_again_under_another_offset_takes_effect_once(
    database: Database,
) -> None:
    store = database.store()
    writer = database.writer(store)
    effect = submission("a", 1)
    run(writer, batch(0, arrival(0, "k", effect), arrival(1, "k", effect)))
    run(writer, batch(2, arrival(2, "k", effect)))
    assert amounts(store) == [1]
    assert position(store) == 3


def test_a_reactions_refusal_is_an_outcome_and_parks_nothing(database: Database) -> None:
    store = database.store()
    refused = submission("a", 2_000_00)
    (future,) = run(database.writer(store), batch(0, arrival(0, "k", refused)))
    assert future.result() == BatchDone(0, 0)
    assert store.handled([refused.command_id])[refused.command_id].refusal
    assert position(store) == 1


def test_a_moved_position_drops_that_consumers_batches_and_no_others(database: Database) -> None:
    store = database.store()
    writer = database.writer(store)
    run(writer, batch(0, end=3))
    items: list[Item] = [
        submission("a", 1),
        batch(1, arrival(1, "k", submission("lost", 10)), end=4),
        batch(0, arrival(0, "k", submission("b", 2)), consumer="d"),
        submission("a", 3),
        batch(4, arrival(4, "k", submission("lost", 20)), end=6),
        batch(1, arrival(1, "k", submission("b", 4)), consumer="d"),
    ]
    futures = [writer.submit(item) for item in items]
    writer.step()
    assert isinstance(futures[1].exception(0), PositionMoved)
    assert isinstance(futures[4].exception(0), PositionMoved)
    drain(writer)
    assert all(futures[n].exception(0) is None for n in (0, 2, 3, 5))
    assert amounts(store) == [1, 2, 3, 4]
    assert (position(store), position(store, "d")) == (3, 2)
    assert_record_is_whole(store)


def test_several_consumers_may_have_lost_their_positions_at_once(database: Database) -> None:
    store = database.store()
    writer = database.writer(store)
    moved, other, good = run(
        writer, batch(7, end=9), batch(8, end=9, consumer="d"), batch(0, end=9, consumer="e")
    )
    assert isinstance(moved.exception(), PositionMoved)
    assert isinstance(other.exception(), PositionMoved)
    assert good.result() == BatchDone(0, 0)


def test_batches_of_one_consumer_follow_on_in_their_order(database: Database) -> None:
    store = database.store()
    writer = database.writer(store)
    sent = [batch(n, arrival(n, "k", submission("a", n + 1))) for n in range(4)]
    futures = [writer.submit(b) for b in sent]
    drain(writer)
    assert [f.result(0).parked for f in futures] == [0, 0, 0, 0]
    assert amounts(store) == [1, 2, 3, 4]
    assert position(store) == 4


def test_a_record_that_can_never_be_applied_is_parked_with_its_bytes_sealed(
    database: Database,
) -> None:
    store = database.store()
    sent = batch(0, arrival(0, "k", unreadable=NO_EVENT))
    (future,) = run(database.writer(store), sent)
    assert future.result() == BatchDone(1, 1)
    (row,) = store.parked("c", ALL, 10)
    assert row[:4] == ("c", "k", 1, "doudi.fj.intake")
    assert (row.topic_id, row.partition, row.offset, row.reason) == (TOPIC, 0, 0, "no-event")
    assert row.body == f"c/{TOPIC}/0/0|record 0".encode()
    (event,) = [read(r).data for r in store.read_log(0, 10)]
    digest = digest_of(b"", b"record 0").hex()
    assert event == RecordParked(
        topic_id=TOPIC, partition=0, offset=0, digest=digest, reason=NO_EVENT
    )
    assert position(store) == 1


def test_later_records_of_a_parked_key_wait_and_other_keys_go_on(database: Database) -> None:
    store = database.store()
    writer = database.writer(store)
    run(
        writer,
        batch(
            0,
            arrival(0, "k", unreadable=ParkReason.UNKNOWN_VERSION),
            arrival(1, "k", submission("a", 1)),
            arrival(2, "j", submission("b", 2)),
        ),
    )
    run(writer, batch(3, arrival(3, "j", submission("b", 3)), arrival(4, "k", submission("a", 4))))
    run(database.writer(), batch(5, arrival(5, "k", submission("a", 5))))
    assert amounts(store) == [2, 3]
    assert parked(store) == [
        ("k", 1, 0, "unknown-version"),
        ("k", 2, 1, "behind-parked"),
        ("k", 3, 4, "behind-parked"),
        ("k", 4, 5, "behind-parked"),
    ]


def test_a_key_is_parked_for_one_consumer_alone(database: Database) -> None:
    store = database.store()
    writer = database.writer(store)
    run(writer, batch(0, arrival(0, "k", unreadable=NO_EVENT)))
    run(writer, batch(0, arrival(0, "k", submission("a", 1)), consumer="d"))
    assert amounts(store) == [1]


def test_a_reaction_that_fails_parks_its_record_with_none_of_its_effects(
    database: Database,
) -> None:
    store = database.store()
    good, bad = submission("a", 1), submission("a", 2, decide=fail)
    (future,) = run(
        database.writer(store),
        batch(0, arrival(0, "k", good, bad), arrival(1, "j", submission("b", 3))),
    )
    assert future.result() == BatchDone(1, 2)
    assert amounts(store) == [3]
    assert parked(store) == [("k", 1, 0, "reaction-failed")]
    assert store.handled([good.command_id, bad.command_id]) == {}
    assert_record_is_whole(store)


def unpark(
    offset: int, ordinal: int, *effects: Any, key: str = "k", note: Note | None = None, **more: Any
) -> Unpark:
    """Redrive (discard, with a note) what was parked from an offset."""
    found: Arrival = arrival(offset, key, *effects, **more)
    return Unpark(uuid4(), "c", ordinal, found, CLERK, "operator", note)


@pytest.fixture
def three_parked(database: Database) -> tuple[Store, Writer]:
    """A store in which offsets 0, 1 and 2 of key k are parked, and its writer."""
    store = database.store()
    writer = database.writer(store)
    run(
        writer,
        batch(
            0,
            arrival(0, "k", submission("a", 1, decide=fail)),
            arrival(1, "k", submission("a", 2)),
            arrival(2, "k", submission("a", 3)),
        ),
    )
    return store, writer


def test_redriving_applies_a_record_and_takes_it_off(three_parked: tuple[Store, Writer]) -> None:
    store, writer = three_parked
    done = outcome(writer, unpark(0, 1, submission("a", 1)))
    assert done.refusal is None
    assert amounts(store) == [1]
    assert [row[1] for row in parked(store)] == [2, 3]
    redriven = read(store.read_log(store.head() - 1, 1)[0])
    assert isinstance(redriven.data, RecordRedriven)
    assert (redriven.data.offset, redriven.actor, redriven.role) == (0, CLERK, "operator")


def test_only_the_first_parked_record_of_a_key_can_be_redriven(
    three_parked: tuple[Store, Writer],
) -> None:
    store, writer = three_parked
    before = parked(store)
    for wrong in (
        unpark(1, 2, submission("a", 2)),
        unpark(0, 1, submission("a", 2), key="j"),
        unpark(0, 0, submission("a", 2)),
    ):
        assert isinstance(error_of(writer, wrong), NotParked)
    assert parked(store) == before
    assert amounts(store) == []


def test_records_of_a_key_are_redriven_in_one_turn_in_their_order(
    three_parked: tuple[Store, Writer],
) -> None:
    store, writer = three_parked
    first, early, second, third = run(
        writer,
        unpark(0, 1, submission("a", 1)),
        unpark(2, 3, submission("a", 3)),
        unpark(1, 2, submission("a", 2)),
        unpark(2, 3, submission("a", 3)),
    )
    assert isinstance(early.exception(), NotParked)
    assert [f.exception() for f in (first, second, third)] == [None] * 3
    assert amounts(store) == [1, 2, 3]
    assert parked(store) == []


def test_the_key_is_released_with_its_last_record(three_parked: tuple[Store, Writer]) -> None:
    store, writer = three_parked
    run(writer, unpark(0, 1, submission("a", 1)), unpark(1, 2, submission("a", 2)))
    run(writer, batch(3, arrival(3, "k", submission("a", 4))))
    assert [row[1:] for row in parked(store)] == [(3, 2, "behind-parked"), (4, 3, "behind-parked")]
    run(writer, unpark(2, 3, submission("a", 3)), unpark(3, 4, submission("a", 4)))
    run(writer, batch(4, arrival(4, "k", submission("a", 5))))
    assert amounts(store) == [1, 2, 3, 4, 5]
    assert parked(store) == []
    assert_record_is_whole(store)


def test_a_record_parked_as_its_key_is_released_stays_parked(database: Database) -> None:
    store = database.store()
    writer = database.writer(store)
    run(writer, batch(0, arrival(0, "k", unreadable=NO_EVENT)))
    note = Note(uuid4(), START + timedelta(days=1))
    run(writer, unpark(0, 1, note=note), batch(1, arrival(1, "k", unreadable=NO_EVENT)))
    run(writer, batch(2, arrival(2, "k", submission("a", 1))))
    assert [row[2:] for row in parked(store)] == [(1, "no-event"), (2, "behind-parked")]
    assert amounts(store) == []
    assert_record_is_whole(store)


def test_an_operator_who_is_late_takes_no_other_record_off(database: Database) -> None:
    store = database.store()
    writer = database.writer(store)
    run(writer, batch(0, arrival(0, "k", unreadable=NO_EVENT)))
    note = Note(uuid4(), START + timedelta(days=1))
    run(writer, unpark(0, 1, note=note))
    run(writer, batch(1, arrival(1, "k", unreadable=NO_EVENT)))
    before = parked(store)
    assert isinstance(error_of(writer, unpark(0, 1, note=note)), NotParked)
    assert parked(store) == before


def test_what_is_not_parked_cannot_be_redriven(database: Database) -> None:
    writer = database.writer()
    assert isinstance(error_of(writer, unpark(0, 0, submission("a", 1))), NotParked)


def test_a_batch_after_the_release_in_the_same_turn_goes_through(database: Database) -> None:
    store = database.store()
    writer = database.writer(store)
    run(writer, batch(0, arrival(0, "k", unreadable=NO_EVENT)))
    run(
        writer,
        unpark(0, 1, submission("a", 1)),
        batch(1, arrival(1, "k", submission("a", 2))),
    )
    assert amounts(store) == [1, 2]
    assert parked(store) == []


def test_a_redrive_that_fails_leaves_the_record_at_the_head(
    three_parked: tuple[Store, Writer],
) -> None:
    store, writer = three_parked
    before = parked(store)
    failing = unpark(0, 1, submission("a", 1), submission("a", 2, decide=fail))
    assert isinstance(error_of(writer, failing), LookupError)
    still_garbage = unpark(0, 1, unreadable=ParkReason.INVALID_EVENT)
    assert isinstance(error_of(writer, still_garbage), NotParked)
    assert parked(store) == before
    assert amounts(store) == []


def test_a_redrive_sent_twice_takes_effect_once(three_parked: tuple[Store, Writer]) -> None:
    store, writer = three_parked
    sent = unpark(0, 1, submission("a", 1))
    first = outcome(writer, sent)
    again = outcome(writer, sent)
    assert (first.repeated, again.repeated) == (False, True)
    assert again.position == first.position
    assert amounts(store) == [1]


def test_discarding_takes_a_record_off_with_a_reason_and_no_effect(
    three_parked: tuple[Store, Writer],
) -> None:
    store, writer = three_parked
    note = Note(uuid4(), START + timedelta(minutes=5))
    outcome(writer, unpark(0, 1, submission("a", 1), note=note))
    assert amounts(store) == []
    assert [row[1] for row in parked(store)] == [2, 3]
    discarded = read(store.read_log(store.head() - 1, 1)[0]).data
    assert isinstance(discarded, RecordDiscarded)
    assert discarded.note_id == note.note_id


def test_garbage_can_be_discarded(database: Database) -> None:
    store = database.store()
    writer = database.writer(store)
    run(writer, batch(0, arrival(0, "k", unreadable=NO_EVENT)))
    note = Note(uuid4(), START + timedelta(minutes=5))
    outcome(writer, unpark(0, 1, unreadable=NO_EVENT, note=note))
    assert parked(store) == []
    assert types(store) == ["record-parked", "record-discarded"]


def test_a_discard_whose_reason_has_expired_in_the_vault_changes_nothing(
    three_parked: tuple[Store, Writer],
) -> None:
    store, writer = three_parked
    before = parked(store)
    assert isinstance(error_of(writer, unpark(0, 1, note=Note(uuid4(), START))), NoteExpired)
    assert parked(store) == before


def test_a_record_may_be_parked_again_under_a_key_that_was_released(database: Database) -> None:
    store = database.store()
    writer = database.writer(store)
    for offset in range(3):
        run(writer, batch(offset, arrival(offset, "k", unreadable=NO_EVENT)))
        outcome(writer, unpark(offset, parked(store)[0][1], submission("a", offset + 1)))
    assert amounts(store) == [1, 2, 3]
    assert types(store).count("record-parked") == 3


def test_an_engine_that_breaks_off_after_a_lost_position_leaves_nobody_waiting() -> None:
    """The dropped batches, queued ones too, are answered though the others' turn fails."""

    def cut(step: str) -> None:
        if step == "insert":
            raise StoreAway("broken off")

    writer = Writer(MemoryStore(MemoryDatabase(), on_step=cut), setting(), Pointer())
    writer.open()
    lost = writer.submit(batch(5, end=6))
    other = writer.submit(submission())
    queued = writer.submit(batch(6, end=7))
    writer.step()
    assert isinstance(lost.exception(0), PositionMoved)
    assert isinstance(queued.exception(0), PositionMoved)
    assert isinstance(other.exception(0), StoreAway)


def test_a_consumer_goes_on_from_the_stored_position_after_a_loss(database: Database) -> None:
    store = database.store()
    writer = database.writer(store)
    records = {n: arrival(n, "k", submission("a", n + 1)) for n in range(6)}
    run(writer, batch(0, records[0], records[1]))
    stale = run(database.writer(), batch(0, records[0], records[1], records[2]))
    assert isinstance(stale[0].exception(), PositionMoved)
    begin = position(store)
    run(writer, batch(begin, *(records[n] for n in range(begin, 6))))
    assert amounts(store) == [1, 2, 3, 4, 5, 6]


def test_parking_names_whom_it_happened_to_in_no_way(database: Database) -> None:
    """The key of a parked record goes into no event of the kernel; only its coordinates do."""
    store = database.store()
    key = str(UUID(int=7))
    run(database.writer(store), batch(0, arrival(0, key, unreadable=NO_EVENT)))
    (row,) = store.read_log(0, 10)
    assert key.encode() not in row.document
    assert b"record 0" not in row.document
