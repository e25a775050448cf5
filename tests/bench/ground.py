"""What the sections stand on: engines, databases and topics of their own, the whole stack."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Final, cast
from uuid import uuid4

from infra.engines import Engine, EngineName, PostgresEngine
from infra.stack import Stack
from shared.bus.kafka.bus import KafkaBus
from shared.bus.kafka.connection import KafkaSettings
from shared.bus.port import TopicSpec

PARTITIONS: Final = 6
POLICY: Final = Path("infra/demo/policy").resolve()


class Ground:
    """Engines of one run, in a folder; what is opened here is closed with it."""

    def __init__(self, folder: Path, running: Mapping[EngineName, Engine]) -> None:
        self.folder = folder
        self._running = running
        self._exits = ExitStack()
        self._bus: KafkaBus | None = None
        self._stack: Stack | None = None

    def database(self, name: str) -> str:
        """The address of an empty database."""
        postgres = cast(PostgresEngine, self._running["postgres"])
        return postgres.database(f"bench_{name}_{uuid4().hex[:8]}")

    @property
    def mongo(self) -> str:
        """The address of MongoDB."""
        return self._running["mongo"].address

    @property
    def kafka(self) -> KafkaSettings:
        """How to reach Kafka."""
        return KafkaSettings(self._running["kafka"].address, replication=1)

    @property
    def bus(self) -> KafkaBus:
        """A bus on Kafka."""
        if self._bus is None:
            self._bus = KafkaBus(self.kafka)
            self._exits.callback(self._bus.close)
        return self._bus

    def topic(self, service: str) -> str:
        """A new topic of a service in a cell of its own, so that no two are the same."""
        name = f"doudi.c{uuid4().hex[:8]}.{service}"
        self.bus.create_topics([TopicSpec(name, PARTITIONS)])
        return name

    @property
    def stack(self) -> Stack:
        """The distributed run on real engines; started when it is first asked for."""
        if self._stack is None:
            # Departments and deadlines are other work than what is measured, and come later.
            calm = {
                "POLICY_DIRS": str(POLICY),
                "GATEWAY_POLL_MS": "600000",
                "DUTIES_POLL_MS": "5000",
            }
            self._stack = self._exits.enter_context(Stack(self.folder / "stack", settings=calm))
        return self._stack

    def stack_database(self, name: str) -> str:
        """The address of an empty database on the stack's PostgreSQL."""
        postgres = cast(PostgresEngine, self.stack.engines["postgres"])
        return postgres.database(f"bench_{name}")

    def versions(self) -> dict[str, str]:
        """The engines used, and their versions."""
        started = self._running if self._stack is None else self._stack.engines
        return {engine.name: engine.version() for engine in started.values()}

    def close(self) -> None:
        """Close everything."""
        self._exits.close()
