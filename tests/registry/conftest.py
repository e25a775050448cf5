"""The registry over real stores: its parts as intake puts them together, two instances if asked."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.sql import SQL, Composed, Identifier

from services.intake.registry.erasure.destruction import KeyDestruction
from services.intake.registry.erasure.listed import ListedKeys
from services.intake.registry.erasure.model import KEY_DESTRUCTION, THE_LIST, agenda
from services.intake.registry.erasure.procedure import Erasures
from services.intake.registry.keys import KeyStore
from services.intake.registry.keys.postgres import PostgresKeyStore
from services.intake.registry.keys.sqlite import SqliteKeyStore
from services.intake.registry.owners import StoreOwner
from services.intake.registry.parts import STANDARD_TERMS, Asker, Parts, Terms
from services.intake.registry.readings import Readings
from services.intake.registry.registry import Registry
from services.intake.registry.sweep import Sweep
from services.intake.registry.vault import Vault
from services.intake.service import AGGREGATES
from shared.access.caller import Caller
from shared.clock import HandClock, legal_date
from shared.kernel.decider import Domain
from shared.kernel.deciding import Setting
from shared.kernel.duties import Gateway
from shared.kernel.event import Document, read
from shared.kernel.store import Store
from shared.kernel.writer import Writer
from shared.policy import Policy
from shared.sealing import KeyRing
from tests.kernel.conftest import Database, open_database
from tests.registry.people import REGIONS

CELL = "fj"
START = datetime(2020, 4, 1, 1, 0, tzinfo=UTC)
DOMAIN = Domain("intake", AGGREGATES, agenda)
POLICY = Policy.load()


class Instance:
    """One process's share of the registry, on its own connections, its writer running."""

    def __init__(
        self, store: Store, keys: KeyStore, ring: KeyRing, clock: HandClock, terms: Terms
    ) -> None:
        setting = Setting(CELL, DOMAIN, POLICY, lambda body, aad: aad + body)
        self.store, self.clock = store, clock
        self.keys = ListedKeys(keys, store, THE_LIST.id(CELL, "intake"))
        self.writer = Writer(store, setting, lambda _seen: clock.now())
        self.writer.open()
        parts = Parts(CELL, store, self.writer, self.keys, ring, clock.now)
        self.vault = Vault(store, self.keys)
        self.registry = Registry(parts, self.vault, REGIONS, terms)
        self.readings = Readings(parts, self.vault, terms)
        self.sweep = Sweep(
            self.vault,
            self.registry.holder,
            {"intake": StoreOwner(store, clock.now)},
            clock.now,
        )
        self.erasures = Erasures(parts, self.vault, self.registry)
        self.gateway = Gateway(
            store,
            self.writer,
            {KEY_DESTRUCTION: KeyDestruction(parts).destroy},
            lambda: legal_date(clock.now()),
        )
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self.writer.run, args=(self._stopping,))
        self._thread.start()

    def events(self) -> list[Document[Any]]:
        """Everything in the log."""
        return [read(row) for row in self.store.read_log(0, 10_000)]

    def names(self) -> list[str]:
        """What happened, by name."""
        return [event.type.split(".")[2] for event in self.events()]

    def later(self, span: timedelta) -> None:
        """Move the clock."""
        self.clock.set_to(self.clock.now() + span)

    def close(self) -> None:
        self._stopping.set()
        self._thread.join()


class House:
    """Intake's database, key store and master key; ``instance`` is one more process."""

    def __init__(self, database: Database, open_keys: KeyPlace) -> None:
        self.database = database
        self.ring = KeyRing.ephemeral()
        self.clock = HandClock(START)
        self.open_keys = open_keys
        self._instances: list[Instance] = []
        self._keys: list[KeyStore] = []

    def instance(self, terms: Terms = STANDARD_TERMS) -> Instance:
        keys = self.open_keys(self.ring)
        self._keys.append(keys)
        made = Instance(self.database.store(), keys, self.ring, self.clock, terms)
        self._instances.append(made)
        return made

    def copy_of_keys(self) -> Any:
        """A copy of the key store as it is."""
        return self.open_keys.copy()

    def put_back(self, copy: Any) -> None:
        """Restore the key store from a copy, with every process that had it open stopped."""
        for keys in self._keys:
            keys.close()
        self._keys.clear()
        self.open_keys.put_back(copy)

    def close(self) -> None:
        for instance in self._instances:
            instance.close()
        for keys in self._keys:
            keys.close()
        self.database.close()


def asks(caller: Caller, command_id: UUID | None = None, body_digest: bytes = b"body") -> Asker:
    """A request of a caller's."""
    return Asker(caller, command_id or uuid4(), body_digest)


class KeyFile:
    """A key store on SQLite: opens it, copies its file and puts the copy back."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __call__(self, ring: KeyRing) -> KeyStore:
        return SqliteKeyStore(self._path, ring)

    def copy(self) -> bytes:
        """The file as a backup has it."""
        with closing(sqlite3.connect(self._path)) as db:
            return db.serialize()

    def put_back(self, copy: bytes) -> None:
        for beside in ("-wal", "-shm"):
            self._path.with_name(self._path.name + beside).unlink(missing_ok=True)
        self._path.write_bytes(copy)


class KeyDatabase:
    """A key store on PostgreSQL: opens it, dumps its tables and puts the dump back."""

    def __init__(self, url: str) -> None:
        self._url = url

    def __call__(self, ring: KeyRing) -> KeyStore:
        return PostgresKeyStore(self._url, ring)

    def copy(self) -> dict[str, list[Any]]:
        """Every table's rows."""
        with psycopg.connect(self._url) as db:
            tables = db.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            names = [name for (name,) in tables.fetchall()]
            return {t: db.execute(_all(t)).fetchall() for t in names}

    def put_back(self, copy: dict[str, list[Any]]) -> None:
        with psycopg.connect(self._url) as db:
            for table, rows in copy.items():
                db.execute(SQL("TRUNCATE {}").format(Identifier(table)))
                for row in rows:
                    marks = SQL(", ").join([SQL("%s")] * len(row))
                    insert = SQL("INSERT INTO {} VALUES ({})").format(Identifier(table), marks)
                    db.execute(insert, row)


def _all(table: str) -> Composed:
    return SQL("SELECT * FROM {}").format(Identifier(table))


KeyPlace = KeyFile | KeyDatabase


@pytest.fixture(params=["sqlite", "postgres"])
def open_keys(request: pytest.FixtureRequest, tmp_path: Path) -> KeyPlace:
    """Opens one key store of each engine, as often as asked."""
    if request.param == "sqlite":
        return KeyFile(tmp_path / "keys" / "keys.db")
    engine = request.getfixturevalue("postgres_engine")
    return KeyDatabase(engine.database(f"k_{uuid4().hex}"))


@pytest.fixture
def house(open_keys: KeyPlace, request: pytest.FixtureRequest) -> Iterator[House]:
    """A house on each engine: SQLite throughout, or PostgreSQL throughout."""
    engine = request.node.callspec.params["open_keys"]
    made = House(open_database(engine, request), open_keys)
    yield made
    made.close()


@pytest.fixture
def intake(house: House) -> Instance:
    """One instance of it."""
    return house.instance()
