"""The store's contract on every engine: positions, agenda, parked records, annex, elections."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID, uuid4

from shared.kernel.store import (
    AgendaDone,
    AnnexRow,
    Look,
    Move,
    Parked,
    Position,
    Store,
    Write,
)
from tests.kernel.conftest import Database
from tests.kernel.rows import AT, TOPIC, entry, look_only, move, parked, take_turn

FAR = date(2099, 1, 1)


class Unmoved(Exception):
    pass


def moved(store: Store, *moves: Move, own_position: int = 0) -> list[Move]:
    """Move in a turn that rolls back on a mismatch, as the writer's does; the mismatches."""
    unmoved: list[Move] = []
    with suppress(Unmoved), store.turn() as turn:
        unmoved = turn.look(Look(moves=moves)).unmoved
        if unmoved:
            raise Unmoved
        turn.write(Write(moves=moves, own_position=own_position))
    return unmoved


def where(store: Store) -> dict[int, int]:
    return {p.partition: p.position for p in store.positions("c")}


def test_a_missing_position_means_zero(store: Store) -> None:
    assert moved(store, move(0, 3)) == []
    assert where(store) == {0: 3}


def test_a_missing_position_is_nothing_but_zero(store: Store) -> None:
    assert moved(store, move(3, 6)) == [move(3, 6)]
    assert where(store) == {}


def test_a_position_moves_from_exactly_where_it_is(store: Store) -> None:
    moved(store, move(0, 3))
    for start in (0, 2, 4):
        assert moved(store, move(start, 9)) == [move(start, 9)]
        assert where(store) == {0: 3}
    assert moved(store, move(3, 6)) == []
    assert where(store) == {0: 6}


def test_several_partitions_move_together_or_not_at_all(store: Store) -> None:
    moved(store, move(0, 3, 0), move(0, 5, 1))
    stale = move(4, 8, 1)
    assert moved(store, move(3, 6, 0), stale, move(0, 2, 2)) == [stale]
    assert where(store) == {0: 3, 1: 5}
    assert moved(store, move(3, 6, 0), move(5, 8, 1), move(0, 2, 2)) == []
    assert where(store) == {0: 6, 1: 8, 2: 2}


def test_positions_belong_to_consumer_topic_id_and_partition(store: Store) -> None:
    other_topic = uuid4()
    moved(store, move(0, 3), Move("d", TOPIC, 0, 0, 4), Move("c", other_topic, 0, 0, 5))
    found = {(p.consumer, p.topic_id): p.position for p in store.positions("c")}
    assert found == {("c", TOPIC): 3, ("c", other_topic): 5}
    assert [p.position for p in store.positions("d")] == [4]


def test_a_position_remembers_how_far_both_logs_were(store: Store) -> None:
    moved(store, move(0, 3, source_position=30), own_position=7)
    assert store.positions("c") == [Position("c", TOPIC, 0, 3, 30, 7)]
    moved(store, move(3, 5, source_position=0), own_position=9)
    assert store.positions("c") == [Position("c", TOPIC, 0, 5, 30, 9)]


def test_a_position_moves_outside_a_turn_in_the_same_way(database: Database) -> None:
    one, other = database.store(), database.store()
    assert not one.move(move(2, 4))
    assert where(one) == {}
    assert one.move(move(0, 4))
    assert not other.move(move(0, 9))
    assert other.move(move(4, 8))
    assert where(one) == {0: 8}


def test_moving_outside_a_turn_changes_the_position_alone(store: Store) -> None:
    moved(store, move(0, 3, source_position=30), own_position=7)
    assert store.move(move(3, 4))
    assert store.positions("c") == [Position("c", TOPIC, 0, 4, 30, 7)]


def test_the_agenda_lists_what_is_due_oldest_first(store: Store) -> None:
    late, early, other = (
        entry(due_on="2020-06-03"),
        entry(due_on="2020-06-01"),
        entry("enquiry", due_on="2020-05-01"),
    )
    same_day = entry(due_on="2020-06-01", key=UUID(int=early.key.int + 1))
    take_turn(store, Write(agenda=[late, same_day, other, early]))
    assert store.agenda("review", date(2020, 5, 31), 10) == []
    assert store.agenda("review", date(2020, 6, 1), 10) == [early, same_day]
    assert store.agenda("review", date(2020, 6, 3), 10) == [early, same_day, late]
    assert store.agenda("review", FAR, 2) == [early, same_day]
    assert store.agenda("enquiry", FAR, 10) == [other]


def test_the_next_date_on_which_something_is_due(store: Store) -> None:
    rows = [entry(due_on=f"2020-06-0{n}") for n in (1, 3)]
    take_turn(store, Write(agenda=[*rows, entry("enquiry", due_on="2020-06-02")]))
    kinds = ["review", "enquiry", "unheard-of"]
    assert store.next_due(kinds, date(2020, 5, 31)) == date(2020, 6, 1)
    assert store.next_due(kinds, date(2020, 6, 1)) == date(2020, 6, 2)
    assert store.next_due(["review"], date(2020, 6, 1)) == date(2020, 6, 3)
    assert store.next_due(kinds, date(2020, 6, 3)) is None
    assert store.next_due([], date(2020, 1, 1)) is None


def test_a_turn_takes_an_entry_off_the_agenda(store: Store) -> None:
    first, second = entry(), entry()
    take_turn(store, Write(agenda=[first, second]))
    take_turn(store, Write(agenda=[AgendaDone(first.kind, first.key), AgendaDone("none", uuid4())]))
    assert store.agenda("review", FAR, 10) == [second]


def test_an_entry_opened_again_takes_the_place_of_the_first(store: Store) -> None:
    first = entry(due_on="2020-06-01")
    again = entry(due_on="2020-09-01", key=first.key)._replace(region="350122000000")
    take_turn(store, Write(agenda=[first]))
    take_turn(store, Write(agenda=[again]))
    assert store.agenda("review", FAR, 10) == [again]


def test_changes_of_one_turn_apply_in_their_order(store: Store) -> None:
    first = entry()
    done = AgendaDone(first.kind, first.key)
    take_turn(store, Write(agenda=[first, done]))
    assert store.agenda("review", FAR, 10) == []
    take_turn(store, Write(agenda=[done, first]))
    assert store.agenda("review", FAR, 10) == [first]


def test_an_entry_with_its_outcome_goes_unless_it_was_opened_anew(store: Store) -> None:
    done, later, same_day, untouched = entry(), entry(), entry(), entry()
    take_turn(store, Write(agenda=[done, later, same_day, untouched]))
    postponed = later._replace(due_on=date(2020, 9, 1))
    asked_again = same_day._replace(source_event=uuid4())
    take_turn(store, Write(agenda=[postponed, asked_again]))
    store.agenda_done([done, later, same_day])
    left = store.agenda("review", FAR, 10)
    assert sorted(left) == sorted([postponed, asked_again, untouched])
    store.agenda_done([postponed, asked_again, done])
    assert store.agenda("review", FAR, 10) == [untouched]


def test_a_turn_sees_the_lowest_and_highest_ordinal_of_a_parked_key(store: Store) -> None:
    take_turn(store, Write(park=[parked("k", n) for n in (1, 2, 3)] + [parked("j", 5)]))
    wanted = [("c", "k"), ("c", "j"), ("c", "none"), ("d", "k")]
    assert look_only(store, Look(parked=wanted)).parked == {("c", "k"): (1, 3), ("c", "j"): (5, 5)}
    take_turn(store, Write(unpark=[("c", "k", 1), ("c", "j", 5)]))
    assert look_only(store, Look(parked=wanted)).parked == {("c", "k"): (2, 3)}


def test_parked_records_are_listed_in_pages_by_consumer_key_and_ordinal(store: Store) -> None:
    rows = [
        parked("a", 2),
        parked("a", 10),
        parked("b", 1),
        parked("B", 1),
        parked("a", 1, consumer="d"),
    ]
    take_turn(store, Write(park=rows))
    in_order = sorted(rows)
    assert store.parked(None, ("", "", 0), 10) == in_order
    assert paged(store, None) == in_order
    assert paged(store, "d") == [rows[-1]]
    assert store.parked_count() == len(rows)
    assert store.parked_keys() == len({(row.consumer, row.key) for row in rows}) < len(rows)
    assert store.parked("nobody", ("", "", 0), 10) == []


def paged(store: Store, consumer: str | None) -> list[Parked]:
    found: list[Parked] = []
    after = ("", "", 0)
    while page := store.parked(consumer, after, 2):
        found += page
        after = page[-1][:3]
    return found


def test_annex_rows_are_put_replaced_seen_and_deleted(store: Store) -> None:
    hand, note = AnnexRow("clock", "hand", b"1"), AnnexRow("note", "n", b"\x00\xff", AT)
    store.annex_put([hand, note])
    assert store.annex_get("clock", ["hand", "other"]) == {"hand": hand}
    assert store.annex_get("note", ["n"]) == {"n": note}
    store.annex_put([hand._replace(body=b"2"), note._replace(expires_at=None)])
    wanted = [("clock", "hand"), ("note", "n"), ("note", "none")]
    assert look_only(store, Look(annex=wanted)).annex == {
        ("clock", "hand"): b"2",
        ("note", "n"): b"\x00\xff",
    }
    assert store.annex_get("note", ["n"])["n"].expires_at is None
    store.annex_delete("note", ["n", "never there"])
    assert store.annex_get("note", ["n"]) == {}
    assert store.annex_get("clock", ["hand"]) == {"hand": hand._replace(body=b"2")}


def test_annex_rows_expire_strictly_after_their_moment_oldest_first(store: Store) -> None:
    shanghai = timezone(timedelta(hours=8))
    second = timedelta(seconds=1)
    rows = [
        AnnexRow("note", "third", b"3", AT - second / 1_000_000),
        AnnexRow("note", "now", b"4", AT),
        AnnexRow("note", "first", b"1", AT - 3 * second),
        AnnexRow("note", "second", b"2", (AT - 2 * second).astimezone(shanghai)),
        AnnexRow("note", "for ever", b"5"),
        AnnexRow("other", "else", b"6", AT - second),
    ]
    store.annex_put(rows)
    expired = [row.key for row in store.annex_expired("note", AT, 10)]
    assert expired == ["first", "second", "third"]
    assert [row.key for row in store.annex_expired("note", AT, 1)] == ["first"]
    whole_second = datetime(2020, 5, 18, 1, 2, 3, tzinfo=UTC)
    assert [row.key for row in store.annex_expired("note", whole_second, 10)] == ["first", "second"]


def test_adding_an_annex_row_leaves_one_that_is_there(store: Store) -> None:
    first = AnnexRow("note", "n", b"1", AT)
    store.annex_add([first])
    store.annex_add([first._replace(body=b"2", expires_at=None), AnnexRow("note", "m", b"3")])
    assert store.annex_get("note", ["n", "m"]) == {
        "n": first,
        "m": AnnexRow("note", "m", b"3"),
    }


def test_sweeping_deletes_only_what_has_expired(store: Store) -> None:
    second = timedelta(seconds=1)
    rows = [
        AnnexRow("note", "past", b"1", AT - second),
        AnnexRow("note", "now", b"2", AT),
        AnnexRow("note", "put anew", b"3", AT + second),
        AnnexRow("note", "kept", b"4"),
    ]
    store.annex_put(rows)
    store.annex_delete("note", [row.key for row in rows], AT)
    assert set(store.annex_get("note", [r.key for r in rows])) == {"now", "put anew", "kept"}


def test_nothing_to_do_is_no_error(store: Store) -> None:
    store.annex_put([])
    store.annex_delete("note", [])
    store.agenda_done([])
    assert store.handled([]) == {}
    assert store.annex_get("note", []) == {}
    take_turn(store, Write())


def test_an_elected_task_is_held_by_its_holder_as_often_as_it_asks(store: Store) -> None:
    election = store.election("relay")
    assert election.held()
    assert election.held()
    election.release()
    assert election.held()
    election.release()
