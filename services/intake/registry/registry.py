"""The person registry: registers people, recognises them, takes notes about them.

What it keeps of a person lies in the vault; what the log says of them is a random id. A vault row
is put before the command that names it, and expires unless that command was handled.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid5

from services.intake.registry import decisions
from services.intake.registry.id_number import IdNumber, parse_id_number
from services.intake.registry.keys.port import KeyDestroyed, KeyUnknown, person_key
from services.intake.registry.model import IDENTITY, Identity
from services.intake.registry.parts import SERVICE, STANDARD_TERMS, Asker, Parts, Terms
from services.intake.registry.records import Person, PersonHead
from services.intake.registry.vault import PERSON, Vault
from shared.access.persons import NewNote, NewPerson, NoteReceipt, RegisteredPerson
from shared.clock import legal_date
from shared.kernel.decider import Refusal, Stream
from shared.kernel.event import read
from shared.kernel.submission import Note
from shared.sealing import KeyRing


class Registry:
    """The registry of one intake process.

    Every method may raise ``StoreAway`` and ``KeyStoreAway``, and what the writer raises.
    """

    def __init__(self, parts: Parts, vault: Vault, terms: Terms = STANDARD_TERMS) -> None:
        self._parts = parts
        self._vault = vault
        self._terms = terms

    async def register(self, person: NewPerson, asker: Asker) -> RegisteredPerson:
        """Register somebody, or recognise who holds their ID number already.

        The person's id comes of the command and its body, so that a repetition is the same
        person, and another body under a used key touches nobody's row. Raises ``Refusal`` for an
        invalid number (422), for an erased person (410), and for a command whose row was swept
        before it was sent again (409).
        """
        now = await asyncio.to_thread(self._parts.now)
        today = legal_date(now)
        number = parse_id_number(person.id_number, today)
        born = person.birth_date or number.birth_date
        if born > today:
            raise Refusal("birth-date-impossible", status=422)
        stream = identity_of(self._parts.ring, number)
        person_id = uuid5(asker.command_id, asker.body_digest.hex())
        head = PersonHead(
            command_id=asker.command_id,
            stream=stream.id(self._parts.cell, SERVICE),
            region=person.region,
        )
        record = Person(
            id_number=number.number,
            name=person.name,
            birth_date=born,
            phone=person.phone,
            address=person.address,
            account=person.account,
        )
        notes = await asyncio.to_thread(self._store_unless_known, person_id, record, head, now)
        outcome = await self._parts.commands.execute(
            asker.submission(
                decisions.Register(person_id, person.region, stored=notes is not None),
                decisions.register,
                (stream,),
                person.region,
                notes or (),
            )
        )
        outcome.or_raise()
        holder = await asyncio.to_thread(self._settle, person_id, head, put=notes is not None)
        return RegisteredPerson(
            person_id=holder,
            recognised=holder != person_id,
            version=outcome.version,
            position=outcome.position,
        )

    async def put_notes(
        self, command_id: UUID, owner: str, notes: Iterable[NewNote]
    ) -> list[NoteReceipt]:
        """Put the notes that a command of the ``owner`` service will name.

        Raises ``Refusal`` for a person nobody registered (422) or an erased one (410).
        """
        return await asyncio.to_thread(self._put_notes, command_id, owner, tuple(notes))

    def holder(self, stream: UUID) -> UUID | None:
        """The person registered on an identity's stream, if anybody is."""
        identity: Identity = IDENTITY.initial
        for row in self._parts.store.read_stream(stream):
            identity = IDENTITY.evolve(identity, read(row).data)
        return identity.person_id

    def _store_unless_known(
        self, person_id: UUID, record: Person, head: PersonHead, now: datetime
    ) -> tuple[Note, ...] | None:
        """Put the row; ``None`` where the number is known or the command was handled before."""
        if self.holder(head.stream) is not None:
            return None
        if self._parts.store.handled([head.command_id]):
            return None
        try:
            until = self._vault.put_person(person_id, record, head, now + self._terms.wait)
        except KeyDestroyed:
            return None  # swept long after a first attempt: this command can store nothing more
        return (Note(person_id, until),) if until is not None else ()

    def _settle(self, person_id: UUID, head: PersonHead, *, put: bool) -> UUID:
        """Who holds the number now; our row is kept if it is theirs and taken away if not."""
        holder = self.holder(head.stream)
        if holder is None:
            raise Refusal("person-not-stored")
        if holder == person_id:
            self._vault.keep(PERSON, str(person_id))
        elif put:
            self._vault.withdraw_person(person_id, self._parts.now())
        if self._parts.keys.destroyed(person_key(holder)) is not None:
            raise Refusal("person-erased", status=410)
        self._vault.relate(holder, head.region)
        return holder

    def _put_notes(
        self, command_id: UUID, owner: str, notes: tuple[NewNote, ...]
    ) -> list[NoteReceipt]:
        until = self._parts.now() + self._terms.wait
        try:
            put = self._vault.put_notes(command_id, owner, notes, until)
        except KeyUnknown:
            raise Refusal("person-unknown", status=422) from None
        except KeyDestroyed:
            raise Refusal("person-erased", status=410) from None
        # A note that is kept has its event: its command was handled and asks for no expiry.
        return [
            NoteReceipt(
                note_id=note.note_id, digest=note.digest.hex(), expires_at=note.expires_at or until
            )
            for note in put
        ]


def identity_of(ring: KeyRing, number: IdNumber) -> Stream:
    """The stream of an ID number: keyed by a hash that only this registry can compute."""
    return Stream(IDENTITY.name, ring.key("identity").digest(number.number.encode()).hex())
