"""Real engines for every test that asks for one: started once per worker, stopped at the end.

A test gets an address, never a fake: ``postgres_url`` is an empty database for itself,
``mongo_url`` and ``kafka_address`` are shared, so a test names its own database or topics there.
What a test kills or pauses is ``mortal_postgres``, which nobody else uses meanwhile.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import uuid4

import psycopg
import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from infra.engines import Engine, KafkaEngine, MongoEngine, PostgresEngine

# How long an example takes says how busy the machine is, and nothing of the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# A broker of a test lives for minutes: compiled at once, not well, it takes half the time to start.
os.environ.setdefault("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1")

# What is loaded stays, so nothing of it is looked through for garbage until all is (see below).
gc.disable()

_VERSIONS = pytest.StashKey[dict[str, str]]()


@pytest.fixture(scope="session")
def postgres_engine(
    tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> Iterator[PostgresEngine]:
    """This worker's PostgreSQL. It is shared: kill ``mortal_postgres`` instead."""
    from infra.engines import PostgresEngine

    engine = PostgresEngine(tmp_path_factory.mktemp("postgres"))
    yield from _running(engine, pytestconfig)


@pytest.fixture(scope="session")
def _database(postgres_engine: PostgresEngine) -> str:
    return postgres_engine.database(f"t_{uuid4().hex}")


@pytest.fixture
def postgres_url(_database: str) -> str:
    """The address of an empty database to which nobody else is connected."""
    # Emptied rather than made anew: a database is seven megabytes of files, and a checkpoint.
    with psycopg.connect(_database, autocommit=True) as connection:
        connection.execute(
            """SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()"""
        )
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return _database


@pytest.fixture(scope="session")
def _mortal_postgres(
    tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> Iterator[PostgresEngine]:
    from infra.engines import PostgresEngine

    engine = PostgresEngine(tmp_path_factory.mktemp("mortal-postgres"))
    yield from _running(engine, pytestconfig)


@pytest.fixture
def mortal_postgres(_mortal_postgres: PostgresEngine) -> Iterator[PostgresEngine]:
    """A PostgreSQL that the test may kill, pause and restart; it runs when the test begins."""
    _mortal_postgres.start()
    yield _mortal_postgres
    if _mortal_postgres.running:
        _mortal_postgres.resume()


@pytest.fixture
def mortal_postgres_url(mortal_postgres: PostgresEngine) -> str:
    """An empty database on ``mortal_postgres``."""
    return mortal_postgres.database(f"t_{uuid4().hex}")


@pytest.fixture(scope="session")
def mongo_engine(
    tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> Iterator[MongoEngine]:
    """This worker's MongoDB, a replica set of one node."""
    from infra.engines import MongoEngine

    engine = MongoEngine(tmp_path_factory.mktemp("mongo"))
    yield from _running(engine, pytestconfig)


@pytest.fixture(scope="session")
def mongo_url(mongo_engine: MongoEngine) -> str:
    """The address of this worker's MongoDB; a test takes a database of a name of its own."""
    return mongo_engine.address


@pytest.fixture(scope="session")
def kafka_engine(
    tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> Iterator[KafkaEngine]:
    """This worker's Apache Kafka, one broker."""
    from infra.engines import KafkaEngine

    engine = KafkaEngine(tmp_path_factory.mktemp("kafka"))
    yield from _running(engine, pytestconfig)


@pytest.fixture(scope="session")
def kafka_address(kafka_engine: KafkaEngine) -> str:
    """``host:port`` of this worker's Kafka; a test takes topics of names of its own."""
    return kafka_engine.address


E = TypeVar("E", bound="Engine")


def _running(engine: E, config: pytest.Config) -> Iterator[E]:
    engine.start()
    config.stash.setdefault(_VERSIONS, {})[engine.name] = engine.version()
    yield engine
    engine.stop()


def pytest_collection_finish() -> None:
    """All tests are loaded by now, and stay."""
    from infra.garbage import freeze

    freeze()
    gc.enable()


def pytest_configure(config: pytest.Config) -> None:
    config.stash.setdefault(_VERSIONS, {})
    if config.pluginmanager.hasplugin("xdist") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Workers(config))


class _Workers:
    """Hears from the workers, as they end, which engines they started."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        self._config.stash[_VERSIONS].update(getattr(node, "workeroutput", {}).get("engines", {}))


def pytest_sessionfinish(session: pytest.Session) -> None:
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["engines"] = session.config.stash[_VERSIONS]


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Name what the tests ran against, and what the simulation found where a guard was out."""
    for name, version in sorted(config.stash[_VERSIONS].items()):
        terminalreporter.write_line(f"ran against {name} {version}")
    for report in terminalreporter.getreports("passed"):
        for name, told in report.user_properties:
            if name == "simulation":
                terminalreporter.write_line(f"simulation {told}")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Hand out the tests by what they share."""
    from tests.distribution import ByNeed

    return ByNeed(config, log)
