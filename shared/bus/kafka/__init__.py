"""Apache Kafka through kafka-python: the bus of the distributed run."""

from shared.bus.kafka.bus import KafkaBus
from shared.bus.kafka.connection import KafkaSettings

__all__ = ["KafkaBus", "KafkaSettings"]
