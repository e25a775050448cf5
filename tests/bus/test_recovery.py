"""A restored log is brought level with its topic, as far as the topic can tell."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest

from shared.bus import wire
from shared.bus.kafka import KafkaBus
from shared.bus.memory import MemoryBus
from shared.bus.port import TopicSpec
from shared.bus.recovery import ACCEPTED, Partial, recover
from shared.bus.witness import Damage, LogForked, check_log, verify
from shared.kernel.decider import Fact
from shared.kernel.store import Store
from tests.bus.house import TOPIC, counted, relay_of, relayed, writer_of
from tests.bus.ledger import Ledger, found
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
from tests.kernel.running import outcome

LATER = START.date().replace(year=2030)


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
