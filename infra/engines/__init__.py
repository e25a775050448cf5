"""Real PostgreSQL, MongoDB and Apache Kafka for development and tests, without Docker."""

from infra.engines.kafka import KafkaEngine
from infra.engines.mongo import MongoEngine
from infra.engines.port import Engine, EngineError, EngineFailed, EngineMissing, EngineNotOurs
from infra.engines.postgres import PostgresEngine
from infra.engines.together import EngineName, engines

__all__ = [
    "Engine",
    "EngineError",
    "EngineFailed",
    "EngineMissing",
    "EngineName",
    "EngineNotOurs",
    "KafkaEngine",
    "MongoEngine",
    "PostgresEngine",
    "engines",
]
