"""Each engine: starts, tells its version, survives kill -9, can be held, and goes when told."""

from __future__ import annotations

import socket
from pathlib import Path
from threading import Thread

import psycopg
import pytest

from infra.engines import EngineFailed, EngineNotOurs, MongoEngine, PostgresEngine
from infra.engines.kafka import jars
from infra.engines.local import LocalEngine
from infra.engines.port import EngineMissing
from tests.engines.probes import leave_mark, marks, processes_in

VERSIONS = {"PostgreSQL": "18.", "MongoDB": "6.0.", "Apache Kafka": "4.3."}


def test_it_tells_the_version_of_the_running_engine(engine: LocalEngine) -> None:
    assert engine.version().startswith(VERSIONS[engine.name])


def test_acknowledged_data_survives_kill_and_restart_on_the_same_address(
    engine: LocalEngine,
) -> None:
    address = engine.address
    leave_mark(engine, "before")
    engine.kill()
    assert not engine.running

    engine.restart()
    leave_mark(engine, "after")
    assert marks(engine) == {"before", "after"}
    assert engine.address == address


def test_a_paused_engine_holds_its_connections_and_answers_after_it_resumes(
    engine: LocalEngine,
) -> None:
    engine.pause()
    answered = []
    asking = Thread(target=lambda: answered.append(engine.version()))
    asking.start()
    asking.join(timeout=0.3)
    assert asking.is_alive()
    assert answered == []

    engine.resume()
    asking.join(timeout=20)
    assert answered == [engine.version()]


def test_a_stop_leaves_no_process_even_when_paused(engine: LocalEngine) -> None:
    assert engine.pid in processes_in(engine.folder)
    engine.pause()
    engine.stop()
    assert processes_in(engine.folder) == set()

    with pytest.raises(EngineFailed, match="nothing to kill"):
        engine.kill()
    engine.start()  # for the next test; also: a stopped engine starts again


def test_postgres_keeps_its_durable_settings(postgres: PostgresEngine) -> None:
    with psycopg.connect(postgres.address) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            assert connection.execute(f"SHOW {setting}").fetchone() == ("on",)


def test_a_database_of_its_own_is_made_once(postgres: PostgresEngine) -> None:
    address = postgres.database("intake")
    assert postgres.database("intake") == address
    with psycopg.connect(address) as connection:
        assert connection.execute("SELECT current_database()").fetchone() == ("intake",)


def test_an_address_in_the_environment_is_used_and_left_alone(
    postgres: PostgresEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOUDI_TEST_POSTGRES_URL", postgres.address)
    theirs = PostgresEngine(tmp_path / "unused")
    theirs.start()
    assert theirs.address == postgres.address
    assert theirs.version() == postgres.version()
    for deed in (theirs.kill, theirs.pause, theirs.resume, theirs.restart):
        with pytest.raises(EngineNotOurs, match="DOUDI_TEST_POSTGRES_URL"):
            deed()
    theirs.stop()
    assert postgres.version()
    assert not (tmp_path / "unused").exists()


def test_a_failed_start_shows_the_log_and_leaves_nothing(tmp_path: Path) -> None:
    engine = PostgresEngine(tmp_path)
    engine.start()
    engine.stop()
    (tmp_path / "data" / "PG_VERSION").write_text("17\n")
    with pytest.raises(EngineFailed, match=r"(?s)ended while starting.*incompatible with server"):
        engine.start()
    assert processes_in(tmp_path) == set()


def test_a_stranger_on_its_port_is_not_taken_for_the_engine(tmp_path: Path) -> None:
    engine = MongoEngine(tmp_path)
    port = int(engine.address.partition("127.0.0.1:")[2].partition("/")[0])
    stranger = socket.create_server(("127.0.0.1", port))
    with stranger, pytest.raises(EngineFailed, match=f"another process listens on port {port}"):
        engine.start()
    assert not engine.running


def test_without_java_it_says_which_package_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(EngineMissing, match=r"Java 17.*apt-get install .*maven.*DOUDI_TEST_KAFKA"):
        jars.java()
