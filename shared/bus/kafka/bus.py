"""The Kafka adapter's front: topics, offsets, and its producers and consumers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from kafka import TopicPartition as Place
from kafka import __version__ as client_version
from kafka import errors
from kafka.admin import (
    ConfigResource,
    ConfigResourceType,
    KafkaAdminClient,
    MemberToRemove,
    OffsetSpec,
)

from shared.bus.kafka.connection import KafkaSettings, connected, translated
from shared.bus.kafka.consuming import KafkaMember
from shared.bus.kafka.group import Group
from shared.bus.kafka.producing import KafkaProducing
from shared.bus.kafka.reading import PartitionReader
from shared.bus.port import (
    BusAway,
    ConsumerPort,
    Listener,
    Record,
    TopicMissing,
    TopicSpec,
    require_settings,
    topic_settings,
)

T = TypeVar("T")

_UNKNOWN_TOPIC = 3
_SETTLED = "Stable"


class KafkaBus:
    """One Kafka cluster. Connects when it is first needed, again after an error."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._settings = settings
        self._lock = threading.RLock()
        self._client: Any = None
        self._reader = PartitionReader(settings)

    def _ask(self, doing: str, question: Callable[[Any], T]) -> T:
        """Ask the cluster; after an error the next question opens a new connection."""
        with self._lock, translated(doing):
            if self._client is None:
                self._client = connected(KafkaAdminClient, self._settings.common())
            try:
                return question(self._client)
            except Exception:
                client, self._client = self._client, None
                client.close()
                raise

    def create_topics(self, specs: Sequence[TopicSpec]) -> list[str]:
        """Create the topics that are missing, with the settings they need."""
        known = self._describe([spec.name for spec in specs])
        missing = [spec for spec in specs if spec.name not in known]
        wanted = {
            spec.name: {
                "num_partitions": spec.partitions,
                "replication_factor": self._settings.replication,
                "configs": topic_settings(self._settings.replication),
            }
            for spec in missing
        }
        if wanted:
            self._ask(
                "creating topics",
                lambda admin: admin.create_topics(wanted, wait_for_metadata=True),
            )
        return list(wanted)

    def delete_topic(self, name: str) -> None:
        """Delete a topic with its records (tests)."""
        self._ask("deleting a topic", lambda admin: admin.delete_topics([name]))

    def _describe(self, names: Sequence[str]) -> dict[str, dict[str, Any]]:
        """The topics that exist, by name."""
        topics = self._ask("looking at topics", lambda admin: admin.describe_topics(list(names)))
        for topic in topics:
            if topic["error_code"] not in (0, _UNKNOWN_TOPIC):
                error = errors.for_code(topic["error_code"]).__name__
                raise BusAway(f"Kafka, looking at topic {topic['name']}: {error}")
        return {topic["name"]: topic for topic in topics if topic["error_code"] == 0}

    def _existing(self, name: str) -> dict[str, Any]:
        known = self._describe([name])
        if name not in known:
            raise TopicMissing(name)
        return known[name]

    def check_topic(self, spec: TopicSpec) -> None:
        """Compare the topic's partitions and settings with what its replicas allow and need."""
        topic = self._existing(spec.name)
        resource = ConfigResource(
            ConfigResourceType.TOPIC, spec.name, configs=dict.fromkeys(topic_settings(1))
        )
        found = self._ask(
            "looking at a topic's settings",
            lambda admin: admin.describe_configs([resource], config_filter="all"),
        )
        settings = {name: entry["value"] for name, entry in found["topic"][spec.name].items()}
        partitions = topic["partitions"]
        replication = min(len(partition["replica_nodes"]) for partition in partitions)
        require_settings(spec, len(partitions), settings, replication)

    def topic_id(self, name: str) -> UUID:
        """The id of the topic's present incarnation."""
        return UUID(str(self._existing(name)["topic_id"]))

    def partitions(self, names: Sequence[str]) -> set[tuple[str, int]]:
        """Every partition of these topics: topic and number."""
        return {
            (name, partition["partition_index"])
            for name, topic in self._describe(names).items()
            for partition in topic["partitions"]
        }

    def topic_ids(self, names: Sequence[str]) -> dict[str, UUID]:
        """The ids of several topics. Raises ``TopicMissing`` for the first that is not there."""
        known = self._describe(names)
        for name in names:
            if name not in known:
                raise TopicMissing(name)
        return {name: UUID(str(topic["topic_id"])) for name, topic in known.items()}

    def group(self, name: str) -> Group:
        """How the group's coordinator sees it."""
        found = self._ask("looking at a group", lambda admin: admin.describe_groups([name]))[name]
        members = found["members"]
        return Group(
            settled=found["group_state"] == _SETTLED,
            holders={member["group_instance_id"]: member["member_id"] for member in members},
            shares={
                member["member_id"]: {
                    (share["topic"], partition)
                    for share in (member["member_assignment"] or {}).get("assigned_partitions", ())
                    for partition in share["partitions"]
                }
                for member in members
            },
        )

    def leave(self, group: str, instance: str, member_id: str) -> bool:
        """Take a static member out of its group, so that the partitions are shared out anew.

        False, and nothing happens, when another member has that name by now.
        """
        member = MemberToRemove(member_id, instance, "partitions are without a reader")
        answers = self._ask(
            "leaving a group", lambda admin: admin.remove_group_members(group, [member])
        )
        return errors.FencedInstanceIdError not in answers.values()

    def producer(self) -> KafkaProducing:
        """A new producer."""
        return KafkaProducing(self._settings)

    def consumer(
        self, group: str, instance: str, topics: Sequence[str], listener: Listener
    ) -> ConsumerPort:
        """A static member of a group."""
        return KafkaMember(self, self._settings, group, instance, topics, listener)

    def read_partition(
        self, topic: str, partition: int, from_offset: int, limit: int
    ) -> list[Record]:
        """Records from an offset on."""
        topic_id = self.topic_id(topic)
        end = self.end_offsets(topic)[partition]
        return self._reader.read(topic, topic_id, partition, from_offset, end, limit)

    def begin_offsets(self, topic: str) -> dict[int, int]:
        """Each partition's first offset."""
        return self._offsets(topic, OffsetSpec.EARLIEST)

    def end_offsets(self, topic: str) -> dict[int, int]:
        """The offset after each partition's last record."""
        return self._offsets(topic, OffsetSpec.LATEST)

    def _offsets(self, topic: str, which: Any) -> dict[int, int]:
        partitions = [p["partition_index"] for p in self._existing(topic)["partitions"]]
        asked = {Place(topic, partition): which for partition in partitions}
        found = self._ask("looking at offsets", lambda admin: admin.list_partition_offsets(asked))
        return {place.partition: answer.offset for place, answer in sorted(found.items())}

    def version(self) -> str:
        """Broker's and client's version."""

        def broker(admin: Any) -> str:
            first = admin.describe_cluster()["brokers"][0]["broker_id"]
            release: str = admin.get_broker_version_data(first).broker_version_str
            return release

        return (
            f"Apache Kafka {self._ask('asking its version', broker)}, kafka-python {client_version}"
        )

    def close(self) -> None:
        """Close every connection of the bus itself; producers and consumers close theirs."""
        with self._lock:
            client, self._client = self._client, None
            if client is not None:
                client.close()
        self._reader.close()
