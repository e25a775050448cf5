"""Destroying a person's key after the approval, and all that hangs on it.

The approval is in intake's database, the key in a store of its own: no transaction holds both.
So the approval leaves an entry on the agenda, and every step here may be done again: whoever dies
between two steps, the next one begins at the first. The key goes before the rows, so that from
then on nothing can be read, in no copy; the event comes last, and ends the entry.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from services.intake.model import APPLICATION, application_stream, open_application_stream
from services.intake.registry.erasure import decisions
from services.intake.registry.erasure.model import ERASURE, THE_LIST, erasure_of
from services.intake.registry.keys.port import (
    Erasure,
    KeyStoreAway,
    case_key,
    person_key,
)
from services.intake.registry.parts import SERVICE, Parts
from services.intake.registry.vault import NOTE, PERSON, notes_under
from shared.contracts.fields import Programme
from shared.contracts.intake import OpenApplicationClaimed
from shared.kernel.decider import Stream
from shared.kernel.duties import NeighbourAway
from shared.kernel.event import Recorded, read
from shared.kernel.store import AgendaEntry
from shared.kernel.submission import Submission, answer

_PAGE: Final = 500


class Destroyed(NamedTuple):
    """What was destroyed: when the person's key was, and which cases' keys went with it."""

    at: datetime
    cases: tuple[UUID, ...]


class KeyDestruction:
    """The gateway to the key store."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def destroy(self, entry: AgendaEntry) -> Submission:
        """Destroy the key of the entry's person. Raises ``NeighbourAway`` without a key store."""
        try:
            destroyed = await asyncio.to_thread(self._destroy, entry.key)
        except KeyStoreAway as error:
            raise NeighbourAway(str(error)) from None
        command = decisions.RecordErasure(destroyed_at=destroyed.at, cases=destroyed.cases)
        reads = (erasure_of(entry.key), THE_LIST)
        return answer(entry, reads, decisions.record, command)

    def _destroy(self, person_id: UUID) -> Destroyed:
        keys = self._parts.keys
        identity = self._identity(person_id)
        if identity is not None:
            keys.forget(identity)
        erasure = keys.destroy(person_key(person_id), self._parts.now())
        self._parts.store.annex_delete(PERSON, [str(person_id)])
        self._empty(person_key(person_id))
        cases = tuple(case for case in self._cases(person_id) if self._is_deserted(case))
        for case_id in cases:
            keys.destroy(case_key(case_id), erasure.at)
            self._empty(case_key(case_id))
        return Destroyed(erasure.at, cases)

    def _identity(self, person_id: UUID) -> UUID | None:
        """The person's identity, as the approval names it."""
        erasure = ERASURE.initial
        for row in self._rows(erasure_of(person_id)):
            erasure = ERASURE.evolve(erasure, read(row).data)
        if erasure.approved is None:
            raise TypeError("a destruction on the agenda without its approval")
        return erasure.approved.identity

    def _empty(self, key_id: str) -> None:
        """Take what is sealed under a destroyed key out of the notes; their heads name nobody."""
        store, kind = self._parts.store, notes_under(key_id)
        while named := store.annex_expired(kind, self._parts.now(), _PAGE):
            ids = [row.key for row in named]
            rows = store.annex_get(NOTE, ids).values()
            emptied = [
                row._replace(body=bytes(row.body).partition(b"\n")[0] + b"\n") for row in rows
            ]
            store.annex_put(emptied)
            store.annex_delete(kind, ids)

    def _cases(self, person_id: UUID) -> list[UUID]:
        """Every case that the person was ever in, in order."""
        found: set[UUID] = set()
        for programme in Programme:
            for row in self._rows(open_application_stream(programme, person_id)):
                event = read(row).data
                if isinstance(event, OpenApplicationClaimed):
                    found.add(event.case_id)
        return sorted(found)

    def _is_deserted(self, case_id: UUID) -> bool:
        """Whether everybody of a case's household is erased."""
        application = APPLICATION.initial
        for row in self._rows(application_stream(case_id)):
            application = APPLICATION.evolve(application, read(row).data)
        members = application.submitted.members if application.submitted is not None else ()
        keys = [person_key(member.person_id) for member in members]
        found = self._parts.keys.get_many(keys)
        return bool(keys) and all(isinstance(found.get(key), Erasure) for key in keys)

    def _rows(self, stream: Stream) -> Sequence[Recorded]:
        return self._parts.store.read_stream(stream.id(self._parts.cell, SERVICE))
