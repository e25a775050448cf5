"""One connection to a SQLite file in one thread of its own, used from coroutines."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal, TypeVar

from shared.views.port import ViewsAway

_BUSY_SECONDS: Final = 5.0
_PRIMARY_CODE: Final = 0xFF
_AWAY: Final = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
}

T = TypeVar("T")


class Lane:
    """Does one piece of work after the other, each in a transaction of its own.

    ``mode`` is how a transaction begins: IMMEDIATE to write, DEFERRED to read (one snapshot per
    piece of work). Usable from any event loop. Raises ``ViewsAway`` where the file cannot be
    opened, read or written.
    """

    def __init__(self, path: Path, mode: Literal["IMMEDIATE", "DEFERRED"]) -> None:
        with _engine_errors():
            self._connection = sqlite3.connect(
                path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
        self._mode = mode
        self._executor = ThreadPoolExecutor(1, f"views-{mode.lower()}")

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """The result of the work, done in the lane's thread. Raises ``ViewsAway``."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, self.run_here, work)

    def run_here(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """The result of the work, done in the calling thread while nobody else uses the lane."""
        with _engine_errors(), self._transaction():
            return work(self._connection)

    def close(self) -> None:
        """Finish what was begun, then close thread and connection."""
        self._executor.shutdown()
        self._connection.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute(f"BEGIN {self._mode}")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:  # some failures have rolled back already
                self._connection.execute("ROLLBACK")
            raise


class Moment(Lane):
    """A lane whose whole life is one reading transaction: it sees the file of one moment."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "DEFERRED")
        self._connection.execute("BEGIN DEFERRED")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        yield


@contextmanager
def _engine_errors() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        # An extended code carries the primary one in its lowest byte.
        if error.sqlite_errorcode & _PRIMARY_CODE in _AWAY:
            raise ViewsAway(f"the file of the views: {error}") from error
        raise
