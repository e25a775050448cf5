"""What the services of the simulation stand on: their definitions, and what outlives processes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from services.care.service import definition as care
from services.decision.service import definition as decision
from services.intake.service import definition as intake
from services.oversight.service import definition as oversight
from services.payment.service import definition as payment
from services.verification.service import definition as verification
from shared.clock import WallClock, instant_of, legal_date
from shared.kernel.decider import Moment
from shared.kernel.memory import Guards, MemoryDatabase, MemoryStore
from shared.kernel.timekeeping import Timekeeper
from shared.kernel.writer import Limits
from shared.policy import Policy
from shared.regions import Regions, load_regions
from shared.runtime.definition import Definition
from shared.runtime.service import topic_of
from shared.sealing import KeyRing
from shared.settings import Settings
from shared.views.memory import MemoryDisk, MemoryViews
from tests.simulation.harness import drive

if TYPE_CHECKING:
    from tests.simulation.instance import Instance

CELL: Final = "fj"
EVERY_GUARD: Final = Guards()


@dataclass(frozen=True)
class Removed:
    """Which guards are taken out, to show that each is needed."""

    store: Guards = EVERY_GUARD
    views: bool = False
    acknowledgement: bool = False


@cache
def definitions() -> tuple[Definition, ...]:
    """The six services."""
    return intake(), verification(), decision(), care(), payment(), oversight()


@cache
def regions() -> Regions:
    """The divisions."""
    return load_regions()


@cache
def policy() -> Policy:
    """The parameters, with the demo's standards."""
    return Policy.load([Path(__file__).parents[2] / "infra" / "demo" / "policy"])


@cache
def settings() -> Settings:
    """What every process runs with."""
    return Settings(cell=CELL)


@cache
def keys() -> KeyRing:
    """The services' keys."""
    return KeyRing.ephemeral()


def moment_at(now: datetime) -> Moment:
    """The moment at which something was recorded."""
    return Moment(now, legal_date(now), policy())


@dataclass(frozen=True)
class Tuning:
    """Sizes of batches, pages and caches: small ones make more of everything happen."""

    partitions: int
    relay: int
    consumer: int
    in_flight: int
    follower: int
    projector: int
    limits: Limits

    @classmethod
    def draw(cls, random: Random) -> Tuning:
        """A seed's sizes."""
        return cls(
            partitions=random.choice((1, 2, 6)),
            relay=random.choice((1, 3, 50)),
            consumer=random.choice((1, 3, 50)),
            in_flight=random.choice((1, 2, 4)),
            follower=random.choice((1, 3, 100)),
            projector=random.choice((1, 4, 100)),
            limits=Limits(
                queued=random.choice((3, 20, 1000)),
                turn=random.choice((1, 2, 8, 100)),
                states=random.choice((0, 2, 20, 1000)),
                appended=random.choice((0, 2, 1000)),
            ),
        )


@dataclass
class Site:
    """What of a service outlives its processes, and a look at it without hooks."""

    definition: Definition
    start: date
    database: MemoryDatabase = field(default_factory=MemoryDatabase)
    disk: MemoryDisk = field(default_factory=MemoryDisk)
    instances: list[Instance] = field(default_factory=list)
    _head: int = 0

    def __post_init__(self) -> None:
        self.log = MemoryStore(self.database)
        self.views = MemoryViews([p.spec for p in self.definition.projections], self.disk)
        self.clock = Timekeeper(self.log, WallClock(), hand_from=instant_of(self.start))

    @property
    def name(self) -> str:
        """The service's name."""
        return self.definition.name

    @property
    def topic(self) -> str:
        """The service's topic."""
        return topic_of(CELL, self.name)

    def grown(self) -> bool:
        """Whether the log is longer than it was when this was asked last."""
        before, self._head = self._head, self.log.head()
        return self._head > before

    def view(self, name: str, key: UUID) -> dict[str, Any]:
        """A view's document as a reader sees it, empty if there is none."""
        return drive(self.views.get(name, str(key))) or {}
