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
