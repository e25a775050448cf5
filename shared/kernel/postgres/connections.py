"""Connections to PostgreSQL: how they are made, and the few that are kept for reading.

An engine that is away is noticed at the next statement and one that is back with the next, since
nothing here waits for a reconnection in the background.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

import psycopg
from psycopg import Connection
from psycopg.rows import tuple_row

from shared.kernel.store import LogConflict, StoreAway

T = TypeVar("T")

_CONNECT_TIMEOUT_S = 3
_WAIT_FOR_ONE_S = 5.0

# A host that vanished without a word is noticed within seconds rather than hours.
_KEEPALIVE = {
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}

AWAY = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    # Internal errors to the driver, but for us the server broke off, or is not the primary.
    psycopg.errors.TransactionTimeout,
    psycopg.errors.ReadOnlySqlTransaction,
)


def connect(url: str, *, autocommit: bool, options: str | None = None) -> Connection[Any]:
    """A new connection; raises the driver's errors."""
    settings: dict[str, Any] = {"connect_timeout": _CONNECT_TIMEOUT_S, **_KEEPALIVE}
    if options is not None:
        settings["options"] = options
    return psycopg.connect(url, autocommit=autocommit, row_factory=tuple_row, **settings)


@contextmanager
def translated() -> Iterator[None]:
    """The driver's errors in the port's terms."""
    try:
        yield
    except psycopg.errors.UniqueViolation as error:
        raise LogConflict(str(error.diag.constraint_name)) from error
    except AWAY as error:
        raise StoreAway(f"PostgreSQL: {type(error).__name__}") from error
    except psycopg.errors.UndefinedTable as error:
        # Asked before the first process of the service has made them, which it does as it starts.
        raise StoreAway("PostgreSQL: the database has no tables of ours yet") from error


class Connections:
    """At most ``limit`` connections in autocommit, kept while they work."""

    def __init__(self, url: str, limit: int) -> None:
        self._url = url
        self._room = threading.BoundedSemaphore(limit)
        self._kept: list[Connection[Any]] = []
        self._guard = threading.Lock()
        self._closed = False

    def run(self, work: Callable[[Connection[Any]], T], *, again: bool = True) -> T:
        """The result of some work on a connection.

        A kept connection may turn out to be broken, by a server that was restarted: the work is
        then done ``again`` on another, which it must bear (reads do, and what ends the same).
        Raises ``StoreAway`` where a new connection fails too.
        """
        if not self._room.acquire(timeout=_WAIT_FOR_ONE_S):
            raise StoreAway(f"PostgreSQL: no connection was free for {_WAIT_FOR_ONE_S} s")
        try:
            with translated():
                return self._run(work, again)
        finally:
            self._room.release()

    def _run(self, work: Callable[[Connection[Any]], T], again: bool) -> T:
        while True:
            connection, kept = self._take()
            try:
                done = work(connection)
            except AWAY:
                _discard(connection)
                if not (kept and again):
                    raise
            except BaseException:
                self._keep(connection)
                raise
            else:
                self._keep(connection)
                return done

    def _take(self) -> tuple[Connection[Any], bool]:
        with self._guard:
            if self._kept:
                return self._kept.pop(), True
        return connect(self._url, autocommit=True), False

    def _keep(self, connection: Connection[Any]) -> None:
        with self._guard:
            if not (self._closed or connection.closed):
                self._kept.append(connection)
                return
        _discard(connection)

    def close(self) -> None:
        """Close those that nobody uses now, and the others as they come back."""
        with self._guard:
            self._closed = True
            kept, self._kept = self._kept, []
        for connection in kept:
            _discard(connection)


def _discard(connection: Connection[Any]) -> None:
    with suppress(psycopg.Error):
        connection.close()
