"""The world of one seed: six services, two instances of each, and everything around them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared.bus.memory import MemoryBus
from shared.bus.port import TopicSpec
from shared.calendar import Month
from shared.clock import instant_of
from shared.kernel.event import Document, Event
from shared.kernel.reactions import React
from shared.kernel.submission import Submission
from shared.runtime.definition import Definition
from tests.simulation.faults import Faults, Weather
from tests.simulation.harness import Scheduler, seeded
from tests.simulation.house import Removed, Site, Tuning, definitions
from tests.simulation.instance import Instance
from tests.simulation.outside import Bank, Departments
from tests.simulation.scenes import Scene

if TYPE_CHECKING:
    from tests.simulation.clients import Client
    from tests.simulation.invariants.watch import Watch


class World:
    """Everything of one seed. ``watch`` looks on; ``flawed`` are the cases that meet a bug.

    ``paid_through`` is the month of the payment office's last run, once it was.
    """

    watch: Watch
    paid_through: Month | None = None

    def __init__(
        self, seed: int, scene: Scene, weather: Weather, removed: Removed, trace_length: int
    ) -> None:
        self.scene = scene
        self.lives: list[Client] = []
        self.today = scene.start
        self.random = seeded("world", seed)
        self.scheduler = Scheduler(seeded("order", seed), trace_length)
        self.faults = Faults(self, self.scheduler, seeded("faults", seed))
        self.faults.change(weather)
        self.scheduler.at_hook = self.faults
        self.removed = removed
        self.tuning = Tuning.draw(self.random)
        self.bank = Bank()
        self.departments = Departments()
        self.flawed: set[UUID] = set()
        self.bus = MemoryBus(self._on_bus, seeded("bus", seed) if weather.reorder else None)
        self.sites = {d.name: Site(d, scene.start) for d in definitions()}
        self.bus.create_topics(
            [TopicSpec(site.topic, self.tuning.partitions) for site in self.sites.values()]
        )
        for site in self.sites.values():
            site.instances = [Instance(self, site, str(number)) for number in (1, 2)]
            for instance in site.instances:
                instance.start()

    def uuid(self) -> UUID:
        """A random id of this seed."""
        return UUID(int=self.random.getrandbits(128), version=4)

    @property
    def weather(self) -> Weather:
        """What goes wrong, and how often."""
        return self.faults.weather

    @property
    def lives_over(self) -> bool:
        """Whether every case is through."""
        return all(client.done for client in self.lives)

    def join(self, client: Client) -> None:
        """One more case, or somebody else about one."""
        self.lives.append(client)

    def land_late(self) -> None:
        """What was sent long ago arrives at the bus after all."""
        if self.bus.land_late():
            for name in self.sites:
                self.scheduler.stir(f"topic:{name}")

    def mend(self, case_id: UUID) -> None:
        """From now on the case meets no bug."""
        self.flawed.discard(case_id)

    def set_clocks(self, day: date) -> None:
        """It is the next day, or a later one, everywhere."""
        for site in self.sites.values():
            if site.clock.today() < day:
                site.clock.set_to(instant_of(day))
            self.scheduler.stir(f"clock:{site.name}")
        self.today = day
        self.scheduler.stir("clock")
        self.scheduler.note(f"it is {day}")

    def _on_bus(self, place: str) -> None:
        if place == "ack":
            sender = self.scheduler.current
            owner = sender.owner if sender else None
            for name in [owner.site.name] if isinstance(owner, Instance) else self.sites:
                self.scheduler.stir(f"topic:{name}")
        self.scheduler.hook(place)

    def foreign(self, definition: Definition) -> Mapping[type[Event], Iterable[React]]:
        """A service's reactions to others, with the bug that some cases meet until it is mended."""
        return {
            event: [self._flawed(react) for react in reacts]
            for event, reacts in definition.foreign.items()
        }

    def _flawed(self, react: React) -> React:
        def reacting(document: Document[Any]) -> Iterable[Submission]:
            meets_it = document.subject in self.flawed
            if meets_it and document.subject.int % 2:
                raise LookupError("a bug in a reaction")
            for submission in react(document):
                yield replace(submission, decide=_fail) if meets_it else submission

        return reacting


def _fail(*_: Any) -> Any:
    raise LookupError("a bug in a decision")
