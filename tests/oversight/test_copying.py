"""Everyone's events copied over a bus: whatever comes, however often, under the real consumer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from services.oversight.model import AGGREGATES
from services.oversight.reactions import on_contradiction
from services.oversight.rules import Walked
from shared.bus import wire
from shared.bus.arrivals import copying
from shared.bus.consumer import Consumer
from shared.bus.local import LocalBus
from shared.bus.port import Bus, Headers, TopicSpec
from shared.kernel.copies import Copy
from shared.kernel.decider import Domain
from shared.kernel.deciding import Setting
from shared.kernel.event import Recorded, digest_of
from shared.kernel.sqlite import SqliteStore
from shared.kernel.store import Store
from shared.kernel.submission import Submission
from shared.kernel.writer import Writer
from tests.bus.house import KEY, TOPIC, counted, relayed
from tests.kernel.conftest import Pointer

OVERSIGHT = Domain("oversight", AGGREGATES)


def _contradiction(copy: Copy, earlier: bytes) -> Submission:
    """As of intake: the service that counts here is none of the house's."""
    return on_contradiction(copy._replace(service="intake"), earlier)


class Oversight:
    """A consumer that copies, over a store of its own."""

    def __init__(self, store: Store, bus: Bus) -> None:
        setting = Setting("fj", OVERSIGHT, cast("Any", None), KEY.seal)
        self.store = store
        self.writer = Writer(store, setting, Pointer())
        self.writer.open()
        self._bus = bus
        self.consumer = self.consuming("one")

    def consuming(self, instance: str) -> Consumer:
        return Consumer(
            self.store,
            self.writer,
            self._bus,
            copying(_contradiction),
            name="oversight",
            instance=instance,
            topics=[TOPIC],
            batch=7,
        )

    def take_in(self) -> None:
        """Until nothing is left to read."""
        while True:
            moved = self.consumer.step(0.0)
            self.writer.step()
            if not moved and self.consumer.idle:
                return

    def copies(self) -> list[bytes]:
        return [copy.document for copy in self.store.copies.read(0, 1000)]

    def assert_sound(self) -> None:
        walked = Walked()
        walked.take(self.store.copies.read(0, 1000))
        assert walked.findings == []


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Store]:
    store = SqliteStore(tmp_path / "source.db")
    store.create_table()
    yield store
    store.close()


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[Bus]:
    made = LocalBus(tmp_path / "bus.db")
    yield made
    made.close()


@pytest.fixture
def oversight(tmp_path: Path, bus: Bus) -> Iterator[Oversight]:
    store = SqliteStore(tmp_path / "oversight.db")
    store.create_table()
    bus.create_topics([TopicSpec(TOPIC, 3)])
    yield Oversight(store, bus)
    store.close()


def rows(source: Store) -> list[Recorded]:
    return source.read_log(0, 1000)


def send(bus: Bus, key: bytes | None, value: bytes, headers: Headers) -> None:
    producer = bus.producer()
    producer.send(TOPIC, key, value, headers)
    producer.flush(30.0)
    producer.discard()


def test_every_event_is_copied_to_the_byte(source: Store, bus: Bus, oversight: Oversight) -> None:
    counted(source, 40)
    relayed(source, bus)
    oversight.take_in()
    assert sorted(oversight.copies()) == sorted(row.document for row in rows(source))
    oversight.assert_sound()


def test_a_history_that_is_published_again_adds_nothing(
    source: Store, bus: Bus, oversight: Oversight
) -> None:
    counted(source, 20)
    relayed(source, bus)
    for row in rows(source):
        send(bus, wire.key_of(row), row.document, wire.headers_of(row))
    oversight.take_in()
    assert len(oversight.copies()) == 20
    oversight.assert_sound()


def test_a_type_that_this_code_does_not_know_is_copied_like_any_other(
    source: Store, bus: Bus, oversight: Oversight
) -> None:
    counted(source, 1)
    (known,) = rows(source)
    kind = known.type.replace(".v1", ".v9")
    body = known.document.replace(known.type.encode(), kind.encode())
    unknown = known._replace(
        type=kind, document=body, digest=digest_of(known.previous_digest, body)
    )
    send(bus, wire.key_of(unknown), unknown.document, wire.headers_of(unknown))
    oversight.take_in()
    assert oversight.copies() == [body]
    assert oversight.store.parked_count() == 0


class TestWhatIsNoEvent:
    @pytest.mark.parametrize("harm", ["garbage", "digest", "headers", "another's"])
    def test_is_set_aside_sealed_and_holds_up_no_case(
        self, source: Store, bus: Bus, oversight: Oversight, harm: str
    ) -> None:
        counted(source, 3, cases=1)
        first, *_others = rows(source)
        key, headers = wire.key_of(first), wire.headers_of(first)
        body = {
            "garbage": "张三 13900015973".encode(),
            "digest": first.document + b" ",
            "headers": first.document,
            "another's": first.document.replace(b"/doudi/fj/tests", b"/doudi/fj/other"),
        }[harm]
        send(bus, key, body, () if harm == "headers" else headers)
        relayed(source, bus)
        oversight.take_in()
        assert len(oversight.copies()) == 3
        (parked,) = oversight.store.parked(None, ("", "", 0), 10)
        assert parked.key == f"{parked.topic_id}/{parked.partition}/{parked.offset}"
        assert body not in parked.body
        assert [row.type for row in rows(oversight.store)] == ["doudi.kernel.record-parked.v1"]


def test_another_body_under_a_known_id_is_kept_and_told(
    source: Store, bus: Bus, oversight: Oversight
) -> None:
    counted(source, 3)
    relayed(source, bus)
    first = rows(source)[0]
    body = first.document.replace(b'"amount_fen":1', b'"amount_fen":9')
    other = first._replace(document=body, digest=digest_of(first.previous_digest, body))
    for _ in range(3):
        send(bus, wire.key_of(other), other.document, wire.headers_of(other))
    oversight.take_in()
    assert len(oversight.copies()) == 4
    told = [row.type for row in rows(oversight.store)]
    assert told == ["doudi.oversight.contradiction-received.v1"]
    walked = Walked()
    walked.take(oversight.store.copies.read(0, 100))
    assert [(f.damage, f.position) for f in walked.findings] == [("contradicted", first.position)]


def test_a_copier_that_dies_leaves_no_gap_and_no_double(
    source: Store, bus: Bus, oversight: Oversight
) -> None:
    counted(source, 30)
    relayed(source, bus)
    for _ in range(3):
        oversight.consumer.step(0.0)  # polled, perhaps queued, never written
    replacement = replace_consumer(oversight)
    replacement.take_in()
    assert len(replacement.copies()) == 30
    replacement.assert_sound()


def replace_consumer(oversight: Oversight) -> Oversight:
    """A new process over the same database; the old one's queue is gone with it."""
    oversight.writer.close()
    return Oversight(oversight.store, oversight._bus)
