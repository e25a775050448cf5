"""Parked records: list, look at, apply again, give up.

A record is parked when it can never be applied as it is; later records of its key wait behind it.
Its bytes lie sealed beside the log. Applying it again (after a repair of the code) and giving it
up both go through the writer: the effects, the record's removal and the event that tells of it
are one transaction, and the key is released with its last record. What fails changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from shared.contracts.kernel import ParkReason
from shared.kernel.reactions import Reactions
from shared.kernel.store import Parked, Store
from shared.kernel.submission import (
    Arrival,
    Note,
    NotParked,
    Place,
    Unpark,
)
from shared.sealing import SealingKey

Where = tuple[str, str, int]
"""A parked record: consumer, key and ordinal."""

BEGINNING: Where = ("", "", 0)


class ParkedRecord(NamedTuple):
    """A parked record as an operator sees it; nothing of its content."""

    consumer: str
    key: str
    ordinal: int
    place: Place
    reason: ParkReason
    emptied: bool


class Inspection(NamedTuple):
    """What can be said of a parked record's content without showing it.

    ``event_type`` is the type that its document states, if it is one. ``applicable`` tells
    whether the code of today could apply it; ``reason`` why not.
    """

    record: ParkedRecord
    size_bytes: int
    digest: str
    event_type: str | None
    applicable: bool
    reason: ParkReason | None


class Parking:
    """A service's parked records. ``reactions`` are given per consumer; ``key`` opens the bytes."""

    def __init__(
        self,
        store: Store,
        reactions: Mapping[str, Reactions],
        key: SealingKey,
    ) -> None:
        self._store = store
        self._reactions = reactions
        self._key = key

    def records(
        self, consumer: str | None = None, after: Where = BEGINNING, limit: int = 100
    ) -> list[ParkedRecord]:
        """Parked records past the given one, by consumer, key and order of arrival."""
        return [_shown(row) for row in self._store.parked(consumer, after, limit)]

    def inspect(self, where: Where) -> Inspection:
        """Look at one. Raises ``NotParked``; ``SealingError`` where its bytes do not open."""
        row = self._row(where)
        body = self._open(row)
        arrival = self._arrival(row, body)
        return Inspection(
            _shown(row),
            len(body),
            sha256(body).hexdigest(),
            _stated_type(body),
            arrival.unreadable is None,
            arrival.unreadable,
        )

    def redriving(
        self, where: Where, command_id: UUID, actor: UUID, role: str, body_digest: bytes = b""
    ) -> Unpark:
        """The command that applies a record again; to be given to the writer.

        Raises ``NotParked`` where there is none or its bytes were emptied.
        """
        row = self._row(where)
        if not row.body:
            raise NotParked("the record's bytes were emptied: it can only be discarded")
        arrival = self._arrival(row, self._open(row))
        return Unpark(
            command_id, row.consumer, row.ordinal, arrival, actor, role, body_digest=body_digest
        )

    def discarding(
        self,
        where: Where,
        command_id: UUID,
        actor: UUID,
        role: str,
        note: Note,
        body_digest: bytes = b"",
    ) -> Unpark:
        """The command that gives a record up; ``note`` names the reason in the vault.

        Raises ``NotParked`` where there is none.
        """
        row = self._row(where)
        arrival = Arrival(row.key, _place(row), self._open(row))
        return Unpark(
            command_id, row.consumer, row.ordinal, arrival, actor, role, note, body_digest
        )

    def _row(self, where: Where) -> Parked:
        consumer, key, ordinal = where
        for row in self._store.parked(consumer, (consumer, key, ordinal - 1), 1):
            if (row.key, row.ordinal) == (key, ordinal):
                return row
        raise NotParked("no such record is parked")

    def _open(self, row: Parked) -> bytes:
        return self._key.open(row.body, _place(row).context(row.consumer)) if row.body else b""

    def _arrival(self, row: Parked, body: bytes) -> Arrival:
        """The record read again with the code of today."""
        place = _place(row)
        known = self._reactions.get(row.consumer)
        if known is None:
            raise NotParked(f"this service has no consumer {row.consumer}")
        arrival = known.arrival(row.key, None, body, place)
        # What nothing reacts to any more has no effects, and may leave.
        return arrival or Arrival(row.key, place, body)


def _place(row: Parked) -> Place:
    return Place(row.topic, row.topic_id, row.partition, row.offset)


def _shown(row: Parked) -> ParkedRecord:
    reason = ParkReason(row.reason)
    return ParkedRecord(row.consumer, row.key, row.ordinal, _place(row), reason, not row.body)


def _stated_type(body: bytes) -> str | None:
    try:
        stated = json.loads(body)
    except ValueError:
        return None
    found = stated.get("type") if isinstance(stated, dict) else None
    return found if isinstance(found, str) and found.startswith("doudi.") else None
