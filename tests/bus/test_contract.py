"""What every bus does, in memory, in SQLite and on Apache Kafka."""

from __future__ import annotations

import time

import pytest

from shared.bus.kafka import KafkaBus
from shared.bus.partitioner import partition_of
from shared.bus.port import (
    BusError,
    MemberFenced,
    PositionOutside,
    TopicMissing,
    TopicSpec,
    TopicWrong,
)
from tests.bus.conftest import AnyBus
from tests.bus.harness import (
    DEADLINE_S,
    Bookmarks,
    collect,
    poll_side_by_side,
    publish,
    until,
    values,
)


def make(bus: AnyBus, topic: str, partitions: int = 3) -> None:
    bus.create_topics([TopicSpec(topic, partitions)])


def recreate(bus: AnyBus, topic: str, partitions: int = 3) -> None:
    """Delete the topic and create it anew, once the deletion has gone through."""
    bus.delete_topic(topic)
    deadline = time.monotonic() + DEADLINE_S
    while True:
        try:
            bus.topic_id(topic)
        except TopicMissing:
            break
        assert time.monotonic() < deadline
    while not bus.create_topics([TopicSpec(topic, partitions)]):
        assert time.monotonic() < deadline


def test_creates_only_the_topics_that_are_missing(bus: AnyBus, topic: str) -> None:
    other = f"{topic}2"
    assert bus.create_topics([TopicSpec(topic, 2)]) == [topic]
    known = bus.topic_id(topic)
    assert bus.create_topics([TopicSpec(topic, 5), TopicSpec(other, 1)]) == [other]
    assert bus.topic_id(topic) == known != bus.topic_id(other)


def test_a_topic_as_it_must_be_passes_its_check(bus: AnyBus, topic: str) -> None:
    make(bus, topic)
    bus.check_topic(TopicSpec(topic, 3))


def test_a_missing_topic_and_a_wrong_partition_count_are_named(bus: AnyBus, topic: str) -> None:
    with pytest.raises(TopicMissing, match=topic):
        bus.check_topic(TopicSpec(topic, 3))
    with pytest.raises(TopicMissing):
        bus.topic_id(topic)
    make(bus, topic)
    with pytest.raises(TopicWrong, match="partitions is 3, must be 12") as wrong:
        bus.check_topic(TopicSpec(topic, 12))
    assert (wrong.value.setting, wrong.value.seen, wrong.value.wanted) == ("partitions", "3", "12")


def test_records_are_read_as_they_were_sent(bus: AnyBus, topic: str) -> None:
    make(bus, topic)
    publish(bus, topic, [("case-1", "a"), ("case-1", "b"), (None, "c")])
    place = partition_of(b"case-1", 3)
    first, second = [r for r in bus.read_partition(topic, place, 0, 10) if r.key is not None]
    assert (first.topic, first.topic_id, first.partition) == (topic, bus.topic_id(topic), place)
    assert (first.key, first.value, second.value) == (b"case-1", b"a", b"b")
    assert first.headers == (("type", b"t"), ("digest", bytes(range(256))))
    assert second.offset == first.offset + 1
    every = [r for p in range(3) for r in bus.read_partition(topic, p, 0, 10)]
    assert [r.value for r in every if r.key is None] == [b"c"]


def test_cases_lie_in_the_partitions_where_kafka_puts_them(bus: AnyBus, topic: str) -> None:
    make(bus, topic, 6)
    keys = [f"case-{i}" for i in range(40)]
    publish(bus, topic, [(key, key) for key in keys])
    found = {r.value: p for p in range(6) for r in bus.read_partition(topic, p, 0, 100)}
    assert found == {key.encode(): partition_of(key.encode(), 6) for key in keys}


def test_a_partition_is_read_in_pieces_up_to_its_end(bus: AnyBus, topic: str) -> None:
    make(bus, topic, 1)
    publish(bus, topic, [("k", str(i)) for i in range(25)])
    assert bus.begin_offsets(topic) == {0: 0}
    assert bus.end_offsets(topic) == {0: 25}
    assert values(bus.read_partition(topic, 0, 0, 10)) == [str(i) for i in range(10)]
    assert values(bus.read_partition(topic, 0, 10, 10)) == [str(i) for i in range(10, 20)]
    assert values(bus.read_partition(topic, 0, 20, 10)) == [str(i) for i in range(20, 25)]
    assert bus.read_partition(topic, 0, 25, 10) == []
    assert values(bus.read_partition(topic, 0, 3, 2)) == ["3", "4"]


def test_nothing_is_there_before_the_flush_and_nothing_after_a_discard(
    bus: AnyBus, topic: str
) -> None:
    make(bus, topic, 1)
    producer = bus.producer()
    producer.flush(1)
    producer.discard()
    with pytest.raises(BusError):
        producer.send(topic, b"k", b"late", ())
    publish(bus, topic, [("k", "kept")])
    assert values(bus.read_partition(topic, 0, 0, 10)) == ["kept"]


def test_a_member_reads_from_the_positions_it_is_given(bus: AnyBus, topic: str) -> None:
    make(bus, topic, 1)
    publish(bus, topic, [("k", str(i)) for i in range(10)])
    listener = Bookmarks()
    listener.positions[bus.topic_id(topic), 0] = 7
    member = bus.consumer(f"{topic}.readers", "a", [topic], listener)
    assert values(collect(3, member)) == ["7", "8", "9"]
    [place] = member.assignment()
    assert (place.topic, place.topic_id, place.partition) == (topic, bus.topic_id(topic), 0)
    member.seek(place, 5)
    assert values(collect(5, member)) == ["5", "6", "7", "8", "9"]
    member.close()
    assert listener.revoked == [place]
    member.close()


def test_a_paused_partition_gives_nothing_until_resumed(bus: AnyBus, topic: str) -> None:
    make(bus, topic, 1)
    publish(bus, topic, [("k", "0")])
    member = bus.consumer(f"{topic}.readers", "a", [topic], Bookmarks())
    assert values(collect(1, member)) == ["0"]
    member.pause(member.assignment())
    publish(bus, topic, [("k", "1")])
    assert member.poll(0.5, 10) == []
    member.resume(member.assignment())
    assert values(collect(1, member)) == ["1"]
    member.close()


def test_a_seek_and_a_pause_forget_what_was_read_ahead(bus: AnyBus, topic: str) -> None:
    make(bus, topic, 1)
    publish(bus, topic, [("k", str(i)) for i in range(20)])
    member = bus.consumer(f"{topic}.readers", "a", [topic], Bookmarks())
    first: list[str] = []
    until(lambda: bool(first), lambda: first.extend(values(member.poll(0.2, 5))))
    assert first == ["0", "1", "2", "3", "4"]
    [place] = member.assignment()
    member.seek(place, 2)
    assert values(collect(18, member)) == [str(i) for i in range(2, 20)]
    member.seek(place, 0)
    again: list[str] = []
    until(lambda: bool(again), lambda: again.extend(values(member.poll(0.2, 5))))
    member.pause([place])
    assert member.poll(0.1, 5) == []
    member.resume([place])
    assert again + values(collect(15, member)) == [str(i) for i in range(20)]
    member.close()


def test_two_members_share_the_partitions_and_read_each_record_once(
    bus: AnyBus, topic: str
) -> None:
    make(bus, topic, 4)
    one, two = Bookmarks(), Bookmarks()
    first = bus.consumer(f"{topic}.readers", "a", [topic], one)
    second = bus.consumer(f"{topic}.readers", "b", [topic], two)
    poll_side_by_side(
        lambda: len(first.assignment()) == len(second.assignment()) == 2, first, second
    )
    assert first.assignment().isdisjoint(second.assignment())
    publish(bus, topic, [(f"case-{i}", str(i)) for i in range(60)])
    assert sorted(map(int, values(collect(60, first, second)))) == list(range(60))
    assert set(one.revoked) <= second.assignment()
    first.close()
    second.close()


def test_a_member_that_is_gone_leaves_its_partitions_to_the_other(bus: AnyBus, topic: str) -> None:
    make(bus, topic, 4)
    one, two = Bookmarks(), Bookmarks()
    first = bus.consumer(f"{topic}.readers", "a", [topic], one)
    second = bus.consumer(f"{topic}.readers", "b", [topic], two)
    poll_side_by_side(
        lambda: len(first.assignment()) == len(second.assignment()) == 2, first, second
    )
    kept = second.assignment()
    first.close()
    until(lambda: len(second.assignment()) == 4, lambda: second.poll(0.1, 10))
    assert not kept & set(two.revoked), "what a member holds it keeps"
    second.close()


def test_a_listener_that_fails_is_asked_again_and_nothing_is_skipped(
    bus: AnyBus, topic: str
) -> None:
    make(bus, topic, 1)
    publish(bus, topic, [("k", "0")])
    listener = Bookmarks()
    listener.failures = 2
    member = bus.consumer(f"{topic}.readers", "a", [topic], listener)
    failures = 0
    found: list[str] = []

    def poll() -> None:
        nonlocal failures
        try:
            found.extend(values(member.poll(0.2, 10)))
        except BusError:
            failures += 1

    until(lambda: bool(found), poll)
    assert (found, failures) == (["0"], 2)
    member.close()


def test_a_topic_created_anew_is_read_from_its_start(bus: AnyBus, topic: str) -> None:
    make(bus, topic, 1)
    publish(bus, topic, [("k", f"old-{i}") for i in range(5)])
    listener = Bookmarks()
    old = bus.topic_id(topic)
    listener.positions[old, 0] = 3
    member = bus.consumer(f"{topic}.readers", "a", [topic], listener)
    assert values(collect(2, member)) == ["old-3", "old-4"]
    recreate(bus, topic, 1)
    new = bus.topic_id(topic)
    assert new != old
    # More records than the old topic had: reading on from the old position would skip five.
    publish(bus, topic, [("k", f"new-{i}") for i in range(9)])
    found = collect(9, member)
    assert values(found) == [f"new-{i}" for i in range(9)]
    assert {r.topic_id for r in found} == {new}
    assert [p.topic_id for p in listener.lost] == [old]
    assert [p.topic_id for p in listener.assigned] == [old, new]
    member.close()


@pytest.mark.parametrize("position", [4, 1000])
def test_a_position_past_the_end_stops_the_member(bus: AnyBus, topic: str, position: int) -> None:
    make(bus, topic, 1)
    publish(bus, topic, [("k", str(i)) for i in range(3)])
    listener = Bookmarks()
    listener.positions[bus.topic_id(topic), 0] = position
    member = bus.consumer(f"{topic}.readers", "a", [topic], listener)
    problems: list[PositionOutside] = []

    def poll() -> None:
        try:
            assert member.poll(0.2, 10) == []
        except PositionOutside as problem:
            problems.append(problem)

    until(lambda: bool(problems), poll)
    assert vars(problems[0]) == {
        "topic": topic,
        "partition": 0,
        "position": position,
        "first": 0,
        "end": 3,
    }
    member.close()


def test_a_missing_topic_is_named_until_it_is_there(bus: AnyBus, topic: str) -> None:
    member = bus.consumer(f"{topic}.readers", "a", [topic], Bookmarks())
    with pytest.raises(TopicMissing, match=topic):
        member.poll(0.1, 10)
    with pytest.raises(TopicMissing, match=topic):
        member.poll(0.1, 10)
    make(bus, topic, 1)
    publish(bus, topic, [("k", "0")])
    assert values(collect(1, member)) == ["0"]
    member.close()


def test_a_member_whose_name_another_process_takes_is_told(bus: AnyBus, topic: str) -> None:
    make(bus, topic, 1)
    first = bus.consumer(f"{topic}.readers", "a", [topic], Bookmarks())
    until(lambda: bool(first.assignment()), lambda: first.poll(0.1, 10))
    second = bus.consumer(f"{topic}.readers", "a", [topic], Bookmarks())
    until(lambda: bool(second.assignment()), lambda: second.poll(0.1, 10))
    fenced: list[MemberFenced] = []

    def poll() -> None:
        try:
            first.poll(0.1, 10)
        except MemberFenced as told:
            fenced.append(told)

    until(lambda: bool(fenced), poll)
    first.close()
    second.close()


def test_it_names_itself(bus: AnyBus) -> None:
    wanted = "Apache Kafka 4" if isinstance(bus, KafkaBus) else "bus"
    assert wanted in bus.version()
