"""What the vault's rows hold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.persons import PersonField


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class Person(_Record):
    """A person as registered. Shows nothing of itself in ``repr``."""

    id_number: Annotated[str, Field(repr=False)]
    name: Annotated[str, Field(repr=False)]
    birth_date: Annotated[date, Field(repr=False)]
    phone: Annotated[str | None, Field(repr=False)] = None
    address: Annotated[str | None, Field(repr=False)] = None
    account: Annotated[str | None, Field(repr=False)] = None
    amended: Annotated[dict[PersonField, int], Field(repr=False)] = {}
    """By which of the person's amendments a field was last amended."""

    def amend(self, values: Mapping[PersonField, str], version: int) -> Person:
        """With the values of an amendment, except where a later one came first."""
        later = {f: v for f, v in values.items() if self.amended.get(f, 0) < version}
        told = {field.value: value for field, value in later.items()}
        amended = self.amended | dict.fromkeys(later, version)
        return self.model_copy(update={**told, "amended": amended})

    def plain(self) -> bytes:
        """The bytes that are sealed."""
        return self.model_dump_json(exclude_none=True).encode()

    def only(self, fields: frozenset[PersonField]) -> dict[str, object]:
        """The fields asked for."""
        return {field.value: getattr(self, field.value) for field in PersonField if field in fields}


class PersonHead(_Record):
    """Which command registers the person, on which identity's stream, for which division.

    ``identity`` is the random name that the key store has for the person's ID number.
    """

    command_id: UUID
    stream: UUID
    region: str
    identity: UUID | None = None


class NoteHead(_Record):
    """Which command of which service the note belongs to, and the key that seals it.

    ``region`` is the division that handles the case; ``digest`` is what the event names.
    """

    command_id: UUID
    owner: str
    key_id: str
    region: str
    digest: str
