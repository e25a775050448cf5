"""What events make a service do next, from its own log and from other services' topics.

``Reactions`` turns a record into an arrival: the commands it leads to, or why it can have no
effect. ``Follower`` reads the service's own log; the bus's consumer reads the others'.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from typing import Any
from uuid import uuid5

from shared.contracts.kernel import ParkReason
from shared.kernel.decider import HOUSE
from shared.kernel.event import Document, Event, InvalidEvent, Recorded, decode
from shared.kernel.store import Move, Store
from shared.kernel.submission import Arrival, Batch, BatchDone, Place, PositionMoved, Submission
from shared.kernel.writer import Writer

log = logging.getLogger(__name__)

React = Callable[[Document[Any]], Iterable[Submission]]

OWN_LOG = "own-log"
OWN_LOG_ID = uuid5(HOUSE, OWN_LOG)


class Reactions:
    """A service's reactions, by the class of the event they react to.

    A reaction is a pure function from an event's document to submissions, made with
    ``shared.kernel.submission.reaction``. Several may react to one event, in their order.
    """

    def __init__(self, reacting: Mapping[type[Event], Iterable[React]]) -> None:
        self._by_type = {event.type: tuple(reacts) for event, reacts in reacting.items()}
        self._names = {_unversioned(event_type) for event_type in self._by_type}

    @property
    def services(self) -> set[str]:
        """The services whose events are reacted to, by name."""
        return {event_type.split(".")[1] for event_type in self._by_type}

    def arrival(
        self, key: str | None, event_type: str | None, body: bytes, place: Place
    ) -> Arrival | None:
        """What a record leads to; ``None`` where nothing reacts to it.

        ``event_type`` is the record's header, which spares parsing; without one the document is
        asked. Only what can never be applied comes back unreadable: no event at all, a version
        of a known event that this code does not know, a document that breaks its contract, a
        reaction that fails.
        """
        name = key or f"{place.topic_id}/{place.partition}/{place.offset}"
        stated = event_type or _stated_type(body)
        if stated is None:
            return Arrival(name, place, body, unreadable=ParkReason.NO_EVENT)
        if stated not in self._by_type:
            if _unversioned(stated) in self._names:
                return Arrival(name, place, body, unreadable=ParkReason.UNKNOWN_VERSION)
            return None
        if key is None:
            return Arrival(name, place, body, unreadable=ParkReason.NO_EVENT)
        try:
            document = decode(stated, body)
        except InvalidEvent:
            return Arrival(name, place, body, unreadable=ParkReason.INVALID_EVENT)
        try:
            submissions = tuple(s for react in self._by_type[stated] for s in react(document))
        except Exception:
            log.exception("a reaction to %s failed; its record is parked", stated)
            return Arrival(name, place, body, unreadable=ParkReason.REACTION_FAILED)
        return Arrival(name, place, body, submissions) if submissions else None


def _unversioned(event_type: str) -> str:
    return event_type.rpartition(".v")[0]


def _stated_type(body: bytes) -> str | None:
    """The type that a document without headers states, if it is one."""
    try:
        stated = json.loads(body)
    except ValueError:
        return None
    found = stated.get("type") if isinstance(stated, dict) else None
    return found if isinstance(found, str) else None


class Follower:
    """Applies a service's reactions to its own log, each event exactly once.

    Like a consumer, with the log as its only partition: position, effects and outcomes go into
    one turn. Rows that nothing reacts to are passed over; their position is stored with the
    next that matters, since reading them again is harmless.
    """

    def __init__(
        self, store: Store, writer: Writer, reactions: Reactions, *, limit: int = 500
    ) -> None:
        self._store = store
        self._writer = writer
        self._reactions = reactions
        self._limit = limit
        self._stored: int | None = None
        self._read = 0
        self._flight: tuple[Future[BatchDone], int] | None = None

    def step(self, wait_s: float = 0.0) -> int:
        """Read on, or see what became of the last batch; returns how many rows it got past."""
        if self._flight is not None:
            return self._land(wait_s)
        if self._stored is None:
            positions = self._store.positions(OWN_LOG)
            self._stored = self._read = positions[0].position if positions else 0
        rows = self._store.read_log(self._read, self._limit)
        if not rows:
            return 0
        end = rows[-1].position
        arrivals = tuple(a for a in map(self._arrival, rows) if a is not None)
        if not arrivals:
            self._read = end
            return len(rows)
        move = Move(OWN_LOG, OWN_LOG_ID, 0, self._stored, end, end)
        self._flight = self._writer.submit(Batch(OWN_LOG, (move,), arrivals)), end
        return self._land(wait_s)

    @property
    def idle(self) -> bool:
        """Whether every row of the log has been got past."""
        return (
            self._flight is None and self._stored is not None and self._read >= self._store.head()
        )

    def _land(self, wait_s: float) -> int:
        assert self._flight is not None  # noqa: S101 - for the type checker
        future, end = self._flight
        if wait_s <= 0 and not future.done():
            return 0
        try:
            future.result(wait_s)
        except FutureTimeoutError:
            if not future.done():
                return 0
            raise
        except PositionMoved:
            # Another instance follows the same log and was faster: go on from where it stands.
            self._flight = self._stored = None
            return 0
        except BaseException:
            self._flight = self._stored = None
            raise
        passed = end - self._read
        self._flight, self._stored, self._read = None, end, end
        return passed

    def _arrival(self, row: Recorded) -> Arrival | None:
        place = Place(OWN_LOG, OWN_LOG_ID, 0, row.position)
        return self._reactions.arrival(str(row.stream), row.type, row.document, place)
