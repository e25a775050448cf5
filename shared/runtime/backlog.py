"""What is still on its way inside one service, told from its databases and the bus alone.

Any process of the service can tell it. An operator who moves the hand clock waits until it is
nothing everywhere before the next day begins.
"""

from __future__ import annotations

import asyncio
from datetime import date

from shared.kernel.event import Recorded
from shared.kernel.follower import OWN_LOG, OWN_LOG_ID
from shared.kernel.reactions import Reactions
from shared.kernel.store import Store
from shared.kernel.submission import Place
from shared.runtime.lags import relayed, unread
from shared.runtime.service import Service

_PAGE = 1000


async def backlog(service: Service) -> tuple[int, dict[str, int]]:
    """The log's last position, and how much waits, by what it waits for: all 0 when drained.

    ``log`` is by how much the log grew while this was found out: 0 makes of the many looks one.
    Raises whatever says that an engine is away.
    """
    waiting = await asyncio.to_thread(_of_databases, service)
    head = waiting.pop("head")
    for projection in service.definition.projections:
        view = projection.spec.name
        progress = await service.views.progress(view)
        waiting[f"view-{view}"] = head - progress.position
    waiting["log"] = await asyncio.to_thread(service.store.head) - head
    return head, waiting


def next_due(service: Service) -> date | None:
    """The next date on which something falls due in the service, after today. Blocks."""
    definition = service.definition
    kinds = [*definition.duties, *definition.gateways(service)]
    return service.store.next_due(kinds, service.timekeeper.today())


def _of_databases(service: Service) -> dict[str, int]:
    definition, store = service.definition, service.store
    head = store.head()
    today = service.timekeeper.today()
    kinds = [*definition.duties, *definition.gateways(service)]
    return {
        "head": head,
        "writer": service.writer.queued,
        "relay": head - relayed(service),
        "consumer": sum(unread(service).values()),
        "own-log": _unfollowed(store, Reactions(definition.own)),
        "agenda": sum(len(store.agenda(kind, today, _PAGE)) for kind in kinds),
    }


def _unfollowed(store: Store, reactions: Reactions) -> int:
    """Events of the own log that lead to something and were not yet followed."""
    positions = store.positions(OWN_LOG)
    after = positions[0].position if positions else 0
    found = 0
    while rows := store.read_log(after, _PAGE):
        found += sum(_leads_on(reactions, row) for row in rows if row.type in reactions)
        after = rows[-1].position
    return found


def _leads_on(reactions: Reactions, row: Recorded) -> bool:
    place = Place(OWN_LOG, OWN_LOG_ID, 0, row.position)
    return reactions.arrival(str(row.stream), row.type, row.document, place) is not None
