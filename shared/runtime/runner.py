"""The threads and tasks that keep one service going in one process.

Every loop calls a ``step`` that does all the work; here is only when to call it again. A loop
survives whatever its step raises: an engine that is away is waited for, and what a person must
decide stops that loop, is logged, and fails ``/readyz``.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from enum import Flag, auto

from shared.bus.consumer import Consumer
from shared.bus.port import BusAway, MemberFenced, PositionOutside, TopicMissing, TopicWrong
from shared.bus.relay import Relay
from shared.bus.witness import LogForked, check_log
from shared.kernel.duties import Duties, Gateway
from shared.kernel.follower import Follower
from shared.kernel.reactions import Reactions
from shared.kernel.store import StoreAway
from shared.kernel.submission import ClockAstray, PositionMoved, WriterBusy, WriterClosed
from shared.runtime.build import topic_specs
from shared.runtime.service import Service, topic_of
from shared.views.port import ViewsAway
from shared.views.projector import Projector
from shared.web.health import Check, NotReady

log = logging.getLogger(__name__)

_PASSING = (
    StoreAway,
    BusAway,
    ViewsAway,
    WriterBusy,
    WriterClosed,
    PositionMoved,
    ClockAstray,
    TopicMissing,
)
"""What goes away by itself, or while the loop waits."""

_FINAL = (PositionOutside, MemberFenced)
"""What a person must decide."""

_FIRST_REST_S = 0.1
_LONGEST_REST_S = 5.0


class Part(Flag):
    """What a process does for a service."""

    API = auto()
    WORKER = auto()
    BOTH = API | WORKER


class Runner:
    """Keeps one service going: ``start`` in the event loop it shall use, ``stop`` at the end."""

    def __init__(self, service: Service, part: Part) -> None:
        self._service = service
        self._part = part
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._troubles: dict[str, str] = {"log": "not-checked-yet"}
        self._told = ""

    async def start(self) -> None:
        """Begin. Returns at once; ``/readyz`` tells when the service can serve."""
        self._service.store.watch(self._reconnected)
        self._thread("writer", lambda: self._service.writer.run(self._stopping))
        self._thread("admission", self._admit)
        if Part.WORKER in self._part:
            self._start_worker()

    def _start_worker(self) -> None:
        """The worker's loops. Followers, duties and gateways are elected to spare double work;
        what makes them safe without it are positions and command ids."""
        service, settings = self._service, self._service.settings
        definition, store, writer = service.definition, service.store, service.writer
        rest_s = settings.poll_ms / 1000
        relay = Relay(
            store,
            service.bus,
            service.topic,
            store.election("relay"),
            batch=settings.relay_batch,
            deadline_s=settings.relay_deadline_ms / 1000,
            quiet_s=1.0,
        )
        self._loop("relay", relay.step, rest_s, relay.close)
        follower = Follower(store, writer, Reactions(definition.own))
        follows = store.election("follower")
        self._loop("follower", lambda: follower.step(wait_s=1.0) if follows.held() else 0, rest_s)
        foreign = Reactions(definition.foreign)
        if foreign.services:
            consumer = Consumer(
                store,
                writer,
                service.bus,
                foreign,
                name=service.name,
                instance=settings.instance,
                topics=[topic_of(settings.cell, name) for name in sorted(foreign.services)],
                batch=settings.consumer_batch,
            )
            self._loop("consumer", consumer.step, 0.0, consumer.close)
        duties = Duties(store, writer, definition.duties, service.timekeeper.today)
        does = store.election("duties")
        self._loop(
            "duties",
            lambda: duties.step() if does.held() else 0,
            settings.duties_poll_ms / 1000,
        )
        for projection in definition.projections:
            view = projection.spec.name
            projector = Projector(
                projection,
                service.views,
                store,
                store.election(f"view/{view}/{projection.spec.version}"),
                events_per_step=settings.projector_batch,
            )
            self._task(f"view-{view}", projector.step, rest_s)
        kinds = definition.gateways(service)
        gateway = Gateway(store, writer, kinds, service.timekeeper.today)
        asks = store.election("gateways")

        async def ask() -> int:
            return await gateway.step() if await asyncio.to_thread(asks.held) else 0

        self._task("gateways", ask, settings.gateway_poll_ms / 1000)
        for name, chore in definition.chores(service).items():
            self._task(name, chore, settings.duties_poll_ms / 1000)

    async def stop(self) -> None:
        """End every loop; what was acknowledged is safe, what was queued is refused."""
        self._stopping.set()
        self._service.writer.close()
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task
        for thread in self._threads:
            await asyncio.to_thread(thread.join, 10.0)
        await self._service.views.close()
        self._service.store.close()

    def checks(self) -> Mapping[str, Check]:
        """What ``/readyz`` asks of this service."""
        return {"loops": self._check_loops, "event-store": self._check_store}

    async def _check_loops(self) -> None:
        for trouble in (self._service.writer.trouble, *self._troubles.values()):
            if trouble is not None:
                raise NotReady(trouble)
        if not self._service.writer.is_open:
            raise NotReady("log-being-checked")

    async def _check_store(self) -> None:
        await asyncio.to_thread(self._service.store.head)

    def _thread(self, name: str, run: Callable[[], None]) -> None:
        thread = threading.Thread(target=run, name=f"{self._service.name}-{name}", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _admit(self) -> None:
        """Let commands in once tables and topics are right and the log is no forked one.

        And again whenever the writer was suspended since: another server may answer now, with an
        older copy of the log.
        """
        rest_s = _FIRST_REST_S
        while not self._stopping.is_set():
            if self._service.writer.is_open:
                self._stopping.wait(_FIRST_REST_S)
                continue
            try:
                self._admit_once()
                rest_s = _FIRST_REST_S
                continue
            except (TopicMissing, TopicWrong) as error:
                self._trouble("topics-not-right", error)
            except LogForked as error:
                self._trouble("log-forked", error)
            except _PASSING as error:
                self._trouble("engine-away", error)
            except Exception as error:
                log.exception("the check of the log failed")
                self._trouble("check-failed", error)
            self._stopping.wait(rest_s)
            rest_s = min(rest_s * 2, _LONGEST_REST_S)

    def _reconnected(self) -> None:
        """Another server may answer now: nothing is written before the log is checked again."""
        why = "the database was connected to anew; the log is being checked against its topic"
        self._service.writer.suspend(why)
        raise WriterClosed(why)

    def _admit_once(self) -> None:
        service = self._service
        service.store.create_table()
        for spec in topic_specs(service.settings):
            service.bus.check_topic(spec)
        check_log(service.store, service.bus, service.topic)
        service.writer.open()
        self._troubles.pop("log", None)
        self._told = ""
        log.info("the log agrees with its topic; commands are taken")

    def _trouble(self, reason: str, error: Exception) -> None:
        """What keeps commands out; told once each, so that a person sees what is next to mend."""
        told = f"{reason}: {error}"
        if self._told != told:
            log.warning("no commands are taken: %s", told)
        self._told = told
        self._troubles["log"] = reason

    def _loop(
        self,
        name: str,
        step: Callable[[], int],
        rest_s: float,
        close: Callable[[], None] | None = None,
    ) -> None:
        def run() -> None:
            pause = _Pause(self, name, rest_s)
            while not self._stopping.is_set() and not pause.ended:
                if not self._service.writer.is_open:
                    self._stopping.wait(0.05)
                    continue
                wait_s = pause.after(step)
                if wait_s > 0:
                    self._stopping.wait(wait_s)
            if close is not None:
                close()

        self._thread(name, run)

    def _task(self, name: str, step: Callable[[], Awaitable[int]], rest_s: float) -> None:
        async def run() -> None:
            pause = _Pause(self, name, rest_s)
            while not self._stopping.is_set() and not pause.ended:
                if not self._service.writer.is_open:
                    await asyncio.sleep(0.05)
                    continue
                await asyncio.sleep(await pause.after_awaiting(step))

        self._tasks.append(asyncio.create_task(run(), name=f"{self._service.name}-{name}"))


class _Pause:
    """How long a loop rests after a step: not while there is work, longer while it fails."""

    def __init__(self, runner: Runner, name: str, rest_s: float) -> None:
        self._runner = runner
        self._name = name
        self._rest_s = rest_s
        self._failures = 0
        self.ended = False

    def after(self, step: Callable[[], int]) -> float:
        """Step, and say how long to rest."""
        try:
            return self._well(step())
        except Exception as error:  # noqa: BLE001 - a loop outlives its steps
            return self._badly(error)

    async def after_awaiting(self, step: Callable[[], Awaitable[int]]) -> float:
        """Step, and say how long to rest."""
        try:
            return self._well(await step())
        except Exception as error:  # noqa: BLE001 - a loop outlives its steps
            return self._badly(error)

    def _well(self, moved: int) -> float:
        if self._failures:
            log.info("%s goes on", self._name)
            self._failures = 0
            self._runner._troubles.pop(self._name, None)
        return 0.0 if moved else self._rest_s

    def _badly(self, error: Exception) -> float:
        self._failures += 1
        if isinstance(error, _FINAL):
            log.error("%s has stopped; a person must decide: %s", self._name, error)
            self._runner._troubles[self._name] = "a-person-must-decide"
            self.ended = True
            return 0.0
        if not isinstance(error, _PASSING):
            log.error("%s failed", self._name, exc_info=error)
        elif self._failures == 1:
            log.warning("%s waits: %s: %s", self._name, type(error).__name__, error)
        if isinstance(error, TopicMissing):
            self._runner._troubles[self._name] = "topics-not-right"
        elif not isinstance(error, PositionMoved | WriterBusy | WriterClosed):
            self._runner._troubles[self._name] = "engine-away"
        return min(0.1 * 2.0 ** min(self._failures, 6), _LONGEST_REST_S)
