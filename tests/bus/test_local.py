"""The durable local bus: what is acknowledged is there after the process is gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from kafka.partitioner.default import murmur2 as kafkas_murmur2

from shared.bus.local import LocalBus
from shared.bus.partitioner import murmur2
from shared.bus.port import TopicSpec
from tests.bus.harness import publish, values

TOPIC = "doudi.fj.intake"

_WRITER = """
import sys
from pathlib import Path
from shared.bus.local import LocalBus
from shared.bus.port import TopicSpec
bus = LocalBus(Path(sys.argv[1]))
bus.create_topics([TopicSpec("doudi.fj.intake", 1)])
producer = bus.producer()
number = 0
while True:
    for _ in range(10):
        producer.send("doudi.fj.intake", b"k", str(number).encode(), ())
        number += 1
    producer.flush(10)
    print(number, flush=True)
"""


@given(st.binary(max_size=100))
def test_keys_are_hashed_as_kafka_hashes_them(key: bytes) -> None:
    assert murmur2(key) == kafkas_murmur2(key)


def test_topics_and_records_are_there_again_after_it_is_opened_anew(tmp_path: Path) -> None:
    bus = LocalBus(tmp_path / "bus.db")
    bus.create_topics([TopicSpec(TOPIC, 1)])
    known = bus.topic_id(TOPIC)
    publish(bus, TOPIC, [("k", "0"), ("k", "1")])
    bus.close()
    again = LocalBus(tmp_path / "bus.db")
    assert again.topic_id(TOPIC) == known
    publish(again, TOPIC, [("k", "2")])
    assert values(again.read_partition(TOPIC, 0, 0, 10)) == ["0", "1", "2"]
    again.close()


def test_what_was_acknowledged_survives_kill_9_and_batches_are_whole(tmp_path: Path) -> None:
    path = tmp_path / "bus.db"
    writer = subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    acknowledged = 0
    while acknowledged < 200:
        acknowledged = int(writer.stdout.readline())
    os.kill(writer.pid, signal.SIGKILL)
    acknowledged = max([acknowledged, *map(int, writer.stdout.read().split())])
    writer.wait()
    writer.stdout.close()
    bus = LocalBus(path)
    found = values(bus.read_partition(TOPIC, 0, 0, 1_000_000))
    assert found == [str(i) for i in range(len(found))]
    assert len(found) >= acknowledged
    assert len(found) % 10 == 0
    bus.close()
