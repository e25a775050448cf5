"""The world of one seed: four services, two instances of each, and what they stand on.

A ``Site`` is what outlives a service's processes: its database, its views' disk. An ``Instance``
is one process of it: the real writer, relay, follower, consumer, projectors, duties and gateway
over connections of its own. When it dies all its objects are thrown away; when it starts, new
ones find what the databases hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import httpx

from services.decision.service import definition as decision
from services.intake.service import definition as intake
from services.payment.service import definition as payment
from services.verification.service import definition as verification
from shared.access.registry import RegistryClient
from shared.bus.consumer import Consumer
from shared.bus.memory import MemoryBus
from shared.bus.parking import Parking
from shared.bus.port import BusAway, TopicSpec
from shared.bus.relay import Relay
from shared.bus.witness import check_log
from shared.clock import WallClock, instant_of, legal_date
from shared.kernel.decider import Moment
from shared.kernel.deciding import Setting
from shared.kernel.duties import Duties, Gateway
from shared.kernel.event import Document, Event
from shared.kernel.follower import OWN_LOG, Follower
from shared.kernel.memory import Guards, MemoryDatabase, MemoryStore
from shared.kernel.reactions import React, Reactions
from shared.kernel.store import StoreAway
from shared.kernel.submission import PositionMoved, Submission, WriterBusy, WriterClosed
from shared.kernel.timekeeping import Timekeeper
from shared.kernel.writer import Limits, Writer
from shared.policy import Policy
from shared.regions import Regions, load_regions
from shared.runtime.definition import Definition
from shared.runtime.neighbours import HttpNeighbours
from shared.runtime.service import Service, topic_of
from shared.sealing import KeyRing
from shared.settings import Settings
from shared.views.memory import MemoryDisk, MemoryViews
from shared.views.port import ViewsAway
from shared.views.projector import Projector, inline
from tests.simulation.faults import Faults, Weather
from tests.simulation.findings import Finding, Invariant
from tests.simulation.harness import Actor, Scheduler, drive, seeded
from tests.simulation.loop import hand_loop
from tests.simulation.outside import Bank, Departments, Outside

if TYPE_CHECKING:
    from tests.simulation.clients import Client
    from tests.simulation.invariants import Watch

CELL: Final = "fj"
START: Final = date(2020, 4, 1)
PASSING: Final = (StoreAway, BusAway, ViewsAway, WriterBusy, WriterClosed, PositionMoved)
"""What the runner's loops wait out; anything else that a step raises is a finding."""

EVERY_GUARD: Final = Guards()
GATEWAY_POLL_TICKS: Final = 40


@dataclass(frozen=True)
class Removed:
    """Which guards are taken out, to show that each is needed."""

    store: Guards = EVERY_GUARD
    views: bool = False
    acknowledgement: bool = False


@cache
def definitions() -> tuple[Definition, ...]:
    """The four services."""
    return intake(), verification(), decision(), payment()


@cache
def regions() -> Regions:
    """The divisions."""
    return load_regions()


@cache
def _policy() -> Policy:
    return Policy.load([Path(__file__).parents[2] / "infra" / "demo" / "policy"])


@cache
def _settings() -> Settings:
    return Settings(cell=CELL)


@cache
def _keys() -> KeyRing:
    return KeyRing.ephemeral()


def moment_at(now: datetime) -> Moment:
    """The moment at which something was recorded."""
    return Moment(now, legal_date(now), _policy())


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
    database: MemoryDatabase = field(default_factory=MemoryDatabase)
    disk: MemoryDisk = field(default_factory=MemoryDisk)
    instances: list[Instance] = field(default_factory=list)
    _head: int = 0

    def __post_init__(self) -> None:
        self.log = MemoryStore(self.database)
        self.views = MemoryViews([p.spec for p in self.definition.projections], self.disk)
        self.clock = Timekeeper(self.log, WallClock(), hand_from=instant_of(START))

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


class World:
    """Everything of one seed. ``watch`` looks on; ``flawed`` are the cases that meet a bug."""

    watch: Watch

    def __init__(self, seed: int, weather: Weather, removed: Removed, trace_length: int) -> None:
        self.lives: list[Client] = []
        self.today = START
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
        self.sites = {d.name: Site(d) for d in definitions()}
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


class Instance:
    """One process of a service."""

    def __init__(self, world: World, site: Site, number: str) -> None:
        self.world = world
        self.site = site
        self.number = number
        self.name = f"{site.name}/{number}"
        self.actors: list[Actor] = []
        self.alive = False
        self.idle: dict[str, Callable[[], bool]] = {}

    def __repr__(self) -> str:
        return self.name

    @property
    def open(self) -> bool:
        """Whether it takes commands."""
        return self.alive and self.writer.is_open

    def start(self) -> None:
        """A new process: nothing in memory, everything from the databases."""
        if self.alive:
            return
        self.alive = True
        world, site = self.world, self.site
        self.store = MemoryStore(site.database, on_step=self._on_store, guards=world.removed.store)
        self.timekeeper = Timekeeper(self.store, WallClock(), hand_from=instant_of(START))
        key = _keys().key("parking")
        setting = Setting(CELL, site.definition.domain, _policy(), key.seal)
        self.writer = Writer(
            self.store,
            setting,
            self.timekeeper.now,
            annex=self.timekeeper.annex,
            limits=world.tuning.limits,
        )
        own, foreign = Reactions(site.definition.own), Reactions(world.foreign(site.definition))
        reactions = {site.name: foreign, OWN_LOG: own}
        self.parking = Parking(self.store, self.writer, reactions, key)
        self._add("admission", self._admit)

    def die(self) -> None:
        """The process ends this moment, whatever it was doing."""
        self.alive = False
        self.world.scheduler.kill(self.actors)
        self.actors = []
        self.disconnect()
        self.world.scheduler.stir(f"answers:{self.name}")

    def disconnect(self) -> None:
        """Its connections to the event database break; a living process connects anew."""
        self.site.database.disconnect(self.store)

    def expire(self) -> None:
        """The bus takes it for dead and gives its partitions to others."""
        self.world.bus.expire(f"doudi.{CELL}.{self.site.name}", self.number)

    def queued(self) -> None:
        """Somebody submitted something: the writer has work."""
        if self.alive and self.writer.queued:
            self.world.scheduler.stir(f"queue:{self.name}")

    def _on_store(self, place: str) -> None:
        if place == "committed" and self.site.grown():
            self.world.scheduler.stir(f"log:{self.site.name}")
        self.world.scheduler.hook(place)

    def _on_views(self, place: str) -> None:
        self.world.scheduler.hook(place)

    def _add(self, part: str, step: Callable[[], int], *wakes_on: str) -> Actor:
        def watched() -> int:
            try:
                moved = step()
            except PASSING as error:
                self.world.scheduler.note(f"{self.name} {part}: {type(error).__name__}")
                moved = 1
            except Exception as error:
                text = f"{self.name} {part} raised {error!r}"
                raise Finding(Invariant.CLIENTS_UNTROUBLED, text) from error
            self.queued()
            return moved

        name = f"{self.name} {part}"
        actor = self.world.scheduler.add(name, watched, owner=self, wakes_on=wakes_on)
        self.actors.append(actor)
        return actor

    def _admit(self) -> int:
        if self.writer.is_open:
            return 0
        check_log(self.store, self.world.bus, self.site.topic)
        self.writer.open()
        self.world.scheduler.note(f"{self.name} is open")
        self._work()
        self.world.scheduler.stir(f"up:{self.site.name}")
        return 0

    def _work(self) -> None:
        world, site, store, writer = self.world, self.site, self.store, self.writer
        definition, tuning = site.definition, world.tuning
        turns = self.world.scheduler.add(
            f"{self.name} writer", self._write, owner=self, wakes_on=[f"queue:{self.name}"]
        )
        self.actors.append(turns)
        relay = Relay(
            store,
            world.bus,
            site.topic,
            store.election("relay"),
            batch=tuning.relay,
            await_acknowledgements=not world.removed.acknowledgement,
        )
        log, answers = f"log:{site.name}", f"answers:{self.name}"
        self._add("relay", relay.step, log)
        follower = Follower(store, writer, Reactions(definition.own), limit=tuning.follower)
        self._add("follower", follower.step, log, answers)
        self.idle["follower"] = lambda: follower.idle
        self._consume()
        for projection in definition.projections:
            self._project(projection)
        duties = Duties(store, writer, definition.duties, self.timekeeper.today)
        self._add("duties", duties.step, log, answers, f"clock:{site.name}")
        self.idle["duties"] = lambda: duties.idle
        self._ask()

    def _write(self) -> int:
        answered = self.writer.step()
        if answered:
            self.world.scheduler.stir(f"answers:{self.name}")
        return answered

    def _consume(self) -> None:
        reactions = Reactions(self.world.foreign(self.site.definition))
        if not reactions.services:
            return
        tuning = self.world.tuning
        consumer = Consumer(
            self.store,
            self.writer,
            self.world.bus,
            reactions,
            name=self.site.name,
            instance=self.number,
            topics=[topic_of(CELL, name) for name in sorted(reactions.services)],
            batch=tuning.consumer,
            in_flight=tuning.in_flight,
            revoke_wait_s=0.0,
        )
        wakes = [f"topic:{name}" for name in sorted(reactions.services)]

        def step() -> int:
            moved = consumer.step(0.0)
            answers = [] if consumer.idle else [f"answers:{self.name}"]
            self.world.scheduler.wait_for(actor, *wakes, *answers)
            return moved

        actor = self._add("consumer", step, *wakes)
        self.idle["consumer"] = lambda: consumer.idle

    def _project(self, projection: Any) -> None:
        spec, site = projection.spec, self.site
        projector = Projector(
            projection,
            MemoryViews(
                [spec], site.disk, on_step=self._on_views, guard=not self.world.removed.views
            ),
            self.store,
            self.store.election(f"view/{spec.name}/{spec.version}"),
            events_per_step=self.world.tuning.projector,
            offload=inline,
        )

        def step() -> int:
            moved = drive(projector.step())
            if moved:
                self.world.scheduler.stir(f"view:{site.name}")
            return int(moved)

        self._add(f"view {spec.name}", step, f"log:{site.name}")

    def _ask(self) -> None:
        world, site = self.world, self.site
        outside = Outside(world.bank, world.departments, world.scheduler.hook)
        service = Service(
            definition=site.definition,
            settings=_settings(),
            store=self.store,
            writer=self.writer,
            views=site.views,
            bus=world.bus,
            timekeeper=self.timekeeper,
            policy=_policy(),
            regions=regions(),
            keys=_keys(),
            neighbours=HttpNeighbours(lambda _name: outside, lambda *_: httpx.Auth()),
            registry=RegistryClient(outside, lambda _purpose: httpx.Auth()),
            http=outside,
        )
        kinds = site.definition.gateways(service)
        if not kinds:
            return
        wakes = (f"log:{site.name}", f"clock:{site.name}")
        scheduler = world.scheduler

        def until_answered() -> None:
            scheduler.wait_for(actor, f"answers:{self.name}")
            scheduler.rest()
            scheduler.wait_for(actor, *wakes)

        loop = hand_loop(until_answered, scheduler.monotonic)
        gateway = Gateway(
            self.store,
            self.writer,
            kinds,
            self.timekeeper.today,
            monotonic=scheduler.monotonic,
        )

        def step() -> int:
            moved = loop.drive(gateway.step())
            if not moved and not gateway.idle:
                scheduler.at(GATEWAY_POLL_TICKS, lambda: scheduler.rouse(actor))
            return int(moved)

        actor = self._add("gateway", step, *wakes)
        actor.loop = loop
        self.idle["gateway"] = lambda: gateway.idle
