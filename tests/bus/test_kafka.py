"""What only Apache Kafka can show: settings of topics, and a broker that goes away."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from kafka import KafkaConsumer, TopicPartition
from kafka.admin import KafkaAdminClient
from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor

from infra.engines import KafkaEngine
from shared.bus.kafka import KafkaBus, KafkaSettings
from shared.bus.port import TOPIC_SETTINGS, BusAway, BusError, TopicSpec, TopicWrong
from tests.bus.harness import Bookmarks, collect, publish, until, values


@pytest.fixture
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaEngine]:
    """A broker of its own, to be killed."""
    made = KafkaEngine(tmp_path_factory.mktemp("kafka-to-kill"))
    made.start()
    yield made
    made.stop()


@pytest.mark.parametrize(
    ("setting", "wrong"),
    [
        ("retention.ms", "604800000"),
        ("retention.bytes", "1000000"),
        ("cleanup.policy", "compact"),
        ("message.timestamp.type", "CreateTime"),
        ("unclean.leader.election.enable", "true"),
    ],
)
def test_each_wrong_setting_of_a_topic_is_named(
    kafka_bus: KafkaBus, kafka_address: str, topic: str, setting: str, wrong: str
) -> None:
    configs = dict(TOPIC_SETTINGS) | {setting: wrong}
    admin = KafkaAdminClient(bootstrap_servers=kafka_address)
    admin.create_topics({topic: {"num_partitions": 1, "configs": configs}}, wait_for_metadata=True)
    admin.close()
    with pytest.raises(TopicWrong) as seen:
        kafka_bus.check_topic(TopicSpec(topic, 1))
    assert str(seen.value) == (
        f"topic {topic}: {setting} is {wrong}, must be {TOPIC_SETTINGS[setting]}"
    )


def test_records_are_dated_by_the_broker(kafka_bus: KafkaBus, topic: str) -> None:
    kafka_bus.create_topics([TopicSpec(topic, 1)])
    publish(kafka_bus, topic, [("k", "v")])
    [record] = kafka_bus.read_partition(topic, 0, 0, 1)
    assert abs(record.timestamp / 1000 - time.time()) < 60


def test_a_topic_made_after_its_group_was_shared_out_is_read(
    kafka_bus: KafkaBus, kafka_address: str, topic: str
) -> None:
    """A static member that joins anew is given the old shares, and no leader looks after them."""
    late = f"{topic}.late"
    kafka_bus.create_topics([TopicSpec(topic, 1)])
    publish(kafka_bus, topic, [("k", "early")])
    former = KafkaConsumer(
        bootstrap_servers=kafka_address,
        group_id=f"{topic}.readers",
        group_instance_id="a",
        partition_assignment_strategy=[CooperativeStickyAssignor],
        auto_offset_reset="earliest",
        allow_auto_create_topics=False,
    )
    former.subscribe([topic, late])
    # kafka-python drops what joining brings between two polls: so one lasts until a record came
    until(lambda: bool(former.poll(30_000)), lambda: None)
    assert former.assignment() == {TopicPartition(topic, 0)}
    former.close()
    kafka_bus.create_topics([TopicSpec(late, 1)])
    publish(kafka_bus, late, [("k", "late")])
    member = kafka_bus.consumer(f"{topic}.readers", "a", [topic, late], Bookmarks())
    found: list[str] = []
    until(lambda: "late" in found, lambda: found.extend(values(member.poll(0.2, 10))))
    member.close()


def test_a_share_that_kafka_python_never_handed_over_is_read(
    kafka_bus: KafkaBus, kafka_address: str, topic: str
) -> None:
    """A leader that comes to know of a partition joins again; a short poll misses the answer."""
    soon = KafkaSettings(kafka_address, session_s=6, options={"metadata_max_age_ms": 200})
    kafka_bus.create_topics([TopicSpec(topic, 1)])
    publish(kafka_bus, topic, [("k", "early")])
    member = KafkaBus(soon).consumer(f"{topic}.readers", "a", [topic], Bookmarks())
    found: list[str] = []

    def poll() -> None:
        found.extend(values(member.poll(0.001, 1000)))

    until(lambda: found == ["early"], poll)
    admin = KafkaAdminClient(bootstrap_servers=kafka_address)
    admin.create_partitions({topic: 9})
    admin.close()
    publish(kafka_bus, topic, [(f"k{n}", "late") for n in range(9)])
    until(lambda: found.count("late") >= 9, poll)
    member.close()


def test_a_broker_that_is_killed_and_comes_back_loses_nothing_and_leaves_no_threads(
    engine: KafkaEngine, topic: str
) -> None:
    before = threading.active_count()
    kill_and_come_back(engine, topic)
    until(lambda: threading.active_count() <= before, lambda: threading.Event().wait(0.01))


def kill_and_come_back(engine: KafkaEngine, topic: str) -> None:
    patience = KafkaSettings(engine.address, session_s=6, connect_s=1, request_s=2)
    bus = KafkaBus(patience)
    bus.create_topics([TopicSpec(topic, 3)])
    publish(bus, topic, [(f"case-{i}", f"early-{i}") for i in range(50)])
    member = bus.consumer(f"{topic}.readers", "a", [topic], Bookmarks())
    assert len(collect(50, member)) == 50
    producer = bus.producer()
    producer.send(topic, b"case-0", b"late", ())
    producer.flush(10)

    engine.kill()
    producer.send(topic, b"case-0", b"lost", ())
    with pytest.raises(BusAway):
        producer.flush(1)
    with pytest.raises(BusAway):
        producer.send(topic, b"case-0", b"after a failure", ())
    producer.discard()
    for _ in range(3):
        with pytest.raises(BusAway):
            bus.topic_id(topic)
        unconnected = bus.producer()
        with pytest.raises(BusAway):
            unconnected.send(topic, b"k", b"v", ())
        unconnected.discard()

    engine.start()
    found: list[str] = []

    def poll() -> None:
        try:
            found.extend(values(member.poll(0.2, 100)))
        except BusError:
            return

    def send() -> None:
        again = bus.producer()
        try:
            again.send(topic, b"case-0", b"again", ())
            again.flush(5)
        except BusAway:
            return
        finally:
            again.discard()
        sent.append(True)

    sent: list[bool] = []
    until(lambda: bool(sent), send)
    until(lambda: "again" in found, poll)
    assert found[0] == "late"
    member.close()
    bus.close()
