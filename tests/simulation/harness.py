"""The scheduler: one thread, many actors, and a seed that says who goes next.

An actor is something with a ``step``. It runs in a greenlet, so that it can be put aside in the
middle of its step, wherever a fake calls its hook (``Scheduler.hook``): between a turn's look
and its write, between a produced record and its acknowledgement, between two documents of a view.
There its process may also die, or stand still. Nothing here looks at a clock: time is a count of
resumptions, and what happens follows from the seed alone.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from heapq import heappop, heappush
from random import Random
from typing import Any, Protocol

from greenlet import getcurrent, greenlet  # type: ignore[import-untyped]  # has no stubs

from tests.simulation.loop import HandLoop

TICK_S = 0.05
"""How much of a process's monotonic time passes with each resumption."""

TRACE_LENGTH = 60
"""How many of the last happenings are kept to be shown with a failure."""


def seeded(*names: object) -> Random:
    """A source of chance of its own, the same for the same names."""
    return Random("/".join(map(str, names)))  # noqa: S311 - a seed is no secret


class Crashed(SystemExit):
    """The process is gone. No ``except Exception`` may live on after it."""


class Stuck(Exception):
    """The simulation goes on and on without coming to rest."""


class Process(Protocol):
    """What an actor dies and stands still with."""

    name: str
    actors: list[Actor]

    def start(self) -> None:
        """Begin anew, unless it lives."""

    def die(self) -> None:
        """End this moment, outside every actor."""

    def disconnect(self) -> None:
        """Lose its connections to its database."""

    def expire(self) -> None:
        """Be taken for dead by the bus."""


class Actor:
    """Something that takes steps, for a process (``owner``) that it dies with.

    ``wakes_on`` names what ends its rest: an actor whose step had nothing to do rests until one
    of these is stirred (``Scheduler.wait_for``). ``loop`` is its event loop, where its step needs
    one.
    """

    def __init__(
        self,
        scheduler: Scheduler,
        name: str,
        step: Callable[[], int],
        owner: Process | None,
        wakes_on: Iterable[str],
    ) -> None:
        self.name = name
        self.owner = owner
        self.wakes_on: tuple[str, ...] = tuple(wakes_on)
        self.loop: HandLoop | None = None
        self.dead = False
        self.held = False
        self.awake = True
        self.place = -1
        self._scheduler = scheduler
        self._step = step
        self.greenlet = greenlet(self._run, scheduler.hub)

    def _run(self) -> None:
        try:
            while True:
                if not self._step():
                    self.awake = False
                self._scheduler.hub.switch()
        except Crashed:
            return

    def __repr__(self) -> str:
        return self.name


class Scheduler:
    """Resumes one actor after the other, as ``random`` has it.

    ``at_hook`` decides, at each hook of a fake, what happens there (``faults.Faults``).
    """

    def __init__(self, random: Random, trace_length: int = TRACE_LENGTH) -> None:
        self.random = random
        self.hub = getcurrent()
        self.now = 0
        self.moved = 0
        self.current: Actor | None = None
        self.at_hook: Callable[[Actor, str], None] | None = None
        self.trace: deque[str] = deque(maxlen=trace_length)
        self._ready: list[Actor] = []
        self._actors: dict[Actor, None] = {}
        self._waiting: dict[str, dict[Actor, None]] = {}
        self._timers: list[tuple[int, int, Callable[[], None]]] = []
        self._timed = 0
        self._soon: list[Callable[[], None]] = []

    def monotonic(self) -> float:
        """The processes' monotonic clock, in seconds."""
        return self.now * TICK_S

    def note(self, text: str) -> None:
        """Put a line into the trace."""
        self.trace.append(f"{self.now:6} {text}")

    def add(
        self,
        name: str,
        step: Callable[[], int],
        *,
        owner: Process | None = None,
        wakes_on: Iterable[str] = (),
    ) -> Actor:
        """A new actor, awake."""
        actor = Actor(self, name, step, owner, ())
        self.wait_for(actor, *wakes_on)
        self._actors[actor] = None
        self._enqueue(actor)
        return actor

    def wait_for(self, actor: Actor, *wakes_on: str) -> None:
        """From now on these end an actor's rest."""
        if actor.wakes_on != wakes_on:
            for what in actor.wakes_on:
                del self._waiting[what][actor]
            actor.wakes_on = wakes_on
            for what in wakes_on:
                self._waiting.setdefault(what, {})[actor] = None

    def stir(self, what: str) -> None:
        """Something happened: wake those who wait for it."""
        self.moved += 1
        for actor in self._waiting.get(what, ()):
            if not actor.awake:
                self.rouse(actor)

    def rouse(self, actor: Actor) -> None:
        """Wake one."""
        if not actor.dead:
            actor.awake = True
            self._enqueue(actor)

    def wake(self) -> None:
        """Wake everybody, as processes that poll do now and then."""
        for actor in self._actors:
            self.rouse(actor)

    def at(self, ticks: int, do: Callable[[], None]) -> None:
        """Do something after so many resumptions, or as soon as nobody else can go on."""
        self._timed += 1
        heappush(self._timers, (self.now + ticks, self._timed, do))

    def soon(self, do: Callable[[], None]) -> None:
        """Do something outside every actor, as soon as the present one is put aside."""
        self._soon.append(do)

    def pause(self) -> None:
        """Called within an actor: put it aside, awake."""
        actor = self.current
        assert actor is not None
        self.hub.switch()
        if actor.dead:
            raise Crashed

    def rest(self) -> None:
        """Called within an actor: put it aside until it is woken."""
        assert self.current is not None
        self.current.awake = False
        self.pause()

    def hook(self, place: str) -> None:
        """What the fakes call before each effect; outside every actor nothing happens."""
        actor = self.current
        if actor is None or self.at_hook is None:
            return
        if actor.dead:
            raise Crashed
        self.at_hook(actor, place)

    def hold(self, actors: Iterable[Actor]) -> None:
        """Stop actors from going on."""
        for actor in actors:
            actor.held = True
            self._dequeue(actor)

    def free(self, actors: Iterable[Actor]) -> None:
        """Let held actors go on."""
        for actor in actors:
            if actor.held:
                actor.held = False
                self.rouse(actor)

    def kill(self, actors: Iterable[Actor]) -> None:
        """End actors where they stand; called outside every actor."""
        assert self.current is None
        for actor in actors:
            actor.dead = True
            self._dequeue(actor)
            self.wait_for(actor)
            del self._actors[actor]
            if actor.greenlet and not actor.greenlet.dead:
                asyncio._set_running_loop(actor.loop)
                actor.greenlet.throw(Crashed)
                asyncio._set_running_loop(None)
            if actor.loop is not None:
                actor.loop.abandon()

    def tick(self) -> bool:
        """Let one actor go on. ``False`` if none can and nothing is timed."""
        timers = self._timers
        if not self._ready and timers:
            self.now = max(self.now, timers[0][0])
        while timers and timers[0][0] <= self.now:
            heappop(timers)[2]()
        ready = self._ready
        if not ready:
            return bool(timers)
        self.now += 1
        actor = ready[int(self.random.random() * len(ready))]
        self.resume(actor)
        return True

    def resume(self, actor: Actor) -> None:
        """Let an actor go on until it is put aside or its step is over."""
        self.current = actor
        if actor.loop is not None:
            asyncio._set_running_loop(actor.loop)
            try:
                actor.greenlet.switch()
            finally:
                asyncio._set_running_loop(None)
                self.current = None
        else:
            try:
                actor.greenlet.switch()
            finally:
                self.current = None
        if not actor.awake:
            self._dequeue(actor)
        while self._soon:
            self._soon.pop()()

    def run(self, most: int) -> None:
        """Go on until nobody can. Raises ``Stuck`` after ``most`` resumptions."""
        end = self.now + most
        while self.tick():
            if self.now > end:
                raise Stuck(f"no rest after {most} steps; awake: {self._ready}")

    def end(self) -> None:
        """End every actor."""
        self.kill(list(self._actors))

    def _enqueue(self, actor: Actor) -> None:
        if actor.place < 0 and not actor.held:
            actor.place = len(self._ready)
            self._ready.append(actor)

    def _dequeue(self, actor: Actor) -> None:
        place = actor.place
        if place >= 0:
            last = self._ready.pop()
            if last is not actor:
                self._ready[place] = last
                last.place = place
            actor.place = -1


def drive(coroutine: Any) -> Any:
    """The result of a coroutine that never suspends."""
    try:
        coroutine.send(None)
    except StopIteration as ended:
        return ended.value
    raise AssertionError("the coroutine suspended")
