"""A mark left in an engine through its ordinary client, and read back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import NewTopic
from pymongo import MongoClient

from infra.engines import KafkaEngine, MongoEngine, PostgresEngine
from infra.engines.local import LocalEngine


def leave_mark(engine: LocalEngine, mark: str) -> None:
    match engine:
        case PostgresEngine():
            with psycopg.connect(engine.address) as connection:
                connection.execute("CREATE TABLE IF NOT EXISTS marks (mark text)")
                connection.execute("INSERT INTO marks VALUES (%s)", (mark,))
        case MongoEngine():
            with _mongo(engine) as client, client.start_session() as session:
                marks = client["probe"]["marks"]
                session.with_transaction(lambda s: marks.insert_one({"mark": mark}, session=s))
        case KafkaEngine():
            admin = KafkaAdminClient(bootstrap_servers=engine.address)
            if "marks" not in admin.list_topics():
                admin.create_topics([NewTopic("marks", num_partitions=1, replication_factor=1)])
            admin.close()
            producer = KafkaProducer(bootstrap_servers=engine.address, acks="all")
            producer.send("marks", mark.encode()).get(timeout=20)
            producer.close()


def marks(engine: LocalEngine) -> set[str]:
    match engine:
        case PostgresEngine():
            with psycopg.connect(engine.address) as connection:
                return {mark for (mark,) in connection.execute("SELECT mark FROM marks")}
        case MongoEngine():
            with _mongo(engine) as client:
                return {found["mark"] for found in client["probe"]["marks"].find()}
        case KafkaEngine():
            return _records(engine.address)
    raise AssertionError(engine)


def _mongo(engine: MongoEngine) -> MongoClient[dict[str, Any]]:
    return MongoClient(engine.address)


def _records(address: str) -> set[str]:
    consumer = KafkaConsumer(bootstrap_servers=address, enable_auto_commit=False)
    try:
        partition = TopicPartition("marks", 0)
        consumer.assign([partition])
        consumer.seek_to_beginning(partition)
        end = consumer.end_offsets([partition])[partition]
        found: set[str] = set()
        while consumer.position(partition) < end:
            for records in consumer.poll(timeout_ms=1_000).values():
                found |= {record.value.decode() for record in records}
        return found
    finally:
        consumer.close()


def processes_in(folder: Path) -> set[int]:
    """Ids of the processes that work in a folder; all that an engine starts stay in its own."""
    found = set()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            inside = entry.joinpath("cwd").readlink().is_relative_to(folder.resolve())
        except OSError:  # gone, or another user's
            continue
        if inside:
            found.add(int(entry.name))
    return found
