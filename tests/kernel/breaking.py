"""Stores whose connection breaks at a chosen moment of a turn."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from shared.kernel.memory import MemoryStore
from shared.kernel.postgres import PostgresStore
from shared.kernel.sqlite import SqliteStore
from shared.kernel.store import StoreAway, Turn

BEFORE_COMMIT, AFTER_COMMIT = "before the commit", "after the commit"


class Breaking:
    """Goes in front of a store: breaks its next turn at ``breaks``, once."""

    breaks = ""

    @contextmanager
    def turn(self) -> Iterator[Turn]:
        with super().turn() as turn:  # type: ignore[misc] # of the store behind
            yield turn
            self._break_at(BEFORE_COMMIT)
        self._break_at(AFTER_COMMIT)

    def _break_at(self, moment: str) -> None:
        if self.breaks == moment:
            self.breaks = ""
            raise StoreAway(moment)


class BreakingMemory(Breaking, MemoryStore):
    pass


class BreakingSqlite(Breaking, SqliteStore):
    pass


class BreakingPostgres(Breaking, PostgresStore):
    pass


BreakingStore = BreakingMemory | BreakingSqlite | BreakingPostgres


def end_backends_holding_locks(url: str) -> None:
    """Cut every connection that holds an advisory lock."""
    with psycopg.connect(url, autocommit=True) as connection:
        ended = connection.execute(
            """SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory'
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""
        ).fetchall()
    assert ended == [(True,)]
