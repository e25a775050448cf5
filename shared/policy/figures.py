"""Parameters, their documents and their values, as read from the files and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import Final
from uuid import UUID

from shared.policy.errors import PolicyError

Figure = bool | int | Fraction | str | tuple[str, ...] | date | None
"""What a value can be; ``None`` says that the regime of the day sets none."""

ALL: Final = "all"
"""Stands for every programme; a programme's own value goes before it."""

NONE: Final = "none"
"""How the files write that a regime sets no value."""


class Kind(StrEnum):
    """What a parameter's values are."""

    WHOLE = "whole"
    FEN = "fen"
    RATIO = "ratio"
    FLAG = "flag"
    CODE = "code"
    CODES = "codes"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Definition:
    """What a parameter means. ``choices`` are the codes allowed, for codes; ``labels`` say in
    Chinese what they stand for.

    ``optional``: a regime may set none. ``unit`` is one of the kind's, ``unit_zh`` its Chinese.
    """

    name: str
    kind: Kind
    unit: str
    zh: str
    en: str
    optional: bool = False
    choices: tuple[str, ...] = ()
    unit_zh: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)

    def figure(self, written: object) -> Figure:
        """The value as written in a file, checked. Raises ``PolicyError``.

        Ratios are text (``1.5``, ``2/3``), since a float is not exact.
        """
        if written == NONE:
            if not self.optional:
                raise PolicyError(f"{self.name} must have a value; {NONE!r} is for optional ones")
            return None
        match self.kind, written:
            case Kind.FLAG, bool():
                return written
            case ((Kind.WHOLE | Kind.FEN), int()) if not isinstance(written, bool) and written >= 0:
                return written
            case Kind.RATIO, str():
                return _ratio(self.name, written)
            case Kind.CODE, str() if written in self.choices:
                return written
            case Kind.DATE, date() if not isinstance(written, datetime):
                return written
            case Kind.CODES, list() if all(code in self.choices for code in written):
                return tuple(str(code) for code in written)
        allowed = f", one of {', '.join(self.choices)}" if self.choices else ""
        raise PolicyError(f"{self.name}: {written!r} is no {self.kind}{allowed}")

    def of_whole(self, number: int) -> Figure:
        """The value that an event's whole number stands for; see ``Value.whole_figure``."""
        match self.kind:
            case Kind.FLAG:
                return bool(number)
            case Kind.RATIO:
                return Fraction(number, 10_000)
            case _:
                return number


def _ratio(name: str, written: str) -> Fraction:
    try:
        ratio = Fraction(written)
    except (ValueError, ZeroDivisionError) as error:
        raise PolicyError(f"{name}: {written!r} is no ratio, such as 1.5 or 2/3") from error
    if ratio < 0:
        raise PolicyError(f"{name}: a ratio is zero or more, not {written}")
    return ratio


@dataclass(frozen=True, slots=True)
class Authority:
    """Who issues documents: a code, and its name in both languages."""

    id: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Document:
    """A regulation, or a decision of the deployment, that sets values.

    ``number`` is the issuer's, such as 民发〔2012〕220号; empty where it is not known. ``short``
    are shorter titles by which it is cited. ``open``: no regulation, but what was settled here
    where they are silent. ``by_article``: it was read article by article, so that each of its
    values names one; a newspaper's account was not. ``note`` tells readers in what form it was
    read and what is not known of it.
    """

    id: str
    authority: Authority
    title: str
    number: str
    valid_from: date
    valid_to: date | None
    short: tuple[str, ...] = ()
    open: bool = False
    by_article: bool = True
    note: str = ""

    @property
    def reference(self) -> str:
        """How it is cited: its number, else the shortest of its titles."""
        return self.number or min((self.title, *self.short), key=len)


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of one parameter: where, when, and by which document.

    ``scope`` is the prefix of the divisions it holds for; empty for the whole country. Both
    dates are included. ``quote`` are the document's own words, ``note`` what a reader has to
    know, and for an open choice its reason. ``place`` is the file and the place in it.
    """

    name: str
    programme: str
    scope: str
    figure: Figure
    valid_from: date
    valid_to: date | None
    document: Document
    article: str
    note: str
    quote: str
    place: str = field(repr=False, compare=False)

    def span(self) -> str:
        """For whom and when it holds, for messages."""
        return f"{self.scope or 'everywhere'} {self.valid_from} to {self.valid_to or 'now'}"


@dataclass(frozen=True, slots=True)
class Value:
    """A parameter's value for one question, with its source.

    ``version`` is the version of all parameters together; with it, division, programme and date
    the value can be looked up again. ``standard_id`` is the recorded decision that set the value,
    where no file does.
    """

    name: str
    figure: Figure
    unit: str
    programme: str
    scope: str
    document: str
    reference: str
    article: str
    valid_from: date
    valid_to: date | None
    open: bool
    quote: str
    note: str
    version: str
    standard_id: UUID | None = None

    def valid_on(self, day: date) -> bool:
        """Whether it holds on ``day``."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    @property
    def source(self) -> str:
        """Document and article, as a refusal names them: ``民发〔2012〕220号 art. 18``."""
        return f"{self.reference} art. {self.article}" if self.article else self.reference

    def whole_figure(self) -> int | None:
        """The value as one whole number for an event: itself, 0 or 1 for a flag.

        A ratio is given in ten-thousandths. ``None`` for codes, for dates, and where the regime
        sets none.
        """
        match self.figure:
            case int():
                return int(self.figure)
            case Fraction():
                return int(self.figure * 10_000)
            case _:
                return None
