"""A view folded anew beside the one that readers see, compared with it, and put in its place.

The process that is elected to project a view also rebuilds it, in the same loop: each step first
brings forward what readers see, as ever, and then the generation beside. So nobody else moves
either of them, and both are brought to one position without holding anything up: readers and
writers notice nothing, and a new event waits for one batch of the rebuild at most.

Compared is at exactly one position: both stand at the same event, and the engine keeps that moment
while the documents are walked through, a page of each at a step. From there on both are brought
forward with the same events by the same fold of the same process, which gives equal documents for
equal ones: what differs later is among what differed then. So the comparison stands, and so does
an acceptance of it, as long as this process goes on and nobody else moved the view. Where one of
the two is not so (another process was elected, perhaps of another release; a projector that had
lost its election wrote once more), it is compared anew, and only an acceptance of the very same
documents and fields still counts.

A rebuild that was broken off is begun anew: half of it may be the work of another release's fold.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple, Protocol
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.views.comparing import Comparison, Differences, Uneven
from shared.views.port import PairGone, Progress, ViewStore
from shared.views.projector import Moved, Projector

EVENTS_PER_STEP: Final = 2_000
"""Most events that a step takes in beside: more than the projector's, so that the gap closes."""

DOCUMENTS_PER_STEP: Final = 2_000
"""Most documents of each generation that a step compares."""

LOOK_S: Final = 1.0
"""How often it is looked what operators want."""

logger = logging.getLogger(__name__)


class Stage(StrEnum):
    """Where a rebuild is; ``ORDERED`` until a worker has begun it."""

    ORDERED = "ordered"
    FOLDING = "folding"
    COMPARING = "comparing"
    WAITING = "waiting"
    SWITCHED = "switched"


class Report(BaseModel):
    """How far a rebuild is, for whoever asks; ``found`` is what the last comparison found.

    ``generation`` is the one beside, ``position`` the log position up to which it is folded.
    """

    model_config = ConfigDict(frozen=True)

    rebuild: UUID
    stage: Stage
    generation: int = Field(ge=1)
    position: int = Field(ge=0)
    found: Differences | None = None


class Order(NamedTuple):
    """What operators want of a view: a rebuild, and the digest of the differences they accept."""

    rebuild: UUID
    accepted: str | None


class Orders(Protocol):
    """Where operators' orders for one view are found, and the rebuild's reports are left.

    Every process of the service sees the same. Raises what says that an engine is away.
    """

    async def wanted(self) -> Order | None:
        """The rebuild that is wanted now, if one is."""

    async def report(self, report: Report) -> None:
        """Leave a report in place of the last one."""

    async def reported(self) -> Report | None:
        """The last report."""

    async def finished(self, report: Report) -> None:
        """Record that a rebuild is done, and leave its last report; twice is as once."""


@dataclass(slots=True)
class _Work:
    """A rebuild under way in this process: where both generations were left."""

    rebuild: UUID
    shown: Progress
    beside: Progress
    comparison: Comparison | None = None
    found: Differences | None = None
    told_at: float = 0.0

    @property
    def together(self) -> bool:
        """Whether both stand at the same event."""
        return self.shown[1:] == self.beside[1:]

    async def compare_anew(self) -> None:
        """Forget what was compared."""
        self.found = None
        comparison, self.comparison = self.comparison, None
        if comparison is not None:
            await comparison.close()


class Rebuild:
    """Projects one view while elected, and rebuilds it when that is wanted.

    ``projector`` brings forward what readers see; ``views`` are those it writes to. ``clock``
    gives seconds that only grow.
    """

    def __init__(
        self,
        projector: Projector,
        views: ViewStore,
        orders: Orders,
        *,
        look_s: float = LOOK_S,
        events_per_step: int = EVENTS_PER_STEP,
        documents_per_step: int = DOCUMENTS_PER_STEP,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._projector = projector
        self._view = projector.projection.spec.name
        self._views = views
        self._orders = orders
        self._look_s = look_s
        self._events_per_step = events_per_step
        self._documents_per_step = documents_per_step
        self._clock = clock
        self._look_at = float("-inf")
        self._order: Order | None = None
        self._tidy = False
        self._work: _Work | None = None

    async def step(self) -> int:
        """Take in the next events, and do the next piece of a rebuild; how much was done.

        0 if there was nothing, or if this process isn't elected. Raises as the projector does,
        and whatever the orders raise.
        """
        moved = await self._projector.advance()
        if moved is None:
            self._look_at, self._order, self._tidy = float("-inf"), None, False
            await self._forget()
            return 0
        order = await self._wanted()
        if order is None:
            await self._forget()
            return moved.events
        return moved.events + await self._rebuild(order, moved)

    async def _wanted(self) -> Order | None:
        now = self._clock()
        if now >= self._look_at:
            self._order = await self._orders.wanted()
            self._look_at = now + self._look_s
            if self._order is not None:
                self._tidy = False
            elif not self._tidy:
                await self._clear_away()
                self._tidy = True
        return self._order

    async def _clear_away(self) -> None:
        """What one left that did not live to its end: a generation beside, a last report unsaid."""
        if await self._views.beside(self._view) is not None:
            await self._views.abandon(self._view)
        last = await self._orders.reported()
        if last is None or last.stage is Stage.SWITCHED:
            return
        if last.generation == (await self._views.progress(self._view)).generation:
            await self._orders.report(last.model_copy(update={"stage": Stage.SWITCHED}))

    async def _rebuild(self, order: Order, moved: Moved) -> int:
        if self._work is not None and self._work.rebuild != order.rebuild:
            await self._forget()
        work = self._work
        if work is None:
            return await self._begin(order, moved.after)
        if moved.before != work.shown:
            await work.compare_anew()  # somebody else has moved the view meanwhile
        work.shown = moved.after
        taken = await self._catch_up(work)
        if self._work is None:
            return 1
        if work.found is None:
            return taken + await self._compare(work)
        if work.together and work.found.differing and order.accepted != work.found.digest:
            # Said again now and then: one that was not elected may have said what it found.
            await self._tell(work, Stage.WAITING, seldom=True)
            return taken
        return taken + (await self._switch(work, work.found) if work.together else 0)

    async def _begin(self, order: Order, shown: Progress) -> int:
        self._tidy = False
        earlier = await self._orders.reported()
        if earlier is not None and (earlier.rebuild, earlier.generation) == (
            order.rebuild,
            shown.generation,
        ):
            await self._end(earlier)  # by one that did not live to say so
            return 1
        beside = await self._views.begin_beside(self._view)
        logger.info("view %s is being rebuilt as generation %d", self._view, beside.generation)
        self._work = _Work(order.rebuild, shown, beside)
        await self._tell(self._work, Stage.FOLDING)
        return 1

    async def _catch_up(self, work: _Work) -> int:
        """Bring the generation beside towards the one that readers see, and never past it."""
        if work.beside.position >= work.shown.position:
            return 0
        moved = await self._projector.fold(
            work.beside, self._events_per_step, up_to=work.shown.position
        )
        if moved is None:
            await self._forget()  # it is of another log
            return 1
        if moved.after == work.beside:
            # Written before, with the answer lost; or it is gone.
            standing = await self._standing(work)
            if standing is None:
                return 1
            work.beside = standing
        else:
            work.beside = moved.after
        if work.found is None and work.comparison is None:
            await self._tell(work, Stage.FOLDING, seldom=True)
        return moved.events

    async def _standing(self, work: _Work) -> Progress | None:
        """Where our generation beside is; where it is gone, the rebuild begins anew."""
        standing = await self._views.beside(self._view)
        if standing is None or standing.generation != work.beside.generation:
            await self._forget()
            return None
        return standing

    async def _compare(self, work: _Work) -> int:
        """Compare the next documents, from the moment on at which both stand together."""
        try:
            comparison = work.comparison or await self._begin_comparing(work)
            if comparison is None:
                return 1
            found = await comparison.walk(self._documents_per_step)
        except (Uneven, PairGone) as error:
            logger.info("view %s is compared anew: %s", self._view, error)
            await work.compare_anew()
            return 1
        if found is not None:
            await work.compare_anew()
            work.found = found
            await self._tell(work, Stage.WAITING if found.differing else Stage.COMPARING)
        return 1

    async def _begin_comparing(self, work: _Work) -> Comparison | None:
        if not work.together:
            return None
        pair = await self._views.both(self._view)
        if pair is None:
            await self._forget()
            return None
        if (pair.shown, pair.beside) != (work.shown, work.beside):
            await pair.close()
            await self._standing(work)
            return None
        work.comparison = Comparison(pair)
        await self._tell(work, Stage.COMPARING)
        return work.comparison

    async def _switch(self, work: _Work, found: Differences) -> int:
        """Put it in place if that is still wanted, and nobody else moved either of the two."""
        order = await self._orders.wanted()
        wanted = order is not None and order.rebuild == work.rebuild
        if order is None or not wanted or (found.differing and order.accepted != found.digest):
            self._look_at = float("-inf")
            return 1
        if not await self._views.switch(self._view, work.shown, work.beside):
            await work.compare_anew()
            await self._standing(work)
            return 1
        logger.info("readers of view %s see generation %d", self._view, work.beside.generation)
        self._work = None
        await self._end(self._report(work, Stage.SWITCHED))
        return 1

    async def _end(self, report: Report) -> None:
        await self._orders.finished(report.model_copy(update={"stage": Stage.SWITCHED}))
        self._look_at = float("-inf")

    async def _tell(self, work: _Work, stage: Stage, *, seldom: bool = False) -> None:
        now = self._clock()
        if not seldom or now >= work.told_at + self._look_s:
            await self._orders.report(self._report(work, stage))
            work.told_at = now

    def _report(self, work: _Work, stage: Stage) -> Report:
        return Report(
            rebuild=work.rebuild,
            stage=stage,
            generation=work.beside.generation,
            position=work.beside.position,
            found=work.found,
        )

    async def _forget(self) -> None:
        work, self._work = self._work, None
        if work is not None:
            await work.compare_anew()
