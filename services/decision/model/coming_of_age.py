"""A young person whose support has a last month: when that is, who was told, what school says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from shared.calendar import Month
from shared.contracts.coming_of_age import (
    ComingOfAgeAnnounced,
    ComingOfAgeScheduled,
    SchoolingProven,
)
from shared.kernel.decider import Aggregate, Refusal, Stream
from shared.kernel.event import Event


@dataclass(frozen=True, slots=True)
class ComingOfAge:
    """``scheduled`` is what holds now, ``announced`` the last month that officials were told of."""

    scheduled: ComingOfAgeScheduled | None = None
    announced: Month | None = None
    schooling: SchoolingProven | None = None

    def known(self) -> ComingOfAgeScheduled:
        """What is scheduled; ``Refusal`` for somebody whose support does not end by age."""
        if self.scheduled is None:
            raise Refusal("support-not-by-age")
        return self.scheduled


def evolve(state: ComingOfAge, event: Event) -> ComingOfAge:
    """Fold one event of a young person's coming of age."""
    match event:
        case ComingOfAgeScheduled():
            return replace(state, scheduled=event)
        case ComingOfAgeAnnounced():
            return replace(state, announced=event.last_month)
        case SchoolingProven():
            return replace(state, schooling=event)
        case _:
            raise TypeError(f"{event.type} is no event of a coming of age")


COMING_OF_AGE: Final = Aggregate("coming-of-age", ComingOfAge(), evolve)


def coming_of_age_of(case_id: UUID) -> Stream:
    """The coming of age of a case's young person."""
    return Stream.of_case(COMING_OF_AGE.name, case_id)
