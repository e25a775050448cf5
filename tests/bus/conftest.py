from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from shared.bus.kafka import KafkaBus, KafkaSettings
from shared.bus.local import LocalBus
from shared.bus.memory import MemoryBus
from shared.kernel.memory import MemoryDatabase, MemoryStore
from tests.bus.ledger import Ledger
from tests.kernel.conftest import Database, open_database

AnyBus = MemoryBus | LocalBus | KafkaBus


@pytest.fixture
def kafka_settings(kafka_address: str) -> KafkaSettings:
    return KafkaSettings(kafka_address, session_s=6)


@pytest.fixture(params=["memory", "local", "kafka"])
def bus(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AnyBus]:
    made: AnyBus
    if request.param == "memory":
        made = MemoryBus()
    elif request.param == "local":
        made = LocalBus(tmp_path / "bus.db")
    else:
        made = KafkaBus(request.getfixturevalue("kafka_settings"))
    yield made
    made.close()


@pytest.fixture
def kafka_bus(kafka_settings: KafkaSettings) -> Iterator[KafkaBus]:
    made = KafkaBus(kafka_settings)
    yield made
    made.close()


@pytest.fixture(params=["memory", "sqlite"])
def source(request: pytest.FixtureRequest) -> Iterator[Database]:
    """The database of the service that publishes."""
    opened = open_database(request.param, request)
    yield opened
    opened.close()


@pytest.fixture
def target() -> Iterator[Database]:
    """The database of the service that consumes."""
    memory = MemoryDatabase()
    opened = Database("memory", lambda **options: MemoryStore(memory, **options))
    yield opened
    opened.close()


@pytest.fixture
def calm() -> MemoryBus:
    """A bus on which nothing goes wrong."""
    return MemoryBus()


@pytest.fixture
def topic() -> str:
    return f"doudi.t{uuid4().hex[:10]}.intake"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = Ledger(tmp_path)
    yield made
    made.close()
