"""Households as a seed has them: who they are, what they earn, and what that comes to.

What a household is due is worked out here once more, apart from the services' rules, so that a
figure that comes out wrong at the end of all faults is seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from random import Random
from typing import TYPE_CHECKING, Final
from uuid import UUID

from shared.contracts.fields import DeductionKind, Member, Relation
from shared.contracts.verification import Department

if TYPE_CHECKING:
    from tests.simulation.world import World

DIVISION: Final = "350924100000"
STANDARD_FEN: Final = 600_00


class Way(StrEnum):
    """Which way a household's case goes."""

    STORY = "story"
    ORDINARY = "ordinary"
    OBJECTION = "objection"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    RIVALS = "rivals"


@dataclass(frozen=True)
class Household:
    """One household's case. Amounts are in fen a month; ``rival_id`` a second application."""

    way: Way
    case_id: UUID
    rival_id: UUID
    members: tuple[Member, ...]
    wages_fen: int
    deductions_fen: dict[DeductionKind, int]
    applies_on: date

    @property
    def applicant(self) -> UUID:
        """Who applies."""
        return self.members[0].person_id

    @property
    def due_fen(self) -> int:
        """What the household is entitled to by the gap method; 0 if it is not below standard."""
        counted_fen = max(0, self.wages_fen - sum(self.deductions_fen.values()))
        return max(0, STANDARD_FEN * len(self.members) - counted_fen)


def draw(world: World, random: Random, way: Way) -> Household:
    """A household of the seed; what departments know of it is loaded into the world."""
    persons = 4 if way is Way.STORY else random.randint(1, 5)
    relations = (Relation.APPLICANT, *[Relation.CHILD] * (persons - 1))
    household = Household(
        way=way,
        case_id=world.uuid(),
        rival_id=world.uuid(),
        members=tuple(Member(person_id=world.uuid(), relation=r) for r in relations),
        wages_fen=_wages_fen(random, way, persons),
        deductions_fen=_deductions_fen(random, way),
        applies_on=date(2020, 4, 1) + timedelta(days=random.choice((0, 0, 1, 5))),
    )
    _tell_departments(world, random, household)
    return household


def _wages_fen(random: Random, way: Way, persons: int) -> int:
    if way is Way.STORY:
        return 2_900_00
    if way is Way.REFUSED:
        return STANDARD_FEN * persons + 1_500_00
    return random.randrange(0, STANDARD_FEN * persons)


def _deductions_fen(random: Random, way: Way) -> dict[DeductionKind, int]:
    if way is Way.STORY:
        return {DeductionKind.ILLNESS: 400_00, DeductionKind.EMPLOYMENT: 300_00}
    if random.random() < 0.5:
        return {}
    return {DeductionKind.SCHOOLING: random.randrange(1, 900_00)}


def _tell_departments(world: World, random: Random, household: Household) -> None:
    """The tax office may know less than was declared; some do not know the persons at all."""
    if random.random() < 0.5:
        known_fen = random.randint(0, household.wages_fen)
        world.departments.wages_fen["tax", household.applicant] = known_fen
    if random.random() < 0.2:
        department = random.choice((Department.HOUSING, Department.VEHICLES))
        world.departments.unknown.add((department.value, household.applicant))
