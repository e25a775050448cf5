"""The three adapters' storages, each openable by several instances at once."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol

import pytest
from pymongo import MongoClient

from shared.views.memory import MemoryDisk, MemoryViews
from shared.views.mongo import MongoViews
from shared.views.port import OnStep, ViewSpec, ViewStore, no_step
from shared.views.sqlite import SqliteViews


class Storage(Protocol):
    """Where views lie; ``open`` gives one more instance over the same documents."""

    def open(self, *specs: ViewSpec, on_step: OnStep = no_step, bulk: int = 500) -> ViewStore: ...


class MemoryStorage:
    def __init__(self) -> None:
        self.disk = MemoryDisk()

    def open(self, *specs: ViewSpec, on_step: OnStep = no_step, bulk: int = 500) -> ViewStore:
        return MemoryViews(specs, self.disk, on_step=on_step)


class SqliteStorage:
    def __init__(self, folder: Path) -> None:
        self.path = folder / "views.db"
        self._opened: list[SqliteViews] = []

    def open(self, *specs: ViewSpec, on_step: OnStep = no_step, bulk: int = 500) -> ViewStore:
        self._opened.append(SqliteViews(self.path, specs, on_step=on_step, bulk=bulk))
        return self._opened[-1]

    async def close(self) -> None:
        for views in self._opened:
            await views.close()


class MongoStorage:
    def __init__(self, uri: str) -> None:
        self.uri = uri
        self.database = f"views_{uuid.uuid4().hex[:12]}"
        self._opened: list[MongoViews] = []

    def open(self, *specs: ViewSpec, on_step: OnStep = no_step, bulk: int = 500) -> ViewStore:
        views = MongoViews(self.uri, self.database, specs, on_step=on_step, bulk=bulk)
        self._opened.append(views)
        return views

    async def close(self) -> None:
        for views in self._opened:
            await views.close()
        with MongoClient[dict[str, object]](self.uri) as client:
            client.drop_database(self.database)


@pytest.fixture
async def sqlite_storage(tmp_path: Path) -> AsyncIterator[SqliteStorage]:
    storage = SqliteStorage(tmp_path)
    yield storage
    await storage.close()


@pytest.fixture
async def mongo_storage(mongo_url: str) -> AsyncIterator[MongoStorage]:
    storage = MongoStorage(mongo_url)
    yield storage
    await storage.close()


@pytest.fixture(params=["memory", "sqlite", "mongo"])
async def storage(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Storage]:
    """Each adapter's storage in turn."""
    if request.param == "memory":
        yield MemoryStorage()
        return
    if request.param == "sqlite":
        opened: SqliteStorage | MongoStorage = SqliteStorage(tmp_path)
    else:
        opened = MongoStorage(request.getfixturevalue("mongo_url"))
    yield opened
    await opened.close()
