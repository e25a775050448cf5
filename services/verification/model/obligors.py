"""What departments were asked about somebody bound to support a household, and said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from uuid import UUID, uuid5

from shared.contracts.departments import Department
from shared.contracts.obligors import (
    ObligorAnswered,
    ObligorAnswerSetAside,
    ObligorAsked,
    ObligorQueryFailed,
)

ObligorQuery = ObligorAsked | ObligorAnswered | ObligorAnswerSetAside | ObligorQueryFailed


@dataclass(frozen=True, slots=True)
class ObligorInquiry:
    """An obligor as the departments know them; ``asked`` are those that have not answered yet."""

    asked: frozenset[Department] = frozenset()
    answers: Mapping[Department, ObligorAnswered] = field(
        default_factory=lambda: MappingProxyType({})
    )
    failed: Mapping[Department, ObligorQueryFailed] = field(
        default_factory=lambda: MappingProxyType({})
    )
    set_aside: Mapping[Department, int] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def heard(self) -> frozenset[Department]:
        """Who was asked, whether they have answered, failed, or are still to answer."""
        return self.asked | set(self.answers) | set(self.failed)


def evolve_inquiry(inquiry: ObligorInquiry, event: ObligorQuery) -> ObligorInquiry:
    """One step of the fold of what departments say of an obligor."""
    match event:
        case ObligorAsked():
            return replace(inquiry, asked=inquiry.asked | set(event.departments))
        case ObligorAnswered():
            answers = MappingProxyType({**inquiry.answers, event.department: event})
            return replace(inquiry, asked=inquiry.asked - {event.department}, answers=answers)
        case ObligorQueryFailed():
            failed = MappingProxyType({**inquiry.failed, event.department: event})
            return replace(inquiry, asked=inquiry.asked - {event.department}, failed=failed)
        case ObligorAnswerSetAside():
            useless = inquiry.set_aside.get(event.department, 0) + 1
            set_aside = MappingProxyType({**inquiry.set_aside, event.department: useless})
            return replace(inquiry, asked=inquiry.asked - {event.department}, set_aside=set_aside)


def obligor_key(stream: UUID, person_id: UUID, department: Department) -> UUID:
    """The key of a question to a department about an obligor on the agenda."""
    return uuid5(stream, f"{person_id}/{department.value}")
