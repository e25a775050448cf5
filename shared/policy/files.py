"""Reading the parameter files: TOML, checked field by field.

A file may hold ``[units.<kind>]`` (what values may be given in, with its Chinese),
``[parameters.<name>]`` (what a parameter means), ``[labels.<name>]`` (its choices in Chinese) and
``[programmes]`` (what they are called); and, under the name of an ``authority``,
``[documents.<id>]`` and ``[values.<programme>]``: for each parameter a list of values, each with
its document and article. A value holds for the file's ``scope`` and as long as its document,
unless it says otherwise.

Where the documents are silent, the value's document is marked ``open = true``: it then has no
article but must give its reason, as its ``note``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from shared.policy.errors import PolicyError
from shared.policy.figures import Authority, Definition, Document, Entry, Figure, Kind

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
Note = Annotated[str, StringConstraints(max_length=600, strip_whitespace=True)]
Quote = Annotated[
    str, StringConstraints(pattern=r"^$|[一-鿿]{2}", max_length=200, strip_whitespace=True)
]
"""The document's own words, in Chinese: what sets the value, not the article at its full length."""


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
    short: tuple[Text, ...] = ()
    valid_from: date
    valid_to: date | None = None
    open: bool = False
    by_article: bool = True
    note: Note = ""


class _Entry(_Table):
    value: Any
    document: DocumentId
    article: Article = ""
    scope: Scope | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    ahead_of_document: bool = False
    quote: Quote = ""
    note: Note = ""


class _Bilingual(_Table):
    zh: Text
    en: Text


class _File(_Table):
    authority: Name | None = None
    name: _Bilingual | None = None
    scope: Scope = ""
    programmes: dict[Name, Text] = Field(default_factory=dict)
    units: dict[Kind, dict[Text, Text]] = Field(default_factory=dict)
    parameters: dict[Name, _Definition] = Field(default_factory=dict)
    labels: dict[Name, dict[Name, Text]] = Field(default_factory=dict)
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
        self._authority = self._issuer()

    def programmes(self) -> Mapping[str, str]:
        """What programmes are called in Chinese."""
        return self._file.programmes

    def units(self) -> Iterator[tuple[Kind, str, str]]:
        """The units that values may be given in: kind, name, Chinese."""
        for kind, named in self._file.units.items():
            yield from ((kind, name, zh) for name, zh in named.items())

    def definitions(self) -> Iterator[Definition]:
        """What parameters the file defines, still without the Chinese of units and choices."""
        for name, d in self._file.parameters.items():
            coded = d.kind in (Kind.CODE, Kind.CODES)
            if coded != bool(d.choices):
                raise PolicyError(f"{self.name}: {name}: codes, and only codes, have choices")
            if len(set(d.choices)) != len(d.choices):
                raise PolicyError(f"{self.name}: {name}: a choice stands there twice")
            yield Definition(name, d.kind, d.unit, d.zh, d.en, d.optional, d.choices)

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """What the choices of parameters are called in Chinese."""
        return self._file.labels

    def documents(self) -> dict[str, Document]:
        """The documents that the file draws on, by id."""
        return {key: self._document(key, d) for key, d in self._file.documents.items()}

    def entries(self, known: dict[str, Definition], programmes: frozenset[str]) -> Iterator[Entry]:
        """The values that the file sets, for defined parameters and known programmes."""
        documents = self.documents()
        for programme, parameters in self._file.values.items():
            if programme not in programmes:
                allowed = ", ".join(sorted(programmes))
                raise PolicyError(f"{self.name}: no programme {programme!r}, but {allowed}")
            for name, written in parameters.items():
                if name not in known:
                    raise PolicyError(f"{self.name}: no parameter {name!r} is defined")
                for number, entry in enumerate(written, start=1):
                    place = f"{self.name}: {programme}.{name}, value {number}"
                    yield self._entry(place, known[name], programme, entry, documents)

    def _issuer(self) -> Authority | None:
        authority, name = self._file.authority, self._file.name
        if authority is None:
            if self._file.values or self._file.documents:
                raise PolicyError(f"{self.name} sets values but names no authority")
            return None
        return Authority(authority, *((name.zh, name.en) if name else (authority, authority)))

    def _document(self, key: str, d: _Document) -> Document:
        if self._authority is None:
            raise PolicyError(f"{self.name}: {key} is no authority's")
        return Document(
            id=key,
            authority=self._authority,
            title=d.title,
            number=d.number,
            valid_from=d.valid_from,
            valid_to=d.valid_to,
            short=d.short,
            open=d.open,
            by_article=d.by_article and not d.open,
            note=d.note,
        )

    def _entry(
        self,
        place: str,
        of: Definition,
        programme: str,
        written: _Entry,
        documents: Mapping[str, Document],
    ) -> Entry:
        document = documents.get(written.document)
        if document is None:
            raise PolicyError(f"{place}: the file has no document {written.document!r}")
        try:
            figure = of.figure(written.value)
            scope = self._scope(written)
            valid_from, valid_to = _dates(written, document)
            _check_source(written, document, figure)
        except PolicyError as error:
            raise PolicyError(f"{place}: {error}") from error
        return Entry(
            name=of.name,
            programme=programme,
            scope=scope,
            figure=figure,
            valid_from=valid_from,
            valid_to=valid_to,
            document=document,
            article=written.article,
            note=written.note,
            quote=written.quote,
            place=place,
        )

    def _scope(self, written: _Entry) -> str:
        scope = self._file.scope if written.scope is None else written.scope
        if not scope.startswith(self._file.scope):
            raise PolicyError(f"{scope!r} lies outside the file's {self._file.scope!r}")
        return scope


def _dates(written: _Entry, document: Document) -> tuple[date, date | None]:
    valid_from = written.valid_from or document.valid_from
    valid_to = written.valid_to or document.valid_to
    if valid_from < document.valid_from and not written.ahead_of_document:
        raise PolicyError(f"holds from {valid_from}, before its document")
    if valid_to is not None and valid_to < valid_from:
        raise PolicyError(f"ends on {valid_to}, before it begins on {valid_from}")
    if document.valid_to and (valid_to or date.max) > document.valid_to:
        raise PolicyError("holds longer than its document")
    return valid_from, valid_to


def _check_source(written: _Entry, document: Document, figure: Figure) -> None:
    """A regulation's value names its article; an open choice has a reason instead."""
    if document.open:
        if not written.note:
            raise PolicyError(f"{document.id} is an open choice: a note must give the reason")
        if written.article or written.quote:
            raise PolicyError(f"{document.id} is an open choice: it has no article and no words")
        return
    if not document.by_article:
        if written.article:
            raise PolicyError(
                f"{document.id} was not read by article, and has no {written.article}"
            )
        return
    # That a document says nothing (none, nobody, no) stands in no article of it.
    if figure and not written.article:
        raise PolicyError(f"no article of {document.id} is named as its source")


def _no_float(text: str) -> str:
    raise ValueError(f"{text} is a float, which is not exact; write a ratio as text")


def _readable(error: ValueError) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False)[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return str(error)
