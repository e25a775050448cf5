"""Clients: they send a command until they have an answer, and believe what they are told.

A client knows a service by its instances' addresses. A request may be lost, or its answer; the
process may die in between; then the same command goes again under the same id, perhaps to the
other instance. Sometimes a client sends it twice at once, or again long after its answer.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from shared.kernel.store import StoreAway
from shared.kernel.submission import Outcome, Submission, Unpark, WriterBusy, WriterClosed
from tests.simulation.findings import Finding, Invariant, require
from tests.simulation.harness import seeded
from tests.simulation.house import Site
from tests.simulation.instance import Instance
from tests.simulation.world import World

RECORDED_NOTHING = (StoreAway, WriterBusy, WriterClosed)
"""Answers (503) after which the client sends the same again."""

PATIENCE_TICKS = 600
REST_TICKS = 20

Item = Submission | Unpark
Deserved = tuple[type[Exception], ...]
"""Answers that record nothing, which a client may have asked for."""


@dataclass(frozen=True)
class Answer:
    """A command with its outcome, and the dates between which it was decided."""

    service: str
    item: Item
    outcome: Outcome
    sent_on: date
    answered_on: date


class Call:
    """One request on its way to one process; no answer comes from a process that died."""

    def __init__(self, instance: Instance, item: Item) -> None:
        self._instance = instance
        self._writer = instance.writer
        self._future: Future[Any] = instance.writer.submit(item)
        instance.queued()

    @property
    def wakes_on(self) -> str:
        """What is stirred when there may be an answer."""
        return f"answers:{self._instance.name}"

    @property
    def broken(self) -> bool:
        """Whether the process is gone, and the answer with it."""
        return not self._instance.alive or self._instance.writer is not self._writer

    @property
    def told(self) -> Outcome | BaseException | None:
        """The answer, ``None`` if none has come."""
        if not self._future.done():
            return None
        outcome: Outcome | BaseException = self._future.exception() or self._future.result()
        return outcome


def same(one: Outcome, other: Outcome) -> bool:
    """Whether two answers to one command tell the same."""
    return replace(one, repeated=False) == replace(other, repeated=False)


class Client:
    """One client: ``live`` is its life, told as plain code that waits where it must."""

    def __init__(self, world: World, name: str, live: Callable[[Client], None]) -> None:
        self.world = world
        self.name = name
        self.random = seeded("client", name, world.random.random())
        self.wants: date | None = None
        self.done = False
        self.answers: dict[UUID, Answer] = {}
        self._calls: list[tuple[UUID, Call, Deserved]] = []
        self._live = live
        self._actor = world.scheduler.add(name, self._step)

    def _step(self) -> int:
        if not self.done:
            self._live(self)
            self.done = True
            self.world.scheduler.stir("done")
            self.note("has all it wanted")
        return 0

    def note(self, text: str) -> None:
        """Put a line into the trace."""
        self.world.scheduler.note(f"{self.name} {text}")

    def until(self, seen: Callable[[], object], *wakes_on: str) -> None:
        """Wait until something is seen to be so; looked at whenever one of these is stirred."""
        self.world.scheduler.wait_for(self._actor, *wakes_on)
        while not seen():
            self.world.scheduler.rest()

    def until_day(
        self, day: date, or_until: Callable[[], bool] | None = None, *wakes_on: str
    ) -> None:
        """Wait for a date, less if something is seen to be so."""
        self.wants = day
        self.until(lambda: self.world.today >= day or (or_until and or_until()), "clock", *wakes_on)
        self.wants = None

    def rest(self, ticks: int, or_until: Callable[[], bool] | None = None, *wakes_on: str) -> None:
        """Let some time pass, less if something is seen to be so."""
        scheduler = self.world.scheduler
        end = scheduler.now + ticks
        scheduler.at(ticks, lambda: scheduler.rouse(self._actor))
        self.until(lambda: scheduler.now >= end or (or_until and or_until()), *wakes_on)

    def send(self, service: str, item: Item, deserved: Deserved = ()) -> Outcome:
        """Have a command decided, however often it must be sent; its recorded outcome.

        Raises what it is told of ``deserved``, which records nothing.
        """
        site = self.world.sites[service]
        sent_on = site.clock.today()
        while True:
            told = self._try(site, item, deserved)
            if isinstance(told, Outcome):
                break
            if isinstance(told, deserved):
                raise told
            troubled = told is not None and not isinstance(told, RECORDED_NOTHING)
            text = f"{self.name} was told {told!r}"
            require(not troubled, Invariant.CLIENTS_UNTROUBLED, text)
        answer = Answer(service, item, told, sent_on, site.clock.today())
        self.answers[item.command_id] = answer
        self.world.watch.acknowledged(answer)
        if self.random.random() < self.world.weather.duplicate:
            self._twice(site, item, deserved)
        return told

    def settle(self) -> None:
        """Compare answers that came twice. Raises ``Finding``."""
        for command_id, call, deserved in self._calls:
            told, answer = call.told, self.answers.get(command_id)
            if isinstance(told, Outcome) and answer is not None:
                text = f"{self.name} was told {answer.outcome}, and then {told}"
                require(same(told, answer.outcome), Invariant.COMMANDS_ONCE, text)
            elif told is not None and not isinstance(told, (*RECORDED_NOTHING, *deserved)):
                raise Finding(Invariant.CLIENTS_UNTROUBLED, f"{self.name} was told {told!r}")

    def _try(self, site: Site, item: Item, deserved: Deserved) -> Outcome | BaseException | None:
        """Send it once; ``None`` where no answer comes."""
        weather, random = self.world.weather, self.random
        self.until(lambda: any(one.open for one in site.instances), f"up:{site.name}")
        instance = random.choice([one for one in site.instances if one.open])
        if random.random() < weather.lost_answer / 2:
            self.rest(REST_TICKS)
            return None
        try:
            call = Call(instance, item)
            if random.random() < weather.duplicate:
                self._twice(site, item, deserved)
        except (WriterBusy, WriterClosed) as error:
            self.rest(REST_TICKS)
            return error
        if random.random() < weather.lost_answer:
            self.rest(random.randint(1, 3 * REST_TICKS))
            return None
        self.rest(PATIENCE_TICKS, lambda: call.broken or call.told is not None, call.wakes_on)
        told = call.told
        if isinstance(told, StoreAway):
            self.rest(REST_TICKS)
        return told

    def _twice(self, site: Site, item: Item, deserved: Deserved) -> None:
        """The same request on another way; what it is told is compared at the end."""
        instance = self.random.choice(site.instances)
        if instance.open:
            with suppress(WriterBusy):
                self._calls.append((item.command_id, Call(instance, item), deserved))
