"""The relay: everything reaches the topic, in order per case; only a duplicate may happen."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shared.bus.kafka import KafkaBus
from shared.bus.local import LocalBus
from shared.bus.memory import Delayed, MemoryBus
from shared.bus.port import Bus, BusAway, TopicMissing, TopicSpec
from shared.bus.relay import RELAY, Relay
from shared.bus.wire import header, row_of, source_of
from shared.kernel.event import Recorded
from shared.kernel.store import Move, Store
from tests.bus.conftest import AnyBus
from tests.bus.house import TOPIC, counted, relay_of, relayed
from tests.kernel.conftest import Database


def in_topic(bus: Bus, topic: str = TOPIC) -> list[list[Recorded]]:
    """The events of each partition, all of them valid."""
    found = []
    for partition, end in bus.end_offsets(topic).items():
        rows = [row_of(r, "/doudi/fj/tests") for r in bus.read_partition(topic, partition, 0, end)]
        assert None not in rows
        found.append([row for row in rows if row is not None])
    return found


def assert_published(store: Store, bus: Bus, topic: str = TOPIC) -> None:
    """Nothing is missing, and what comes first of each event comes in the log's order."""
    wanted = store.read_log(0, 100_000)
    partitions = in_topic(bus, topic)
    assert {row for rows in partitions for row in rows} == set(wanted)
    for rows in partitions:
        firsts = list(dict.fromkeys(row.position for row in rows))
        assert firsts == sorted(firsts)


def saved(store: Store) -> list[int]:
    return [p.position for p in store.positions(RELAY)]


@pytest.fixture
def failing() -> Callable[[str, int, Exception], MemoryBus]:
    """A bus on which one step of a name, counted from 1, raises."""

    def make(step: str, number: int, error: Exception) -> MemoryBus:
        seen = 0

        def hook(name: str) -> None:
            nonlocal seen
            seen += name == step
            if name == step and seen == number:
                raise error

        made = MemoryBus(hook)
        made.create_topics([TopicSpec(TOPIC, 3)])
        return made

    return make


def test_the_stored_bytes_are_published_with_key_and_headers(
    source: Database, calm: MemoryBus
) -> None:
    store = source.store()
    counted(store, 1)
    relayed(store, calm, partitions=1)
    [row] = store.read_log(0, 10)
    [record] = calm.read_partition(TOPIC, 0, 0, 10)
    assert record.value == row.document
    assert record.key == str(row.stream).encode(), "a stream without a case is its own subject"
    assert {name: header(record, name) for name, _ in record.headers} == {
        "content-type": "application/cloudevents+json",
        "type": "doudi.tests.amount-counted.v1",
        "log_position": "1",
        "previous_digest": "00" * 32,
        "digest": row.digest.hex(),
    }
    assert row_of(record, source_of(TOPIC)) == row
    assert row_of(record, "/doudi/fj/other") is None


def test_the_log_is_published_in_pages_and_again_from_where_it_stopped(
    source: Database, calm: MemoryBus
) -> None:
    store = source.store()
    counted(store, 95)
    calm.create_topics([TopicSpec(TOPIC, 3)])
    relay = relay_of(store, calm, batch=10)
    assert relay.step() == 95
    assert relay.step() == 0
    counted(store, 7, first=95)
    assert relay.step() == 7
    assert saved(store) == [102]
    assert_published(store, calm)
    assert sum(calm.end_offsets(TOPIC).values()) == 102, "no duplicate without a failure"


@pytest.mark.parametrize("step", ["send", "ack"])
@pytest.mark.parametrize("number", [1, 2, 9])
@pytest.mark.parametrize("error", [BusAway("lost"), Delayed("slow"), RuntimeError("a bug")])
def test_after_any_failure_it_resumes_and_nothing_is_lost_or_out_of_order(
    source: Database,
    failing: Callable[[str, int, Exception], MemoryBus],
    step: str,
    number: int,
    error: Exception,
) -> None:
    store = source.store()
    counted(store, 10)
    bus = failing(step, number, error)
    relay = relay_of(store, bus, batch=4)
    for _ in range(30):
        before = saved(store)
        try:
            sent = relay.step()
        except (BusAway, RuntimeError):
            assert saved(store) == before, "an unacknowledged event moves no position"
            continue
        if not sent:
            counted(store, 1)
    bus.land_late()
    while relay.step():
        pass
    assert_published(store, bus)


def test_without_waiting_for_acknowledgements_an_event_gets_lost(
    source: Database, failing: Callable[[str, int, Exception], MemoryBus]
) -> None:
    store = source.store()
    counted(store, 10)
    bus = failing("send", 4, BusAway("lost"))
    relay = relay_of(store, bus, await_acknowledgements=False)
    while relay.step():
        pass
    assert saved(store) == [10]
    with pytest.raises(AssertionError):
        assert_published(store, bus)


def test_two_relays_at_once_make_duplicates_but_no_gap(source: Database) -> None:
    steps: list[str] = []

    def hook(name: str) -> None:
        steps.append(name)
        if steps.count("send") == 5 and name == "send":
            relay_of(second, bus).step()

    first, second = source.store(), source.store()
    counted(first, 12)
    bus = MemoryBus(hook)
    bus.create_topics([TopicSpec(TOPIC, 2)])
    relay = relay_of(first, bus)
    # Both believe that they are elected, as after a connection that died silently.
    relay._election = second.election("other")
    relay.step()
    assert_published(first, bus)
    assert sum(bus.end_offsets(TOPIC).values()) == 24
    assert saved(first) == [12]


def test_only_the_elected_one_works(calm: MemoryBus, target: Database) -> None:
    store, other = target.store(), target.store()
    counted(store, 3)
    calm.create_topics([TopicSpec(TOPIC, 1)])
    first = relay_of(store, calm)
    assert first.step() == 3
    counted(store, 2)
    waiting = relay_of(other, calm)
    assert waiting.step() == 0
    first.close()
    assert waiting.step() == 2
    assert_published(store, calm)


def test_a_topic_created_anew_gets_the_whole_history_again(
    source: Database, calm: MemoryBus
) -> None:
    store = source.store()
    counted(store, 6)
    calm.create_topics([TopicSpec(TOPIC, 2)])
    relay = relay_of(store, calm)
    assert relay.step() == 6
    calm.delete_topic(TOPIC)
    with pytest.raises(TopicMissing):
        relay.step()
    calm.create_topics([TopicSpec(TOPIC, 2)])
    assert relay.step() == 6
    assert_published(store, calm)
    assert saved(store) == [6, 6]


def test_a_quiet_relay_notices_a_topic_created_anew_with_the_next_event(
    source: Database, calm: MemoryBus
) -> None:
    store = source.store()
    counted(store, 6)
    calm.create_topics([TopicSpec(TOPIC, 2)])
    relay = Relay(store, calm, TOPIC, store.election("relay"), quiet_s=3600)
    assert relay.step() == 6
    calm.delete_topic(TOPIC)
    calm.create_topics([TopicSpec(TOPIC, 2)])
    assert relay.step() == 0
    counted(store, 1)
    assert relay.step() == 7
    assert_published(store, calm)


def test_a_position_that_somebody_moved_is_read_again(source: Database, calm: MemoryBus) -> None:
    store = source.store()
    counted(store, 6)
    calm.create_topics([TopicSpec(TOPIC, 2)])
    relay = relay_of(store, calm)
    relay.step()
    assert store.move(Move(RELAY, calm.topic_id(TOPIC), 0, 6, 2))
    counted(store, 1)
    relay.step()
    assert relay.step() == 5
    assert saved(store) == [7]


def test_it_publishes_on_every_bus(bus: AnyBus, topic: str, target: Database) -> None:
    store = target.store()
    counted(store, 200, cases=20)
    name = topic if isinstance(bus, KafkaBus | LocalBus) else TOPIC
    relayed(store, bus, name)
    relayed(store, bus, name)
    assert_published(store, bus, name)
    assert sum(bus.end_offsets(name).values()) == 200
