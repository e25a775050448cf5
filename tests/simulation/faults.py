"""What goes wrong, and how often: drawn from the seed, so that every seed is another weather.

Some seeds lose many requests and nothing else, some crash, some stall for ages while everything
else works: faults that come all at once hide each other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Final

import httpx

from shared.bus.memory import Delayed
from shared.bus.port import BusAway
from shared.kernel.store import StoreAway
from shared.views.port import ViewsAway
from tests.simulation.harness import Actor, Process, Scheduler
from tests.simulation.outside import ANSWERED, ASKED

if TYPE_CHECKING:
    from tests.simulation.world import World

LOCK_TIMEOUT_TICKS: Final = 400
"""How long the engine lets a turn hold the log's lock (``transaction_timeout``)."""


@dataclass(frozen=True)
class Weather:
    """Chances per hook, of 1; counts per seed; lengths in ticks.

    ``switch``: another actor goes on. ``lost``: the request, or its acknowledgement, is lost.
    ``crash``, ``stall``: the process dies, or one of its threads or all of it stand still.
    ``outages`` are times in which an engine is away, for up to ``longest_outage`` ticks.
    ``garbage`` records come onto topics, ``flawed`` cases meet a reaction with a bug that is
    mended later, ``hurry`` is the chance per tick that a day passes although work is open.
    """

    switch: float = 0.3
    lost: float = 0.0
    crash: float = 0.0
    stall: float = 0.0
    longest_stall: int = 300
    most_crashes: int = 6
    disconnect: float = 0.5
    expire: float = 0.5
    reorder: bool = True
    outages: int = 0
    longest_outage: int = 0
    garbage: int = 0
    flawed: float = 0.0
    hurry: float = 0.0
    lost_answer: float = 0.0
    duplicate: float = 0.0

    @classmethod
    def draw(cls, random: Random) -> Weather:
        """A seed's weather; one in eight is fair but for the order of things."""
        if random.random() < 0.125:
            return cls(switch=random.choice((0.1, 0.3, 0.6)))

        def sometimes(*values: float) -> float:
            return random.choice(values) if random.random() < 0.6 else 0.0

        return cls(
            switch=random.choice((0.05, 0.15, 0.3, 0.6)),
            lost=sometimes(0.003, 0.01, 0.03),
            crash=sometimes(0.0005, 0.0015, 0.004),
            stall=sometimes(0.001, 0.004, 0.01),
            longest_stall=random.choice((30, 300, 2000)),
            most_crashes=random.randint(1, 8),
            disconnect=random.choice((0.2, 0.8)),
            expire=random.choice((0.2, 0.8)),
            reorder=random.random() < 0.5,
            outages=random.choice((0, 0, 1, 3)),
            longest_outage=random.choice((50, 2000)),
            garbage=random.choice((0, 1, 2, 4)),
            flawed=random.choice((0.0, 0.0, 0.3)),
            hurry=sometimes(0.0005, 0.003),
            lost_answer=sometimes(0.05, 0.3),
            duplicate=sometimes(0.1, 0.4),
        )

    def cleared(self) -> Weather:
        """Nothing goes wrong any more; actors still take turns within their steps."""
        return replace(
            self,
            lost=0.0,
            crash=0.0,
            stall=0.0,
            outages=0,
            hurry=0.0,
            lost_answer=0.0,
            duplicate=0.0,
        )


def _http_lost() -> Exception:
    return httpx.ConnectError("the request was lost")


def _http_silent() -> Exception:
    return httpx.ReadTimeout("the answer was lost")


def _store_away() -> Exception:
    return StoreAway("lost on the way")


def _bus_away() -> Exception:
    return BusAway("lost on the way")


def _bus_late() -> Exception:
    return Delayed("late")


def _views_away() -> Exception:
    return ViewsAway("lost on the way")


LOST: Final[dict[str, tuple[Callable[[], Exception], ...]]] = {
    **dict.fromkeys(
        ("lock", "look", "insert", "commit", "committed", "read", "change", "changed", "election"),
        (_store_away,),
    ),
    "send": (_bus_away, _bus_late),
    "ack": (_bus_away,),
    "poll": (_bus_away,),
    **dict.fromkeys(("view-documents", "view-document", "view-position"), (_views_away,)),
    ASKED: (_http_lost,),
    ANSWERED: (_http_silent,),
}
"""What it looks like when a request, or the answer to it, is lost at a hook."""


class Engine(StrEnum):
    """What can be away."""

    STORE = "store"
    BUS = "bus"
    VIEWS = "views"
    OUTSIDE = "outside"


ENGINE_AT: Final[dict[str, Engine]] = {
    **dict.fromkeys(
        ("lock", "look", "insert", "commit", "read", "change", "election"), Engine.STORE
    ),
    **dict.fromkeys(("send", "poll"), Engine.BUS),
    **dict.fromkeys(("view-documents", "view-document", "view-position"), Engine.VIEWS),
    ASKED: Engine.OUTSIDE,
}
"""Which engine is asked at a hook, before it does anything."""


class Faults:
    """Decides at each hook; ``weather`` may be exchanged at any time."""

    def __init__(self, world: World, scheduler: Scheduler, random: Random) -> None:
        self._world = world
        self._scheduler = scheduler
        self._random = random
        self._crashes = 0
        self._away: set[tuple[Engine, str]] = set()
        self.weather = Weather()

    def change(self, weather: Weather) -> None:
        """From now on it is like this."""
        self.weather = weather
        self._away.clear()
        self._till_crash = weather.crash
        self._till_stall = self._till_crash + weather.stall
        self._till_lost = self._till_stall + weather.lost
        self._till_switch = self._till_lost + weather.switch

    def __call__(self, actor: Actor, place: str) -> None:
        """What happens to an actor at a hook: mostly nothing."""
        if place == "locked":
            self._scheduler.pause()
            return
        instance = actor.owner
        if self._away and self._is_away(instance, place):
            raise LOST[place][0]()
        drawn = self._random.random()
        if drawn >= self._till_switch:
            return
        if drawn >= self._till_lost:
            self._scheduler.pause()
        elif drawn >= self._till_stall:
            self._scheduler.note(f"{actor} {place}: lost")
            lost = self._random.choice(LOST[place])()
            if isinstance(lost, Delayed):
                self._scheduler.at(self._random.randint(1, 500), self._world.land_late)
            raise lost
        elif instance is None:
            self._scheduler.pause()
        elif drawn >= self._till_crash:
            self._stall(actor, instance, place)
        else:
            self._crash(actor, instance, place)

    def plan_outages(self) -> None:
        """Engines that will be away for a while: one service's, or one that all share."""
        random, scheduler = self._random, self._scheduler
        for _ in range(self.weather.outages):
            engine = random.choice(tuple(Engine))
            shared = engine in (Engine.BUS, Engine.OUTSIDE)
            away = engine, "" if shared else random.choice(list(self._world.sites))
            begins, lasts = random.randint(0, 6000), random.randint(1, self.weather.longest_outage)
            scheduler.at(begins, partial(self._go_away, away))
            scheduler.at(begins + lasts, partial(self._come_back, away))

    def _go_away(self, away: tuple[Engine, str]) -> None:
        if self.weather.outages:
            self._away.add(away)
            self._scheduler.note(f"{' '.join(away)} is away")

    def _come_back(self, away: tuple[Engine, str]) -> None:
        self._away.discard(away)
        self._scheduler.note(f"{' '.join(away)} is back")

    def _is_away(self, instance: Process | None, place: str) -> bool:
        engine = ENGINE_AT.get(place)
        if engine is None:
            return False
        shared = engine in (Engine.BUS, Engine.OUTSIDE)
        service = "" if shared or instance is None else instance.name.partition("/")[0]
        return (engine, service) in self._away

    def _crash(self, actor: Actor, instance: Process, place: str) -> None:
        if self._crashes >= self.weather.most_crashes:
            return
        self._crashes += 1
        random = self._random
        back_in = random.choice((random.randint(1, 30), random.randint(100, 1000)))
        self._scheduler.note(f"{actor} {place}: {instance.name} dies, back in {back_in}")
        self._scheduler.soon(instance.die)
        self._scheduler.at(back_in, instance.start)
        if random.random() < self.weather.expire:
            self._scheduler.at(random.randint(0, back_in), instance.expire)
        self._scheduler.pause()

    def _stall(self, actor: Actor, instance: Process, place: str) -> None:
        random, scheduler = self._random, self._scheduler
        ticks = random.randint(1, self.weather.longest_stall)
        actors = [actor] if random.random() < 0.6 else list(instance.actors)
        what = actor.name if len(actors) == 1 else instance.name
        scheduler.note(f"{actor} {place}: {what} stands still for {ticks}")
        scheduler.hold(actors)
        scheduler.at(ticks, lambda: scheduler.free(actors))
        if random.random() < self.weather.disconnect:
            scheduler.at(random.randint(0, ticks), instance.disconnect)
        if random.random() < self.weather.expire:
            scheduler.at(random.randint(0, ticks), instance.expire)
        if ticks > LOCK_TIMEOUT_TICKS:
            scheduler.at(LOCK_TIMEOUT_TICKS, instance.disconnect)
        scheduler.pause()
