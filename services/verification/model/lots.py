"""What spot checks are drawn of: one lot per county and programme."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from shared.contracts.spot_checks import CheckListed, SpotChecksDrawn
from shared.kernel.decider import Aggregate, Stream
from shared.kernel.event import Event
from shared.regions import Level


@dataclass(frozen=True, slots=True)
class Listed:
    """A completed check that spot checks are drawn of."""

    case_id: UUID
    division: str
    accepted_on: date
    completed_on: date


@dataclass(frozen=True, slots=True)
class Draw:
    """A draw, and all that it was drawn of."""

    drawn: SpotChecksDrawn
    population: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Lot:
    """A county's completed checks of a programme: those not drawn of yet, and the draws."""

    waiting: tuple[Listed, ...] = ()
    draws: tuple[Draw, ...] = ()

    def holds(self, case_id: UUID) -> bool:
        """Whether a check was ever listed."""
        waiting = any(case.case_id == case_id for case in self.waiting)
        return waiting or any(case_id in draw.population for draw in self.draws)


def evolve_lot(lot: Lot, event: Event) -> Lot:
    """One step of a lot's fold."""
    match event:
        case CheckListed():
            case = Listed(event.case_id, event.division, event.accepted_on, event.completed_on)
            return replace(lot, waiting=(*lot.waiting, case))
        case SpotChecksDrawn():
            taken = [case for case in lot.waiting if case.completed_on <= event.until_on]
            left = tuple(case for case in lot.waiting if case.completed_on > event.until_on)
            draw = Draw(event, frozenset(case.case_id for case in taken))
            return Lot(left, (*lot.draws, draw))
        case _:
            raise TypeError(f"{event.type} is no event of a lot")


LOT: Final = Aggregate("lot", Lot(), evolve_lot)


def lot_of(division: str, programme: str) -> Stream:
    """The stream of a county's spot checks of a programme, by any division of the county."""
    return Stream(LOT.name, f"{county_of(division)}/{programme}")


def county_of(division: str) -> str:
    """The county of a division, itself of twelve digits."""
    return Level.COUNTY.around(division)
