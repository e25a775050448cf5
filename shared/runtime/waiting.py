"""``wait_for`` on a view of a service: its own position, or what followed from another's."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from typing import Final, NamedTuple
from uuid import UUID
from weakref import WeakKeyDictionary

from shared.bus.partitioner import partition_of
from shared.bus.port import Bus
from shared.kernel.store import Store
from shared.runtime.service import Service, topic_of
from shared.views.looking import SharedLook
from shared.views.waiting import Consumed, ViewBehind, wait_for, wait_for_foreign
from shared.web.problems import Known, Problem
from shared.web.waiting import WaitFor, behind

_REMEMBERED_S: Final = 5.0


class ForeignPartition:
    """The partition of another service's topic on which one case's events come.

    Never "drained": partitions are acknowledged apart, so a read-up end proves nothing about the
    source's log. A position waited for must therefore be that of an event of the case itself.
    """

    def __init__(self, service: Service, source: str, case_id: UUID) -> None:
        self._service = service
        self.source = source
        self._key = str(case_id).encode()
        self._shared = _looks.setdefault(service.store, SharedLook())
        self._place: tuple[UUID, int] | None = None

    async def consumed(self, position: int) -> Consumed:
        """How far this service's consumer is in it."""
        look = partial(asyncio.to_thread, self._positions)
        if self._place is None:
            self._place = await asyncio.to_thread(self._find)
            seen = await self._shared.first(look)
        else:
            seen = await self._shared.again(look)
        return seen.get(self._place, Consumed(0, 0))

    def _find(self) -> tuple[UUID, int]:
        """The topic's id and the partition that the case's events come on."""
        service = self._service
        topic = _topic(service.bus, topic_of(service.settings.cell, self.source))
        return topic.id, partition_of(self._key, topic.partitions)

    def _positions(self) -> dict[tuple[UUID, int], Consumed]:
        rows = self._service.store.positions(self._service.name)
        return {
            (row.topic_id, row.partition): Consumed(row.source_position, row.own_position)
            for row in rows
        }


_looks: WeakKeyDictionary[Store, SharedLook[dict[tuple[UUID, int], Consumed]]] = WeakKeyDictionary()


class _Topic(NamedTuple):
    """What was known of a topic at a moment (of the monotonic clock)."""

    at: float
    id: UUID
    partitions: int


_known: WeakKeyDictionary[Bus, dict[str, _Topic]] = WeakKeyDictionary()


def _topic(bus: Bus, name: str) -> _Topic:
    """A topic's id and number of partitions; the bus is asked anew every few seconds.

    Should the topic have been re-created since, what was consumed of it before still was.
    """
    topics = _known.setdefault(bus, {})
    now = time.monotonic()
    topic = topics.get(name)
    if topic is None or now > topic.at + _REMEMBERED_S:
        topic = topics[name] = _Topic(now, bus.topic_id(name), len(bus.end_offsets(name)))
    return topic


async def wait(service: Service, view: str, waiting: WaitFor, case_id: UUID | None) -> None:
    """Return once the view shows the position waited for. Raises a 503 problem in time.

    A position of another service can be waited for where this one follows it, and with a case
    only (its partition is looked at): raises a 400 problem otherwise, since the wait would be in
    vain.
    """
    within_s = min(service.settings.wait_for_timeout_ms / 1000, 10.0)
    try:
        if waiting.service in (None, service.name):
            await wait_for(service.views, view, waiting.position, within_s)
            return
        followed = service.definition.follows if case_id is not None else ()
        if case_id is None or waiting.service not in followed:
            allowed = ["<position>", *(f"{name}:<position>" for name in followed)]
            raise Problem(Known.WAIT_FOR_INVALID, members={"allowed": allowed})
        foreign = ForeignPartition(service, waiting.service, case_id)
        await wait_for_foreign(service.views, view, foreign, waiting.position, within_s)
    except ViewBehind as error:
        raise behind(error.reached, error.wanted) from None
