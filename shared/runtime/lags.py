"""What waits in one service, by what it waits for: for an operator's eye and for alerts.

Told from databases and bus, so that any process of the service can tell it, also of parts that
are away. A look asks a dozen small questions, none of which grows with what waits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from shared.bus.relay import RELAY
from shared.runtime.service import Service, topic_of

COUNTED: Final = 1000
"""Overdue entries of a kind are counted so far: 1000 are a thousand or more."""


@dataclass(frozen=True, slots=True)
class Lags:
    """One look.

    ``position`` is the log's last; ``relay`` and ``views`` lie so many events behind it.
    ``consumer`` counts the records not yet applied, by the service that they come from and the
    partition. ``overdue`` are agenda entries of a kind due before today and still open;
    ``parked`` and ``parked_keys`` the records set aside, and the cases that wait with them.
    """

    position: int
    relay: int
    consumer: Mapping[tuple[str, int], int]
    views: Mapping[str, int]
    overdue: Mapping[str, int]
    parked: int
    parked_keys: int


async def lags(service: Service) -> Lags:
    """Look now. Raises whatever says that an engine is away."""
    head, relay, consumer, overdue, parked, keys = await asyncio.to_thread(_looked_up, service)
    views = {}
    for projection in service.definition.projections:
        view = projection.spec.name
        views[view] = max(0, head - (await service.views.progress(view)).position)
    return Lags(head, relay, consumer, views, overdue, parked, keys)


def _looked_up(
    service: Service,
) -> tuple[int, int, dict[tuple[str, int], int], dict[str, int], int, int]:
    store = service.store
    # Where the log ends is asked first: nothing can be ahead of what is looked up after it.
    head = store.head()
    return (
        head,
        max(0, head - relayed(service)),
        unread(service),
        _overdue(service),
        store.parked_count(),
        store.parked_keys(),
    )


def relayed(service: Service) -> int:
    """The last position of the log that is on the service's topic."""
    topic_id = service.bus.topic_id(service.topic)
    rows = service.store.positions(RELAY)
    return max((row.position for row in rows if row.topic_id == topic_id), default=0)


def unread(service: Service) -> dict[tuple[str, int], int]:
    """Records of others' topics that were not applied, by service and partition."""
    rows = service.store.positions(service.name)
    at = {(row.topic_id, row.partition): row.position for row in rows}
    found = {}
    for name in service.definition.follows:
        topic = topic_of(service.settings.cell, name)
        topic_id = service.bus.topic_id(topic)
        for partition, end in service.bus.end_offsets(topic).items():
            found[name, partition] = max(0, end - at.get((topic_id, partition), 0))
    return found


def _overdue(service: Service) -> dict[str, int]:
    yesterday = service.timekeeper.today() - timedelta(days=1)
    kinds = [*service.definition.duties, *service.definition.gateways(service)]
    return {kind: len(service.store.agenda(kind, yesterday, COUNTED)) for kind in kinds}
