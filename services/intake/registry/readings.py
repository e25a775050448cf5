"""Reading personal data: for a purpose, within an allowance, and recorded before it is answered.

Each reading is a command of its own, never the repetition of an earlier one: asking again is
reading again, and is recorded again.
"""

from __future__ import annotations

import asyncio
from uuid import UUID

from services.intake.registry import decisions
from services.intake.registry.id_number import parse_id_number
from services.intake.registry.keys.port import Erasure
from services.intake.registry.parts import STANDARD_TERMS, Asker, Parts, Terms
from services.intake.registry.records import Person
from services.intake.registry.registry import digest_of, identity_of
from services.intake.registry.vault import PERSON, Damaged, StoredNote, Vault
from shared.access.caller import Caller
from shared.access.persons import (
    ConsultedPerson,
    ConsultRequest,
    LookUpRequest,
    ReadNote,
    ReadNotesRequest,
    Standing,
)
from shared.clock import legal_date
from shared.contracts.persons import PersonField, PersonLookedUp
from shared.kernel.event import read


class Readings:
    """The readings of one intake process. Raises as ``Registry`` does."""

    def __init__(self, parts: Parts, vault: Vault, terms: Terms = STANDARD_TERMS) -> None:
        self._parts = parts
        self._vault = vault
        self._terms = terms

    async def look_up(self, request: LookUpRequest, asker: Asker) -> UUID | None:
        """Who holds an ID number, if a division of the caller deals with them."""
        now = await asyncio.to_thread(self._parts.now)
        number = parse_id_number(request.id_number, legal_date(now))
        caller = asker.caller
        identity = await asyncio.to_thread(
            self._parts.keys.identity, digest_of(self._parts.ring, number)
        )
        # A number that nobody ever registered with has no identity, and gets none by being asked.
        stream = identity_of(identity or asker.command_id)
        outcome = await self._parts.commands.execute(
            asker.submission(
                decisions.LookUp(request.purpose, self._terms.allowance(caller)),
                decisions.look_up,
                (self._terms.span_of(caller, now), stream),
                caller.division,
            )
        )
        outcome.or_raise()
        return await asyncio.to_thread(self._looked_up, outcome.position, caller)

    async def consult(self, request: ConsultRequest, asker: Asker) -> list[ConsultedPerson]:
        """Fields of persons, in the order asked.

        Persons that no division of the caller deals with are unknown to it.
        """
        now = await asyncio.to_thread(self._parts.now)
        caller = asker.caller
        outcome = await self._parts.commands.execute(
            asker.submission(
                decisions.Consult(
                    request.purpose,
                    tuple(sorted(request.fields)),
                    request.person_ids,
                    self._terms.allowance(caller),
                ),
                decisions.consult,
                (self._terms.span_of(caller, now),),
                caller.division,
            )
        )
        outcome.or_raise()
        return await asyncio.to_thread(self._consulted, request, caller)

    async def read_notes(self, request: ReadNotesRequest, asker: Asker) -> list[ReadNote]:
        """Notes, in the order asked; those of cases handled elsewhere are unknown."""
        now = await asyncio.to_thread(self._parts.now)
        caller = asker.caller
        outcome = await self._parts.commands.execute(
            asker.submission(
                decisions.ReadNotes(
                    request.purpose, request.note_ids, self._terms.allowance(caller)
                ),
                decisions.read_notes,
                (self._terms.span_of(caller, now),),
                caller.division,
            )
        )
        outcome.or_raise()
        found = await asyncio.to_thread(self._vault.notes, request.note_ids)
        return [_note(i, found.get(i), caller) for i in request.note_ids]

    def _looked_up(self, position: int, caller: Caller) -> UUID | None:
        """What the look-up's event says was found: that, and nothing newer, is the answer."""
        (row,) = self._parts.store.read_log(position - 1, 1)
        event = read(row).data
        if not isinstance(event, PersonLookedUp) or event.person_id is None:
            return None
        related = self._vault.related([event.person_id], caller.jurisdiction)
        return event.person_id if related else None

    def _consulted(self, request: ConsultRequest, caller: Caller) -> list[ConsultedPerson]:
        related = self._vault.related(request.person_ids, caller.jurisdiction)
        found = self._vault.persons([i for i in request.person_ids if i in related])
        return [_person(i, found.get(i), request.fields) for i in request.person_ids]


def _person(
    person_id: UUID, found: Person | Erasure | Damaged | None, fields: frozenset[PersonField]
) -> ConsultedPerson:
    match found:
        case Person():
            told = found.only(fields)
            return ConsultedPerson.model_validate(
                {"person_id": person_id, "standing": Standing.KNOWN, **told}
            )
        case Erasure(at=at):
            return ConsultedPerson(person_id=person_id, standing=Standing.ERASED, erased_at=at)
        case Damaged():
            return ConsultedPerson(person_id=person_id, standing=Standing.DAMAGED)
        case None:
            return ConsultedPerson(person_id=person_id, standing=Standing.UNKNOWN)


def _note(note_id: UUID, found: StoredNote | None, caller: Caller) -> ReadNote:
    if found is None or not caller.jurisdiction.covers(found.head.region):
        return ReadNote(note_id=note_id, standing=Standing.UNKNOWN)
    kind, _, owner = found.head.key_id.partition(":")
    told = ReadNote(
        note_id=note_id,
        standing=Standing.KNOWN,
        digest=found.head.digest,
        person_id=UUID(owner) if kind == PERSON else None,
        case_id=UUID(owner) if kind != PERSON else None,
    )
    match found.text:
        case Erasure(at=at):
            return told.model_copy(update={"standing": Standing.ERASED, "erased_at": at})
        case Damaged():
            return told.model_copy(update={"standing": Standing.DAMAGED})
        case text:
            return told.model_copy(update={"text": text.decode()})
