from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from shared.bus.kafka import KafkaBus, KafkaSettings
from shared.bus.local import LocalBus
from shared.bus.memory import MemoryBus

AnyBus = MemoryBus | LocalBus | KafkaBus


@pytest.fixture
def kafka_settings(kafka_address: str) -> KafkaSettings:
    return KafkaSettings(kafka_address, session_s=1.5)


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


@pytest.fixture
def topic() -> str:
    return f"doudi.t{uuid4().hex[:10]}.intake"
