"""The vault: persons and notes, sealed, in rows beside intake's log.

A row is one line of JSON that names no person (which command brought it, under which key it is
sealed), a line feed, and the sealed text; kind, key and that line are bound into the seal. A row
expires unless it is kept; once put, a row's expiry never changes, nor a note's text, so that
whoever holds its receipt can rely on it, and only the sweep takes expired rows away. A person's
text changes with the amendments that the log names.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple, Protocol, TypeVar
from uuid import UUID, uuid5

from pydantic import BaseModel, ValidationError

from services.intake.registry.keys.port import Erasure, KeyStore, case_key, person_key
from services.intake.registry.records import NoteHead, Person, PersonHead
from shared.access.persons import NewNote
from shared.contracts.persons import PersonField
from shared.kernel.store import AnnexRow
from shared.regions import Jurisdiction
from shared.sealing import SealingError, SealingKey

log = logging.getLogger(__name__)

PERSON = "person"
NOTE = "note"
RELATION = "person-region"

BEFORE = datetime(1970, 1, 1, tzinfo=UTC)
"""When rows expire that are only listed by it: those that name the notes under one key."""

_PREFIXES = (2, 4, 6, 9, 12)
_H = TypeVar("_H", PersonHead, NoteHead)


class Annex(Protocol):
    """What the vault asks of the service's store."""

    def annex_get(self, kind: str, keys: Sequence[str]) -> dict[str, AnnexRow]:
        """Rows of a kind by key."""

    def annex_put(self, rows: Sequence[AnnexRow]) -> None:
        """Insert or replace rows."""

    def annex_add(self, rows: Sequence[AnnexRow]) -> None:
        """Insert rows; one that is there stays as it is."""

    def annex_expired(self, kind: str, at: datetime, limit: int) -> list[AnnexRow]:
        """Rows of a kind whose expiry lies before the moment, oldest first."""

    def annex_delete(
        self, kind: str, keys: Sequence[str], expired_by: datetime | None = None
    ) -> None:
        """Delete rows; with ``expired_by`` only those whose expiry lies before it."""


class Damaged(NamedTuple):
    """A row that is there and cannot be opened."""


class StoredNote(NamedTuple):
    """A note that is there: its head, and its text or why there is none to read."""

    head: NoteHead
    text: bytes | Erasure | Damaged


class PutNote(NamedTuple):
    """A note that is in the vault: its id, its digest, and when it expires (not, if kept)."""

    note_id: UUID
    digest: bytes
    expires_at: datetime | None


class Vault:
    """Sealed rows. Every method may raise the store's ``StoreAway`` and ``KeyStoreAway``."""

    def __init__(self, annex: Annex, keys: KeyStore) -> None:
        self._annex = annex
        self._keys = keys
        self._amending = threading.Lock()

    def put_person(
        self, person_id: UUID, person: Person, head: PersonHead, expires_at: datetime
    ) -> datetime | None:
        """Store a person under a key of their own; the row's expiry, ``None`` if it is kept.

        Raises ``KeyDestroyed`` where the row of this very command was swept or erased.
        """
        key_id = person_key(person_id)
        key = self._keys.create(key_id)
        row = _sealed(PERSON, str(person_id), head, key, person.plain(), expires_at)
        stands = self._add(row)
        # A sweep destroys the key before the row: alive after the row is there, it stays so
        # until the row's expiry.
        self._keys.get(key_id)
        return stands

    def person(self, person_id: UUID) -> Person | Erasure | Damaged | None:
        """One person as stored; ``None`` for one who is unknown or whose row was lost."""
        return self.persons([person_id]).get(person_id)

    def amend(self, person_id: UUID, values: Mapping[PersonField, str], version: int) -> None:
        """Put the values of a person's amendment of that version into their row.

        Doing it again changes nothing. A person who was erased meanwhile stays erased; raises
        ``LookupError`` where there is no row that can be opened.
        """
        with self._amending:
            row = self._annex.annex_get(PERSON, [str(person_id)]).get(str(person_id))
            key = self._keys.get_many([person_key(person_id)]).get(person_key(person_id))
            if isinstance(key, Erasure):
                return
            text = Damaged() if row is None else _open(row, key)
            person = text if isinstance(text, Damaged) or row is None else _person(row, text)
            if row is None or key is None or not isinstance(person, Person):
                raise LookupError("a person to amend has no row that can be opened")
            amended = person.amend(values, version)
            line = bytes(row.body).partition(b"\n")[0]
            sealed = key.seal(amended.plain(), _context(PERSON, row.key, line))
            self._annex.annex_put([row._replace(body=line + b"\n" + sealed)])
            if self._keys.destroyed(person_key(person_id)) is not None:
                # Erased between the two: the row is unreadable, and must not come back.
                self._annex.annex_delete(PERSON, [row.key])

    def put_notes(
        self, command_id: UUID, owner: str, notes: Iterable[NewNote], expires_at: datetime
    ) -> list[PutNote]:
        """Store notes, each under the key of its person or its case.

        The id comes of the command, the person or case, and the keyed digest of the text, so
        that the same note is one note and another text never takes its place. Raises
        ``KeyUnknown`` for a person nobody registered and ``KeyDestroyed`` for an erased one.
        """
        notes = tuple(notes)
        keys = {key_id: self._note_key(key_id) for key_id in {_key_of(note) for note in notes}}
        put: list[PutNote] = []
        for note in notes:
            key = keys[_key_of(note)]
            text = note.text.encode()
            digest = note_digest(key, command_id, text)
            note_id = uuid5(command_id, f"{key.name}/{digest.hex()}")
            head = NoteHead(
                command_id=command_id,
                owner=owner,
                key_id=key.name,
                region=note.region,
                digest=digest.hex(),
            )
            row = _sealed(NOTE, str(note_id), head, key, text, expires_at)
            stands = self._add(row, AnnexRow(notes_under(key.name), row.key, b"", BEFORE))
            put.append(PutNote(note_id, digest, stands))
        return put

    def person_head(self, person_id: UUID) -> PersonHead | None:
        """What a person's row says of itself; ``None`` where it is gone or unreadable."""
        row = self._annex.annex_get(PERSON, [str(person_id)]).get(str(person_id))
        return None if row is None else head_of(row, PersonHead)

    def persons(self, person_ids: Sequence[UUID]) -> dict[UUID, Person | Erasure | Damaged]:
        """Persons as stored; unknown ones are absent, erased ones are their tombstones."""
        rows = self._annex.annex_get(PERSON, [str(i) for i in person_ids])
        keys = self._keys.get_many([person_key(i) for i in person_ids])
        found: dict[UUID, Person | Erasure | Damaged] = {}
        for person_id in person_ids:
            key = keys.get(person_key(person_id))
            row = rows.get(str(person_id))
            if isinstance(key, Erasure):
                found[person_id] = key
            elif row is not None:
                text = _open(row, key)
                found[person_id] = text if isinstance(text, Damaged) else _person(row, text)
        return found

    def notes(self, note_ids: Sequence[UUID]) -> dict[UUID, StoredNote]:
        """Notes as stored; unknown ones, and rows without a readable head, are absent."""
        rows = self._annex.annex_get(NOTE, [str(i) for i in note_ids])
        heads = {i: head_of(rows[str(i)], NoteHead) for i in note_ids if str(i) in rows}
        keys = self._keys.get_many([head.key_id for head in heads.values() if head is not None])
        found: dict[UUID, StoredNote] = {}
        for note_id, head in heads.items():
            if head is None:
                continue
            key = keys.get(head.key_id)
            text = key if isinstance(key, Erasure) else _open(rows[str(note_id)], key)
            found[note_id] = StoredNote(head, text)
        return found

    def keep(self, kind: str, key: str) -> None:
        """Let a row stay for good: an event names it."""
        row = self._annex.annex_get(kind, [key]).get(key)
        if row is not None and row.expires_at is not None:
            self._annex.annex_put([row._replace(expires_at=None)])

    def relate(self, person_id: UUID, region: str) -> None:
        """Note that a division deals with a person, so that its officials may read them."""
        keys = [f"{person_id}/{region[:n]}" for n in _PREFIXES]
        self._annex.annex_add([AnnexRow(RELATION, key, b"") for key in keys])

    def related(self, person_ids: Iterable[UUID], jurisdiction: Jurisdiction) -> set[UUID]:
        """Which of the persons a division of the jurisdiction deals with."""
        keys = {f"{i}/{jurisdiction.prefix}": i for i in person_ids}
        return {keys[key] for key in self._annex.annex_get(RELATION, list(keys))}

    def registered(self, person_ids: Sequence[UUID]) -> set[UUID]:
        """Which of the persons are registered: their rows are kept, their keys not destroyed."""
        rows = self._annex.annex_get(PERSON, [str(i) for i in person_ids])
        kept = [i for i in person_ids if str(i) in rows and rows[str(i)].expires_at is None]
        keys = self._keys.get_many([person_key(i) for i in kept])
        return {i for i in kept if not isinstance(keys.get(person_key(i)), Erasure)}

    def expired(self, kind: str, at: datetime, limit: int) -> list[AnnexRow]:
        """Rows that expired before a moment, oldest first."""
        return self._annex.annex_expired(kind, at, limit)

    def postpone(self, row: AnnexRow, until: datetime) -> None:
        """Look at an expired row again later."""
        self._annex.annex_put([row._replace(expires_at=until)])

    def sweep(self, row: AnnexRow, at: datetime) -> None:
        """Take an expired row away, a person's with its key.

        The key goes first: a row without a key is swept again, a key without its row could be
        taken for one that may still be used.
        """
        if row.kind == PERSON:
            self._keys.destroy(person_key(UUID(row.key)), at)
        self._annex.annex_delete(row.kind, [row.key], expired_by=at)
        head = head_of(row, NoteHead) if row.kind == NOTE else None
        if head is not None and not self._annex.annex_get(NOTE, [row.key]):
            self._annex.annex_delete(notes_under(head.key_id), [row.key])

    def withdraw_person(self, person_id: UUID, at: datetime) -> None:
        """Take away the row of a person that another registration was quicker to register."""
        self._keys.destroy(person_key(person_id), at)
        self._annex.annex_delete(PERSON, [str(person_id)])

    def _note_key(self, key_id: str) -> SealingKey:
        if key_id.startswith(PERSON + ":"):
            return self._keys.get(key_id)
        return self._keys.create(key_id)

    def _add(self, row: AnnexRow, *beside: AnnexRow) -> datetime | None:
        """Add a row, and those beside it; when the row that is there now expires."""
        self._annex.annex_add([row, *beside])
        stands = self._annex.annex_get(row.kind, [row.key]).get(row.key)
        return row.expires_at if stands is None else stands.expires_at


def note_digest(key: SealingKey, command_id: UUID, text: bytes) -> bytes:
    """A note's digest under its person's or case's key: destroyed with it, it says nothing."""
    return key.digest(command_id.bytes + text)


def notes_under(key_id: str) -> str:
    """The kind of the rows that name the notes under one key, by which they are found again."""
    return f"notes-under:{key_id}"


def head_of(row: AnnexRow, head_class: type[_H]) -> _H | None:
    """A row's head; ``None``, and a line for the operator, where it cannot be read."""
    try:
        return head_class.model_validate_json(bytes(row.body).partition(b"\n")[0])
    except ValidationError:
        _report(row, "has no readable head")
        return None


def _key_of(note: NewNote) -> str:
    if note.person_id is not None:
        return person_key(note.person_id)
    if note.case_id is None:
        raise ValueError("a note belongs to a person or a case")
    return case_key(note.case_id)


def _sealed(
    kind: str, key: str, head: BaseModel, sealing: SealingKey, text: bytes, expires_at: datetime
) -> AnnexRow:
    line = head.model_dump_json().encode()
    sealed = sealing.seal(text, _context(kind, key, line))
    return AnnexRow(kind, key, line + b"\n" + sealed, expires_at)


def _context(kind: str, key: str, line: bytes) -> bytes:
    return f"{kind}/{key}\n".encode() + line


def _open(row: AnnexRow, key: SealingKey | None) -> bytes | Damaged:
    line, _, sealed = bytes(row.body).partition(b"\n")
    if key is None:
        _report(row, "has no key")
        return Damaged()
    try:
        return key.open(sealed, _context(row.kind, row.key, line))
    except SealingError as error:
        _report(row, f"cannot be opened: {type(error).__name__}")
        return Damaged()


def _person(row: AnnexRow, text: bytes) -> Person | Damaged:
    try:
        return Person.model_validate_json(text)
    except ValidationError:
        _report(row, "holds no person")
        return Damaged()


def _report(row: AnnexRow, what: str) -> None:
    """Tell the operator which row; never what it holds, so no traceback either."""
    log.error("vault row %s/%s %s", row.kind, row.key, what)
