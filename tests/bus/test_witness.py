"""The topic as witness: restored and edited logs are found, and each damage is named."""

from __future__ import annotations

import pytest

from shared.bus.memory import MemoryBus
from shared.bus.port import Record, TopicSpec
from shared.bus.recovery import NotRecoverable, recover
from shared.bus.witness import Damage, LogForked, check_log, verify
from shared.kernel.event import digest_of
from shared.kernel.memory import MemoryDatabase, MemoryStore
from shared.kernel.store import Store
from tests.bus.house import TOPIC, counted, relayed
from tests.bus.ledger import Ledger, found
from tests.kernel.domain import DOMAIN
from tests.kernel.running import assert_record_is_whole


def test_a_log_that_agrees_with_its_topic_passes(ledger: Ledger, calm: MemoryBus) -> None:
    store = ledger.store()
    calm.create_topics([TopicSpec(TOPIC, 3)])
    check_log(store, calm, TOPIC)
    counted(store, 30)
    relayed(store, calm)
    counted(store, 5, first=30)  # not relayed yet
    check_log(store, calm, TOPIC)
    assert found(store, calm) == []


def test_foreign_records_and_late_duplicates_in_the_topic_mislead_nobody(
    ledger: Ledger, calm: MemoryBus
) -> None:
    store = ledger.store()
    counted(store, 10)
    relayed(store, calm, partitions=1)
    [old] = calm.read_partition(TOPIC, 0, 0, 1)
    producer = calm.producer()
    producer.send(TOPIC, old.key, b"garbage", old.headers)
    producer.send(TOPIC, old.key, old.value or b"", old.headers)
    producer.flush(1)
    check_log(store, calm, TOPIC)
    assert found(store, calm) == []
    ledger.edit("DELETE FROM stored_events WHERE notification_id = 10")
    with pytest.raises(LogForked, match=r"event 10 .* lacks"):
        check_log(ledger.store(), calm, TOPIC)


@pytest.fixture
def published(ledger: Ledger, calm: MemoryBus) -> MemoryBus:
    """Twelve events of three cases, all relayed."""
    store = ledger.store()
    counted(store, 12, cases=3)
    relayed(store, calm)
    ledger.close()
    return calm


def test_a_changed_byte_is_named(ledger: Ledger, published: MemoryBus) -> None:
    ledger.edit(
        "UPDATE stored_events SET state = replace(state, '\"amount_fen\":5', '\"amount_fen\":7') "
        "WHERE notification_id = 5"
    )
    assert found(ledger.store(), published) == [(Damage.CHANGED, 5, 2)]


def test_a_changed_column_is_named(ledger: Ledger, published: MemoryBus) -> None:
    ledger.edit(
        "UPDATE stored_events SET topic = 'doudi.tests.review-held.v1' WHERE notification_id = 12"
    )
    assert found(ledger.store(), published) == [(Damage.CHANGED, 12, 4)]


def test_a_missing_event_is_named(ledger: Ledger, published: MemoryBus) -> None:
    ledger.edit("DELETE FROM stored_events WHERE notification_id = 7")
    assert found(ledger.store(), published) == [
        (Damage.MISSING, 7, 3),
        (Damage.CHAIN_BROKEN, 10, 4),
    ]


@pytest.mark.parametrize("position", [10**12, 2**63 - 1])
def test_a_position_edited_out_of_all_reach_is_named(
    ledger: Ledger, published: MemoryBus, position: int
) -> None:
    """Without memory or time for all the positions in between."""
    ledger.edit("UPDATE stored_events SET notification_id = ? WHERE notification_id = 6", position)
    store = ledger.store()
    findings = verify(store, published, TOPIC)
    assert [str(f).partition(", stream")[0] for f in findings] == [
        "missing: position 6",
        "chain-broken: position 9",
        f"missing: position 13 to {position - 1}",
        f"chain-broken: position {position}",
    ]
    with pytest.raises(NotRecoverable):
        recover(store, published, TOPIC, DOMAIN.agenda)


def test_a_cut_end_is_named(ledger: Ledger, published: MemoryBus) -> None:
    ledger.edit("DELETE FROM stored_events WHERE notification_id > 9")
    store = ledger.store()
    assert found(store, published) == [(Damage.CUT, n, 4) for n in (10, 11, 12)]
    with pytest.raises(LogForked):
        check_log(store, published, TOPIC)


def test_a_tail_hashed_anew_is_named(ledger: Ledger, published: MemoryBus) -> None:
    """The editor computed every digest again: only the topic tells."""
    store = ledger.store()
    stream = store.read_log(4, 1)[0].stream
    rows = store.read_stream(stream, 1)
    previous = rows[0].previous_digest
    for row in rows:
        body = row.document.replace(b'"amount_fen":5', b'"amount_fen":9')
        digest = digest_of(previous, body)
        ledger.edit(
            "UPDATE stored_events SET state = ?, previous_digest = ?, digest = ? "
            "WHERE notification_id = ?",
            body,
            previous,
            digest,
            row.position,
        )
        previous = digest
    store = ledger.store()
    assert_record_is_whole(store)
    assert found(store, published) == [
        (Damage.REWRITTEN, 5, 2),
        (Damage.REWRITTEN, 8, 3),
        (Damage.REWRITTEN, 11, 4),
    ]
    with pytest.raises(LogForked, match="tells otherwise"):
        check_log(store, published, TOPIC)


def test_an_event_that_the_topic_lost_is_named(ledger: Ledger, calm: MemoryBus) -> None:
    store = ledger.store()
    counted(store, 4, cases=1)
    relayed(store, calm, partitions=1)
    kept = calm.read_partition(TOPIC, 0, 0, 3)
    calm._topics[TOPIC].partitions[0] = kept
    assert found(store, calm) == [(Damage.NOT_IN_TOPIC, 4, None)]


class WorkingService(MemoryBus):
    """A bus whose service writes and relays on, whenever somebody looks at its topic."""

    def __init__(self) -> None:
        super().__init__()
        self.store: Store | None = None
        self._written = 0

    def _work(self) -> None:
        store, self.store = self.store, None
        if store is None:
            return
        self._written += 3
        counted(store, 3, first=self._written)
        relayed(store, self)
        self.store = store

    def end_offsets(self, topic: str) -> dict[int, int]:
        self._work()
        return super().end_offsets(topic)

    def read_partition(
        self, topic: str, partition: int, from_offset: int, limit: int
    ) -> list[Record]:
        self._work()
        return super().read_partition(topic, partition, from_offset, limit)


def test_a_service_that_works_on_is_not_accused() -> None:
    bus, store = WorkingService(), MemoryStore(MemoryDatabase())
    counted(store, 3)
    relayed(store, bus)
    bus.store = store
    assert verify(store, bus, TOPIC) == []
    assert store.head() > 6
