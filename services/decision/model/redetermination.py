"""Which cases a standard touches, and how far they were gone through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final
from uuid import UUID

from shared.calendar import Month
from shared.contracts.fields import Programme
from shared.contracts.standards import (
    CaseloadEntered,
    CaseloadLeft,
    CaseloadPartOpened,
    DivisionLevel,
    RedeterminationListed,
    RedeterminationPageApplied,
    RedeterminationPageListed,
    RedeterminationStarted,
)
from shared.kernel.decider import Aggregate, Stream
from shared.kernel.event import Event
from shared.policy.standards import digits_of
from shared.regions import Level

TOWNSHIP: Final = Level.TOWNSHIP.digits


@dataclass(frozen=True, slots=True)
class Caseload:
    """The cases in benefit of a township under one programme; who left, after which month."""

    cases: frozenset[UUID] = frozenset()
    left: Mapping[UUID, Month | None] = field(default_factory=lambda: MappingProxyType({}))

    def since(self, month: Month) -> frozenset[UUID]:
        """Who is in benefit, or was in a month or later; who left nobody knows when, as well."""
        return self.cases.union(
            case for case, last in self.left.items() if last is None or last >= month
        )


@dataclass(frozen=True, slots=True)
class CaseloadParts:
    """The parts of a division, one level below, that have or had cases under one programme."""

    parts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Redetermination:
    """How far a standard was applied within one division.

    ``started`` is set for a county and above, ``listed`` for a township; ``applied`` are its
    pages that are done.
    """

    started: RedeterminationStarted | None = None
    listed: RedeterminationListed | None = None
    pages: Mapping[int, tuple[UUID, ...]] = field(default_factory=lambda: MappingProxyType({}))
    applied: frozenset[int] = frozenset()

    @property
    def is_over(self) -> bool:
        """Whether every case that was listed has been gone through."""
        return self.listed is not None and len(self.applied) == self.listed.pages


def evolve_caseload(state: Caseload, event: Event) -> Caseload:
    """Fold one event of a township's caseload."""
    match event:
        case CaseloadEntered():
            left = {case: last for case, last in state.left.items() if case != event.case_id}
            return Caseload(state.cases | {event.case_id}, left)
        case CaseloadLeft():
            gone = {**state.left, event.case_id: event.last_month}
            return Caseload(state.cases - {event.case_id}, gone)
        case _:
            raise TypeError(f"{event.type} is no event of a caseload")


def evolve_parts(state: CaseloadParts, event: Event) -> CaseloadParts:
    """Fold one event of a division's parts."""
    match event:
        case CaseloadPartOpened():
            return CaseloadParts(state.parts | {event.part})
        case _:
            raise TypeError(f"{event.type} is no event of a division's parts")


def evolve_redetermination(state: Redetermination, event: Event) -> Redetermination:
    """Fold one event of a re-determination."""
    match event:
        case RedeterminationStarted():
            return replace(state, started=event)
        case RedeterminationListed():
            return replace(state, listed=event)
        case RedeterminationPageListed():
            return replace(state, pages={**state.pages, event.page: event.cases})
        case RedeterminationPageApplied():
            return replace(state, applied=state.applied | {event.page})
        case _:
            raise TypeError(f"{event.type} is no event of a re-determination")


CASELOAD: Final = Aggregate("caseload", Caseload(), evolve_caseload)
CASELOAD_PARTS: Final = Aggregate("caseload-parts", CaseloadParts(), evolve_parts)
REDETERMINATION: Final = Aggregate("redetermination", Redetermination(), evolve_redetermination)


def township_of(division: str) -> str:
    """The township in whose caseload a division's cases are (12 digits)."""
    return Level.TOWNSHIP.around(division)


def caseload_of(programme: Programme, division: str) -> Stream:
    """The caseload of the township of a division."""
    return Stream(CASELOAD.name, f"{programme}/{division[:TOWNSHIP]}")


def parts_of(programme: Programme, division: str, level: DivisionLevel) -> Stream:
    """The parts of the division of a level."""
    return Stream(CASELOAD_PARTS.name, f"{programme}/{division[: digits_of(level)]}")


def redetermination_of(standard_id: UUID, division: str, digits: int) -> Stream:
    """How far a standard was applied within the division that so many digits name."""
    return Stream(REDETERMINATION.name, f"{standard_id}/{division[:digits]}")
