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
    """An obligor as the departments know them; ``asked`` are those that have not answered yet.

    ``failed`` are those that gave no data when they were last asked, ``set_aside`` counts useless
    answers of a department since it last answered or failed.
    """

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
        """Who need not be asked: who was, and has answered or is still to answer."""
        return self.asked | set(self.answers)


def evolve_inquiry(inquiry: ObligorInquiry, event: ObligorQuery) -> ObligorInquiry:
    """One step of the fold of what departments say of an obligor."""
    if isinstance(event, ObligorAsked):
        failed = {d: one for d, one in inquiry.failed.items() if d not in event.departments}
        asked = inquiry.asked | set(event.departments)
        return replace(inquiry, asked=asked, failed=MappingProxyType(failed))
    name = event.department
    useless = inquiry.set_aside.get(name, 0) + 1 if isinstance(event, ObligorAnswerSetAside) else 0
    heard = replace(
        inquiry,
        asked=inquiry.asked - {name},
        set_aside=MappingProxyType({**inquiry.set_aside, name: useless}),
    )
    match event:
        case ObligorAnswered():
            return replace(heard, answers=MappingProxyType({**inquiry.answers, name: event}))
        case ObligorQueryFailed():
            return replace(heard, failed=MappingProxyType({**inquiry.failed, name: event}))
        case ObligorAnswerSetAside():
            return heard


def obligor_key(stream: UUID, person_id: UUID, department: Department) -> UUID:
    """The key of a question to a department about an obligor on the agenda."""
    return uuid5(stream, f"{person_id}/{department.value}")
