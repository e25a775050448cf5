"""By when a case is to be decided, counted from its acceptance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from shared.contracts.decision_terms import DecisionMissed, DecisionOwed, DecisionTermExtended
from shared.contracts.fields import Due
from shared.kernel.decider import Aggregate, Refusal, Stream
from shared.kernel.event import Event


@dataclass(frozen=True, slots=True)
class Term:
    """The decision ``owed`` to an accepted application, and its last day as extended."""

    owed: DecisionOwed | None = None
    extended: DecisionTermExtended | None = None
    missed: bool = False

    @property
    def due(self) -> Due | None:
        """The last day as it is now; ``None`` where the regime sets none."""
        latest = self.extended or self.owed
        return None if latest is None else latest.due

    def known(self) -> DecisionOwed:
        """What is owed; ``Refusal`` (404) where the case has no last day."""
        if self.owed is None:
            raise Refusal("no-decision-owed", status=404)
        return self.owed


def evolve(state: Term, event: Event) -> Term:
    """Fold one event of a term."""
    match event:
        case DecisionOwed():
            return Term(event)
        case DecisionTermExtended():
            return replace(state, extended=event, missed=False)
        case DecisionMissed():
            return replace(state, missed=True)
    return state


TERM: Final = Aggregate("decision-term", Term(), evolve)


def term_of(case_id: UUID) -> Stream:
    """The days that a case has to its decision."""
    return Stream.of_case(TERM.name, case_id)
