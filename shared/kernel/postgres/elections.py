"""Elected tasks on PostgreSQL: session advisory locks, all of one store on one connection.

The connection is their own, apart from writing and reading: a lock dies with its connection, and
a task must not be lost because a turn was. It is shared by the tasks, since a worker stands for
half a dozen and a server has few connections to give.
"""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from typing import Any

import psycopg
from psycopg import Connection

from shared.kernel.postgres.connections import AWAY, connect
from shared.kernel.store import Election

_SPACE = 0x456C6563  # the first half of the locks of elected tasks

# A lock taken twice must be released twice, so it is looked up first; only CASE keeps that order.
_HELD = """SELECT CASE WHEN EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory'
    AND pid = pg_backend_pid() AND classid = %s AND objid::bigint =
    hashtext(%s)::bigint & 4294967295) THEN true
    ELSE pg_try_advisory_lock(%s, hashtext(%s)) END"""
# A stopped process asks no more, and the server ends its session: its tasks go to another.
_OPTIONS = "-c idle_session_timeout=20000"
_REFUSED_S = 0.2
"""How long a refusal is remembered: those who stand by need not ask with every event."""
_RELEASE = "SELECT pg_advisory_unlock(%s, hashtext(%s))"


class PostgresElections:
    """The connection on which one store's tasks are elected."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: Connection[Any] | None = None
        self._guard = threading.Lock()
        self._refused: dict[str, float] = {}

    def of(self, task: str) -> Election:
        """Stand for a task."""
        return PostgresElection(self, task)

    def hold(self, task: str) -> bool:
        """Whether the task's lock is ours, taking it if nobody has it."""
        with self._guard:
            if time.monotonic() < self._refused.get(task, 0.0):
                return False
            try:
                if self._connection is None:
                    self._connection = connect(self._url, autocommit=True, options=_OPTIONS)
                place = (_SPACE, task)
                row = self._connection.execute(_HELD, (*place, *place)).fetchone()
            except AWAY:
                self._drop()
                return False
            if row and row[0]:
                return True
            self._refused[task] = time.monotonic() + _REFUSED_S
            return False

    def release(self, task: str) -> None:
        """Give one task up, and keep the others."""
        with self._guard:
            if self._connection is None:
                return
            try:
                self._connection.execute(_RELEASE, (_SPACE, task))
            except AWAY:
                self._drop()

    def close(self) -> None:
        """Give all of them up."""
        with self._guard:
            self._drop()

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(psycopg.Error):
                connection.close()


class PostgresElection(Election):
    """One task; asked anew each time, since the lock dies silently with its connection."""

    def __init__(self, elections: PostgresElections, task: str) -> None:
        self._elections = elections
        self._task = task

    def held(self) -> bool:
        """Whether the lock is ours; a lost connection means it is not."""
        return self._elections.hold(self._task)

    def release(self) -> None:
        """Give the task up."""
        self._elections.release(self._task)
