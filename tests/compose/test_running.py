"""The deployment's own processes, with its settings and secrets, on engines of this machine.

What Docker would do is done by hand: names become addresses of 127.0.0.1, volumes folders.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from infra.engines.process import Child, free_port, tail
from shared.settings import SERVICES
from tests.compose.conftest import ROOT
from tests.compose.test_compose import environment, processes, words
from tests.waiting import eventually

STARTED = ("issuer", "sandbox", "intake-api", "intake-worker")


class Here:
    """The deployment on this machine: ``folder`` stands for its volumes."""

    def __init__(self, compose: dict[str, Any], folder: Path, postgres: str, kafka: str) -> None:
        self._compose = compose
        self._folder = folder
        self._kafka = kafka
        self._cell = f"c{uuid4().hex[:8]}"
        self._ports = {
            environment(one)["DOUDI_PORT"]: str(free_port())
            for name, one in processes(compose).items()
            if name != "topics"
        }
        self._secrets(postgres)

    def secret(self, variable: str, text: str) -> None:
        path = self._folder / "secrets" / variable
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        path.chmod(0o600)

    def _secrets(self, postgres: str) -> None:
        address = urlsplit(postgres)
        server = postgres.removesuffix(address.path)
        names = [f"{self._cell}_{name}" for name in (*SERVICES, "keys")]
        with psycopg.connect(postgres, autocommit=True) as connection:
            for name in names:
                connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        self.secret("DOUDI_DATABASE_URL", f"{server}/{self._cell}_{{service}}")
        self.secret("DOUDI_KEYSTORE_URL", f"{server}/{self._cell}_keys")

    def settings(self, name: str) -> dict[str, str]:
        """The container's environment, with what is elsewhere here."""
        given = environment(self._compose["services"][name])
        for variable, value in given.items():
            local = re.sub(r"(?<=127\.0\.0\.1:)\d+", lambda port: self._ports[port[0]], value)
            local = local.replace("kafka:9092", self._kafka).replace("/opt/doudi", str(ROOT))
            local = local.replace("/run/doudi", str(self._folder))
            given[variable] = local.replace("/var/lib/doudi", str(self._data_of(name)))
        if "DOUDI_PORT" in given:
            given["DOUDI_PORT"] = self._ports[given["DOUDI_PORT"]]
        if "DOUDI_CELL" in given:
            given["DOUDI_CELL"] = self._cell
        if "DOUDI_MODE" in given:
            given["DOUDI_MONGO_DATABASE"] = f"{self._cell}_{{service}}"
        bare = {n: v for n, v in os.environ.items() if not n.startswith("DOUDI_")}
        return {**bare, "PYTHONPATH": str(ROOT), **given, "DOUDI_HOST": "127.0.0.1"}

    def _data_of(self, name: str) -> Path:
        """The folder that stands for the container's data volume, as the file mounts it."""
        mounts = self._compose["services"][name].get("volumes", [])
        volumes = [str(mount).split(":")[0] for mount in mounts if "/var/lib/doudi" in str(mount)]
        folder = self._folder / "".join(volumes)
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    def command(self, name: str, *arguments: str) -> list[str]:
        given = arguments or words(self._compose["services"][name], "command")
        return [sys.executable, "-P", "-m", "infra.cli", *given]

    def run(self, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The container's command to its end, or another one inside of it."""
        return subprocess.run(
            self.command(name, *arguments),
            cwd=self._folder,
            env=self.settings(name),
            capture_output=True,
            text=True,
            check=False,
        )

    def healthy(self, name: str) -> bool:
        """What the container's health check says."""
        _, _, script, path = self._compose["services"][name]["healthcheck"]["test"]
        check = [sys.executable, script.replace("/opt/doudi", str(ROOT)), path]
        done = subprocess.run(check, env=self.settings(name), capture_output=True, check=False)
        return done.returncode == 0

    def start(self, name: str) -> Child:
        log = self._folder / f"{name}.log"
        return Child(self.command(name), log=log, cwd=self._folder, env=self.settings(name))

    def log(self, name: str) -> str:
        return tail(self._folder / f"{name}.log")


@pytest.fixture
def here(
    compose: dict[str, Any], tmp_path: Path, postgres_url: str, mongo_url: str, kafka_address: str
) -> Iterator[Here]:
    """The topics made, and some of its processes started."""
    found = Here(compose, tmp_path, postgres_url, kafka_address)
    found.secret("DOUDI_MONGO_URL", mongo_url)
    made = found.run("topics")
    assert made.returncode == 0, made.stderr
    running: list[Child] = []
    try:
        running += [found.start(name) for name in STARTED[:2]]
        for name in STARTED[:2]:
            assert eventually(lambda name=name: found.healthy(name), every_s=0.2), found.log(name)
        running += [found.start(name) for name in STARTED[2:]]
        yield found
    finally:
        for process in running:
            process.kill()


def test_its_processes_become_healthy_and_an_operator_inside_sees_them(here: Here) -> None:
    for name in STARTED:
        assert eventually(lambda name=name: here.healthy(name), every_s=0.2), here.log(name)
    told = here.run("intake-api", "status", "intake")
    assert told.returncode == 0, told.stderr
    assert "taken" in told.stdout
    for engine in ("PostgreSQL", "Apache Kafka", "MongoDB"):
        assert engine in told.stdout
    division = ("--division", "350924100000")
    token = here.run("intake-api", "token", "--role", "township_clerk", *division)
    assert token.stdout.count(".") == 2, token.stderr
