"""A household's record of work: what its members were offered, and what is to be decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final
from uuid import UUID

from shared.contracts.work import (
    WorkConsequenceDecided,
    WorkConsequenceDropped,
    WorkConsequenceHeard,
    WorkConsequenceOpened,
    WorkOfferAnswered,
    WorkOfferKind,
)
from shared.kernel.decider import Aggregate, Refusal, Stream
from shared.kernel.event import Event


@dataclass(frozen=True, slots=True)
class OpenConsequence:
    """A consequence that waits for its decision: whether the household was heard about it."""

    opened: WorkConsequenceOpened
    heard: bool = False


@dataclass(frozen=True, slots=True)
class WorkRecord:
    """Every answered offer in the order it was recorded, and what waits for a decision.

    ``opened`` are the consequences that ever were brought up.
    """

    offers: tuple[WorkOfferAnswered, ...] = ()
    opened: Mapping[UUID, WorkConsequenceOpened] = field(
        default_factory=lambda: MappingProxyType({})
    )
    waiting: Mapping[UUID, OpenConsequence] = field(default_factory=lambda: MappingProxyType({}))

    def row(self, person_id: UUID, kind: WorkOfferKind) -> list[WorkOfferAnswered]:
        """What a member answered to offers of one kind, by the day of the answer."""
        own = (o for o in self.offers if o.person_id == person_id and o.kind is kind)
        return sorted(own, key=lambda offer: offer.answered_on)

    def about(self, person_id: UUID, kind: WorkOfferKind) -> OpenConsequence | None:
        """What waits for a decision about a member's row of one kind."""
        for waiting in self.waiting.values():
            if (waiting.opened.person_id, waiting.opened.kind) == (person_id, kind):
                return waiting
        return None

    def open_consequence(self, consequence_id: UUID) -> OpenConsequence:
        """One that waits for its decision; ``Refusal`` if none of the id does."""
        found = self.waiting.get(consequence_id)
        if found is None:
            raise Refusal("no-such-work-consequence", status=404)
        return found


def evolve(state: WorkRecord, event: Event) -> WorkRecord:
    """Fold one event of a record of work."""
    match event:
        case WorkOfferAnswered():
            return replace(state, offers=(*state.offers, event))
        case WorkConsequenceOpened():
            opened = {event.consequence_id: OpenConsequence(event)}
            known = {**state.opened, event.consequence_id: event}
            return replace(state, opened=known, waiting={**state.waiting, **opened})
        case WorkConsequenceHeard():
            heard = replace(state.waiting[event.consequence_id], heard=True)
            return replace(state, waiting={**state.waiting, event.consequence_id: heard})
        case WorkConsequenceDropped() | WorkConsequenceDecided():
            rest = {k: w for k, w in state.waiting.items() if k != event.consequence_id}
            return replace(state, waiting=rest)
    return state


WORK: Final = Aggregate("work", WorkRecord(), evolve)


def work_of(case_id: UUID) -> Stream:
    """The record of work of a case's household."""
    return Stream.of_case(WORK.name, case_id)
