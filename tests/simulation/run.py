"""One seed from its beginning to its judgement."""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from hashlib import sha256
from typing import Final

from tests.simulation import households, operations, scenes
from tests.simulation.clients import Answer, Client
from tests.simulation.faults import Weather
from tests.simulation.findings import Finding, Invariant
from tests.simulation.harness import TRACE_LENGTH, Stuck, seeded
from tests.simulation.house import Removed
from tests.simulation.households import Household
from tests.simulation.invariants.watch import Watch
from tests.simulation.lives import aiding, case, office
from tests.simulation.scenes import Way
from tests.simulation.world import World

MOST_TICKS: Final = 400_000
POLLS: Final = 60
"""How often everybody is asked once more before the world is said to hang."""

SEEDS_PER_COLLECTION: Final = 25

NOTHING_REMOVED: Final = Removed()


@dataclass(frozen=True)
class Result:
    """A seed's outcome: what was found, if anything, and how long its life was."""

    seed: int
    finding: Finding | None
    ticks: int
    events: int
    trace: tuple[str, ...]

    @property
    def digest(self) -> str:
        """The same for the same life."""
        told = f"{self.seed} {self.ticks} {self.events} {self.finding}"
        return sha256("\n".join((told, *self.trace)).encode()).hexdigest()[:16]

    def __str__(self) -> str:
        if self.finding is None:
            return f"seed {self.seed}: {self.events} events in {self.ticks} steps, all well"
        lines = (
            f"seed {self.seed}: {self.finding}",
            "its last steps:",
            *self.trace,
            f"it replays with: python -m tests.simulation --seeds 1 --from {self.seed}",
        )
        return "\n".join(lines)


class Simulation:
    """The world of a seed with everybody who lives in it."""

    def __init__(self, seed: int, removed: Removed, trace_length: int) -> None:
        self.seed = seed
        random = seeded("weather", seed)
        scene = scenes.drawn(random)
        self.world = World(seed, scene, Weather.draw(random), removed, trace_length)
        self._random = random
        drawn = [households.draw(self.world, random, way) for way in scene.ways(random)]
        known = {h.case_id: h for h in drawn} | {h.rival_id: h for h in drawn}
        self.world.watch = self.watch = Watch(self.world, known)
        for number, household in enumerate(drawn, start=1):
            self._begin(f"case {number}", household)
        if any(household.emergency for household in drawn):
            self.world.join(Client(self.world, "county", aiding.fill_the_fund))
        self.office = Client(self.world, "office", office.pay)
        self.operator = Client(self.world, "operator", operations.operate)
        case_ids = [household.case_id for household in drawn]
        chance = self.world.weather.flawed
        self.world.flawed |= {i for i in case_ids if random.random() < chance}
        operations.litter(self.world, case_ids)
        self.world.faults.plan_outages()
        self._glance_at = random.randint(500, 8000)

    def _begin(self, name: str, household: Household) -> None:
        applications = {name: household.case_id}
        if household.way is Way.RIVALS:
            applications[f"{name}'s rival"] = household.rival_id
        for applicant, case_id in applications.items():
            life = partial(case.live, household=household, case_id=case_id)
            self.world.join(Client(self.world, applicant, life))

    def run(self) -> None:
        """Live it, let it come to rest, judge it. Raises ``Finding``."""
        try:
            self._live()
            self._come_to_rest()
        except Stuck as stuck:
            self._explain()
            raise Finding(Invariant.COMES_TO_REST, str(stuck)) from None
        self._judge()

    def _explain(self) -> None:
        """Raises the guarantee that was broken before the world got stuck, if one is seen."""
        self.watch.at_any_time(self._answers())
        with suppress(Stuck):
            self._come_to_rest()
            self._judge()

    def _judge(self) -> None:
        self.watch.at_any_time(self._answers())
        self.watch.at_rest()
        self.watch.glance()

    def _answers(self) -> list[Answer]:
        clients = [*self.world.lives, self.office, self.operator]
        for client in clients:
            client.settle()
        return [answer for client in clients for answer in client.answers.values()]

    def _live(self) -> None:
        scheduler, polls, asked_at = self.world.scheduler, 0, 0
        while not self.office.done:
            if scheduler.now > MOST_TICKS:
                raise Stuck(f"not at its end after {scheduler.now} steps")
            if scheduler.now >= self._glance_at:
                self.watch.glance()
                self._glance_at = MOST_TICKS
            if scheduler.tick():
                if self._random.random() < self.world.weather.hurry:
                    self._next_day(hurried=True)
            elif scheduler.moved != asked_at:
                asked_at = scheduler.moved
                scheduler.wake()  # who met an outage tries again before time goes on
            elif self._next_day():
                polls = 0
            else:
                polls += 1
                if polls > POLLS:
                    waiting = [c.name for c in self.world.lives if not c.done]
                    raise Stuck(f"nothing happens any more; {waiting or 'the office'} waits")
                scheduler.now += 100
                scheduler.wake()

    def _next_day(self, *, hurried: bool = False) -> bool:
        """Move the clocks on if somebody waits for it: sometimes by a day, mostly to that day.

        While something is under way (``hurried``) by a day: nobody works for months on end.
        """
        wanted = [c.wants for c in (*self.world.lives, self.office) if c.wants and not c.done]
        today = self.world.today
        if not wanted or min(wanted) <= today:
            return False
        self.watch.day_ends()
        tomorrow = today + timedelta(days=1)
        by_a_day = hurried or self._random.random() < 0.3
        self.world.set_clocks(tomorrow if by_a_day else min(wanted))
        return True

    def _come_to_rest(self) -> None:
        """No faults any more: everything that is under way ends, and nothing is left to do."""
        world = self.world
        world.faults.change(world.weather.cleared())
        world.land_late()
        world.bus.random = None
        for site in world.sites.values():
            for instance in site.instances:
                instance.start()
        for _ in range(POLLS):
            moved = world.scheduler.moved
            world.scheduler.wake()
            world.scheduler.run(MOST_TICKS)
            if world.scheduler.moved == moved and not self._busy():
                return
            world.scheduler.now += 100
        raise Stuck(f"not at rest: {self._busy()}")

    def forget(self) -> None:
        """Untie everybody from everybody, so that nothing is left for the collector."""
        sites = self.world.sites.values()
        instances = [instance for site in sites for instance in site.instances]
        people = [*self.world.lives, self.office, self.operator]
        for tied in (*people, *instances, *sites, self.world.scheduler, self.world):
            vars(tied).clear()

    def _busy(self) -> list[str]:
        instances = [i for site in self.world.sites.values() for i in site.instances]
        busy = [
            f"{instance} {part}"
            for instance in instances
            for part, idle in instance.idle.items()
            if not idle()
        ]
        return busy + [f"{i} is shut" for i in instances if not i.open]


@contextmanager
def _undisturbed() -> Iterator[None]:
    """No collector, which would end forgotten greenlets at moments of its own; no log."""
    level, collecting = logging.root.manager.disable, gc.isenabled()
    logging.disable(logging.CRITICAL)
    gc.disable()
    try:
        yield
    finally:
        logging.disable(level)
        if collecting:
            gc.enable()


def simulate_all(seeds: Iterable[int], removed: Removed = NOTHING_REMOVED) -> Iterator[Result]:
    """Run seeds one after the other, cleaning up now and then rather than after each."""
    with _undisturbed():
        for number, seed in enumerate(seeds, start=1):
            yield simulate(seed, removed)
            if number % SEEDS_PER_COLLECTION == 0:
                gc.collect()


def simulate(
    seed: int, removed: Removed = NOTHING_REMOVED, trace_length: int = TRACE_LENGTH
) -> Result:
    """Run one seed, keeping so many of its last steps to show."""
    finding = None
    with _undisturbed():
        simulation = Simulation(seed, removed, trace_length)
        try:
            simulation.run()
        except Finding as found:
            finding = found
        finally:
            simulation.world.scheduler.end()
        world = simulation.world
        events = sum(site.log.head() for site in world.sites.values())
        result = Result(seed, finding, world.scheduler.now, events, tuple(world.scheduler.trace))
        simulation.forget()
        return result
