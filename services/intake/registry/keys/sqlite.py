"""The key store in a SQLite file of its own (embedded run)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from uuid import UUID, uuid4

from services.intake.registry.keys.port import (
    WRAPPING,
    Erasure,
    KeyDestroyed,
    KeyStoreAway,
    KeyUnknown,
    WrongMasterKey,
)
from shared.sealing import KeyRing, SealingKey

_TABLES = (
    """CREATE TABLE IF NOT EXISTS store (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        master BLOB NOT NULL
    ) STRICT""",
    """CREATE TABLE IF NOT EXISTS keys (
        key_id TEXT PRIMARY KEY,
        wrapped BLOB,
        destroyed_at TEXT,
        CHECK ((wrapped IS NULL) <> (destroyed_at IS NULL))
    ) STRICT""",
    """CREATE TABLE IF NOT EXISTS identities (
        digest TEXT PRIMARY KEY,
        identity TEXT NOT NULL UNIQUE
    ) STRICT""",
    """CREATE TABLE IF NOT EXISTS erasure_list (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        listed INTEGER NOT NULL
    ) STRICT""",
)
_BUSY_MS = 10_000
_MANY = 500


class SqliteKeyStore:
    """Keys in one file, mode 0600; freed content is overwritten and the journal cut short."""

    def __init__(self, path: Path, ring: KeyRing) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        self._wrapping = ring.key(WRAPPING)
        self._lock = Lock()
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            self._prepare(ring.fingerprint)
        except BaseException:
            self._connection.close()
            raise

    def _prepare(self, master: bytes) -> None:
        self._connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("PRAGMA secure_delete = ON")
        with self._writing() as connection:
            for table in _TABLES:
                connection.execute(table)
            connection.execute("INSERT OR IGNORE INTO store VALUES (1, ?)", (master,))
            (found,) = connection.execute("SELECT master FROM store").fetchone()
        if found != master:
            raise WrongMasterKey("the key store was made with another master key")

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                yield self._connection
            except sqlite3.Error as error:
                raise KeyStoreAway(f"key store: {type(error).__name__}") from error

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._reading() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def create(self, key_id: str) -> SealingKey:
        """The key of that id, made if there is none."""
        fresh = SealingKey.generate(key_id)
        with self._writing() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO keys VALUES (?, ?, NULL)",
                (key_id, self._wrapping.wrap(fresh)),
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
        found: dict[str, SealingKey | Erasure] = {}
        for start in range(0, len(key_ids), _MANY):
            some = key_ids[start : start + _MANY]
            marks = ", ".join("?" * len(some))
            statement = f"SELECT key_id, wrapped, destroyed_at FROM keys WHERE key_id IN ({marks})"
            with self._reading() as connection:
                rows = connection.execute(statement, some).fetchall()
            for key_id, wrapped, at in rows:
                found[key_id] = (
                    self._wrapping.unwrap(key_id, wrapped)
                    if at is None
                    else Erasure(key_id, datetime.fromisoformat(at))
                )
        return found

    def destroy(self, key_id: str, at: datetime) -> Erasure:
        """Destroy a key for good and leave its tombstone."""
        self.replay([Erasure(key_id, at)])
        with self._reading() as connection:
            row = connection.execute("SELECT destroyed_at FROM keys WHERE key_id = ?", (key_id,))
            (stands,) = row.fetchone()
        return Erasure(key_id, datetime.fromisoformat(stands))

    def destroyed(self, key_id: str) -> datetime | None:
        """When the key was destroyed, if it was."""
        with self._reading() as connection:
            row = connection.execute(
                "SELECT destroyed_at FROM keys WHERE key_id = ?", (key_id,)
            ).fetchone()
        return datetime.fromisoformat(row[0]) if row and row[0] else None

    def erasures(self, after: str = "", limit: int = 1000) -> list[Erasure]:
        """The erasure list in order of id."""
        with self._reading() as connection:
            rows = connection.execute(
                "SELECT key_id, destroyed_at FROM keys"
                " WHERE destroyed_at IS NOT NULL AND key_id > ? ORDER BY key_id LIMIT ?",
                (after, limit),
            ).fetchall()
        return [Erasure(key_id, datetime.fromisoformat(at)) for key_id, at in rows]

    def replay(
        self,
        erasures: Iterable[Erasure],
        identities: Iterable[UUID] = (),
        listed: int | None = None,
    ) -> int:
        """Destroy and forget what the list names; how many keys were still alive."""
        alive = 0
        with self._writing() as connection:
            for key_id, at in erasures:
                stamp = at.astimezone(UTC).isoformat()
                changed = connection.execute(
                    "UPDATE keys SET wrapped = NULL, destroyed_at = ?"
                    " WHERE key_id = ? AND destroyed_at IS NULL",
                    (stamp, key_id),
                )
                alive += changed.rowcount
                connection.execute(
                    "INSERT OR IGNORE INTO keys VALUES (?, NULL, ?)", (key_id, stamp)
                )
            connection.executemany(
                "DELETE FROM identities WHERE identity = ?", [(str(i),) for i in identities]
            )
            if listed is not None:
                connection.execute("INSERT OR REPLACE INTO erasure_list VALUES (1, ?)", (listed,))
        with self._reading() as connection:  # the journal still holds the pages as they were
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return alive

    def listed(self) -> int:
        """Up to which entry the log's erasure list was replayed."""
        with self._reading() as connection:
            row = connection.execute("SELECT listed FROM erasure_list").fetchone()
        return int(row[0]) if row else 0

    def identify(self, digest: str) -> UUID:
        """The identity of a digest, made if there is none."""
        with self._writing() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO identities VALUES (?, ?)", (digest, str(uuid4()))
            )
            statement = "SELECT identity FROM identities WHERE digest = ?"
            (identity,) = connection.execute(statement, (digest,)).fetchone()
        return UUID(identity)

    def identity(self, digest: str) -> UUID | None:
        """The identity of a digest, if there is one."""
        with self._reading() as connection:
            statement = "SELECT identity FROM identities WHERE digest = ?"
            row = connection.execute(statement, (digest,)).fetchone()
        return UUID(row[0]) if row else None

    def forget(self, identity: UUID) -> None:
        """Take an identity away without a trace."""
        self.replay((), [identity])

    def version(self) -> str:
        """The engine's name and version."""
        return f"SQLite {sqlite3.sqlite_version}"

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()
