"""The key store in a PostgreSQL database of its own (distributed run)."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from psycopg import Connection, Error
from psycopg.rows import TupleRow
from psycopg_pool import ConnectionPool, PoolTimeout

from services.intake.registry.keys.port import (
    WRAPPING,
    Erasure,
    KeyDestroyed,
    KeyStoreAway,
    KeyUnknown,
    WrongMasterKey,
)
from shared.sealing import KeyRing, SealingKey

log = logging.getLogger(__name__)

_TABLES = (
    "SELECT pg_advisory_xact_lock(7362781290431)",  # IF NOT EXISTS fails when two start at once
    """CREATE TABLE IF NOT EXISTS store (
        one integer PRIMARY KEY CHECK (one = 1),
        master bytea NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS keys (
        key_id text COLLATE "C" PRIMARY KEY,
        wrapped bytea,
        destroyed_at timestamptz,
        CHECK ((wrapped IS NULL) <> (destroyed_at IS NULL)))""",
    """CREATE TABLE IF NOT EXISTS identities (
        digest text COLLATE "C" PRIMARY KEY,
        identity uuid NOT NULL UNIQUE)""",
    """CREATE TABLE IF NOT EXISTS erasure_list (
        one integer PRIMARY KEY CHECK (one = 1),
        listed bigint NOT NULL)""",
)
_DESTROY = """UPDATE keys SET wrapped = NULL, destroyed_at = %s
    WHERE key_id = %s AND destroyed_at IS NULL"""
_BURY = "INSERT INTO keys VALUES (%s, NULL, %s) ON CONFLICT (key_id) DO NOTHING"
_LISTED = """INSERT INTO erasure_list VALUES (1, %s)
    ON CONFLICT (one) DO UPDATE SET listed = excluded.listed"""
_IDENTITY = "SELECT identity FROM identities WHERE digest = %s"


class PostgresKeyStore:
    """Keys in one table; a destroyed key's old row is vacuumed away at once.

    Vacuumed, the row is in no table any more. Its bytes can stay in a page's free space until
    they are written over, and in the write-ahead log, its archive and replicas until those are
    recycled: a wrapped key, which says nothing without the master key. How long copies and
    archives of this database are kept is the operator's to bound.

    ``url`` names a database that holds nothing else, on credentials that nothing else has.
    ``connections`` bounds how many it opens. It may be away at the start: the tables are made and
    the master key is compared when it first answers.
    """

    def __init__(
        self, url: str, ring: KeyRing, *, connections: int = 2, timeout_seconds: float = 5.0
    ) -> None:
        self._wrapping = ring.key(WRAPPING)
        self._pool: ConnectionPool[Connection[TupleRow]] = ConnectionPool(
            url,
            min_size=0,
            max_size=connections,
            timeout=timeout_seconds,
            reconnect_timeout=0.5,  # who asks again tries again; no growing pause in between
            kwargs={"autocommit": True, "connect_timeout": max(2, int(timeout_seconds))},
            check=ConnectionPool.check_connection,
            open=True,
        )
        self._master = ring.fingerprint
        self._prepared = False
        try:
            self._prepare()
        except KeyStoreAway as error:
            log.warning("the key store is away at the start: %s", error)  # asked for when needed
        except BaseException:
            self._pool.close()
            raise

    def _prepare(self) -> None:
        """Make the tables and compare the master key: once, when the engine first answers."""
        if self._prepared:
            return
        with self._connection() as connection, connection.transaction():
            for statement in _TABLES:
                connection.execute(statement)
            connection.execute(
                "INSERT INTO store VALUES (1, %s) ON CONFLICT DO NOTHING", (self._master,)
            )
            row = connection.execute("SELECT master FROM store").fetchone()
        if row is None or row[0] != self._master:
            raise WrongMasterKey("the key store was made with another master key")
        self._prepared = True

    @contextmanager
    def _connected(self) -> Iterator[Connection[TupleRow]]:
        self._prepare()
        with self._connection() as connection:
            yield connection

    @contextmanager
    def _connection(self) -> Iterator[Connection[TupleRow]]:
        try:
            with self._pool.connection() as connection:
                yield connection
        except (Error, PoolTimeout) as error:
            raise KeyStoreAway(f"key store: {type(error).__name__}") from error

    def _fetch(self, statement: str, *parameters: Any) -> list[TupleRow]:
        with self._connected() as connection:
            return connection.execute(statement, parameters).fetchall()

    def create(self, key_id: str) -> SealingKey:
        """The key of that id, made if there is none."""
        wrapped = self._wrapping.wrap(SealingKey.generate(key_id))
        with self._connected() as connection:
            connection.execute(
                "INSERT INTO keys VALUES (%s, %s, NULL) ON CONFLICT (key_id) DO NOTHING",
                (key_id, wrapped),
            )
        return self.get(key_id)

    def get(self, key_id: str) -> SealingKey:
        """The key of that id."""
        found = self.get_many([key_id]).get(key_id)
        if found is None:
            raise KeyUnknown(f"no key {key_id}")
        if isinstance(found, Erasure):
            raise KeyDestroyed(key_id, found.at)
        return found

    def get_many(self, key_ids: Sequence[str]) -> Mapping[str, SealingKey | Erasure]:
        """Keys or tombstones by id."""
        rows = self._fetch(
            "SELECT key_id, wrapped, destroyed_at FROM keys WHERE key_id = ANY(%s)", list(key_ids)
        )
        return {
            key_id: self._wrapping.unwrap(key_id, wrapped) if at is None else Erasure(key_id, at)
            for key_id, wrapped, at in rows
        }

    def destroy(self, key_id: str, at: datetime) -> Erasure:
        """Destroy a key for good and leave its tombstone."""
        self.replay([Erasure(key_id, at)])
        ((stands,),) = self._fetch("SELECT destroyed_at FROM keys WHERE key_id = %s", key_id)
        return Erasure(key_id, stands)

    def destroyed(self, key_id: str) -> datetime | None:
        """When the key was destroyed, if it was."""
        for (at,) in self._fetch("SELECT destroyed_at FROM keys WHERE key_id = %s", key_id):
            return at if isinstance(at, datetime) else None
        return None

    def erasures(self, after: str = "", limit: int = 1000) -> list[Erasure]:
        """The erasure list in order of id."""
        rows = self._fetch(
            "SELECT key_id, destroyed_at FROM keys"
            " WHERE destroyed_at IS NOT NULL AND key_id > %s ORDER BY key_id LIMIT %s",
            after,
            limit,
        )
        return [Erasure(*row) for row in rows]

    def replay(
        self,
        erasures: Iterable[Erasure],
        identities: Iterable[UUID] = (),
        listed: int | None = None,
    ) -> int:
        """Destroy and forget what the list names; how many keys were still alive."""
        alive = 0
        with self._connected() as connection:
            with connection.transaction():
                for key_id, at in erasures:
                    alive += connection.execute(_DESTROY, (at, key_id)).rowcount
                    connection.execute(_BURY, (key_id, at))
                connection.execute(
                    "DELETE FROM identities WHERE identity = ANY(%s)", (list(identities),)
                )
                if listed is not None:
                    connection.execute(_LISTED, (listed,))
            # What was updated or deleted leaves its old row behind until then.
            connection.execute("VACUUM keys, identities")
        return alive

    def listed(self) -> int:
        """Up to which entry the log's erasure list was replayed."""
        for (listed,) in self._fetch("SELECT listed FROM erasure_list"):
            return int(listed)
        return 0

    def identify(self, digest: str) -> UUID:
        """The identity of a digest, made if there is none."""
        with self._connected() as connection:
            connection.execute(
                "INSERT INTO identities VALUES (%s, %s) ON CONFLICT (digest) DO NOTHING",
                (digest, uuid4()),
            )
            row = connection.execute(_IDENTITY, (digest,)).fetchone()
        if row is None:
            raise KeyStoreAway("an identity was forgotten while it was made; ask again")
        return UUID(str(row[0]))

    def identity(self, digest: str) -> UUID | None:
        """The identity of a digest, if there is one."""
        for (identity,) in self._fetch(_IDENTITY, digest):
            return UUID(str(identity))
        return None

    def forget(self, identity: UUID) -> None:
        """Take an identity away without a trace."""
        self.replay((), [identity])

    def version(self) -> str:
        """The engine's name and version."""
        ((version,),) = self._fetch("SHOW server_version")
        return f"PostgreSQL {version}"

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()
