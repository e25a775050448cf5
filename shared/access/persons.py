"""What is said to and by the person registry over HTTP.

Personal fields show in no ``repr`` and in no validation error. Everything here travels between
services of one house on their own credentials; nothing of it is ever an event.
"""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Final, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

from shared.contracts.fields import NoteRef, Sha256Hex
from shared.contracts.persons import MAX_CONSULTED, ConsultationPurpose, PersonField
from shared.kernel.event import RegionCode
from shared.kernel.submission import Note

MAX_NOTES = 50
"""How many notes one command may bring."""

MAX_NOTE_CHARACTERS = 20_000

RULES: Final = {
    "text_characters": ("含有不可用的字符", "holds characters that cannot be used"),
    "note_owner": ("须恰好属于一人或一案", "belongs to exactly one person or one case"),
    "nothing_amended": ("至少填写一项", "states at least one field"),
    "repeated": ("不得重复", "must not repeat"),
}
"""The kinds of validation error of this module, for the service's table (Chinese, English)."""


def _plain_text(text: str) -> str:
    """Text as people write it: composed, without control or private characters."""
    text = unicodedata.normalize("NFC", text)
    if any(unicodedata.category(c)[0] == "C" and c not in "\n\t" for c in text):
        raise PydanticCustomError("text_characters", "holds characters that cannot be used")
    return text


def _distinct(ids: tuple[UUID, ...]) -> tuple[UUID, ...]:
    if len(set(ids)) != len(ids):
        raise PydanticCustomError("repeated", "must not repeat")
    return ids


def _text(longest: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=longest)


PersonName = Annotated[str, _text(60), AfterValidator(_plain_text)]
Address = Annotated[str, _text(200), AfterValidator(_plain_text)]
NoteText = Annotated[str, _text(MAX_NOTE_CHARACTERS), AfterValidator(_plain_text)]
Phone = Annotated[str, StringConstraints(pattern=r"^(1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8})$")]
Account = Annotated[str, StringConstraints(pattern=r"^[0-9]{8,32}$")]
Ids = Annotated[
    tuple[UUID, ...], Field(min_length=1, max_length=MAX_CONSULTED), AfterValidator(_distinct)
]


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class NewPerson(_Wire):
    """Somebody to be registered by a division (``region``, 12 digits).

    ``id_number`` as written on the card; ``birth_date`` only where the card's number states
    another than the true one.
    """

    region: RegionCode
    id_number: Annotated[str, _text(40), Field(repr=False)]
    name: Annotated[PersonName, Field(repr=False)]
    birth_date: Annotated[date | None, Field(repr=False)] = None
    phone: Annotated[Phone | None, Field(repr=False)] = None
    address: Annotated[Address | None, Field(repr=False)] = None
    account: Annotated[Account | None, Field(repr=False)] = None


class RegisteredPerson(_Wire):
    """The person of an ID number. ``recognised`` is true where the number was known before.

    ``repeated`` tells that this is the answer of an earlier time: nothing happened again.
    """

    person_id: UUID
    recognised: bool
    version: int
    position: int
    repeated: bool = False


class Amendment(_Wire):
    """Contact data and account of a person as they are now; what is absent stays as it was.

    ``region`` is the division that amends them, one that deals with the person.
    """

    region: RegionCode
    phone: Annotated[Phone | None, Field(repr=False)] = None
    address: Annotated[Address | None, Field(repr=False)] = None
    account: Annotated[Account | None, Field(repr=False)] = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.values():
            raise PydanticCustomError("nothing_amended", "states at least one field")
        return self

    def values(self) -> dict[PersonField, str]:
        """What is to be amended, by field."""
        stated = {
            PersonField.PHONE: self.phone,
            PersonField.ADDRESS: self.address,
            PersonField.ACCOUNT: self.account,
        }
        return {field: value for field, value in stated.items() if value is not None}


class AmendedPerson(_Wire):
    """The amendment is recorded and in the vault; ``repeated`` where an earlier request did it."""

    person_id: UUID
    version: int
    position: int
    repeated: bool = False


class LookUpRequest(_Wire):
    """Whether a number is known, and to whom it belongs."""

    id_number: Annotated[str, _text(40), Field(repr=False)]
    purpose: ConsultationPurpose


class FoundPerson(_Wire):
    """Who holds a number; nobody, as far as this reader may know, if ``person_id`` is absent."""

    person_id: UUID | None


class ConsultRequest(_Wire):
    """Fields of several persons, for one purpose."""

    person_ids: Ids
    purpose: ConsultationPurpose
    fields: Annotated[frozenset[PersonField], Field(min_length=1)]


class Standing(StrEnum):
    """What the vault can say of a person or note."""

    KNOWN = "known"
    UNKNOWN = "unknown"
    ERASED = "erased"
    DAMAGED = "damaged"


class ConsultedPerson(_Wire):
    """A person as far as the request asked; fields not asked for or not known are absent.

    ``erased_at`` is set where the person's key was destroyed: nothing can be read any more.
    """

    person_id: UUID
    standing: Standing
    erased_at: datetime | None = None
    name: Annotated[str | None, Field(repr=False)] = None
    id_number: Annotated[str | None, Field(repr=False)] = None
    birth_date: Annotated[date | None, Field(repr=False)] = None
    phone: Annotated[str | None, Field(repr=False)] = None
    address: Annotated[str | None, Field(repr=False)] = None
    account: Annotated[str | None, Field(repr=False)] = None


class ConsultedPersons(_Wire):
    """The persons asked for, in the order asked."""

    persons: list[ConsultedPerson]


class NewNote(_Wire):
    """A reason, minutes or an explanation about one person, or shared in one case.

    ``region`` is the division that handles the case.
    """

    region: RegionCode
    text: Annotated[NoteText, Field(repr=False)]
    person_id: UUID | None = None
    case_id: UUID | None = None

    @model_validator(mode="after")
    def _one_owner(self) -> Self:
        if (self.person_id is None) == (self.case_id is None):
            raise PydanticCustomError("note_owner", "belongs to exactly one person or one case")
        return self


class PutNotesRequest(_Wire):
    """The notes that one command will name."""

    command_id: UUID
    notes: Annotated[tuple[NewNote, ...], Field(min_length=1, max_length=MAX_NOTES)]


class NoteReceipt(_Wire):
    """A note is in the vault: its id and keyed digest for the event.

    Void after ``expires_at`` unless a command that names it was handled before.
    """

    note_id: UUID
    digest: Sha256Hex
    expires_at: datetime

    def as_note(self) -> Note:
        """What the command's submission carries."""
        return Note(self.note_id, self.expires_at)

    def as_ref(self) -> NoteRef:
        """What the event names."""
        return NoteRef(note_id=self.note_id, digest=self.digest)


class NoteReceipts(_Wire):
    """One receipt per note, in the order sent."""

    receipts: list[NoteReceipt]


class ReadNotesRequest(_Wire):
    """Several notes, for one purpose."""

    note_ids: Ids
    purpose: ConsultationPurpose


class ReadNote(_Wire):
    """A note as it was put, with its owner and the digest that its event names."""

    note_id: UUID
    standing: Standing
    digest: Sha256Hex | None = None
    person_id: UUID | None = None
    case_id: UUID | None = None
    erased_at: datetime | None = None
    text: Annotated[str | None, Field(repr=False)] = None


class ReadNotesAnswer(_Wire):
    """The notes asked for, in the order asked."""

    notes: list[ReadNote]
