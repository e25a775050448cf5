"""What departments answer in: JSON, or lines of fields as older systems export them.

Which it is, the answer's media type says. Lines are ``text/csv`` with a header, one fact a line, in
UTF-8 or, as its charset says, GB 18030::

    reference,field,code,item,value
    ,as_of,2021-08-01,,
    6f1a…,income,wage,,290000
    6f1a…,houses,,,1
    6f1a…,entry,business_registered,,
    6f1a…,disability,physical,,2
    9c2b…,known,,,
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from datetime import date
from email.message import Message
from io import StringIO
from typing import Annotated, Any, Final, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from shared.accounts import may_be_named
from shared.contracts.circumstances import Disability
from shared.contracts.departments import RegisterKind
from shared.contracts.fields import IncomeItem, IncomeKind
from shared.money import Fen

ACCEPTED: Final = "application/json, text/csv;q=0.5"
"""What a department is told that it may answer in."""

_MOST: Final = 10_000
"""More houses or vehicles than anybody has: a figure beyond is no count."""

_CHARSETS: Final = frozenset({"utf-8", "gb18030", "gbk", "gb2312"})
_COLUMNS: Final = ("reference", "field", "code", "item", "value")
_FIGURES: Final = frozenset({"deposits_fen", "houses", "vehicles"})


class Unreadable(Exception):
    """Bytes that are no answer in the form that they claim to be."""


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class StatedIncome(_Wire):
    """A person's income of one kind, in fen a month; ``item`` where the register names it."""

    kind: IncomeKind
    amount_fen: Fen
    item: IncomeItem | None = None

    @model_validator(mode="after")
    def _named_rightly(self) -> Self:
        """Nobody's wage is a pension: by its item it would not count as the wage that it is."""
        if not may_be_named(self.kind, self.item):
            raise ValueError("an item that no income of this kind is")
        return self


class StatedPerson(_Wire):
    """What a department states of a person, by the reference it was given for them.

    ``disability`` is what a valid certificate states, where the department keeps those.
    """

    reference: UUID
    income: Annotated[tuple[StatedIncome, ...], Field(max_length=100)] = ()
    deposits_fen: Fen = 0
    houses: Annotated[int, Field(strict=True, ge=0, le=_MOST)] = 0
    vehicles: Annotated[int, Field(strict=True, ge=0, le=_MOST)] = 0
    entries: Annotated[frozenset[RegisterKind], Field(max_length=20)] = frozenset()
    disability: Disability | None = None


class DepartmentReply(_Wire):
    """A department's answer: every person asked about, each once.

    ``as_of`` is the day whose state it gives, where it says so.
    """

    persons: tuple[StatedPerson, ...]
    as_of: date | None = None


def read_reply(media_type: str, body: bytes) -> DepartmentReply:
    """The answer in bytes of a media type; without one it is JSON. Raises ``Unreadable``."""
    form = (media_type or "application/json").partition(";")[0].strip().lower()
    reader = _READERS.get(form)
    if reader is None:
        raise Unreadable("a media type that nobody agreed on")
    try:
        return reader(body, media_type)
    except (ValidationError, ValueError, csv.Error):
        raise Unreadable("not of the form that it claims") from None


def _of_json(body: bytes, _media_type: str) -> DepartmentReply:
    return DepartmentReply.model_validate_json(body)


def _of_lines(body: bytes, media_type: str) -> DepartmentReply:
    stated = Message()
    stated["content-type"] = media_type
    charset = str(stated.get_content_charset("utf-8"))
    if charset not in _CHARSETS:
        raise Unreadable("a charset that nobody agreed on")
    lines = csv.DictReader(StringIO(body.decode(charset)), strict=True)
    if tuple(lines.fieldnames or ()) != _COLUMNS:
        raise Unreadable("other columns than agreed")
    persons: dict[str, dict[str, Any]] = {}
    as_of: str | None = None
    for line in lines:
        if None in line or None in line.values():
            raise Unreadable("a line of another length")
        if line["field"] == "as_of":
            as_of = line["code"]
        else:
            _take(persons.setdefault(line["reference"], {"reference": line["reference"]}), line)
    return DepartmentReply.model_validate({"persons": tuple(persons.values()), "as_of": as_of})


def _take(person: dict[str, Any], line: Mapping[str, str]) -> None:
    """One line's fact, into what is known of its person so far."""
    name = line["field"]
    if name in _FIGURES and name not in person:
        person[name] = int(line["value"])
    elif name == "income":
        income = {"kind": line["code"], "item": line["item"] or None}
        stated = (*person.get("income", ()), income | {"amount_fen": int(line["value"])})
        person["income"] = stated
    elif name == "entry":
        person["entries"] = {*person.get("entries", ()), line["code"]}
    elif name == "disability" and name not in person:
        person[name] = {"kind": line["code"], "grade": int(line["value"])}
    elif name != "known":
        raise Unreadable("a fact of no kind that was agreed on, or one told twice")


_READERS: Final[Mapping[str, Callable[[bytes, str], DepartmentReply]]] = {
    "application/json": _of_json,
    "text/csv": _of_lines,
}
