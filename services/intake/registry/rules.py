"""Where people are registered, and what may be read for what.

Personal information is processed for a stated purpose, and no more of it than that purpose
needs (中华人民共和国个人信息保护法, art. 6); what a reader may read in an hour is bounded besides.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Literal

from shared.contracts.persons import ConsultationPurpose, PersonField
from shared.kernel.decider import Refusal
from shared.regions import Division, Regions, UnknownDivision

SOURCE = "个人信息保护法, art. 6"

FIELDS_BY_PURPOSE: Mapping[ConsultationPurpose, frozenset[PersonField]] = MappingProxyType(
    {
        ConsultationPurpose.APPLICATION: frozenset(PersonField),
        ConsultationPurpose.MEANS_CHECK: frozenset({PersonField.NAME, PersonField.ID_NUMBER}),
        ConsultationPurpose.HOME_VISIT: frozenset(
            {PersonField.NAME, PersonField.PHONE, PersonField.ADDRESS}
        ),
        ConsultationPurpose.PUBLICITY: frozenset({PersonField.NAME}),
        ConsultationPurpose.NOTICE: frozenset(
            {PersonField.NAME, PersonField.PHONE, PersonField.ADDRESS}
        ),
        ConsultationPurpose.PAYMENT: frozenset(
            {PersonField.NAME, PersonField.ID_NUMBER, PersonField.ACCOUNT}
        ),
        ConsultationPurpose.AUDIT: frozenset({PersonField.NAME, PersonField.ID_NUMBER}),
    }
)


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much one reader may read in a span of time: look-ups, persons, notes."""

    look_ups: int
    persons: int
    notes: int
    per: Literal["hour", "minute"] = "hour"


OFFICIAL = Allowance(look_ups=120, persons=1_000, notes=1_000)
"""A window's busy hour, several times over."""

SERVICE = Allowance(look_ups=1_000, persons=50_000, notes=10_000, per="minute")
"""A province's month of payments must be readable in an hour."""


def known_division(regions: Regions, division: str, on: date) -> Division:
    """The division as it is on the date.

    Raises a refusal, with a few codes that exist near it, and never what was sent.
    """
    try:
        return regions.division(division, on)
    except UnknownDivision as error:
        facts: dict[str, int | str] = {"on": on.isoformat(), "examples": ", ".join(error.allowed)}
        if error.nearest is not None:
            facts["nearest"] = error.nearest.code
        raise Refusal("division-unknown", facts=facts, status=422) from None


_NAME_MARKS = frozenset("·•・‧∙⋅.．｡'’-")
"""How the parts of names of many peoples are set apart; every form writes them in its own way."""


def same_name(one: str, other: str) -> bool:
    """Whether two spellings are one name: widths, spaces, dots and case do not count."""
    return bare_name(one) == bare_name(other)


def bare_name(name: str) -> str:
    """A name without what does not count in it."""
    composed = unicodedata.normalize("NFKC", name).casefold()
    return "".join(c for c in composed if not c.isspace() and c not in _NAME_MARKS)


def fields_beyond(
    purpose: ConsultationPurpose, fields: Iterable[PersonField]
) -> frozenset[PersonField]:
    """Which of the fields this purpose does not need, and therefore does not give."""
    return frozenset(fields) - FIELDS_BY_PURPOSE[purpose]
