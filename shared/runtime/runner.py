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
from shared.bus.port import TopicMissing, TopicWrong
from shared.bus.relay import Relay
from shared.bus.witness import LogForked, check_log
from shared.kernel.duties import Duties, Gateway
from shared.kernel.follower import Follower
from shared.kernel.reactions import Reactions
from shared.kernel.submission import ClockAstray, WriterClosed
from shared.runtime.build import topic_specs
from shared.runtime.pace import BEHIND, FIRST_REST_S, LONGEST_REST_S, PASSING, Pace
from shared.runtime.service import Service, topic_of
from shared.runtime.tide import UNKNOWN, Tide
from shared.runtime.view_orders import ViewOrders
from shared.views.projector import Projector
from shared.views.rebuild import Rebuild
from shared.web.health import Check, NotReady

log = logging.getLogger(__name__)

_UNCHECKED = "not-checked-yet"

_WHILE_IDLE_S = 1.0
"""A loop that waits for the log to grow looks so often all the same: a task that it stands for
may have become free, or its topic another."""

_WHILE_BUSY_S = 0.025


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
        self._troubles: dict[str, str] = {"log": _UNCHECKED}
        self._told = ""
        self._tide = Tide()

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
        self._thread("tide", self._watch)
        relay = Relay(
            store,
            service.bus,
            service.topic,
            store.election("relay"),
            batch=settings.relay_batch,
            deadline_s=settings.relay_deadline_ms / 1000,
            quiet_s=1.0,
        )
        self._loop("relay", relay.step, close=relay.close)
        follower = Follower(store, writer, Reactions(definition.own))
        follows = store.election("follower")
        self._loop("follower", lambda: follower.step(wait_s=1.0) if follows.held() else 0)
        if definition.follows:
            consumer = Consumer(
                store,
                writer,
                service.bus,
                definition.arrival_of(),
                name=service.name,
                instance=settings.instance,
                topics=[topic_of(settings.cell, name) for name in definition.follows],
                batch=settings.consumer_batch,
            )
            # The bus makes it wait until there are records.
            self._loop(
                "consumer",
                consumer.step,
                rest_s=0.0,
                behind=settings.consumer_batch,
                close=consumer.close,
            )
        duties = Duties(store, writer, definition.duties, service.timekeeper.today)
        does = store.election("duties")
        self._loop(
            "duties",
            lambda: duties.step() if does.held() else 0,
            rest_s=settings.duties_poll_ms / 1000,
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
            orders = ViewOrders(service, projection.spec)
            rebuild = Rebuild(projector, service.views, orders)
            self._task(f"view-{view}", rebuild.step, behind=settings.projector_batch)
        kinds = definition.gateways(service)
        gateway = Gateway(store, writer, kinds, service.timekeeper.today)
        asks = store.election("gateways")

        async def ask() -> int:
            return await gateway.step() if await asyncio.to_thread(asks.held) else 0

        self._task("gateways", ask, rest_s=settings.gateway_poll_ms / 1000)
        for name, chore in definition.chores(service).items():
            self._task(name, chore, rest_s=settings.duties_poll_ms / 1000)

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

    def trouble(self) -> str | None:
        """Why the service is not ready, as words joined by hyphens; ``None`` if it is."""
        for trouble in (self._service.writer.trouble, *self._troubles.values()):
            if trouble is not None:
                return trouble
        return None if self._service.writer.is_open else "log-being-checked"

    async def _check_loops(self) -> None:
        trouble = self.trouble()
        if trouble is not None:
            raise NotReady(trouble)

    async def _check_store(self) -> None:
        if self._troubles.get("log") == _UNCHECKED:  # there may be no tables yet
            raise NotReady(_UNCHECKED)
        await asyncio.to_thread(self._service.store.head)

    def _thread(self, name: str, run: Callable[[], None]) -> None:
        thread = threading.Thread(target=run, name=f"{self._service.name}-{name}", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _admit(self) -> None:
        """Let commands in once tables and topics are right, the log is no forked one, and the
        clock does not show a moment before its end.

        And again whenever the writer was suspended since: another server may answer now, with an
        older copy of the log. Where the clock went astray meanwhile no turn may come to find out
        that it is right again, so it is looked at here.
        """
        rest_s = FIRST_REST_S
        while not self._stopping.is_set():
            writer = self._service.writer
            if writer.is_open and writer.trouble is None:
                self._stopping.wait(FIRST_REST_S)
                continue
            if writer.is_open:
                writer.suspend("the clock is astray")
            try:
                self._admit_once()
                rest_s = FIRST_REST_S
                continue
            except (TopicMissing, TopicWrong) as error:
                self._trouble("topics-not-right", error)
            except LogForked as error:
                self._trouble("log-forked", error)
            except ClockAstray as error:
                self._trouble("clock-astray", error)
            except PASSING as error:
                self._trouble("engine-away", error)
            except Exception as error:
                log.exception("the check of the log failed")
                self._trouble("check-failed", error)
            self._stopping.wait(rest_s)
            rest_s = min(rest_s * 2, LONGEST_REST_S)

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
        service.timekeeper.check_log_end()
        service.writer.open()
        self._troubles.pop("log", None)
        self._told = ""
        log.info("the log agrees with its topic; commands are taken")

    def _trouble(self, reason: str, error: Exception) -> None:
        """What keeps commands out; told once each, so that a person sees what is next to mend."""
        # A clock's sentence names the moment, which moves on.
        told = reason if isinstance(error, ClockAstray) else f"{reason}: {error}"
        if self._told != told:
            log.warning("%s takes no commands: %s: %s", self._service.name, reason, error)
        self._told = told
        self._troubles["log"] = reason

    def _watch(self) -> None:
        """Look where the log ends, for all loops that begin with it."""

        def look() -> int:
            if self._service.writer.is_open:
                self._tide.stands(self._service.store.head())
            return 0

        pace = Pace("tide", self._troubles, idle_s=self._service.settings.poll_ms / 1000)
        while not self._stopping.is_set():
            self._stopping.wait(pace.after(look))
        self._tide.stands(UNKNOWN)

    def _pace(self, name: str, rest_s: float | None, behind: int) -> Pace:
        idle_s = _WHILE_IDLE_S if rest_s is None else rest_s
        behind = min(behind, BEHIND)
        return Pace(name, self._troubles, idle_s=idle_s, busy_s=_WHILE_BUSY_S, behind=behind)

    def _loop(
        self,
        name: str,
        step: Callable[[], int],
        *,
        rest_s: float | None = None,
        behind: int = BEHIND,
        close: Callable[[], None] | None = None,
    ) -> None:
        """Keep stepping in a thread; with ``rest_s`` so often, else whenever the log grew."""
        pace = self._pace(name, rest_s, behind)

        def run() -> None:
            while not self._stopping.is_set() and not pace.ended:
                if not self._service.writer.is_open:
                    self._stopping.wait(0.05)
                    continue
                seen = self._tide.head
                wait_s = pace.after(step)
                if pace.idle and rest_s is None:
                    self._tide.sleep(seen, wait_s)
                elif wait_s > 0:
                    self._stopping.wait(wait_s)
            if close is not None:
                close()

        self._thread(name, run)

    def _task(
        self,
        name: str,
        step: Callable[[], Awaitable[int]],
        *,
        rest_s: float | None = None,
        behind: int = BEHIND,
    ) -> None:
        """As ``_loop``, in a task."""
        pace = self._pace(name, rest_s, behind)

        async def run() -> None:
            while not self._stopping.is_set() and not pace.ended:
                if not self._service.writer.is_open:
                    await asyncio.sleep(0.05)
                    continue
                seen = self._tide.head
                wait_s = await pace.after_awaiting(step)
                if pace.idle and rest_s is None:
                    await self._tide.asleep(seen, wait_s)
                else:
                    await asyncio.sleep(wait_s)

        self._tasks.append(asyncio.create_task(run(), name=f"{self._service.name}-{name}"))
