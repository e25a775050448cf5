"""What small quick aid a person has had: one stream per person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from shared.contracts.aid import SmallAidNoted
from shared.kernel.decider import Aggregate, Stream
from shared.kernel.event import Event


@dataclass(frozen=True, slots=True)
class SmallAids:
    """A person's small quick aids, the first in front."""

    noted: tuple[SmallAidNoted, ...] = ()


def evolve(state: SmallAids, event: Event) -> SmallAids:
    """Fold one event of a person's small quick aids."""
    match event:
        case SmallAidNoted():
            return SmallAids((*state.noted, event))
        case _:
            raise TypeError(f"{event.type} is no event of small quick aids")


SMALL_AIDS: Final = Aggregate("small-aids", SmallAids(), evolve)


def small_aids_of(person_id: UUID) -> Stream:
    """The stream of a person's small quick aids."""
    return Stream(SMALL_AIDS.name, str(person_id))
