"""Whose hands each step went through: in what role, for which office, and who signs at the end.

Officials are numbered in the order in which they appear: that two steps were done by different
hands can be seen, and nobody's name is in print.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final
from uuid import UUID

from shared.access.offices import office_of
from shared.access.roles import Role
from shared.kernel.event import Document
from shared.kernel.submission import SYSTEM_ROLE
from shared.regions import Regions

BY: Final = "经办 / By"
_BLANK: Final = "________________"


class Hands:
    """The officials of a case, as far as the page has come."""

    def __init__(self, regions: Regions) -> None:
        self._regions = regions
        self._numbers: dict[UUID, int] = {}
        self._steps: dict[tuple[UUID, str], list[int]] = {}
        self._offices: dict[tuple[UUID, str], str | None] = {}

    def by(self, number: int, document: Document[Any]) -> str:
        """Who did a step, in what role and for which office; or that it followed by itself."""
        if document.role == SYSTEM_ROLE:
            return f"  {self.whose(document)}"
        hand = (document.actor, document.role)
        self._hand(hand, number, document)
        return f"  {self.whose(document)}"

    def whose(self, document: Document[Any]) -> str:
        """Who did a step that was told before."""
        if document.role == SYSTEM_ROLE:
            return f"{BY}: 系统按规定登记 / recorded by the system, as the rules have it follow"
        hand = (document.actor, document.role)
        return f"{BY}: {self.called(document.actor)}，{self._capacity(hand)}"

    def called(self, official: UUID) -> str:
        """An official by number."""
        number = self._numbers.setdefault(official, len(self._numbers) + 1)
        return f"经办人员 {number} / official {number}"

    def surveyed_by(self, number: int, surveyors: Iterable[UUID], document: Document[Any]) -> str:
        """Who visited, and recorded it for whoever did: they sign for the step that took it over.

        Source: 民发〔2012〕220号, art. 19; 民发〔2021〕57号, art. 16.
        """
        for one in surveyors:
            self._hand((one, Role.TOWNSHIP_SURVEYOR), number, document)
        return "；".join(self.called(one) for one in surveyors)

    def signatures(self) -> Iterator[str]:
        """A line to sign for everyone who had a hand in it, and a place for each office's seal."""
        yield "签章 / Signatures and seals"
        for hand, steps in self._steps.items():
            listed = "、".join(map(str, steps))
            yield f"  {self.called(hand[0])}，{self._capacity(hand)}"
            yield f"    所办各步 / steps: {listed}"
            yield f"    签名 / signed: {_BLANK}  日期 / on: {_BLANK}"
        for office in dict.fromkeys(one for one in self._offices.values() if one):
            yield f"  {office}（公章 / seal）: {_BLANK}"

    def _hand(self, hand: tuple[UUID, str], number: int, document: Document[Any]) -> None:
        self._steps.setdefault(hand, []).append(number)
        place = (document.region, self._regions, document.effective_on)
        self._offices.setdefault(hand, office_of(hand[1], *place))

    def _capacity(self, hand: tuple[UUID, str]) -> str:
        _, role = hand
        label = Role(role).label if role in set(Role) else role
        office = self._offices[hand]
        return f"{label}，{office}" if office else label
