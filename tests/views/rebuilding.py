"""Rebuilds in steps as small as shows every way through them, and who orders them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

from shared.kernel.event import Document as EventDocument
from shared.views.comparing import Difference, OnlyIn
from shared.views.port import Document, Update, ViewStore
from shared.views.projector import Projection, Projector, inline
from shared.views.rebuild import Order, Rebuild, Report, Stage
from tests.views.conftest import MemoryStorage
from tests.views.logs import CASES, CaseCounted, Log, case, fold, key
from tests.views.test_projector import drain, shown


def no_step(_name: str) -> None:
    return


@dataclass
class Desk:
    """The orders of one view as every process of a service sees them, and outliving each."""

    order: Order | None = None
    last: Report | None = None
    done: list[Report] = field(default_factory=list)

    def wish(self) -> UUID:
        """Order a rebuild."""
        self.order = Order(uuid4(), None)
        return self.order.rebuild

    def accept(self, digest: str) -> None:
        assert self.order is not None
        self.order = Order(self.order.rebuild, digest)


class DeskOrders:
    """One process's way to the desk; calls ``on_step`` before each effect."""

    def __init__(self, desk: Desk, on_step: Callable[[str], None] = no_step) -> None:
        self._desk = desk
        self._on_step = on_step

    async def wanted(self) -> Order | None:
        return self._desk.order

    async def report(self, report: Report) -> None:
        self._on_step("order-report")
        self._desk.last = report

    async def reported(self) -> Report | None:
        return self._desk.last

    async def finished(self, report: Report) -> None:
        self._on_step("order-report")
        self._desk.last = report
        self._on_step("order-finished")
        self._desk.done.append(report)
        if self._desk.order is not None and self._desk.order.rebuild == report.rebuild:
            self._desk.order = None


def rebuild(
    views: ViewStore,
    log: Log,
    desk: Desk,
    *,
    name: str = "view:cases",
    projection: Projection = CASES,
    on_step: Callable[[str], None] = no_step,
    live: int = 2,
    beside: int = 3,
    documents: int = 2,
) -> Rebuild:
    """A process's rebuild, in steps as small as shows every way through it."""
    projector = Projector(
        projection,
        views,
        log.store,
        log.store.election(name),
        events_per_step=live,
        offload=inline,
    )
    return Rebuild(
        projector,
        views,
        DeskOrders(desk, on_step),
        look_s=0.0,
        events_per_step=beside,
        documents_per_step=documents,
    )


async def until(one: Rebuild, is_so: Callable[[], object], steps: int = 300) -> None:
    """Step until something is so."""
    for _ in range(steps):
        if is_so():
            return
        await one.step()
    raise AssertionError(f"not so after {steps} steps")


async def done(one: Rebuild, desk: Desk) -> None:
    await until(one, lambda: desk.order is None)


async def idle(one: Rebuild) -> None:
    """Step until there is nothing to do."""
    while await one.step():
        pass


def waits(desk: Desk) -> Callable[[], bool]:
    return lambda: desk.last is not None and desk.last.stage is Stage.WAITING


async def folded(log: Log, projection: Projection = CASES) -> dict[str, Document]:
    """What the log gives from its beginning."""
    views = MemoryStorage().open(projection.spec)
    await drain(Projector(projection, views, log.store, log.store.election(str(uuid4()))))
    return await shown(views)


def counts_twice(key: str, before: Document | None, event: EventDocument[Any]) -> Document | None:
    """A changed fold: it counts the persons of the second case twice, and has a field more."""
    after = fold(key, before, event)
    if after is not None and key == str(case(2)) and isinstance(event.data, CaseCounted):
        return {**after, "persons": after["persons"] + event.data.persons, "twice": True}
    return after


CHANGED = replace(CASES, fold=counts_twice)


async def damage(views: ViewStore) -> None:
    """Put wrong documents into the view that the story's twelve events gave."""
    standing = await views.progress("cases")
    wrong = [
        Update(key(1), 12, {"persons": 1, "events": 0}),
        Update(key(3), 12, None),
        Update("stray", 12, {}),
    ]
    await views.apply("cases", wrong, standing)


DAMAGED = (
    Difference(key="stray", only_in=OnlyIn.SHOWN),
    Difference(key=key(1), fields=("events", "joined", "persons", "region")),
    Difference(key=key(3), only_in=OnlyIn.BESIDE),
)


async def accepting(one: Rebuild, desk: Desk) -> None:
    """Step until it is done, accepting whatever is listed."""

    def accepted() -> bool:
        if waits(desk)() and desk.order is not None and desk.last is not None and desk.last.found:
            desk.accept(desk.last.found.digest)
        return desk.order is None

    await until(one, accepted)
