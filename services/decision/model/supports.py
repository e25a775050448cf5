"""What a person is supported by, as far as the house knows: one stream per person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final, NamedTuple
from uuid import UUID

from shared.calendar import Month
from shared.contracts.circumstances import Disability
from shared.contracts.fields import Programme
from shared.contracts.subsidies import (
    SubsidyEndOwed,
    SubsidyLeadClosed,
    SubsidyLeadEnd,
    SubsidyLeadOpened,
    Support,
    SupportBegun,
    SupportOver,
    SupportRestored,
)
from shared.kernel.decider import Aggregate, Stream
from shared.kernel.event import Event


class Held(NamedTuple):
    """A support by a case, since when and up to which month; no last month while it goes on."""

    support: Support
    case_id: UUID
    division: str
    since: Month
    last_month: Month | None = None


@dataclass(frozen=True, slots=True)
class Supports:
    """A person's supports, by case and kind.

    ``disability`` is what the cases know of it, ``leads`` the subsidies that they are to be
    offered, ``settled`` those that they need not be, until something else begins. ``ends_owed`` is
    up to which month a subsidy's case is to be paid.
    """

    held: Mapping[tuple[UUID, Support], Held] = field(default_factory=lambda: MappingProxyType({}))
    disability: Disability | None = None
    died_in: Month | None = None
    leads: frozenset[Programme] = frozenset()
    settled: frozenset[Programme] = frozenset()
    ends_owed: Mapping[UUID, Month] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, *supports: str) -> list[Held]:
        """What is held of these supports, the earliest first."""
        found = (held for held in self.held.values() if held.support in supports)
        return sorted(found, key=lambda held: (held.since, held.case_id))

    def subsidies(self) -> Iterator[tuple[Programme, Held]]:
        """The subsidies for disabled people that go on."""
        for held in self.held.values():
            if held.last_month is None and held.support in _SUBSIDIES:
                yield Programme(held.support.value), held

    def receives(self, programme: Programme) -> bool:
        """Whether the person has a subsidy now."""
        return any(one is programme for one, _ in self.subsidies())


_SETTLED: Final = (SubsidyLeadEnd.REFUSED, SubsidyLeadEnd.GIVEN_UP)
_SUBSIDIES: Final = frozenset({Support.DISABILITY_LIVING_SUBSIDY, Support.DISABILITY_CARE_SUBSIDY})


def evolve(state: Supports, event: Event) -> Supports:
    """Fold one event of a person's supports."""
    match event:
        case SupportBegun():
            held = Held(event.support, event.case_id, event.division, event.since)
            begun = replace(
                state,
                held=MappingProxyType({**state.held, (event.case_id, event.support): held}),
                disability=event.disability or state.disability,
            )
            if event.support not in _SUBSIDIES:
                return replace(begun, settled=frozenset())
            owed = {case: last for case, last in state.ends_owed.items() if case != event.case_id}
            return replace(begun, ends_owed=MappingProxyType(owed))
        case SupportOver():
            key = (event.case_id, event.support)
            over = state.held[key]._replace(last_month=event.last_month)
            return replace(
                state,
                held=MappingProxyType({**state.held, key: over}),
                died_in=event.died_in or state.died_in,
            )
        case SupportRestored():
            key = (event.case_id, event.support)
            going_on = state.held[key]._replace(last_month=None)
            held_again = MappingProxyType({**state.held, key: going_on})
            return replace(state, held=held_again, died_in=None)
        case SubsidyEndOwed():
            owed = {**state.ends_owed, event.case_id: event.last_month}
            return replace(state, ends_owed=MappingProxyType(owed))
        case SubsidyLeadOpened():
            return replace(state, leads=state.leads | {event.programme})
        case SubsidyLeadClosed():
            closed = replace(state, leads=state.leads - {event.programme})
            if event.reason in _SETTLED:
                return replace(closed, settled=state.settled | {event.programme})
            return closed
        case _:
            raise TypeError(f"{event.type} is no event of a person's supports")


SUPPORTS: Final = Aggregate("supports", Supports(), evolve)


def supports_of(person_id: UUID) -> Stream:
    """The stream of what a person is supported by."""
    return Stream(SUPPORTS.name, str(person_id))
