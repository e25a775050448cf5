"""The topic as witness: restored and edited logs are found, and a restored one is brought level."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from shared.bus import wire
from shared.bus.kafka import KafkaBus
from shared.bus.memory import MemoryBus
from shared.bus.port import Record, TopicSpec
from shared.bus.recovery import ACCEPTED, NotRecoverable, Partial, recover
from shared.bus.witness import Damage, LogForked, check_log, verify
from shared.kernel.decider import Fact
from shared.kernel.event import digest_of
from shared.kernel.memory import MemoryDatabase, MemoryStore
from shared.kernel.sqlite import SqliteStore
from shared.kernel.store import Store
from tests.bus.house import TOPIC, counted, relay_of, relayed, writer_of
from tests.kernel.domain import (
    DOMAIN,
    REVIEW,
    START,
    TALLY,
    AmountCounted,
    ReviewSet,
    purse,
    record,
    submission,
)
from tests.kernel.running import assert_record_is_whole, outcome

LATER = START.date().replace(year=2030)


class Ledger:
    """A service's database file, to be copied, cut and edited."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "service.db"
        self.copy = folder / "copy.db"
        self._open: list[SqliteStore] = []

    def store(self) -> SqliteStore:
        made = SqliteStore(self.path)
        made.create_table()
        self._open.append(made)
        return made

    def close(self) -> None:
        for store in self._open:
            store.close()
        self._open.clear()

    def back_up(self) -> None:
        self.close()
        shutil.copy(self.path, self.copy)

    def restore(self) -> None:
        self.close()
        for leftover in self.path.parent.glob("service.db*"):
            leftover.unlink()
        shutil.copy(self.copy, self.path)

    def edit(self, statement: str, *params: object) -> None:
        self.close()
        connection = sqlite3.connect(self.path)
        with connection:
            assert connection.execute(statement, params).rowcount
        connection.close()


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = Ledger(tmp_path)
    yield made
    made.close()


def found(store: Store, bus: MemoryBus) -> list[tuple[Damage, int, int | None]]:
    return [(f.damage, f.position, f.version) for f in verify(store, bus, TOPIC)]


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


@pytest.mark.parametrize("seed", range(3))
def test_a_restored_database_refuses_and_is_brought_level(
    ledger: Ledger, calm: MemoryBus, seed: int
) -> None:
    store = ledger.store()
    counted(store, 12 + seed)
    relayed(store, calm)
    ledger.back_up()
    store = ledger.store()
    retried = counted(store, 20, first=50)
    due = submission(purse("due"), decide=record(ReviewSet(due_on=LATER)))
    outcome(writer_of(store), due)
    relayed(store, calm)
    before = store.read_log(0, 1000)
    outcomes = store.handled([*retried, due.command_id])
    ledger.restore()
    store = ledger.store()
    with pytest.raises(LogForked, match="doudi log recover"):
        check_log(store, calm, TOPIC)
    done = recover(store, calm, TOPIC, DOMAIN.agenda)
    assert (done.events, done.commands, done.lost_positions) == (21, 21, [])
    check_log(store, calm, TOPIC)
    assert found(store, calm) == []
    assert store.read_log(0, 1000) == before
    assert [entry.kind for entry in store.agenda(REVIEW, LATER, 10)] == [REVIEW]
    assert {
        i: (h.position, h.events, h.version) for i, h in store.handled(list(outcomes)).items()
    } == {i: (h.position, h.events, h.version) for i, h in outcomes.items()}
    again = outcome(writer_of(store), submission("case-0", 51, command_id=retried[0]))
    assert again.repeated
    assert store.read_log(0, 1000) == before
    assert recover(store, calm, TOPIC, DOMAIN.agenda).events == 0


def test_what_was_never_relayed_is_listed_as_lost(ledger: Ledger, calm: MemoryBus) -> None:
    store = ledger.store()
    counted(store, 6, cases=3)
    relayed(store, calm, partitions=3)
    ledger.back_up()
    store = ledger.store()
    counted(store, 9, cases=9, first=6)
    # The relay died in the middle: of the last events only one partition's arrived.
    partial = MemoryBus()
    partial.create_topics([TopicSpec(TOPIC, 3)])
    relay_of(store, partial).step()
    ends = calm.end_offsets(TOPIC)
    kept = max(range(3), key=lambda p: partial.end_offsets(TOPIC)[p] - ends[p])
    producer = calm.producer()
    for r in partial.read_partition(TOPIC, kept, ends[kept], 100):
        assert r.value is not None
        producer.send(TOPIC, r.key, r.value, r.headers)
    producer.flush(1)
    ledger.restore()
    store = ledger.store()
    done = recover(store, calm, TOPIC, DOMAIN.agenda)
    head = store.head()
    assert done.events + len(done.lost_positions) == head - 6
    assert done.lost_positions
    assert [d for d, _, _ in found(store, calm)] == [Damage.LOST] * len(done.lost_positions)
    check_log(store, calm, TOPIC)
    counted(store, 3, cases=3, first=90)
    relayed(store, calm)
    assert store.read_log(head, 10)[0].position == head + 1


def test_two_histories_are_not_mixed(ledger: Ledger, calm: MemoryBus) -> None:
    store = ledger.store()
    counted(store, 5)
    relayed(store, calm)
    ledger.back_up()
    store = ledger.store()
    counted(store, 5, first=5)
    relayed(store, calm)
    ledger.restore()
    store = ledger.store()
    counted(store, 2, first=70)  # somebody wrote on without the check
    before = store.read_log(0, 100)
    with pytest.raises(NotRecoverable, match="position 6"):
        recover(store, calm, TOPIC, DOMAIN.agenda)
    assert store.read_log(0, 100) == before


OPERATOR = uuid4()
IN_THREE = ("a", TALLY, purse("c"))


def published_without(store: Store, bus: MemoryBus, dropped: set[int]) -> None:
    """Relay, and die before the records of some log positions were taken by their partitions."""
    whole = MemoryBus()
    relayed(store, whole)
    producer = bus.producer()
    for partition, end in whole.end_offsets(TOPIC).items():
        for sent in whole.read_partition(TOPIC, partition, 0, end):
            if wire.log_position(sent) not in dropped:
                producer.send(TOPIC, sent.key, sent.value or b"", sent.headers)
    producer.flush(1)


@pytest.mark.parametrize("dropped", [{5}, {6}, {7}, {5, 7}], ids=str)
def test_half_a_command_is_not_let_stand_unless_an_operator_accepts_it(
    ledger: Ledger, calm: MemoryBus, dropped: set[int]
) -> None:
    store = ledger.store()
    counted(store, 4)
    relayed(store, calm)
    ledger.back_up()
    store = ledger.store()
    amount = AmountCounted(amount_fen=7)
    command = submission(
        IN_THREE[0],
        decide=record(amount, *(Fact(amount, stream) for stream in IN_THREE[1:])),
        also=IN_THREE[1:],
    )
    outcome(writer_of(store), command)
    published_without(store, calm, dropped)
    ledger.restore()
    store = ledger.store()
    present = sorted({5, 6, 7} - dropped)
    for _ in range(2):
        done = recover(store, calm, TOPIC, DOMAIN.agenda)
        assert (done.written, done.partial_commands) == (
            False,
            [Partial(command.command_id, present, sorted(dropped))],
        )
        assert store.head() == 4
        with pytest.raises(LogForked):
            check_log(store, calm, TOPIC)
    done = recover(store, calm, TOPIC, DOMAIN.agenda, OPERATOR)
    assert (done.written, done.events) == (True, len(present))
    check_log(store, calm, TOPIC)
    [kept] = store.annex_get(ACCEPTED, [str(command.command_id)]).values()
    assert json.loads(kept.body) == {
        "present": present,
        "absent": sorted(dropped),
        "accepted_by": str(OPERATOR),
    }
    assert outcome(writer_of(store), command).repeated
    counted(store, 2, first=10)
    relayed(store, calm)
    assert {f.damage for f in verify(store, calm, TOPIC)} <= {Damage.LOST}


@pytest.mark.parametrize("batch", [1, 2, 3, 1000])
def test_records_of_a_command_tell_how_many_there_are_whatever_the_relay_reads_at_once(
    ledger: Ledger, calm: MemoryBus, batch: int
) -> None:
    store = ledger.store()
    counted(store, 2)
    amount = AmountCounted(amount_fen=7)
    facts = record(amount, amount, Fact(amount, TALLY))
    for _ in range(2):
        outcome(writer_of(store), submission("a", decide=facts, also=(TALLY,)))
    calm.create_topics([TopicSpec(TOPIC, 1)])
    relay = relay_of(store, calm, batch=batch)
    while relay.step():
        pass
    records = calm.read_partition(TOPIC, 0, 0, 100)
    assert [wire.header(sent, wire.COMMAND_PART) for sent in records] == [
        None,
        None,
        *("1/3", "2/3", "3/3") * 2,
    ]


@pytest.mark.parametrize("own_first", [True, False])
def test_a_retry_after_a_recovery_gets_the_version_of_the_stream_that_was_read_first(
    ledger: Ledger, calm: MemoryBus, own_first: bool
) -> None:
    """Wherever the command wrote besides, and in whatever order: it is the caller's ETag."""
    store = ledger.store()
    ledger.back_up()
    store = ledger.store()
    counted(store, 4, cases=2)  # both purses are at version 2
    amount = AmountCounted(amount_fen=7)
    facts = [amount, *(Fact(amount, stream) for stream in IN_THREE[1:])]
    wide = submission(
        "case-0",
        decide=record(*(facts if own_first else reversed(facts))),
        also=IN_THREE[1:],
    )
    beside = submission("case-1", decide=record(Fact(amount, TALLY), amount), also=(TALLY,))
    commands = [wide, beside]
    versions = [outcome(writer_of(store), command).version for command in commands]
    assert versions == [3, 3]
    relayed(store, calm)
    ledger.restore()
    store = ledger.store()
    assert recover(store, calm, TOPIC, DOMAIN.agenda).written
    again = [outcome(writer_of(store), command) for command in commands]
    assert [(o.version, o.repeated) for o in again] == [(3, True)] * 2


class Restored:
    """A database put back from a copy of three events, and a topic that is tampered with."""

    def __init__(self, ledger: Ledger, bus: MemoryBus) -> None:
        store = ledger.store()
        counted(store, 3, cases=1)
        relayed(store, bus, partitions=1)
        ledger.back_up()
        store = ledger.store()
        counted(store, 6, cases=2, first=3)
        relayed(store, bus)
        ledger.restore()
        self.store = ledger.store()
        self.bus = bus

    def records(self) -> list[Record]:
        """What the topic holds."""
        return self.bus.read_partition(TOPIC, 0, 0, 100)

    def publish(self, records: Iterable[Record]) -> None:
        """Make the topic hold these instead."""
        self.bus._topics[TOPIC].partitions[0] = [
            record._replace(offset=offset) for offset, record in enumerate(records)
        ]

    def refusal(self) -> str:
        """Why it cannot be recovered; nothing was written then."""
        with pytest.raises(NotRecoverable) as refused:
            recover(self.store, self.bus, TOPIC, DOMAIN.agenda)
        assert self.store.head() == 3
        return str(refused.value)


@pytest.fixture
def restored(ledger: Ledger, calm: MemoryBus) -> Restored:
    return Restored(ledger, calm)


def at_position(record: Record, position: int) -> Record:
    """The record, saying that its event has another place in the log."""
    headers = tuple((n, b"%d" % position if n == "log_position" else v) for n, v in record.headers)
    return record._replace(headers=headers)


def test_a_recovery_whose_stream_lacks_an_event_writes_nothing(restored: Restored) -> None:
    records = restored.records()
    restored.publish([*records[:4], *records[5:]])  # without version 4 of the first stream
    assert re.search(r"position 7 \(.* version 5\) does not follow", restored.refusal())


def test_a_recovery_of_an_event_made_anew_writes_nothing(restored: Restored) -> None:
    """Sealed and valid by itself, but not upon the event before it."""
    *others, last = restored.records()
    headers = dict(last.headers)
    headers["previous_digest"] = b"0" * 64
    headers["digest"] = digest_of(bytes(32), last.value or b"").hex().encode()
    restored.publish([*others, last._replace(headers=tuple(headers.items()))])
    assert re.search(r"position 9 \(.*\) does not follow", restored.refusal())


@pytest.mark.parametrize("position", [10**12, 10**17])
def test_a_recovery_to_a_position_out_of_all_reach_writes_nothing(
    restored: Restored, position: int
) -> None:
    *others, last = restored.records()
    restored.publish([*others, at_position(last, position)])
    assert f"position {position} " in restored.refusal()


def test_an_event_at_two_positions_is_not_inserted_twice(restored: Restored) -> None:
    records = restored.records()
    restored.publish([*records, at_position(records[-1], 10)])
    assert re.search(r"position 10 \(.*\) does not follow", restored.refusal())


def test_a_log_edited_in_its_middle_is_no_older_copy(ledger: Ledger, calm: MemoryBus) -> None:
    store = ledger.store()
    counted(store, 6, cases=6)
    relayed(store, calm, partitions=1)
    records = calm.read_partition(TOPIC, 0, 0, 100)
    calm._topics[TOPIC].partitions[0] = [
        record._replace(offset=offset) for offset, record in enumerate(records[1:])
    ]
    ledger.edit("DELETE FROM stored_events WHERE notification_id IN (1, 4)")
    with pytest.raises(NotRecoverable, match="position 1 is in neither"):
        recover(ledger.store(), calm, TOPIC, DOMAIN.agenda)


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


def test_on_kafka_a_restored_log_is_found_and_brought_level(
    ledger: Ledger, kafka_bus: KafkaBus
) -> None:
    cell = f"t{uuid4().hex[:8]}"
    topic = f"doudi.{cell}.tests"
    store = ledger.store()
    counted(store, 40, cell=cell)
    relayed(store, kafka_bus, topic)
    check_log(store, kafka_bus, topic)
    ledger.back_up()
    store = ledger.store()
    counted(store, 40, first=40, cell=cell)
    relayed(store, kafka_bus, topic)
    before = store.read_log(0, 1000)
    ledger.restore()
    store = ledger.store()
    with pytest.raises(LogForked):
        check_log(store, kafka_bus, topic)
    assert recover(store, kafka_bus, topic, DOMAIN.agenda).events == 40
    check_log(store, kafka_bus, topic)
    assert store.read_log(0, 1000) == before
    assert verify(store, kafka_bus, topic) == []
