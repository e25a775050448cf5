"""The store's contract on every engine: the log, and a turn that is one transaction."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID, uuid4

import pytest

from shared.kernel.event import MAX_DOCUMENT_BYTES, Recorded
from shared.kernel.store import LogConflict, LogShrank, Look, Store, Write
from tests.kernel.conftest import Database
from tests.kernel.rows import (
    TOPIC,
    append,
    entry,
    events,
    handled,
    look_only,
    move,
    parked,
    take_turn,
)

A, B = (UUID(int=n) for n in (1, 2))


def positions_of(store: Store) -> list[int]:
    return [row.position for row in store.read_log(0, 1000)]


def broken_turn(store: Store, look: Look, write: Write) -> None:
    """A turn that writes everything and then breaks."""
    with suppress(KeyError), store.turn() as turn:
        turn.look(look)
        turn.write(write)
        raise KeyError


def test_an_empty_log_ends_at_zero(store: Store) -> None:
    seen = look_only(store, Look(streams=[A], commands=[uuid4()]))
    assert (seen.head, seen.head_document, seen.streams, seen.handled) == (0, b"", {}, {})
    assert (store.head(), store.read_log(0, 10), store.read_stream(A)) == (0, [], [])


def test_what_is_written_is_read_back_to_the_byte(store: Store) -> None:
    written = events(1, A, B, A, body='{"n":"兜底"}'.encode())
    take_turn(store, Write(events=written))
    assert store.read_log(0, 10) == written
    assert store.read_stream(A) == [written[0], written[2]]


def test_the_largest_document_fits(store: Store) -> None:
    written = events(1, A, body=b"x" * MAX_DOCUMENT_BYTES)
    take_turn(store, Write(events=written))
    assert store.read_stream(A) == written


def test_positions_follow_on_without_gaps_over_turns_and_instances(database: Database) -> None:
    one, other = database.store(), database.store()
    for turn in range(6):
        append((one, other)[turn % 2], A, B, A)
    assert positions_of(one) == positions_of(other) == list(range(1, 19))
    assert [row.version for row in other.read_stream(A)] == list(range(1, 13))


def test_a_rolled_back_turn_leaves_no_gap(store: Store) -> None:
    append(store, A)
    broken_turn(store, Look(), Write(events=events(2, B, B)))
    append(store, A)
    assert positions_of(store) == [1, 2]


def test_the_log_is_read_in_pages(store: Store) -> None:
    written = list(append(store, A, B, A, B, A))
    assert store.read_log(0, 2) == written[:2]
    assert store.read_log(2, 2) == written[2:4]
    assert store.read_log(4, 2) == written[4:]
    assert store.read_log(5, 2) == []


def test_a_stream_is_read_past_a_version(store: Store) -> None:
    written = append(store, A, B, A, A)
    assert store.read_stream(A, 1) == [written[2], written[3]]
    assert store.read_stream(A, 3) == []


def test_a_look_gives_whole_streams_and_the_head_past_what_was_seen(store: Store) -> None:
    written = append(store, A, B, A)
    seen = look_only(store, Look(after=2, streams=[A, B, uuid4()]))
    assert seen.streams == {A: [written[0], written[2]], B: [written[1]]}
    assert (seen.head, seen.head_document) == (3, written[2].document)
    assert look_only(store, Look(after=3)).head_document == b""


def test_a_turn_names_the_streams_that_others_appended_to(database: Database) -> None:
    one, other = database.store(), database.store()
    append(one, A)
    append(other, B, A, B)
    with one.turn() as turn:
        seen = turn.look(Look(after=1))
        assert seen.head == 4
        assert turn.appended_streams(1, 10) == [B, A, B]
        assert turn.appended_streams(1, 2) == [B, A]


def test_a_log_that_ends_before_what_was_seen_is_named(store: Store) -> None:
    append(store, A, B)
    with pytest.raises(LogShrank, match=r"ends at 2; 3 was seen"):
        look_only(store, Look(after=3))
    assert look_only(store, Look(after=2)).head == 2


@pytest.mark.parametrize(
    "taken",
    [
        pytest.param(lambda: Write(events=events(2, B)), id="position"),
        pytest.param(lambda: Write(events=events(3, A)), id="version"),
        pytest.param(
            lambda: Write(events=events(3, B), handled=[handled(A)]), id="outcome of a command"
        ),
    ],
)
def test_what_is_taken_is_a_conflict_and_nothing_of_the_turn_remains(
    store: Store, taken: object
) -> None:
    before = events(1, A, B)
    take_turn(store, Write(events=before, handled=[handled(A)]))
    write = taken()  # type: ignore[operator] # a parameter is an object to the checker
    fresh = handled(B)
    write.handled = [fresh, *write.handled]
    write.agenda, write.park = [entry()], [parked()]
    write.moves = [move(0, 9)]
    with pytest.raises(LogConflict):
        take_turn(store, write, Look(moves=[move(0, 9)]))
    assert_untouched(store, log=before, command=fresh.command_id)


def assert_untouched(store: Store, *, log: list[Recorded], command: UUID) -> None:
    assert store.read_log(0, 10) == log
    assert store.handled([command]) == {}
    assert store.agenda("review", entry(due_on="2099-01-01").due_on, 10) == []
    assert store.parked(None, ("", "", 0), 10) == []
    assert store.positions("c") == []


def test_an_exception_leaves_nothing_of_its_turn(store: Store) -> None:
    take_turn(store, Write(park=[parked("old")], agenda=[old := entry("old")]))
    fresh = handled()
    write = Write(
        events=events(1, A),
        handled=[fresh],
        agenda=[entry()],
        moves=[move(0, 9)],
        park=[parked()],
        unpark=[("c", "old", 1)],
    )
    broken_turn(store, Look(moves=[move(0, 9)]), write)
    assert store.read_log(0, 10) == []
    assert store.handled([fresh.command_id]) == {}
    assert store.agenda("review", entry().due_on, 10) == []
    assert store.agenda("old", old.due_on, 10) == [old]
    assert [p.key for p in store.parked(None, ("", "", 0), 10)] == ["old"]
    assert store.positions("c") == []


def test_nobody_sees_a_turn_before_its_commit(database: Database) -> None:
    writing, reading = database.store(), database.store()
    fresh = handled()
    with writing.turn() as turn:
        turn.look(Look())
        turn.write(Write(events=events(1, A), handled=[fresh]))
        assert reading.head() == 0
        assert reading.handled([fresh.command_id]) == {}
    assert reading.head() == 1
    assert reading.handled([fresh.command_id]) == {fresh.command_id: fresh}


def test_outcomes_are_found_in_the_turn_and_outside(store: Store) -> None:
    plain = handled()
    refused = handled(refusal='{"code":"不符合条件","status":409}', events=0, body_digest=b"")
    take_turn(store, Write(handled=[plain, refused]))
    wanted = {plain.command_id: plain, refused.command_id: refused}
    unknown = uuid4()
    assert store.handled([*wanted, unknown]) == wanted
    assert look_only(store, Look(commands=[*wanted, unknown])).handled == wanted


def test_an_instance_that_starts_later_finds_everything(durable: Database) -> None:
    first = durable.store()
    written = append(first, A, B)
    take_turn(first, Write(moves=[move(0, 5)], own_position=2), Look(moves=[move(0, 5)]))
    first.close()
    later = durable.store()
    assert later.read_log(0, 10) == written
    assert [(p.topic_id, p.position, p.own_position) for p in later.positions("c")] == [
        (TOPIC, 5, 2)
    ]


def test_events_go_in_through_a_turn_only(durable: Database) -> None:
    with pytest.raises(TypeError, match="through a turn"):
        durable.store().insert_events([])  # type: ignore[attr-defined] # the library's, not the port's


def test_a_store_names_its_engine(database: Database) -> None:
    names = {"memory": "memory", "sqlite": "SQLite 3.", "postgres": "PostgreSQL 18"}
    assert database.store().version().startswith(names[database.engine])
