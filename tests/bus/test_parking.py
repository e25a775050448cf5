"""Parked records in an operator's hands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from shared.bus.memory import MemoryBus
from shared.bus.parking import Parking
from shared.contracts.kernel import ParkReason, RecordDiscarded
from shared.kernel.event import read
from shared.kernel.memory import MemoryDatabase, MemoryStore
from shared.kernel.submission import KeyReused, Note, NotParked, Outcome, Unpark
from shared.sealing import SealingError, SealingKey
from tests.bus.house import (
    BUG,
    COPIES,
    KEY,
    REACTIONS,
    TOPIC,
    consumer_of,
    counted,
    relayed,
    writer_of,
)
from tests.bus.test_consumer import drain
from tests.kernel.domain import CLERK, START
from tests.kernel.running import amounts, assert_record_is_whole, types


class House:
    """A service that has parked what a bug in its reaction could not apply."""

    def __init__(self, bus: MemoryBus) -> None:
        ours = MemoryStore(MemoryDatabase())
        self.store = MemoryStore(MemoryDatabase())
        self.writer = writer_of(self.store)
        self.parking = Parking(self.store, {COPIES: REACTIONS}, KEY)
        counted(ours, 4, cases=2)
        relayed(ours, bus, partitions=1)
        consumer = consumer_of(self.store, self.writer, bus)
        BUG.present = True
        drain(consumer, self.writer)
        BUG.present = False
        counted(ours, 2, cases=2, first=4)
        relayed(ours, bus)
        drain(consumer, self.writer)

    def redrive(self, key: str, *ordinals: int) -> None:
        for ordinal in ordinals:
            where = (COPIES, key, ordinal)
            self.run(self.parking.redriving(where, uuid4(), CLERK, "operator"))

    def run(self, item: Unpark) -> Outcome:
        """Its outcome, or what it raises."""
        future = self.writer.submit(item)
        self.writer.step()
        outcome: Outcome = future.result(0)
        return outcome

    def keys(self) -> list[str]:
        return sorted({record.key for record in self.parking.records()})

    def ordinals(self, key: str) -> list[int]:
        return [r.ordinal for r in self.parking.records() if r.key == key]


@pytest.fixture
def house(calm: MemoryBus) -> Iterator[House]:
    yield House(calm)
    BUG.present = False


def test_records_are_listed_with_reason_and_place_in_pages(house: House) -> None:
    records = house.parking.records(COPIES)
    assert [(r.ordinal, r.reason) for r in records] == [
        (1, ParkReason.REACTION_FAILED),
        (2, ParkReason.BEHIND_PARKED),
        (3, ParkReason.BEHIND_PARKED),
    ] * 2
    assert {r.place.topic for r in records} == {TOPIC}
    assert sorted(r.place.offset for r in records) == list(range(6))
    first, *_ = house.parking.records(limit=1)
    rest = house.parking.records(after=(first.consumer, first.key, first.ordinal))
    assert [first, *rest] == records
    assert house.parking.records("nobody") == []


def test_a_record_is_looked_at_without_showing_its_content(house: House) -> None:
    where = (COPIES, house.keys()[0], 1)
    BUG.present = True
    seen = house.parking.inspect(where)
    assert (seen.applicable, seen.reason) == (False, ParkReason.REACTION_FAILED)
    BUG.present = False
    seen = house.parking.inspect(where)
    assert (seen.applicable, seen.reason) == (True, None)
    assert seen.event_type == "doudi.tests.amount-counted.v1"
    with pytest.raises(NotParked):
        house.parking.inspect((COPIES, where[1], 9))


def test_another_key_opens_nothing(house: House) -> None:
    other = Parking(house.store, {COPIES: REACTIONS}, SealingKey.generate("parking"))
    with pytest.raises(SealingError):
        other.inspect((COPIES, house.keys()[0], 1))


def test_the_first_record_is_applied_again_and_the_others_stay_in_order(house: House) -> None:
    key = house.keys()[0]
    with pytest.raises(NotParked):
        house.redrive(key, 2)
    house.redrive(key, 1)
    assert house.ordinals(key) == [2, 3]
    assert len(amounts(house.store)) == 1
    house.redrive(key, 2, 3)
    assert house.ordinals(key) == []
    assert len(amounts(house.store)) == 3
    assert types(house.store).count("record-redriven") == 3
    assert_record_is_whole(house.store)


def test_what_fails_again_stays_at_the_head(house: House) -> None:
    key = house.keys()[0]
    BUG.present = True
    with pytest.raises(NotParked, match="reaction-failed"):
        house.redrive(key, 1)
    assert house.ordinals(key) == [1, 2, 3]
    assert amounts(house.store) == []


def test_a_redrive_sent_twice_has_one_effect(house: House) -> None:
    key = house.keys()[0]
    item = house.parking.redriving((COPIES, key, 1), uuid4(), CLERK, "operator")
    first = house.run(item)
    again = house.run(item)
    assert (again.repeated, again.position) == (True, first.position)
    assert house.ordinals(key) == [2, 3]


def test_a_key_that_comes_again_with_another_request_is_refused(house: House) -> None:
    key = house.keys()[0]
    item = house.parking.redriving((COPIES, key, 1), uuid4(), CLERK, "operator", b"one")
    house.run(item)
    with pytest.raises(KeyReused):
        house.run(replace(item, ordinal=2, body_digest=b"another"))
    assert house.ordinals(key) == [2, 3]


def test_a_record_is_given_up_with_a_reason_in_the_vault(house: House) -> None:
    key = house.keys()[0]
    note = Note(uuid4(), START + timedelta(days=1))
    for ordinal in (1, 2, 3):
        where = (COPIES, key, ordinal)
        house.run(house.parking.discarding(where, uuid4(), CLERK, "operator", note))
    assert house.ordinals(key) == []
    assert amounts(house.store) == []
    told = [read(row).data for row in house.store.read_log(0, 100)]
    discarded = [event for event in told if isinstance(event, RecordDiscarded)]
    assert [event.note_id for event in discarded] == [note.note_id] * 3
