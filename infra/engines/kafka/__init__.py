"""Apache Kafka from Maven Central: ``jars`` fetches it, ``broker`` runs it."""

from infra.engines.kafka.broker import KafkaEngine

__all__ = ["KafkaEngine"]
