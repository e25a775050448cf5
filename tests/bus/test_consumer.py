"""The consumer: each record takes effect once, whatever is repeated, stalled or lost."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.bus.consumer import Consumer
from shared.bus.local import LocalBus
from shared.bus.memory import MemoryBus
from shared.bus.parking import Parking
from shared.bus.port import (
    MemberFenced,
    PositionOutside,
    TopicMissing,
    TopicPartition,
    TopicSpec,
)
from shared.contracts.kernel import ParkReason
from shared.kernel.memory import Guards, MemoryDatabase, MemoryStore
from shared.kernel.store import Move, Store, StoreAway
from shared.kernel.submission import WriterClosed
from shared.kernel.writer import Writer
from tests.bus.conftest import AnyBus
from tests.bus.harness import until
from tests.bus.house import (
    COPIES,
    KEY,
    REACTIONS,
    TOPIC,
    consumer_of,
    counted,
    relayed,
    writer_of,
)
from tests.kernel.conftest import Database, open_database
from tests.kernel.domain import AmountCounted
from tests.kernel.running import amounts, assert_record_is_whole

ALL = ("", "", 0)


def drain(consumer: Consumer, writer: Writer) -> None:
    """Step both until nothing is left."""
    for _ in range(1000):
        consumer.step(0)
        writer.step()
        if consumer.idle and not writer.queued:
            return
    raise AssertionError("the consumer does not come to an end")


def positions(store: Store) -> dict[int, int]:
    return {p.partition: p.position for p in store.positions(COPIES) if p.position}


def end_offsets(bus: MemoryBus) -> dict[int, int]:
    return {partition: end for partition, end in bus.end_offsets(TOPIC).items() if end}


def test_every_record_takes_effect_once_and_the_positions_move_with_it(
    source: Database, target: Database, calm: MemoryBus
) -> None:
    ours, theirs = source.store(), target.store()
    counted(ours, 40)
    relayed(ours, calm)
    writer = writer_of(theirs)
    consumer = consumer_of(theirs, writer, calm, batch=7)
    drain(consumer, writer)
    assert sorted(amounts(theirs)) == list(range(1, 41))
    assert positions(theirs) == end_offsets(calm)
    assert max(p.source_position for p in theirs.positions(COPIES)) == 40
    consumer.close()
    drain(consumer_of(theirs, writer, calm, instance="two"), writer)
    assert len(amounts(theirs)) == 40
    assert_record_is_whole(theirs)


def test_records_published_again_change_nothing(target: Database, calm: MemoryBus) -> None:
    ours = MemoryStore(MemoryDatabase())
    counted(ours, 10)
    relayed(ours, calm)
    assert ours.move(Move("relay", calm.topic_id(TOPIC), 0, 10, 3))
    relayed(ours, calm)
    assert sum(calm.end_offsets(TOPIC).values()) == 17
    theirs = target.store()
    writer = writer_of(theirs)
    drain(consumer_of(theirs, writer, calm), writer)
    assert sorted(amounts(theirs)) == list(range(1, 11))
    assert max(p.source_position for p in theirs.positions(COPIES)) == 10


def test_a_topic_created_anew_is_read_from_its_start_and_changes_nothing(
    target: Database, calm: MemoryBus
) -> None:
    ours = MemoryStore(MemoryDatabase())
    counted(ours, 10)
    relayed(ours, calm)
    theirs = target.store()
    writer = writer_of(theirs)
    consumer = consumer_of(theirs, writer, calm)
    drain(consumer, writer)
    calm.delete_topic(TOPIC)
    with pytest.raises(TopicMissing):
        consumer.step(0)
    counted(ours, 5, first=10)
    relayed(ours, calm)
    drain(consumer, writer)
    assert sorted(amounts(theirs)) == list(range(1, 16))


@pytest.mark.parametrize("guarded", [True, False])
def test_a_stalled_consumer_whose_partitions_went_to_another_applies_nothing_twice(
    target: Database, calm: MemoryBus, guarded: bool
) -> None:
    """And without the compare-and-set it moves the position past what the other has not read."""
    ours = MemoryStore(MemoryDatabase())
    counted(ours, 30)
    relayed(ours, calm, partitions=1)
    guards = Guards() if guarded else Guards(compare_and_set=False, handled=False)
    store, other = target.store(guards=guards), target.store(guards=guards)
    stalled_writer, writer = writer_of(store), writer_of(other)
    stalled = consumer_of(store, stalled_writer, calm, instance="a", batch=10)
    stalled.step(0)  # ten records are polled and queued; then the process stops
    calm.expire(stalled.group, "a")
    drain(consumer_of(other, writer, calm, instance="b", batch=5), writer)
    stalled_writer.step()  # it goes on
    try:
        assert sorted(amounts(other)) == list(range(1, 31))
        assert positions(other) == {0: 30}
    except AssertionError:
        assert not guarded
    else:
        assert guarded
        stalled.step(0)
        assert stalled_writer.queued == 0


def test_after_a_commit_of_unknown_outcome_it_begins_from_the_stored_positions(
    calm: MemoryBus,
) -> None:
    ours = MemoryStore(MemoryDatabase())
    counted(ours, 30)
    relayed(ours, calm)
    for step in ("commit", "committed"):
        turns = 0

        def hook(name: str, step: str = step) -> None:
            nonlocal turns
            turns += name == step
            if name == step and turns == 2:
                raise StoreAway("the connection broke")

        theirs = MemoryStore(MemoryDatabase(), on_step=hook)
        writer = writer_of(theirs)
        consumer = consumer_of(theirs, writer, calm, batch=4)
        away = 0
        for _ in range(60):
            try:
                consumer.step(0)
            except StoreAway:
                away += 1
            writer.step()
        assert away == 1
        assert sorted(amounts(theirs)) == list(range(1, 31))
        assert positions(theirs) == end_offsets(calm)


def test_batches_are_handed_over_ahead_of_the_writer_but_not_without_bound(
    target: Database, calm: MemoryBus
) -> None:
    ours = MemoryStore(MemoryDatabase())
    counted(ours, 60)
    relayed(ours, calm, partitions=1)
    theirs = target.store()
    writer = writer_of(theirs)
    consumer = consumer_of(theirs, writer, calm, batch=5, in_flight=3)
    for _ in range(10):
        consumer.step(0)
    assert writer.queued == 3
    drain(consumer, writer)
    assert amounts(theirs) == list(range(1, 61))


def test_a_writer_that_takes_nothing_loses_nothing(target: Database, calm: MemoryBus) -> None:
    ours = MemoryStore(MemoryDatabase())
    counted(ours, 10)
    relayed(ours, calm)
    theirs = target.store()
    writer = writer_of(theirs)
    writer.suspend("not yet")
    consumer = consumer_of(theirs, writer, calm)
    for _ in range(3):
        with pytest.raises(WriterClosed):
            consumer.step(0)
    writer.open()
    drain(consumer, writer)
    assert sorted(amounts(theirs)) == list(range(1, 11))


def test_a_position_outside_the_topic_stops_the_consumer_for_good(
    target: Database, calm: MemoryBus
) -> None:
    calm.create_topics([TopicSpec(TOPIC, 1)])
    theirs = target.store()
    assert theirs.move(Move(COPIES, calm.topic_id(TOPIC), 0, 0, 7))
    consumer = consumer_of(theirs, writer_of(theirs), calm)
    for _ in range(2):
        with pytest.raises(PositionOutside, match=r"position 7 of doudi\.fj\.tests:0"):
            consumer.step(0)


def test_a_consumer_whose_name_another_took_stops_for_good(
    target: Database, calm: MemoryBus
) -> None:
    calm.create_topics([TopicSpec(TOPIC, 1)])
    theirs = target.store()
    consumer = consumer_of(theirs, writer_of(theirs), calm)
    consumer.step(0)
    consumer_of(theirs, writer_of(theirs), calm).step(0)
    for _ in range(2):
        with pytest.raises(MemberFenced):
            consumer.step(0)


def test_what_can_never_be_applied_is_parked_and_everything_else_goes_on(
    target: Database, calm: MemoryBus
) -> None:
    ours = MemoryStore(MemoryDatabase())
    counted(ours, 2, cases=1)
    relayed(ours, calm, partitions=1)
    valid = calm.read_partition(TOPIC, 0, 0, 1)[0]
    assert valid.value is not None
    producer = calm.producer()
    another = b"0f9619ff-8b86-d011-b42d-00c04fc964ff"
    for key, value, event_type in [
        (None, b"\xff garbage", None),
        (valid.key, valid.value.replace(b"counted.v1", b"counted.v2"), "counted.v2"),
        (another, valid.value.replace(b'"amount_fen":1', b'"amount_fen":"x"'), "counted.v1"),
        (b"\xff\xfe", b"{}", None),
        (another, b"{}", "forgotten.v1"),
    ]:
        stated = f"doudi.tests.amount-{event_type}".encode()
        producer.send(TOPIC, key, value, (("type", stated),) if event_type else ())
    producer.flush(1)
    counted(ours, 2, cases=1, first=2)
    counted(ours, 1, cases=1, first=4)
    relayed(ours, calm)
    theirs = target.store()
    writer = writer_of(theirs)
    drain(consumer_of(theirs, writer, calm), writer)
    parked = {(p.key, p.offset): ParkReason(p.reason) for p in theirs.parked(COPIES, ALL, 100)}
    topic_id = calm.topic_id(TOPIC)
    case = (valid.key or b"").decode()
    assert parked == {
        (f"{topic_id}/0/2", 2): ParkReason.NO_EVENT,
        (case, 3): ParkReason.UNKNOWN_VERSION,
        (another.decode(), 4): ParkReason.INVALID_EVENT,
        (f"{topic_id}/0/5", 5): ParkReason.NO_EVENT,
        (case, 7): ParkReason.BEHIND_PARKED,
        (case, 8): ParkReason.BEHIND_PARKED,
        (case, 9): ParkReason.BEHIND_PARKED,
    }
    assert amounts(theirs) == [1, 2]


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def engine(request: pytest.FixtureRequest) -> Iterator[Database]:
    opened = open_database(request.param, request)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    "key",
    [b"nul\x00key", b"k" * 9_000, b"350121196001011234", b"0F9619FF-8B86-D011-B42D-00C04FC964FF"],
    ids=["nul", "long", "id-number", "upper-case"],
)
def test_a_key_that_is_no_subject_counts_as_none_and_stops_nobody(
    engine: Database, calm: MemoryBus, key: bytes
) -> None:
    ours = MemoryStore(MemoryDatabase())
    counted(ours, 1)
    relayed(ours, calm, partitions=1)
    valid = calm.read_partition(TOPIC, 0, 0, 1)[0]
    producer = calm.producer()
    producer.send(TOPIC, key, b"garbage", ())
    producer.send(TOPIC, key, valid.value or b"", valid.headers)
    producer.flush(1)
    counted(ours, 1, first=1)
    relayed(ours, calm)
    theirs = engine.store()
    writer = writer_of(theirs)
    drain(consumer_of(theirs, writer, calm), writer)
    assert amounts(theirs) == [1, 2]
    parked = theirs.parked(COPIES, ALL, 100)
    assert [(p.key, p.reason) for p in parked] == [
        (f"{calm.topic_id(TOPIC)}/0/{offset}", ParkReason.NO_EVENT) for offset in (1, 2)
    ]
    parking = Parking(theirs, {COPIES: REACTIONS}, KEY)
    seen = parking.inspect((COPIES, parked[0].key, 1))
    assert (seen.applicable, seen.reason) == (False, ParkReason.NO_EVENT)


@pytest.mark.parametrize("stated", [b"9" * 19, b"9" * 5_000])
def test_a_log_position_that_no_database_holds_stops_nobody(
    engine: Database, calm: MemoryBus, stated: bytes
) -> None:
    calm.create_topics([TopicSpec(TOPIC, 1)])
    producer = calm.producer()
    producer.send(TOPIC, None, b"garbage", (("log_position", stated),))
    producer.flush(1)
    theirs = engine.store()
    writer = writer_of(theirs)
    drain(consumer_of(theirs, writer, calm), writer)
    assert positions(theirs) == {0: 1}


def test_a_revoked_partition_is_held_until_its_batch_is_applied(
    target: Database, calm: MemoryBus
) -> None:
    ours = MemoryStore(MemoryDatabase())
    counted(ours, 5)
    relayed(ours, calm, partitions=1)
    theirs = target.store()
    writer = writer_of(theirs)
    consumer = consumer_of(theirs, writer, calm, revoke_wait_s=0)
    consumer.step(0)
    place = TopicPartition(TOPIC, calm.topic_id(TOPIC), 0)
    consumer.on_revoked([place])
    assert consumer.on_assigned([place]) == {place: 0}, "not applied yet: the next begins before"
    drain(consumer, writer)
    assert sorted(amounts(theirs)) == [1, 2, 3, 4, 5]


def test_a_hole_in_a_topic_is_looked_at_twice_and_then_passed(
    target: Database, tmp_path: Path
) -> None:
    bus = LocalBus(tmp_path / "bus.db")
    ours = MemoryStore(MemoryDatabase())
    counted(ours, 10)
    relayed(ours, bus, partitions=1)
    file = sqlite3.connect(tmp_path / "bus.db")
    with file:
        file.execute('DELETE FROM records WHERE "offset" = 4')
    file.close()
    theirs = target.store()
    writer = writer_of(theirs)
    consumer = consumer_of(theirs, writer, bus)
    assert consumer.step(0) == 0, "it goes back before it passes an offset it has not read"
    drain(consumer, writer)
    assert amounts(theirs) == [1, 2, 3, 4, 6, 7, 8, 9, 10]
    assert positions(theirs) == {0: 10}
    consumer.close()
    bus.close()


def test_it_reads_from_every_bus(bus: AnyBus, target: Database, topic: str) -> None:
    name = topic if not isinstance(bus, MemoryBus) else TOPIC
    ours = MemoryStore(MemoryDatabase())
    counted(ours, 300, cases=30)
    relayed(ours, bus, name)
    theirs = target.store()
    writer = writer_of(theirs)
    consumers = [
        consumer_of(theirs, writer, bus, name, instance, batch=50) for instance in ("a", "b")
    ]

    def step() -> None:
        for consumer in consumers:
            consumer.step(0.05)
            writer.step()

    until(lambda: len(amounts(theirs)) >= 300, step)
    for _ in range(3):
        step()
    assert sorted(amounts(theirs)) == list(range(1, 301))
    rows = [row for row in theirs.read_log(0, 1000) if row.type == AmountCounted.type]
    assert len({row.document for row in rows}) == 300
    for consumer in consumers:
        consumer.close()
