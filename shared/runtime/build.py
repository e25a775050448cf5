"""A service's parts from its settings: which engines carry it, and whom it knows."""

from __future__ import annotations

import httpx
from prometheus_client import CollectorRegistry

from shared.access.registry import RegistryClient
from shared.bus.kafka.bus import KafkaBus
from shared.bus.kafka.connection import KafkaSettings
from shared.bus.local import LocalBus
from shared.bus.port import Bus, TopicSpec
from shared.clock import WallClock, instant_of
from shared.kernel.deciding import Setting
from shared.kernel.postgres import PostgresStore
from shared.kernel.sqlite import SqliteStore
from shared.kernel.store import Store
from shared.kernel.timekeeping import Timekeeper
from shared.kernel.writer import Limits, Writer
from shared.policy import Policy
from shared.regions import Regions
from shared.runtime.definition import Definition
from shared.runtime.measures import Turns
from shared.runtime.neighbours import Neighbours
from shared.runtime.service import Service, topic_of
from shared.sealing import KeyRing
from shared.settings import SERVICES, ClockKind, Mode, Settings
from shared.views.mongo import MongoViews
from shared.views.port import ViewStore
from shared.views.sqlite import SqliteViews


def open_bus(settings: Settings) -> Bus:
    """The bus: the local one's file, or Kafka."""
    if settings.mode is Mode.EMBEDDED:
        return LocalBus(settings.data_dir / "bus.db")
    return KafkaBus(
        KafkaSettings(
            bootstrap=str(settings.kafka_bootstrap),
            session_s=settings.kafka_session_ms / 1000,
            replication=settings.kafka_replication,
            options=_kafka_security(settings),
        )
    )


def _kafka_security(settings: Settings) -> dict[str, object]:
    options: dict[str, object] = {"security_protocol": settings.kafka_security}
    if settings.kafka_ca_file is not None:
        options["ssl_cafile"] = str(settings.kafka_ca_file)
    if settings.kafka_sasl_mechanism is not None:
        options["sasl_mechanism"] = settings.kafka_sasl_mechanism
        options["sasl_plain_username"] = settings.kafka_username
        password = settings.kafka_password
        options["sasl_plain_password"] = password.get_secret_value() if password else None
    return options


def open_store(settings: Settings, name: str) -> Store:
    """A service's event database; its tables are made when the runner starts."""
    if settings.mode is Mode.EMBEDDED:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        return SqliteStore(settings.data_dir / f"{name}.db")
    return PostgresStore(
        settings.database_url_of(name),
        transaction_timeout_s=settings.transaction_timeout_ms / 1000,
    )


def open_views(settings: Settings, definition: Definition) -> ViewStore:
    """A service's views."""
    specs = [projection.spec for projection in definition.projections]
    if settings.mode is Mode.EMBEDDED or settings.mongo_url is None:
        return SqliteViews(settings.data_dir / f"{definition.name}-views.db", specs)
    database = settings.mongo_database_of(definition.name)
    return MongoViews(settings.mongo_url.get_secret_value(), database, specs)


def open_keys(settings: Settings, name: str) -> KeyRing:
    """A service's keys; the master key's file is made on the first start, not in production."""
    return KeyRing.load(settings.master_key_file_of(name), create=not settings.production)


def topic_specs(settings: Settings) -> list[TopicSpec]:
    """Every topic of the cell."""
    return [
        TopicSpec(topic_of(settings.cell, name), settings.kafka_partitions) for name in SERVICES
    ]


def assemble(
    definition: Definition,
    settings: Settings,
    *,
    bus: Bus,
    policy: Policy,
    regions: Regions,
    neighbours: Neighbours,
    http: httpx.AsyncClient,
) -> Service:
    """One service's parts.

    ``neighbours`` are the other services; ``http`` calls what lies outside the house.
    """
    name = definition.name
    store = open_store(settings, name)
    keys = open_keys(settings, name)
    timekeeper = Timekeeper(
        store,
        WallClock(),
        hand_from=(
            instant_of(settings.hand_clock_start) if settings.clock is ClockKind.HAND else None
        ),
    )
    setting = Setting(settings.cell, definition.domain, policy, keys.key("parking").seal)
    metrics = CollectorRegistry()
    limits = Limits(settings.writer_queue, settings.writer_batch, settings.state_cache)
    return Service(
        definition=definition,
        settings=settings,
        store=store,
        writer=Writer(
            store,
            setting,
            timekeeper.now,
            annex=timekeeper.annex,
            limits=limits,
            told=Turns(metrics).told,
        ),
        views=open_views(settings, definition),
        bus=bus,
        timekeeper=timekeeper,
        policy=policy,
        regions=regions,
        keys=keys,
        neighbours=neighbours,
        registry=RegistryClient(
            neighbours.client("intake"), lambda purpose: neighbours.auth("intake", purpose)
        ),
        http=http,
        metrics=metrics,
    )
