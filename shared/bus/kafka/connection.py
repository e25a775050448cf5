"""How the house speaks to Kafka: settings of every client, and what its errors mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from kafka import errors
from kafka.net.compat import KafkaNetClient

from shared.bus.port import BusAway


@dataclass(frozen=True, slots=True)
class KafkaSettings:
    """Where Kafka is and how patient to be.

    ``options`` go to every client as they are (security). ``session_s`` is how long a member may
    be silent before its partitions move; a restart within it moves nothing. ``replication`` of -1
    means the cluster's default.
    """

    bootstrap: str
    session_s: float = 45.0
    connect_s: float = 5.0
    request_s: float = 10.0
    replication: int = -1
    options: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def common(self) -> dict[str, Any]:
        """What producers, consumers and the admin client share."""
        return {
            "bootstrap_servers": self.bootstrap.split(","),
            "bootstrap_timeout_ms": int(self.connect_s * 1000),
            "request_timeout_ms": int(self.request_s * 1000),
            "reconnect_backoff_max_ms": 1000,
            **self.options,
        }


@contextmanager
def translated(doing: str) -> Iterator[None]:
    """Kafka's errors as ``BusAway``: it cannot be reached or refused for now."""
    try:
        yield
    except errors.KafkaError as error:
        raise BusAway(f"Kafka, {doing}: {type(error).__name__}") from error
    except (OSError, RuntimeError) as error:
        # A client whose network thread ended says so with a RuntimeError.
        raise BusAway(f"Kafka, {doing}: {error}") from error


def connected(make: Callable[..., Any], options: Mapping[str, Any]) -> Any:
    """Make a producer, consumer or admin client; where that fails, leave no thread behind.

    A constructor of kafka-python that finds no broker raises, but its network thread lives on and
    keeps trying; a long outage would gather hundreds.
    """
    networks: list[Any] = []

    def network(**configs: Any) -> Any:
        networks.append(KafkaNetClient(**configs))
        return networks[-1]

    try:
        return make(kafka_client=network, **options)
    except BaseException:
        for made in networks:
            made.close()
        raise
