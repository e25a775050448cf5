"""The standards that a division has set, and those that wait for a second hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final, NamedTuple
from uuid import UUID

from shared.calendar import Month
from shared.contracts.standards import (
    DivisionLevel,
    StandardForce,
    StandardKind,
    StandardProposed,
    StandardSet,
    StandardUnexamined,
)
from shared.kernel.decider import Aggregate, Stream
from shared.kernel.event import Event
from shared.policy import RecordedValue
from shared.policy.standards import division_at, recorded_value


class Subject(NamedTuple):
    """What a figure is about: one kind of standard, as what is paid by or as the floor."""

    kind: StandardKind
    force: StandardForce


@dataclass(frozen=True, slots=True)
class Standards:
    """What a division has set, by subject, in the order of their months; and what is proposed.

    What was set again for the same month is no more. ``unexamined`` are those that nobody looked
    at again by their day.
    """

    standing: Mapping[Subject, tuple[StandardSet, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    proposed: Mapping[Subject, StandardProposed] = field(
        default_factory=lambda: MappingProxyType({})
    )
    unexamined: frozenset[UUID] = frozenset()

    def on(self, subject: Subject, month: Month) -> StandardSet | None:
        """What holds in a month, if the division has set it."""
        series = self.standing.get(subject, ())
        return next((s for s in reversed(series) if s.from_month <= month), None)

    def last(self, subject: Subject) -> StandardSet | None:
        """What the division has set for the latest month."""
        series = self.standing.get(subject, ())
        return series[-1] if series else None

    def proposal(self, standard_id: UUID) -> StandardProposed | None:
        """What waits under an id."""
        return next((p for p in self.proposed.values() if p.standard_id == standard_id), None)

    def set_as(self, standard_id: UUID) -> StandardSet | None:
        """What was set under an id, if it stands."""
        return next((s for s in self.all_set() if s.standard_id == standard_id), None)

    def all_set(self) -> Iterator[StandardSet]:
        """Everything that was set and stands."""
        for series in self.standing.values():
            yield from series

    def values(self) -> Iterator[RecordedValue]:
        """What rules read of it."""
        return (recorded_value(s) for s in self.all_set() if s.force is StandardForce.STANDARD)


def evolve(state: Standards, event: Event) -> Standards:
    """Fold one event of a division's standards."""
    match event:
        case StandardProposed():
            subject = Subject(event.kind, event.force)
            return replace(state, proposed={**state.proposed, subject: event})
        case StandardSet():
            subject = Subject(event.kind, event.force)
            earlier = state.standing.get(subject, ())
            series = (*(s for s in earlier if s.from_month < event.from_month), event)
            proposed = {s: p for s, p in state.proposed.items() if s != subject}
            standing = {**state.standing, subject: series}
            gone = frozenset(s.standard_id for s in earlier)
            return Standards(standing, proposed, state.unexamined - gone)
        case StandardUnexamined():
            return replace(state, unexamined=state.unexamined | {event.standard_id})
        case _:
            raise TypeError(f"{event.type} is no event of a division's standards")


STANDARDS: Final = Aggregate("standards", Standards(), evolve)


def nearest(around: Sequence[Standards], kind: StandardKind, month: Month) -> StandardSet | None:
    """The standard of a month, of the nearest of the divisions (from the widest) that has one."""
    found = (s.on(Subject(kind, StandardForce.STANDARD), month) for s in reversed(around))
    return next((standard for standard in found if standard is not None), None)


def standards_of(division: str) -> Stream:
    """The stream of what a division has set."""
    return Stream(STANDARDS.name, division)


def standards_over(division: str) -> tuple[Stream, ...]:
    """The streams of all whose standards can hold for a division: three, from the widest."""
    return tuple(standards_of(division_at(division, level)) for level in DivisionLevel)
