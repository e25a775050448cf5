"""Divisions, and what a jurisdiction covers.

A code has twelve digits: two for the province, two for the prefecture, two for the county, three
for the township, three for the village, then zeros. How many of them count is said by the
division's *level*, never by its trailing zeros: Chongqing is 500000000000, and stripped of its
zeros it would be 5, which begins Sichuan, Guizhou, Yunnan and Tibet too.

Codes have the form that the statistics bureau gives them (国家统计局,
统计用区划代码和城乡划分代码编制规则).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Final

from pydantic import StringConstraints

CODE_PATTERN: Final = r"^[0-9]{12}$"

RegionCode = Annotated[str, StringConstraints(pattern=CODE_PATTERN)]
"""The form of a division's code in a contract: twelve digits."""


class Level(StrEnum):
    """The five levels of administration, from the widest."""

    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"

    @property
    def digits(self) -> int:
        """How many digits of a code name a division of this level: 2, 4, 6, 9 or 12."""
        return _DIGITS[self]

    def around(self, code: str) -> str:
        """The code of the division of this level that a twelve-digit code lies in, or is."""
        return code[: self.digits].ljust(12, "0")


_DIGITS: Final = {
    Level.PROVINCE: 2,
    Level.PREFECTURE: 4,
    Level.COUNTY: 6,
    Level.TOWNSHIP: 9,
    Level.VILLAGE: 12,
}


class UnknownDivision(LookupError):
    """No such division on that date. Says what there is near it.

    ``code`` is empty where what was given has not the form of a code, so that nothing else that
    was typed into the field is ever repeated. ``nearest`` is the smallest known division around
    the code; ``allowed`` are codes that would do: some of its parts.
    """

    def __init__(self, code: str, on: date, nearest: Division | None, allowed: tuple[str, ...]):
        self.code = code if re.fullmatch(CODE_PATTERN, code) else ""
        self.on = on
        self.nearest = nearest
        self.allowed = allowed
        named = f"no division has the code {self.code} on" if self.code else "not a code of"
        around = f"{nearest.name} ({nearest.code})" if nearest else "the table"
        super().__init__(
            f"{named} {on}: a code has twelve digits; "
            f"{around} has, among others, {', '.join(allowed) or 'no known part'}"
        )


@dataclass(frozen=True, slots=True)
class Division:
    """One division under one name, valid from ``valid_from`` to ``valid_to``, both included.

    ``None`` means since before, or until after, what the source covers. ``parent`` is the code
    of the division that it belongs to; a province has none.
    """

    code: str
    name: str
    level: Level
    parent: str | None
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def prefix(self) -> str:
        """The digits that all its parts begin with."""
        return self.code[: self.level.digits]

    def valid_on(self, day: date) -> bool:
        """Whether it exists under this name on ``day``."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """A division for which somebody acts: the division itself and all its parts.

    Raises ``ValueError`` where the code is none, or has digits beyond its level.
    """

    code: str
    level: Level

    def __post_init__(self) -> None:
        if not re.fullmatch(CODE_PATTERN, self.code):
            raise ValueError("a jurisdiction is a division's code of twelve digits")
        if self.code[self.level.digits :].strip("0"):
            raise ValueError(
                f"{self.code} is no {self.level}: after its first {self.level.digits} digits "
                "only zeros may follow"
            )

    @property
    def prefix(self) -> str:
        """The 2, 4, 6, 9 or 12 digits, by level, with which every covered code begins."""
        return self.code[: self.level.digits]

    def covers(self, handled_by: str) -> bool:
        """Whether a case handled by division ``handled_by`` lies within.

        A wider division's code is not covered: a township's clerk does not see what the county
        handles. What is not a code is not covered either.
        """
        return bool(re.fullmatch(CODE_PATTERN, handled_by)) and handled_by.startswith(self.prefix)


def covers(jurisdiction_code: str, level: Level, handled_by_code: str) -> bool:
    """Whether the jurisdiction of that code and level covers a case handled by that division."""
    return Jurisdiction(jurisdiction_code, level).covers(handled_by_code)
