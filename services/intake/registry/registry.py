"""The person registry: registers people, recognises them, takes notes about them.

What it keeps of a person lies in the vault; what the log says of them is a random id. A vault row
is put before the command that names it, and expires unless that command was handled.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final, NamedTuple
from uuid import UUID, uuid5

from services.intake.registry import decisions, rules
from services.intake.registry.id_number import IdNumber, parse_id_number
from services.intake.registry.keys.port import Erasure, KeyDestroyed, KeyUnknown, person_key
from services.intake.registry.model import IDENTITY, Identity, amendments_of
from services.intake.registry.parts import SERVICE, STANDARD_TERMS, Asker, Parts, Terms
from services.intake.registry.records import Person, PersonHead
from services.intake.registry.vault import PERSON, Damaged, Vault
from shared.access.caller import Caller
from shared.access.persons import (
    AmendedPerson,
    Amendment,
    NewNote,
    NewPerson,
    NoteReceipt,
    RegisteredPerson,
)
from shared.clock import legal_date
from shared.contracts.persons import PersonNameMismatched
from shared.kernel.decider import Refusal, Stream
from shared.kernel.event import read
from shared.kernel.submission import Note, Outcome, VersionMismatch, WriterBusy
from shared.regions import Regions
from shared.sealing import KeyRing

_TRIES: Final = 50
"""More than ever register with one number at the same moment."""


class _Compared(NamedTuple):
    """How a registration compares with an identity at a version, and the row put for it."""

    likeness: decisions.Likeness
    version: int
    notes: tuple[Note, ...] | None = None


class Registry:
    """The registry of one intake process.

    Every method may raise ``StoreAway`` and ``KeyStoreAway``, and what the writer raises.
    """

    def __init__(
        self, parts: Parts, vault: Vault, regions: Regions, terms: Terms = STANDARD_TERMS
    ) -> None:
        self._parts = parts
        self._vault = vault
        self._regions = regions
        self._terms = terms

    async def register(self, person: NewPerson, asker: Asker) -> RegisteredPerson:
        """Register somebody, or recognise who holds their ID number already.

        The person's id comes of the command and its body, so that a repetition is the same
        person, and another body under a used key touches nobody's row. Raises ``Refusal`` for an
        invalid number or an unknown division (422), for an erased person (410), for a number
        whose holder has another name (409, and nothing is told of them), and for a command whose
        row was swept before it was sent again (409). A known person whose row the vault lost is
        stored again.
        """
        now = await asyncio.to_thread(self._parts.now)
        today = legal_date(now)
        number = parse_id_number(person.id_number, today)
        born = person.birth_date or number.birth_date
        if born > today:
            raise Refusal("birth-date-impossible", status=422)
        await asyncio.to_thread(self._require_division, person.region, today, asker.command_id)
        digest = digest_of(self._parts.ring, number)
        identity = await asyncio.to_thread(self._parts.keys.identify, digest)
        stream = identity_of(identity)
        person_id = uuid5(asker.command_id, asker.body_digest.hex())
        head = PersonHead(
            command_id=asker.command_id,
            stream=stream.id(self._parts.cell, SERVICE),
            region=person.region,
            identity=identity,
        )
        record = Person(
            id_number=number.number,
            name=person.name,
            birth_date=born,
            phone=person.phone,
            address=person.address,
            account=person.account,
        )
        put = False
        for _ in range(_TRIES):
            found = await asyncio.to_thread(self._compare, person_id, record, head, now)
            fresh = found.likeness is decisions.Likeness.NOBODY and found.notes is not None
            put = put or fresh
            command = decisions.Register(
                person_id,
                person.region,
                found.notes is not None,
                found.likeness,
                self._terms.span_of(asker.caller, now),
                self._terms.allowance(asker.caller),
            )
            submission = asker.submission(
                command,
                decisions.register,
                (stream, command.hour),
                person.region,
                found.notes or (),
            )
            try:
                outcome = await self._parts.commands.execute(
                    replace(submission, expected_version=found.version)
                )
            except VersionMismatch:
                continue  # somebody else registered with this number meanwhile: compare again
            return await asyncio.to_thread(self._settle, person_id, head, outcome, put)
        raise WriterBusy("many register with one number at once")

    def _require_division(self, region: str, today: date, command_id: UUID) -> None:
        # A repetition has its first answer, also once the division is no more.
        if not self._parts.store.handled([command_id]):
            rules.known_division(self._regions, region, today)

    async def amend(self, person_id: UUID, amendment: Amendment, asker: Asker) -> AmendedPerson:
        """Correct a person's contact data and account.

        The event comes first and names the fields; then the values go into the vault, under its
        version, so that of two amendments the later one stands. Whoever got no answer repeats the
        command, which completes it. Raises ``Refusal`` for a person that no division of the
        caller deals with (422), an erased one (410) and one whose row is damaged or lost (409).
        """
        await asyncio.to_thread(self._require_amendable, person_id, asker.caller)
        values = amendment.values()
        outcome = await self._parts.commands.execute(
            asker.submission(
                decisions.Amend(person_id, tuple(sorted(values))),
                decisions.amend,
                (amendments_of(person_id),),
                amendment.region,
            )
        )
        outcome.or_raise()
        await asyncio.to_thread(self._vault.amend, person_id, values, outcome.version)
        return AmendedPerson(
            person_id=person_id,
            version=outcome.version,
            position=outcome.position,
            repeated=outcome.repeated,
        )

    def _require_amendable(self, person_id: UUID, caller: Caller) -> None:
        if person_id not in self._vault.related([person_id], caller.jurisdiction):
            raise Refusal("person-unknown", status=422)
        match self._vault.person(person_id):
            case Erasure():
                raise Refusal("person-erased", status=410)
            case Damaged() | None:
                raise Refusal("person-unreadable")

    async def put_notes(
        self, command_id: UUID, owner: str, notes: Iterable[NewNote]
    ) -> list[NoteReceipt]:
        """Put the notes that a command of the ``owner`` service will name.

        Raises ``Refusal`` for a person nobody registered (422) or an erased one (410).
        """
        return await asyncio.to_thread(self._put_notes, command_id, owner, tuple(notes))

    async def registered(self, person_ids: Sequence[UUID]) -> set[UUID]:
        """Which of the persons are registered, and not erased."""
        return await asyncio.to_thread(self._vault.registered, person_ids)

    def holder(self, stream: UUID) -> UUID | None:
        """The person registered on an identity's stream, if anybody is."""
        return self._identity(stream)[0].person_id

    def _identity(self, stream: UUID) -> tuple[Identity, int]:
        """An identity and its version."""
        identity: Identity = IDENTITY.initial
        rows = self._parts.store.read_stream(stream)
        for row in rows:
            identity = IDENTITY.evolve(identity, read(row).data)
        return identity, len(rows)

    def _compare(
        self, person_id: UUID, record: Person, head: PersonHead, now: datetime
    ) -> _Compared:
        """Who holds the number, and is it this person? Their row is put where there is none."""
        identity, version = self._identity(head.stream)
        holder = identity.person_id
        if holder is None:
            notes = self._store(person_id, record, head, now)
            return _Compared(decisions.Likeness.NOBODY, version, notes)
        match self._vault.person(holder):
            case Person(name=name):
                same = rules.same_name(name, record.name)
                likeness = decisions.Likeness.SAME if same else decisions.Likeness.OTHER
            case Erasure():
                likeness = decisions.Likeness.ERASED
            case Damaged():
                likeness = decisions.Likeness.OTHER
            case None:
                notes = self._store(holder, record, head, now)
                return _Compared(decisions.Likeness.LOST, version, notes)
        return _Compared(likeness, version)

    def _store(
        self, person_id: UUID, record: Person, head: PersonHead, now: datetime
    ) -> tuple[Note, ...] | None:
        """Put the row; ``None`` where the command was handled before, or the key is destroyed."""
        if self._parts.store.handled([head.command_id]):
            return None
        try:
            until = self._vault.put_person(person_id, record, head, now + self._terms.wait)
        except KeyDestroyed:
            return None  # swept long after a first attempt: this command can store nothing more
        return (Note(person_id, until),) if until is not None else ()

    def _settle(
        self, person_id: UUID, head: PersonHead, outcome: Outcome, put: bool
    ) -> RegisteredPerson:
        """The answer; the row is kept if it is the holder's and taken away if not.

        What the command's own events say counts, so that a repetition has the same answer.
        """
        holder = self.holder(head.stream)
        if put and holder is not None and holder != person_id:
            self._vault.withdraw_person(person_id, self._parts.now())
        outcome.or_raise()
        if holder is None:
            raise Refusal("person-not-stored")
        if self._parts.keys.destroyed(person_key(holder)) is not None:
            raise Refusal("person-erased", status=410)
        rows = self._parts.store.read_log(outcome.position - outcome.events, outcome.events)
        if any(isinstance(read(row).data, PersonNameMismatched) for row in rows):
            raise Refusal("person-name-mismatch")
        self._vault.keep(PERSON, str(holder))
        self._vault.relate(holder, head.region)
        return RegisteredPerson(
            person_id=holder,
            recognised=holder != person_id,
            version=outcome.version,
            position=outcome.position,
            repeated=outcome.repeated,
        )

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


def digest_of(ring: KeyRing, number: IdNumber) -> str:
    """The keyed digest of an ID number, which only this registry can compute."""
    return ring.key("identity").digest(number.number.encode()).hex()


def identity_of(identity: UUID) -> Stream:
    """The stream that says who holds an ID number, by the random name the key store has for it.

    The digest itself never enters the log: once the key store has forgotten the identity, nobody
    who knows the number, and every key there is, finds the stream again.
    """
    return Stream(IDENTITY.name, str(identity))
