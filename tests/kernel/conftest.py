"""One service's database on each engine, openable by several instances at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from shared.kernel.deciding import Setting
from shared.kernel.memory import MemoryDatabase, MemoryStore
from shared.kernel.postgres import PostgresStore
from shared.kernel.sqlite import SqliteStore
from shared.kernel.store import Store
from shared.kernel.writer import Limits, Writer
from tests.kernel.domain import CELL, DOMAIN, START

if TYPE_CHECKING:
    from shared.policy import Policy

ENGINES = ("memory", "sqlite", "postgres")


class Pointer:
    """A wall clock that a test sets, backwards too."""

    def __init__(self, moment: datetime = START) -> None:
        self.moment = moment

    def __call__(self, _seen: object) -> datetime:
        return self.moment


class Database:
    """What outlives a service's instances; each ``store`` is one more instance's connection."""

    def __init__(self, engine: str, opened: Callable[..., Store]) -> None:
        self.engine = engine
        self._opened = opened
        self._stores: list[Store] = []

    def store(self, **options: Any) -> Store:
        """One more connection; options go to the engine's store."""
        self._stores.append(self._opened(**options))
        return self._stores[-1]

    def writer(
        self,
        store: Store | None = None,
        *,
        now: Callable[[Any], datetime] | None = None,
        limits: Limits = Limits(),  # noqa: B008 - frozen
        seal: Callable[[bytes, bytes], bytes] = lambda body, aad: aad + b"|" + body,
    ) -> Writer:
        """An open writer, over a store of its own unless told which."""
        made = Writer(store or self.store(), setting(seal), now or Pointer(), limits=limits)
        made.open()
        return made

    def close(self) -> None:
        for store in self._stores:
            store.close()


def setting(seal: Callable[[bytes, bytes], bytes] = lambda body, aad: body) -> Setting:
    """The test service's; its decisions look up no parameters."""
    return Setting(CELL, DOMAIN, cast("Policy", None), seal)


def open_database(engine: str, request: pytest.FixtureRequest) -> Database:
    """An empty database on an engine, with its tables."""
    if engine == "memory":
        memory = MemoryDatabase()
        return Database(engine, lambda **options: MemoryStore(memory, **options))
    if engine == "sqlite":
        path: Path = request.getfixturevalue("tmp_path") / "service.db"
        return Database(engine, lambda **options: made(SqliteStore(path, **options)))
    url: str = request.getfixturevalue("postgres_url")
    return Database(engine, lambda **options: made(PostgresStore(url, **options)))


def made(store: SqliteStore | PostgresStore) -> Store:
    """A store with its tables."""
    store.create_table()
    return store


@pytest.fixture(params=ENGINES)
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Each engine's database in turn."""
    opened = open_database(request.param, request)
    yield opened
    opened.close()


@pytest.fixture(params=["sqlite", "postgres"])
def durable(request: pytest.FixtureRequest) -> Iterator[Database]:
    """The databases that outlive their process."""
    opened = open_database(request.param, request)
    yield opened
    opened.close()


@pytest.fixture
def postgres(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database on PostgreSQL."""
    opened = open_database("postgres", request)
    yield opened
    opened.close()


@pytest.fixture
def store(database: Database) -> Store:
    return database.store()
