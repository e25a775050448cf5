"""Apache Kafka as one KRaft process: broker and controller in one."""

from __future__ import annotations

import re
import socket
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from infra.engines.kafka.jars import jars, java
from infra.engines.local import LocalEngine
from infra.engines.process import dying_with_us, run

_LOGGING = Path(__file__).with_name("log4j2.xml")
_SETTINGS = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "inter.broker.listener.name": "PLAINTEXT",
    "auto.create.topics.enable": "false",
    # One node, so one replica of the broker's own topics, and few partitions of them.
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "4",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "4",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    # Consumers of tests come and go: no waiting for a group to fill, sessions as short as wanted.
    "group.initial.rebalance.delay.ms": "0",
    "group.min.session.timeout.ms": "500",
    # A broker killed with -9 may register again only when its old session has run out.
    "broker.session.timeout.ms": "2000",
    "broker.heartbeat.interval.ms": "250",
    # Its default of 128 MiB is a quarter of the heap, for compacted topics that we do not have.
    "log.cleaner.dedupe.buffer.size": "8388608",
}


class KafkaEngine(LocalEngine):
    """Apache Kafka 4.3 as one process; the address is ``host:port`` for ``bootstrap_servers``.

    Open to everyone on this machine, so for development only. A record that is acknowledged has
    reached the system's page cache: it survives the broker's death, not the machine's.
    ``DOUDI_TEST_KAFKA`` names another cluster instead.
    """

    name = "Apache Kafka"
    variable = "DOUDI_TEST_KAFKA"
    _port_names = ("broker", "controller")

    def version(self) -> str:
        """The broker's version.

        Over the wire a broker tells no more than which requests it knows, from which the client
        concludes ``4.3``; the patch level is in what our own broker printed when it started.
        """
        with _admin(self.address, seconds=10) as admin:
            node = admin.describe_cluster()["brokers"][0]["broker_id"]
            spoken = str(admin.get_broker_version_data(node).broker_version_str)
        if self._given is None:
            printed = re.findall(r"Kafka version: (\S+)", self._log.read_text(errors="replace"))
            return str(printed[-1])
        return spoken

    def _own_address(self) -> str:
        return f"127.0.0.1:{self._ports['broker']}"

    def _prepare(self) -> None:
        controller = f"127.0.0.1:{self._ports['controller']}"
        data = self.folder / "data"
        settings = _SETTINGS | {
            "listeners": f"PLAINTEXT://{self.address},CONTROLLER://{controller}",
            "controller.quorum.voters": f"1@{controller}",
            "log.dirs": str(data),
        }
        self._properties.write_text("".join(f"{key}={settings[key]}\n" for key in settings))
        if not (data / "meta.properties").exists():
            cluster = urlsafe_b64encode(uuid4().bytes).decode().rstrip("=")
            # Joined, since an id that begins with a hyphen would be taken for an option.
            identity = f"--cluster-id={cluster}"
            arguments = ("format", identity, "--config", str(self._properties))
            run(
                _java(["-XX:TieredStopAtLevel=1"], "kafka.tools.StorageTool", *arguments),
                log=self._log,
                what="Kafka's StorageTool",
                cwd=self.folder,
            )

    def _command(self) -> list[str]:
        return _java(["-Xms512m", "-Xmx512m"], "kafka.Kafka", str(self._properties))

    def _ready(self) -> bool:
        host, _, port = self.address.partition(":")
        try:
            socket.create_connection((host, int(port)), timeout=1).close()
            with _admin(self.address, seconds=2) as admin:
                return bool(admin.describe_cluster()["brokers"])
        except (OSError, KafkaError):
            return False

    @property
    def _properties(self) -> Path:
        return self.folder / "server.properties"


def _java(options: list[str], main: str, *arguments: str) -> list[str]:
    return dying_with_us(
        [
            *(java(), "-XX:+UseSerialGC", "-Djava.awt.headless=true", *options),
            *(f"-Dlog4j2.configurationFile={_LOGGING}", "-cp", f"{jars()}/*", main, *arguments),
        ]
    )


@contextmanager
def _admin(address: str, *, seconds: int) -> Iterator[Any]:
    admin = KafkaAdminClient(bootstrap_servers=address, bootstrap_timeout_ms=seconds * 1000)
    try:
        yield admin
    finally:
        admin.close()
