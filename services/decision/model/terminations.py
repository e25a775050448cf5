"""The end of one person's support, while it is proposed, public, and looked into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Final
from uuid import UUID

from shared.contracts.fields import Due
from shared.contracts.terminations import (
    TerminationConcluded,
    TerminationHeard,
    TerminationObjected,
    TerminationObjectionResolved,
    TerminationProposed,
)
from shared.kernel.decider import Aggregate, Refusal, Stream
from shared.kernel.event import Event


@dataclass(frozen=True, slots=True)
class OpenTermination:
    """A proposed end: until when it is public, what is objected, whether the person was heard."""

    proposed: TerminationProposed
    until_on: date
    objections: Mapping[UUID, Due] = field(default_factory=lambda: MappingProxyType({}))
    heard: bool = False


@dataclass(frozen=True, slots=True)
class Terminations:
    """The proposed ends of a person's support, one at a time; those that are decided."""

    open: OpenTermination | None = None
    concluded: tuple[TerminationConcluded, ...] = ()

    def open_termination(self, termination_id: UUID) -> OpenTermination:
        """The one that is to be decided; ``Refusal`` if it is another one, or none."""
        if self.open is None or self.open.proposed.termination_id != termination_id:
            raise Refusal("no-such-termination", status=404)
        return self.open


def evolve(state: Terminations, event: Event) -> Terminations:
    """Fold one event of a person's terminations."""
    if isinstance(event, TerminationProposed):
        return replace(state, open=OpenTermination(event, event.until_on))
    if state.open is None:
        return state
    match event:
        case TerminationObjected():
            objections = {**state.open.objections, event.objection_id: event.due}
            return replace(state, open=replace(state.open, objections=objections))
        case TerminationObjectionResolved():
            known = state.open.objections
            left = {one: due for one, due in known.items() if one != event.objection_id}
            until_on = event.until_on or state.open.until_on
            now = replace(state.open, objections=left, until_on=until_on)
            return replace(state, open=now)
        case TerminationHeard():
            return replace(state, open=replace(state.open, heard=True))
        case TerminationConcluded():
            return replace(state, open=None, concluded=(*state.concluded, event))
    return state


TERMINATIONS: Final = Aggregate("terminations", Terminations(), evolve)


def terminations_of(case_id: UUID) -> Stream:
    """The terminations of a case."""
    return Stream.of_case(TERMINATIONS.name, case_id)
