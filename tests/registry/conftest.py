"""The registry over real stores: its parts as intake puts them together, two instances if asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast
from uuid import UUID, uuid4

import pytest

from services.intake.registry.keys import KeyStore
from services.intake.registry.keys.postgres import PostgresKeyStore
from services.intake.registry.keys.sqlite import SqliteKeyStore
from services.intake.registry.model import AGGREGATES
from services.intake.registry.owners import StoreOwner
from services.intake.registry.parts import STANDARD_TERMS, Asker, Parts, Terms
from services.intake.registry.readings import Readings
from services.intake.registry.registry import Registry
from services.intake.registry.sweep import Sweep
from services.intake.registry.vault import Vault
from shared.access.caller import Caller
from shared.clock import HandClock
from shared.kernel.decider import Domain
from shared.kernel.deciding import Setting
from shared.kernel.event import Document, read
from shared.kernel.store import Store
from shared.kernel.writer import Writer
from shared.sealing import KeyRing
from tests.kernel.conftest import Database, open_database
from tests.registry.people import REGIONS

if TYPE_CHECKING:
    from typing import Any

    from shared.policy import Policy

CELL = "fj"
START = datetime(2020, 4, 1, 1, 0, tzinfo=UTC)
DOMAIN = Domain("intake", AGGREGATES)


class Instance:
    """One process's share of the registry, on its own connections, its writer running."""

    def __init__(
        self, store: Store, keys: KeyStore, ring: KeyRing, clock: HandClock, terms: Terms
    ) -> None:
        setting = Setting(CELL, DOMAIN, cast("Policy", None), lambda body, aad: aad + body)
        self.store, self.keys, self.clock = store, keys, clock
        self.writer = Writer(store, setting, lambda _seen: clock.now())
        self.writer.open()
        parts = Parts(CELL, store, self.writer, keys, ring, clock.now)
        self.vault = Vault(store, keys)
        self.registry = Registry(parts, self.vault, REGIONS, terms)
        self.readings = Readings(parts, self.vault, terms)
        self.sweep = Sweep(
            self.vault,
            self.registry.holder,
            {"intake": StoreOwner(store, clock.now)},
            clock.now,
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

    def __init__(self, database: Database, open_keys: Callable[[KeyRing], KeyStore]) -> None:
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

    def close(self) -> None:
        for instance in self._instances:
            instance.close()
        for keys in self._keys:
            keys.close()
        self.database.close()


def asks(caller: Caller, command_id: UUID | None = None, body_digest: bytes = b"body") -> Asker:
    """A request of a caller's."""
    return Asker(caller, command_id or uuid4(), body_digest)


@pytest.fixture(params=["sqlite", "postgres"])
def open_keys(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[KeyRing], KeyStore]:
    """Opens one key store of each engine, as often as asked."""
    if request.param == "sqlite":
        return lambda ring: SqliteKeyStore(tmp_path / "keys" / "keys.db", ring)
    engine = request.getfixturevalue("postgres_engine")
    url = engine.database(f"k_{uuid4().hex}")
    return lambda ring: PostgresKeyStore(url, ring)


@pytest.fixture
def house(
    open_keys: Callable[[KeyRing], KeyStore], request: pytest.FixtureRequest
) -> Iterator[House]:
    """A house on each engine: SQLite throughout, or PostgreSQL throughout."""
    engine = request.node.callspec.params["open_keys"]
    made = House(open_database(engine, request), open_keys)
    yield made
    made.close()


@pytest.fixture
def intake(house: House) -> Instance:
    """One instance of it."""
    return house.instance()
