"""A log that its topic does not continue is not recovered, and nothing is written."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest

from shared.bus.memory import MemoryBus
from shared.bus.port import Record
from shared.bus.recovery import NotRecoverable, recover
from shared.kernel.event import digest_of
from tests.bus.house import TOPIC, counted, relayed
from tests.bus.ledger import Ledger
from tests.kernel.domain import DOMAIN


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
