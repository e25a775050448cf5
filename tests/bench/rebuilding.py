"""A view rebuilt beside what readers see, from order to switch, against reading its log raw.

Log and orders lie in PostgreSQL as in the distributed run; the view in MongoDB, and in SQLite as
in the embedded run. Counted are the log's events by the time in which they were folded, the
documents compared, and readers switched.
"""

from __future__ import annotations

import asyncio
import time
from statistics import median
from typing import Any, Final
from uuid import uuid4

import psycopg

from shared.kernel.event import Document as EventDocument
from shared.kernel.postgres import PostgresStore
from shared.views.mongo import MongoViews
from shared.views.port import Document, ViewSpec, ViewStore
from shared.views.projector import Projection, Projector
from shared.views.rebuild import Order, Rebuild
from shared.views.rebuild import Report as Told
from shared.views.sqlite import SqliteViews
from tests.bench.domain import EVENTS_A_COMMAND, Noted, submission, writer
from tests.bench.ground import Ground
from tests.bench.table import Report, profiled

DOCUMENTS: Final = 5_000
EVENTS_A_DOCUMENT: Final = 9
ROUNDS: Final = 3
TARGET: Final = 10_000
PAGE: Final = 1_000

_LOG = """SELECT notification_id, originator_id, originator_version, topic, state,
    previous_digest, digest FROM stored_events WHERE notification_id > %s
    ORDER BY notification_id LIMIT %s"""


def _fold(_key: str, before: Document | None, event: EventDocument[Any]) -> Document:
    known = before or {"division": event.region, "stage": "open", "opened_on": "2020-04-01"}
    return {**known, "number": event.data.number, "events": known.get("events", 0) + 1}


THINGS: Final = Projection(
    ViewSpec("things", indexes=(("division", "stage"), ("opened_on",))), (Noted,), _fold
)


class _Desk:
    """The orders, where only this process asks for them."""

    def __init__(self) -> None:
        self.order: Order | None = None
        self._last: Told | None = None

    async def wanted(self) -> Order | None:
        return self.order

    async def report(self, report: Told) -> None:
        self._last = report

    async def reported(self) -> Told | None:
        return self._last

    async def finished(self, report: Told) -> None:
        self.order, self._last = None, report


def measure(report: Report, ground: Ground) -> None:
    """Events a second of a whole rebuild on each engine, beside reading the log with psycopg."""
    url = ground.database("rebuilding")
    store = PostgresStore(url)
    store.create_table()
    _fill(store)
    raw = [_read_raw(url, store.head()) for _ in range(ROUNDS)]
    ground.folder.mkdir(exist_ok=True)
    for name, views in (
        ("MongoDB", MongoViews(ground.mongo, f"bench_{uuid4().hex[:8]}", [THINGS.spec])),
        ("SQLite", SqliteViews(ground.folder / "rebuilding.db", [THINGS.spec])),
    ):
        seen = asyncio.run(_rebuilt(store, views, ROUNDS))
        missed = report.add(
            f"view rebuild, events/s, {name}",
            f"{median(seen):,.0f}",
            ceiling=f"psycopg reads {median(raw):,.0f}",
            ratio=f"{median(seen) / median(raw):.2f}",
            target=f"{TARGET:,}",
            reached=median(seen) >= TARGET,
            figures={"ours": seen, "raw": raw},
        )
        if missed:
            profile = f"rebuilding-{name.lower()}"
            profiled(profile, lambda views=views: asyncio.run(_rebuilt(store, views, 1)))  # type: ignore[misc]
            report.tell_profile(profile)
        asyncio.run(views.close())
    store.close()


def _fill(store: PostgresStore) -> None:
    """Every thing's events lie far apart, as a case's do."""
    made = writer(store)
    things = [uuid4() for _ in range(DOCUMENTS)]
    for _ in range(EVENTS_A_DOCUMENT // EVENTS_A_COMMAND):
        futures = [made.submit(submission(thing)) for thing in things]
        while not all(future.done() for future in futures):
            made.step()


def _read_raw(url: str, total: int) -> float:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.cursor(binary=True)
        started = time.perf_counter()
        after = 0
        while found := cursor.execute(_LOG, (after, PAGE), prepare=True).fetchall():
            after = found[-1][0]
        return total / (time.perf_counter() - started)


async def _rebuilt(store: PostgresStore, views: ViewStore, rounds: int) -> list[float]:
    """Events a second of each of several rebuilds of a view that is at the log's end."""
    desk = _Desk()
    projector = Projector(THINGS, views, store, store.election("bench"))
    one = Rebuild(projector, views, desk, look_s=0.0)
    while await one.step():
        pass
    total = store.head()
    seen: list[float] = []
    for _ in range(rounds):
        desk.order = Order(uuid4(), None)
        started = time.perf_counter()
        while desk.order is not None:
            await one.step()
        seen.append(total / (time.perf_counter() - started))
    assert await views.count("things") == DOCUMENTS
    return seen
