"""Following a service's own log: its reactions to itself, each event exactly once."""

from __future__ import annotations

from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from uuid import uuid5

from shared.kernel.decider import HOUSE
from shared.kernel.event import Recorded
from shared.kernel.reactions import Reactions
from shared.kernel.store import Move, Store
from shared.kernel.submission import Arrival, Batch, BatchDone, Place, PositionMoved
from shared.kernel.writer import Writer

OWN_LOG = "own-log"
OWN_LOG_ID = uuid5(HOUSE, OWN_LOG)

STREAMS_A_TURN = 1_000
"""A batch ends with the event that brings it to so many streams: a run's page alone has 400, and
a turn that outlasts its timeout would be tried again for ever."""


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
        arrivals, end = self._portion(rows)
        if not arrivals:
            passed, self._read = end - self._read, end
            return passed
        move = Move(OWN_LOG, OWN_LOG_ID, 0, self._stored, end, end)
        self._flight = self._writer.submit(Batch(OWN_LOG, (move,), arrivals)), end
        return self._land(wait_s)

    def _portion(self, rows: list[Recorded]) -> tuple[tuple[Arrival, ...], int]:
        """What the rows lead to, as far as one turn can bear, and the last row's position."""
        arrivals: list[Arrival] = []
        weight = 0
        for row in rows:
            arrival = self._arrival(row)
            if arrival is not None:
                arrivals.append(arrival)
                weight += sum(len(s.reads) for s in arrival.submissions)
            if weight >= STREAMS_A_TURN:
                return tuple(arrivals), row.position
        return tuple(arrivals), rows[-1].position

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
