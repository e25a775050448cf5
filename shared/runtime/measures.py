"""What one process of a service measures of itself, beside its requests, for Prometheus.

Counters are told by the writer, once a turn. What waits is looked up when somebody scrapes, at
most every few seconds, never on the event loop, and never longer than a scrape may take.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from shared.kernel.submission import BatchDone, Outcome
from shared.kernel.writer import Turned, Writer
from shared.runtime.lags import Lags
from shared.web.metrics import BUCKETS_S

log = logging.getLogger(__name__)

FRESH_S: Final = 5.0
"""A look serves every scrape for so long."""

PATIENCE_S: Final = 2.0
"""So long a scrape waits for a look; the look goes on, and the next scrape finds it."""

_ITEMS: Final = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)

Look = Callable[[], Awaitable[Lags]]


class Turns:
    """Counts the writer's turns: ``told`` is what a writer tells of each."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._commands = Counter(
            "doudi_commands",
            "Commands by outcome: requests', reactions', duties' and gateways'",
            ["outcome"],
            registry=registry,
        )
        # Taken out once: a label is looked up slower than a number is added.
        self._recorded = self._commands.labels("recorded")
        self._empty = self._commands.labels("empty")
        self._refused = self._commands.labels("refused")
        self._repeated = self._commands.labels("repeated")
        self._failed = self._commands.labels("failed")
        self._refusals = Counter(
            "doudi_refusals", "Commands refused, by code", ["code"], registry=registry
        )
        self._events = Counter("doudi_events", "Events appended to the log", registry=registry)
        self._records = Counter(
            "doudi_consumed_records", "Records of topics and of the own log", registry=registry
        )
        self._items = Histogram(
            "doudi_turn_items",
            "Commands and batches that one turn of the writer answered",
            buckets=_ITEMS,
            registry=registry,
        )
        self._turn_s = Histogram(
            "doudi_turn_seconds",
            "A turn, from lock to commit",
            buckets=BUCKETS_S,
            registry=registry,
        )
        self._commit_s = Histogram(
            "doudi_commit_seconds",
            "Writing and committing a turn",
            buckets=BUCKETS_S,
            registry=registry,
        )

    def told(self, turned: Turned) -> None:
        """Count one turn. Every command is passed by once, since the writer waits for us."""
        recorded = refused = 0
        for row in turned.handled:
            if row.refusal:
                refused += 1
                self._refusals.labels(json.loads(row.refusal)["code"]).inc()
            elif row.events:
                recorded += 1
        repeated = failed = records = 0
        for ticket, answer in turned.answers:
            kind = type(answer)
            if kind is Outcome:
                repeated += answer.repeated
            elif kind is BatchDone:
                records += len(ticket.item.arrivals)  # type: ignore[union-attr] # a batch's answer
            else:
                failed += 1
        for counter, count in (
            (self._recorded, recorded),
            (self._refused, refused),
            (self._empty, len(turned.handled) - recorded - refused),
            (self._repeated, repeated),
            (self._failed, failed),
            (self._records, records),
            (self._events, turned.events),
        ):
            if count:
                counter.inc(count)
        self._items.observe(len(turned.answers))
        if turned.turn_s:
            self._turn_s.observe(turned.turn_s)
            self._commit_s.observe(turned.commit_s)


class Waiting(Collector):
    """What waits, as the last look found it; nothing but ``doudi_look_succeeded 0`` if none did."""

    def __init__(
        self,
        look: Look,
        registry: CollectorRegistry,
        *,
        now: Callable[[], float] = time.monotonic,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._look = look
        self._patience_s = patience_s
        self._now = now
        self._found: Lags | None = None
        self._looked_at = float("-inf")
        self._task: asyncio.Task[None] | None = None
        registry.register(self)

    async def refresh(self) -> None:
        """Look again unless the last look is fresh; what fails, or takes too long, is no look."""
        if self._task is None:
            if self._now() - self._looked_at < FRESH_S:
                return
            self._task = asyncio.create_task(self._again())
        task = self._task
        await asyncio.wait({task}, timeout=self._patience_s)
        if not task.done():
            self._found = None
        elif self._task is task:
            self._task = None

    async def _again(self) -> None:
        try:
            self._found = await self._look()
        except Exception as error:  # noqa: BLE001 - engines are away in many ways, and it is told
            self._found = None
            log.warning("what waits cannot be told: %s", type(error).__name__)
        self._looked_at = self._now()

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Asked when it is registered; there is no look yet."""
        return self._families(None)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The last look."""
        return self._families(self._found)

    def _families(self, found: Lags | None) -> Iterator[GaugeMetricFamily]:
        yield GaugeMetricFamily(
            "doudi_look_succeeded",
            "Whether what waits could be looked up: 1 or 0",
            value=float(found is not None),
        )
        position = GaugeMetricFamily("doudi_log_position", "The log's last position")
        relay = GaugeMetricFamily("doudi_relay_lag_events", "Events that are not on the topic yet")
        consumer = GaugeMetricFamily(
            "doudi_consumer_lag_records",
            "Records of another service's topic that were not applied yet",
            labels=["source", "partition"],
        )
        views = GaugeMetricFamily(
            "doudi_view_lag_events", "Events that a view does not show yet", labels=["view"]
        )
        overdue = GaugeMetricFamily(
            "doudi_overdue_duties",
            "Agenda entries due before today and still open; 1000 are a thousand or more",
            labels=["kind"],
        )
        parked = GaugeMetricFamily("doudi_parked_records", "Records set aside")
        keys = GaugeMetricFamily("doudi_parked_keys", "Cases that wait behind records set aside")
        if found is not None:
            position.add_metric([], found.position)
            relay.add_metric([], found.relay)
            for (source, partition), lag in found.consumer.items():
                consumer.add_metric([source, str(partition)], lag)
            for view, lag in found.views.items():
                views.add_metric([view], lag)
            for kind, count in found.overdue.items():
                overdue.add_metric([kind], count)
            parked.add_metric([], found.parked)
            keys.add_metric([], found.parked_keys)
        yield from (position, relay, consumer, views, overdue, parked, keys)


def watch_writer(
    writer: Writer, trouble: Callable[[], str | None], registry: CollectorRegistry
) -> None:
    """Tell, whenever somebody scrapes, whether the writer takes commands and how many wait."""
    queued = Gauge("doudi_writer_queued", "Commands that wait for the writer", registry=registry)
    queued.set_function(lambda: writer.queued)
    ready = Gauge("doudi_ready", "Whether the process can do its work: 1 or 0", registry=registry)
    ready.set_function(lambda: float(trouble() is None))
