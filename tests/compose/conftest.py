"""docker-compose.yml as docker-compose itself reads it; no engine is needed for that."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.engines.debian import program

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docker-compose.yml"


@pytest.fixture(scope="session")
def compose() -> dict[str, Any]:
    """The file as docker-compose resolves it for somebody who has set nothing."""
    command = program(
        "docker-compose",
        package="docker-compose",
        why="docker-compose.yml is checked by docker-compose",
        otherwise="or put another docker-compose on the PATH",
        log=ROOT / ".state" / "docker-compose.log",
    )
    bare = {n: v for n, v in os.environ.items() if not n.startswith(("DOUDI_", "COMPOSE_"))}
    done = subprocess.run(
        [command, "--file", str(FILE), "config"],
        capture_output=True,
        text=True,
        env=bare,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = yaml.safe_load(done.stdout)
    return found
