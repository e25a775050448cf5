"""Reading the parameter files: TOML, checked field by field.

A file may hold ``[parameters.<name>]`` (what a parameter means), and, under the name of an
``authority``, ``[documents.<id>]`` and ``[values.<programme>]``: for each parameter a list of
values, each with its document and article. A value holds for the file's ``scope`` and as long as
its document, unless it says otherwise.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from shared.policy.errors import PolicyError
from shared.policy.figures import Definition, Document, Entry, Kind

Name = Annotated[str, StringConstraints(pattern=r"^[a-z]+(_[a-z]+)*$", max_length=60)]
DocumentId = Annotated[str, StringConstraints(pattern=r"^[a-z]+(-[a-z]+|-[0-9]{1,4})*$")]
Scope = Annotated[
    str, StringConstraints(pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})?$")
]
Article = Annotated[
    str, StringConstraints(pattern=r"^([0-9]{1,3}(\([0-9]{1,2}\))?(\.[0-9]{1,2})?)?$")
]
"""``20`` is article 20, ``4(1)`` section 四（一）, ``2(2).1`` its first point."""
Text = Annotated[str, StringConstraints(min_length=1, max_length=400)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Definition(_Table):
    kind: Kind
    unit: Text
    zh: Text
    en: Text
    optional: bool = False
    choices: tuple[Name, ...] = ()


class _Document(_Table):
    title: Text
    number: str = ""
    valid_from: date
    valid_to: date | None = None


class _Entry(_Table):
    value: Any
    document: DocumentId
    article: Article = ""
    scope: Scope | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    ahead_of_document: bool = False
    note: str = ""


class _File(_Table):
    authority: Name | None = None
    name: dict[str, Text] = Field(default_factory=dict)
    scope: Scope = ""
    parameters: dict[Name, _Definition] = Field(default_factory=dict)
    documents: dict[DocumentId, _Document] = Field(default_factory=dict)
    values: dict[Name, dict[Name, list[_Entry]]] = Field(default_factory=dict)


class ParameterFile:
    """One file: its definitions at once, its values once all definitions are known.

    Raises ``PolicyError`` naming the file and the place in it.
    """

    def __init__(self, path: Path) -> None:
        self.name = path.name
        try:
            with path.open("rb") as stream:
                self._file = _File.model_validate(tomllib.load(stream, parse_float=_no_float))
        except (ValidationError, ValueError) as error:
            raise PolicyError(f"{path.name}: {_readable(error)}") from error
        if self._file.values and self._file.authority is None:
            raise PolicyError(f"{path.name} sets values but names no authority")

    def definitions(self) -> Iterator[Definition]:
        """What parameters the file defines."""
        for name, d in self._file.parameters.items():
            coded = d.kind in (Kind.CODE, Kind.CODES)
            if coded != bool(d.choices):
                raise PolicyError(f"{self.name}: {name}: codes, and only codes, have choices")
            yield Definition(name, d.kind, d.unit, d.zh, d.en, d.optional, d.choices)

    def entries(self, known: dict[str, Definition], programmes: frozenset[str]) -> Iterator[Entry]:
        """The values that the file sets, for defined parameters and known programmes."""
        documents = {
            key: Document(
                key, self._file.authority or "", d.title, d.number, d.valid_from, d.valid_to
            )
            for key, d in self._file.documents.items()
        }
        for programme, parameters in self._file.values.items():
            if programme not in programmes:
                allowed = ", ".join(sorted(programmes))
                raise PolicyError(f"{self.name}: no programme {programme!r}, but {allowed}")
            for name, written in parameters.items():
                if name not in known:
                    raise PolicyError(f"{self.name}: no parameter {name!r} is defined")
                for entry in written:
                    yield self._entry(known[name], programme, entry, documents)

    def _entry(
        self, of: Definition, programme: str, written: _Entry, documents: dict[str, Document]
    ) -> Entry:
        where = f"{self.name}: {programme}.{of.name}"
        document = documents.get(written.document)
        if document is None:
            raise PolicyError(f"{where}: the file has no document {written.document!r}")
        scope = self._file.scope if written.scope is None else written.scope
        if not scope.startswith(self._file.scope):
            raise PolicyError(f"{where}: {scope!r} lies outside the file's {self._file.scope!r}")
        valid_from = written.valid_from or document.valid_from
        valid_to = written.valid_to or document.valid_to
        if valid_from < document.valid_from and not written.ahead_of_document:
            raise PolicyError(f"{where}: holds from {valid_from}, before its document")
        if valid_to is not None and valid_to < valid_from:
            raise PolicyError(f"{where}: ends on {valid_to}, before it begins on {valid_from}")
        if document.valid_to and (valid_to or date.max) > document.valid_to:
            raise PolicyError(f"{where}: holds longer than its document")
        try:
            figure = of.figure(written.value)
        except PolicyError as error:
            raise PolicyError(f"{self.name}: {programme}: {error}") from error
        return Entry(
            of.name,
            programme,
            scope,
            figure,
            valid_from,
            valid_to,
            document,
            written.article,
            written.note,
        )


def _no_float(text: str) -> str:
    raise ValueError(f"{text} is a float, which is not exact; write a ratio as text")


def _readable(error: ValueError) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False)[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return str(error)
