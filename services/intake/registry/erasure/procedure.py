"""The procedure around an erasure: who asks, who decides, who forbids, and how it stands.

What is written about it is sealed under a key of its own, the erasure's or the hold's, because a
note under the person's key would go with the person, and why somebody was erased must be told for
as long as anybody may ask. So it must not tell who it was: a text that names the person is refused.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from services.intake.model import open_application_stream
from services.intake.registry.erasure import decisions, rules
from services.intake.registry.erasure.model import ERASURE, Erasure, erasure_of
from services.intake.registry.parts import SERVICE, Asker, Parts
from services.intake.registry.records import Person
from services.intake.registry.registry import Registry
from services.intake.registry.vault import Vault
from shared.access.persons import NewNote
from shared.contracts.erasure import ErasureGround, HoldGround
from shared.contracts.fields import NoteRef, Programme
from shared.kernel.decider import Decide, Refusal, Stream
from shared.kernel.event import read
from shared.kernel.submission import Note, Outcome
from shared.regions import Jurisdiction


class Seen(NamedTuple):
    """A person's erasure as it stands, and its stream's version."""

    erasure: Erasure
    version: int


class Erasures:
    """The erasures of one intake process. Raises as ``Registry`` does."""

    def __init__(self, parts: Parts, vault: Vault, registry: Registry) -> None:
        self._parts = parts
        self._vault = vault
        self._registry = registry

    async def see(self, person_id: UUID, jurisdiction: Jurisdiction) -> Seen | None:
        """How a person's erasure stands; ``None`` for whom no division of the caller deals with."""
        return await asyncio.to_thread(self._see, person_id, jurisdiction)

    def _see(self, person_id: UUID, jurisdiction: Jurisdiction) -> Seen | None:
        if not self._vault.related([person_id], jurisdiction):
            return None
        stream = erasure_of(person_id).id(self._parts.cell, SERVICE)
        rows = self._parts.store.read_stream(stream)
        erasure = ERASURE.initial
        for row in rows:
            erasure = ERASURE.evolve(erasure, read(row).data)
        return Seen(erasure, len(rows))

    async def request(
        self, person_id: UUID, ground: ErasureGround, division: str, reason: str, asker: Asker
    ) -> tuple[UUID, Outcome]:
        """Ask for a person's erasure; its id."""
        erasure_id = uuid5(asker.command_id, "erasure")
        written, note = await self._write(person_id, erasure_id, division, reason, asker)
        command = decisions.RequestErasure(
            erasure_id=erasure_id,
            person_id=person_id,
            actor=asker.caller.id,
            ground=ground,
            division=division,
            reason=written,
        )
        reads = (erasure_of(person_id), *_open_applications(person_id))
        outcome = await self._submit(asker, command, decisions.request, reads, division, (note,))
        return erasure_id, outcome

    async def approve(
        self, person_id: UUID, division: str, asker: Asker, expected: int | None
    ) -> Outcome:
        """Approve the request: the person's key is then destroyed without further asking."""
        head = await asyncio.to_thread(self._vault.person_head, person_id)
        command = decisions.ApproveErasure(
            person_id=person_id,
            actor=asker.caller.id,
            identity=head.identity if head is not None else None,
        )
        reads = (erasure_of(person_id), *_open_applications(person_id))
        return await self._submit(
            asker, command, decisions.approve, reads, division, expected=expected
        )

    async def reject(
        self,
        person_id: UUID,
        erasure_id: UUID,
        division: str,
        reason: str,
        asker: Asker,
        expected: int | None,
    ) -> Outcome:
        """Reject the request."""
        written, note = await self._write(person_id, erasure_id, division, reason, asker)
        command = decisions.RejectErasure(actor=asker.caller.id, reason=written)
        reads = (erasure_of(person_id),)
        return await self._submit(
            asker, command, decisions.reject, reads, division, (note,), expected
        )

    async def place_hold(
        self, person_id: UUID, ground: HoldGround, division: str, explanation: str, asker: Asker
    ) -> tuple[UUID, Outcome]:
        """Forbid the person's erasure for now; the hold's id."""
        hold_id = uuid5(asker.command_id, "hold")
        written, note = await self._write(person_id, hold_id, division, explanation, asker)
        command = decisions.PlaceHold(
            hold_id=hold_id,
            person_id=person_id,
            role=asker.caller.role.value,
            ground=ground,
            division=division,
            explanation=written,
        )
        reads = (erasure_of(person_id),)
        outcome = await self._submit(asker, command, decisions.place_hold, reads, division, (note,))
        return hold_id, outcome

    async def lift_hold(
        self, person_id: UUID, hold_id: UUID, division: str, explanation: str, asker: Asker
    ) -> Outcome:
        """End a hold."""
        written, note = await self._write(person_id, hold_id, division, explanation, asker)
        command = decisions.LiftHold(
            hold_id=hold_id, role=asker.caller.role.value, explanation=written
        )
        reads = (erasure_of(person_id),)
        return await self._submit(asker, command, decisions.lift_hold, reads, division, (note,))

    async def _write(
        self, person_id: UUID, owner: UUID, division: str, text: str, asker: Asker
    ) -> tuple[NoteRef, Note]:
        """Put a text under the key of an erasure or a hold, unless it names the person (422)."""
        person = await asyncio.to_thread(self._vault.person, person_id)
        if isinstance(person, Person) and _names(person, text):
            raise Refusal("text-names-person", status=422)
        notes = [NewNote(region=division, text=text, case_id=owner)]
        (receipt,) = await self._registry.put_notes(asker.command_id, SERVICE, notes)
        return receipt.as_ref(), receipt.as_note()

    async def _submit(
        self,
        asker: Asker,
        command: Any,
        decide: Decide,
        reads: tuple[Stream, ...],
        division: str,
        notes: tuple[Note, ...] = (),
        expected: int | None = None,
    ) -> Outcome:
        submission = asker.submission(command, decide, reads, division, notes)
        submission = replace(submission, expected_version=expected)
        return await self._parts.commands.execute(submission)


def _open_applications(person_id: UUID) -> tuple[Stream, ...]:
    return tuple(open_application_stream(programme, person_id) for programme in Programme)


def _names(person: Person, text: str) -> bool:
    others = (person.id_number, person.phone, person.account, person.address)
    return rules.names_somebody(text, person.name, others)
