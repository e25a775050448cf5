"""The scan proves itself: whatever is planted in any kind of store, however wrapped, is found."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest

from infra.demo.people import PLANTED_ID, PLANTED_NAME, PLANTED_PHONE
from shared.bus.kafka.bus import KafkaBus
from shared.bus.kafka.connection import KafkaSettings
from shared.bus.local import LocalBus
from shared.bus.port import Bus, TopicSpec
from shared.kernel.event import NO_DIGEST, Recorded, digest_of
from shared.kernel.postgres import PostgresStore
from shared.kernel.sqlite import SqliteStore
from shared.kernel.store import AnnexRow, Handled, Look, Parked, Store, Write
from shared.views.mongo import MongoViews
from shared.views.port import Progress, Update, ViewSpec, ViewStore
from shared.views.sqlite import SqliteViews
from tests.privacy.scan import Scan, marks_in, readings

MARK = PLANTED_NAME
MARKS = frozenset({PLANTED_NAME, PLANTED_PHONE, PLANTED_ID})
WRITTEN = json.dumps({"data": {"said": [f"联系人{MARK}"]}}).encode()
"""As JSON with escapes: the mark's characters stand nowhere in these bytes."""


@pytest.mark.parametrize(
    "held",
    [
        f"联系人{PLANTED_NAME}，",
        PLANTED_PHONE,
        f"x{PLANTED_ID}x",
        json.dumps({"name": [PLANTED_NAME]}),
        json.dumps({PLANTED_ID: 1}),
        json.dumps(json.dumps({"inner": PLANTED_NAME})),
        {"a": [(b"k", PLANTED_NAME.encode())]},
        PLANTED_NAME.encode("utf-16-le"),
        PLANTED_NAME.encode("gb18030"),
        base64.b64encode(f"电话{PLANTED_PHONE}".encode()).decode(),
        base64.urlsafe_b64encode(f"??>{PLANTED_NAME}".encode()).decode().rstrip("="),
        json.dumps({"sealed": base64.b64encode(WRITTEN).decode()}),
        f"/persons?name={quote(PLANTED_NAME)}",
        f"{PLANTED_PHONE[:3]} {PLANTED_PHONE[3:7]} {PLANTED_PHONE[7:]}",
        f"{PLANTED_ID[:6]}-{PLANTED_ID[6:14]}-{PLANTED_ID[14:]}",
        "".join(chr(ord(digit) + 0xFEE0) for digit in PLANTED_PHONE),
        int(PLANTED_PHONE),
        f"an error: {json.dumps(PLANTED_NAME)} is not valid",
    ],
    ids=str,
)
def test_a_mark_is_found_however_it_is_wrapped(held: object) -> None:
    assert any(list(marks_in(text, MARKS)) for text in readings(held))


@pytest.mark.parametrize(
    "held",
    [
        "2ddbb56c-4722-4ad6-970c-73196e50df8a",
        "2020-05-08T01:00:00Z",
        20_000,
        None,
        b"\xff\xfe",
        "[broken",
    ],
    ids=str,
)
def test_what_holds_no_mark_is_not_accused(held: object) -> None:
    assert not any(list(marks_in(text, MARKS)) for text in readings(held))


SPEC = ViewSpec("cases", indexes=(("division",),))
STREAM = uuid4()


def plant_event(store: Store) -> None:
    row = Recorded(1, STREAM, 1, "x", WRITTEN, NO_DIGEST, digest_of(NO_DIGEST, WRITTEN))
    write(store, Write(events=[row]))


def plant_handled(store: Store) -> None:
    refusal = json.dumps({"code": "x", "facts": {"said": MARK}})
    write(store, Write(handled=[Handled(uuid4(), b"", 0, 0, 0, refusal, datetime.now(UTC))]))


def plant_parked(store: Store) -> None:
    row = Parked("x", "k", 1, "t", uuid4(), 0, 0, "no-event", WRITTEN)
    write(store, Write(park=[row]))


def plant_annex(store: Store) -> None:
    store.annex_put([AnnexRow("note", "k", WRITTEN)])


def write(store: Store, what: Write) -> None:
    with store.turn() as turn:
        turn.look(Look())
        turn.write(what)


PLANTS: list[Callable[[Store], None]] = [plant_event, plant_handled, plant_parked, plant_annex]


def send(bus: Bus, topic: str, key: bytes | None, value: bytes, header: bytes = b"x") -> None:
    bus.create_topics([TopicSpec(topic, 3)])
    producer = bus.producer()
    producer.send(topic, key, value, (("type", header),))
    producer.flush(30.0)
    producer.discard()


def found(scan: Scan) -> set[str]:
    assert scan.fields.total() > 0
    return {finding.mark for finding in scan.findings}


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
class TestEachTable:
    def test_of_sqlite(self, tmp_path: Path, plant: Callable[[Store], None]) -> None:
        store = SqliteStore(tmp_path / "intake.db")
        store.create_table()
        self.planted(store, plant, lambda scan: scan.sqlite(tmp_path / "intake.db"))

    def test_of_postgres(self, postgres_url: str, plant: Callable[[Store], None]) -> None:
        store = PostgresStore(postgres_url)
        store.create_table()
        self.planted(store, plant, lambda scan: scan.postgres(postgres_url))

    def planted(
        self, store: Store, plant: Callable[[Store], None], look: Callable[[Scan], None]
    ) -> None:
        clean = Scan(MARKS)
        look(clean)
        assert clean.findings == []
        plant(store)
        store.close()
        scan = Scan(MARKS)
        look(scan)
        assert found(scan) == {MARK}


@pytest.fixture(params=["local", "kafka"])
def bus(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bus]:
    made: Bus
    if request.param == "local":
        made = LocalBus(tmp_path / "bus.db")
    else:
        address = request.getfixturevalue("kafka_address")
        made = KafkaBus(KafkaSettings(bootstrap=address, replication=1))
    yield made
    made.close()


@pytest.mark.parametrize(
    ("key", "value", "header"),
    [
        (MARK.encode(), b"{}", b"x"),
        (b"k", WRITTEN, b"x"),
        (None, WRITTEN, b"x"),
        (b"k", b"{}", MARK.encode()),
    ],
    ids=["key", "value", "keyless", "header"],
)
def test_each_part_of_a_record_on_a_topic(
    bus: Bus, key: bytes | None, value: bytes, header: bytes
) -> None:
    topic = f"t-{uuid4().hex}"
    send(bus, topic, b"clean", b'{"a": 1}')
    clean = Scan(MARKS)
    clean.topic(bus, topic)
    assert clean.findings == []
    send(bus, topic, key, value, header)
    scan = Scan(MARKS)
    scan.topic(bus, topic)
    assert found(scan) == {MARK}
    assert scan.fields[f"topic {topic}"] == 2


async def fill(views: ViewStore, document: dict[str, Any]) -> None:
    update = Update("k", 1, {"division": "350924100000", **document})
    await views.apply("cases", [update], Progress(1, 1, "0" * 64))
    await views.close()


def test_a_document_of_a_view_on_sqlite(tmp_path: Path) -> None:
    path = tmp_path / "views.db"
    asyncio.run(fill(SqliteViews(path, [SPEC]), {"deep": [{"said": MARK}]}))
    scan = Scan(MARKS)
    scan.sqlite(path)
    assert found(scan) == {MARK}


def test_a_document_of_a_view_on_mongo(mongo_url: str) -> None:
    database = f"t_{uuid4().hex}"
    asyncio.run(fill(MongoViews(mongo_url, database, [SPEC]), {"deep": [{"said": MARK}]}))
    scan = Scan(MARKS)
    scan.mongo(mongo_url, database)
    assert found(scan) == {MARK}


def test_a_log_line(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "x.log").write_bytes(b'{"message": "well"}\n' + WRITTEN + b"\n")
    scan = Scan(MARKS)
    scan.logs(tmp_path)
    assert found(scan) == {MARK}
    assert [finding.where for finding in scan.findings] == ["x.log:2"]
