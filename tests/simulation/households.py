"""Households as a seed has them: who they are, what they earn, and what that comes to.

What a household is due is worked out here once more, apart from the services' rules, so that a
figure that comes out wrong at the end of all faults is seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from random import Random
from typing import TYPE_CHECKING, Final
from uuid import UUID

from shared.contracts.departments import Department
from shared.contracts.fields import AidPlace, DeductionKind, Member, Programme, Relation
from tests.simulation.scenes import Scene, Way

if TYPE_CHECKING:
    from tests.simulation.world import World


class Turning(StrEnum):
    """What a change of income comes to."""

    AMOUNT = "amount"
    PHASE_OUT = "phase-out"
    STOP = "stop"


COURSES: Final = (
    (Turning.AMOUNT,),
    (Turning.AMOUNT, Turning.AMOUNT),
    (Turning.PHASE_OUT,),
    (Turning.AMOUNT, Turning.PHASE_OUT),
    (Turning.PHASE_OUT, Turning.AMOUNT),
    (Turning.STOP,),
    (Turning.STOP, Turning.AMOUNT),
)
"""What can become of a household after its confirmation, one change after the other."""


@dataclass(frozen=True)
class Change:
    """A change of income: wages and what is then counted and due, in fen a month."""

    change_id: UUID
    turning: Turning
    wages_fen: int
    counted_fen: int
    due_fen: int


@dataclass(frozen=True)
class Emergency:
    """What is asked for in an emergency, in fen, and whether it is granted."""

    place: AidPlace
    amount_fen: int
    granted: bool


@dataclass(frozen=True)
class Household:
    """One household's case. Amounts are in fen a month; ``rival_id`` a second application."""

    way: Way
    scene: Scene
    case_id: UUID
    rival_id: UUID
    members: tuple[Member, ...]
    wages_fen: int
    deductions_fen: dict[DeductionKind, int]
    applies_on: date
    changes: tuple[Change, ...] = ()
    emergency: Emergency | None = None

    @property
    def applicant(self) -> UUID:
        """Who applies."""
        return self.members[0].person_id

    @property
    def programme(self) -> Programme:
        """What they apply for."""
        if self.emergency is not None:
            return Programme.TEMPORARY_ASSISTANCE
        return self.scene.monthly

    @property
    def ceiling_fen(self) -> int:
        """The standard of all of them: income below it entitles."""
        return self.scene.standard_fen * len(self.members)

    @property
    def due_fen(self) -> int:
        """The benefit by the gap method, or the flat one; 0 if they are not below standard."""
        counted_fen = max(0, self.wages_fen - sum(self.deductions_fen.values()))
        gap_fen = max(0, self.ceiling_fen - counted_fen)
        return self.scene.basic_fen or gap_fen if gap_fen else 0

    def change(self, change_id: UUID) -> Change:
        """One of its changes."""
        return next(change for change in self.changes if change.change_id == change_id)


def draw(world: World, random: Random, way: Way) -> Household:
    """A household of the seed; what departments know of it is loaded into the world."""
    scene = world.scene
    alone = way in (Way.TEKUN, Way.EMERGENCY)
    persons = 4 if way is Way.STORY else 1 if alone else random.randint(1, 5)
    relations = (Relation.APPLICANT, *[Relation.CHILD] * (persons - 1))
    deductions_fen = _deductions_fen(random, way)
    ceiling_fen = scene.standard_fen * persons
    household = Household(
        way=way,
        scene=scene,
        case_id=world.uuid(),
        rival_id=world.uuid(),
        members=tuple(Member(person_id=world.uuid(), relation=r) for r in relations),
        wages_fen=_wages_fen(random, way, ceiling_fen),
        deductions_fen=deductions_fen,
        applies_on=scene.start + timedelta(days=random.choice((0, 0, 1, 5))),
        changes=tuple(_changes(world, random, way, ceiling_fen, sum(deductions_fen.values()))),
        emergency=_emergency(random, scene) if way is Way.EMERGENCY else None,
    )
    if household.emergency is None:
        _tell_departments(world, random, household)
    return household


def _wages_fen(random: Random, way: Way, ceiling_fen: int) -> int:
    if way is Way.STORY:
        return 2_900_00
    if way is Way.REFUSED:
        return ceiling_fen + 1_500_00
    return random.randrange(0, ceiling_fen)


def _deductions_fen(random: Random, way: Way) -> dict[DeductionKind, int]:
    if way is Way.STORY:
        return {DeductionKind.ILLNESS: 400_00, DeductionKind.EMPLOYMENT: 300_00}
    if way in (Way.TEKUN, Way.EMERGENCY) or random.random() < 0.5:
        return {}
    return {DeductionKind.SCHOOLING: random.randrange(1, 900_00)}


def _changes(
    world: World, random: Random, way: Way, ceiling_fen: int, deducted_fen: int
) -> Iterator[Change]:
    for turning in random.choice(COURSES) if way is Way.CHANGED else ():
        counted_fen = {
            Turning.AMOUNT: random.randrange(0, ceiling_fen),
            Turning.PHASE_OUT: ceiling_fen + random.randint(1, 900_00),
            Turning.STOP: ceiling_fen,
        }[turning]
        due_fen = max(0, ceiling_fen - counted_fen)
        yield Change(world.uuid(), turning, counted_fen + deducted_fen, counted_fen, due_fen)


def _emergency(random: Random, scene: Scene) -> Emergency:
    """Mostly within the township's limit, and of it sometimes all; one in six is refused."""
    limit_fen = scene.aid_limit_fen
    amounts = (limit_fen, limit_fen + random.randint(1, 500_00))
    amount_fen = random.choice((*amounts, *(random.randint(1, limit_fen) for _ in range(4))))
    place = random.choice((AidPlace.HOUSEHOLD_REGISTRATION, AidPlace.RESIDENCE_PERMIT))
    return Emergency(place, amount_fen, granted=random.random() > 1 / 6)


def _tell_departments(world: World, random: Random, household: Household) -> None:
    """The tax office may know less than was declared; some do not know the persons at all."""
    if random.random() < 0.5:
        known_fen = random.randint(0, household.wages_fen)
        world.departments.wages_fen["tax", household.applicant] = known_fen
    if random.random() < 0.2:
        department = random.choice((Department.HOUSING, Department.VEHICLES))
        world.departments.unknown.add((department.value, household.applicant))
