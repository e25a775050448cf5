"""One process of a service: all its real parts over connections of its own.

When it dies all its objects are thrown away; when it starts, new ones find what the databases
hold.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import httpx
from prometheus_client import CollectorRegistry

from shared.access.registry import RegistryClient
from shared.bus.consumer import Consumer
from shared.bus.parking import Parking
from shared.bus.port import BusAway
from shared.bus.relay import Relay
from shared.bus.witness import check_log
from shared.clock import WallClock, instant_of
from shared.kernel.deciding import Setting
from shared.kernel.duties import Duties, Gateway
from shared.kernel.follower import OWN_LOG, Follower
from shared.kernel.memory import MemoryStore
from shared.kernel.reactions import Reactions
from shared.kernel.store import StoreAway
from shared.kernel.submission import PositionMoved, WriterBusy, WriterClosed
from shared.kernel.timekeeping import Timekeeper
from shared.kernel.writer import Writer
from shared.runtime.neighbours import HttpNeighbours
from shared.runtime.service import Service, topic_of
from shared.views.memory import MemoryViews
from shared.views.port import ViewsAway
from shared.views.projector import Projector, inline
from tests.simulation.findings import Finding, Invariant
from tests.simulation.harness import Actor, drive
from tests.simulation.house import CELL, Site, keys, policy, regions, settings
from tests.simulation.loop import hand_loop
from tests.simulation.outside import Outside

if TYPE_CHECKING:
    from tests.simulation.world import World

PASSING: Final = (StoreAway, BusAway, ViewsAway, WriterBusy, WriterClosed, PositionMoved)
"""What the runner's loops wait out; anything else that a step raises is a finding."""

GATEWAY_POLL_TICKS: Final = 40
REST_TICKS: Final = 10
"""How long a loop rests after a step that failed."""


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
        self.timekeeper = Timekeeper(self.store, WallClock(), hand_from=instant_of(site.start))
        key = keys().key("parking")
        setting = Setting(CELL, site.definition.domain, policy(), key.seal)
        self.writer = Writer(
            self.store,
            setting,
            self.timekeeper.now,
            annex=self.timekeeper.annex,
            limits=world.tuning.limits,
        )
        own, foreign = Reactions(site.definition.own), Reactions(world.foreign(site.definition))
        reactions = {site.name: foreign, OWN_LOG: own}
        self.parking = Parking(self.store, reactions, key)
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
                self.world.scheduler.at(REST_TICKS, lambda: self.world.scheduler.rouse(actor))
                moved = 0
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
        definition = self.site.definition
        if not definition.follows:
            return
        flawed = replace(definition, foreign=self.world.foreign(definition))
        tuning = self.world.tuning
        consumer = Consumer(
            self.store,
            self.writer,
            self.world.bus,
            flawed.arrival_of(),
            name=self.site.name,
            instance=self.number,
            topics=[topic_of(CELL, name) for name in definition.follows],
            batch=tuning.consumer,
            in_flight=tuning.in_flight,
            revoke_wait_s=0.0,
        )
        wakes = [f"topic:{name}" for name in definition.follows]

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
            settings=settings(),
            store=self.store,
            writer=self.writer,
            views=site.views,
            bus=world.bus,
            timekeeper=self.timekeeper,
            policy=policy(),
            regions=regions(),
            keys=keys(),
            neighbours=HttpNeighbours(lambda _name: outside, lambda *_: httpx.Auth()),
            registry=RegistryClient(outside, lambda _purpose: httpx.Auth()),
            http=outside,
            metrics=CollectorRegistry(),
        )
        kinds = site.definition.gateways(service)
        if not kinds:
            return
        wakes = (f"log:{site.name}", f"clock:{site.name}")
        scheduler = world.scheduler

        def until_answered() -> None:
            self.queued()
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
