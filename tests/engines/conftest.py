"""One of each engine for these tests, and a way to see what runs in a folder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import pytest

from infra.engines import KafkaEngine, MongoEngine, PostgresEngine
from infra.engines.local import LocalEngine

AnyEngine = TypeVar("AnyEngine", bound=LocalEngine)


def _running(engine: AnyEngine) -> Iterator[AnyEngine]:
    engine.start()
    yield engine
    engine.stop()


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresEngine]:
    yield from _running(PostgresEngine(tmp_path_factory.mktemp("postgres")))


@pytest.fixture(scope="module")
def mongo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MongoEngine]:
    yield from _running(MongoEngine(tmp_path_factory.mktemp("mongo")))


@pytest.fixture(scope="module")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaEngine]:
    yield from _running(KafkaEngine(tmp_path_factory.mktemp("kafka")))


@pytest.fixture(params=["postgres", "mongo", "kafka"])
def engine(request: pytest.FixtureRequest) -> LocalEngine:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, LocalEngine)
    return found
