"""A service's database in a stranger's hands: copied, put back, and edited row by row."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Protocol

import psycopg
from psycopg.sql import SQL, Identifier

from infra.engines import Engine
from shared.kernel.event import Recorded
from shared.settings import SERVICES, Settings

_COLUMNS = (
    "notification_id, originator_id, originator_version, topic, state, previous_digest, digest"
)


class Database(Protocol):
    """One service's database, while none of the service's processes runs."""

    def copy(self) -> None:
        """Keep a copy of it as it is."""

    def put_back(self) -> None:
        """Put the copy in its place."""

    def edit(self, before: Sequence[Recorded], after: Sequence[Recorded]) -> None:
        """Make the log's rows those of ``after``, past all that guards them."""


class SqliteDatabase:
    """A file, with its write-ahead log beside it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._kept = path.with_name(f"{path.name}.kept")

    def copy(self) -> None:
        """Copy the file once its write-ahead log is in it."""
        with closing(sqlite3.connect(self._path)) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(self._path, self._kept)

    def put_back(self) -> None:
        """Put the copy in its place."""
        for suffix in ("-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        shutil.copy(self._kept, self._path)

    def edit(self, before: Sequence[Recorded], after: Sequence[Recorded]) -> None:
        """Delete what is not to be there and insert what is."""
        gone, come = _differences(before, after)
        with closing(sqlite3.connect(self._path)) as db, db:
            db.executemany("DELETE FROM stored_events WHERE notification_id = ?", gone)
            db.executemany(
                f"INSERT INTO stored_events ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",
                [(row.position, row.stream.hex, *row[2:]) for row in come],
            )


class PostgresDatabase:
    """A database on a server that serves others besides."""

    def __init__(self, server: str, address: str) -> None:
        self._server = server
        self._address = address
        self._name = address.rpartition("/")[2]

    def copy(self) -> None:
        """Have the server copy it."""
        self._clone(self._name, f"{self._name}_kept")

    def put_back(self) -> None:
        """Put the copy in its place."""
        self._clone(f"{self._name}_kept", self._name)

    def _clone(self, source: str, target: str) -> None:
        with psycopg.connect(self._server, autocommit=True) as connection:
            drop = SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(target))
            connection.execute(drop)
            make = SQL("CREATE DATABASE {} TEMPLATE {}")
            connection.execute(make.format(Identifier(target), Identifier(source)))

    def edit(self, before: Sequence[Recorded], after: Sequence[Recorded]) -> None:
        """Delete what is not to be there and insert what is."""
        gone, come = _differences(before, after)
        with psycopg.connect(self._address) as connection:
            cursor = connection.cursor()
            cursor.executemany("DELETE FROM stored_events WHERE notification_id = %s", gone)
            cursor.executemany(
                f"INSERT INTO stored_events ({_COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s)",
                come,
            )


def _differences(
    before: Sequence[Recorded], after: Sequence[Recorded]
) -> tuple[list[tuple[int]], list[Recorded]]:
    gone = [(row.position,) for row in before if row not in after]
    return gone, [row for row in after if row not in before]


def databases_of(settings: Settings, engines: Mapping[str, Engine] | None) -> dict[str, Database]:
    """The databases of a system, by service; on the engines, or in the embedded run's folder."""
    if engines is None:
        return {name: SqliteDatabase(settings.data_dir / f"{name}.db") for name in SERVICES}
    server = engines["postgres"].address
    return {name: PostgresDatabase(server, settings.database_url_of(name)) for name in SERVICES}
