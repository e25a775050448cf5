"""``doudi serve`` as a process of its own in a fresh folder, and the command as one types it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO
from uuid import uuid4

import httpx
import pytest

from infra.demo.office import TOWNSHIP
from infra.demo.people import Person

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-P", "-m", "infra.cli")
READY_S = 60.0


def environment(**more: str) -> dict[str, str]:
    """Ours without anybody's settings, and wide enough for a table."""
    kept = {n: v for n, v in os.environ.items() if not n.startswith("DOUDI_") and n != "PORT"}
    return {**kept, "PYTHONPATH": str(ROOT), **more}


def doudi(
    *arguments: str, cwd: Path, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Type a command in a folder, and wait for its end."""
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=cwd,
        env=environment(**(env or {})),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


class Served:
    """A ``doudi serve`` over the ``data`` of a folder, or the data folder set; ``said`` is what
    it has printed.
    """

    def __init__(self, folder: Path, *, hand_clock: bool = True, **env: str) -> None:
        self.folder = folder
        self.said = ""
        self.start(hand_clock=hand_clock, **env)

    def start(self, *, hand_clock: bool = True, **env: str) -> None:
        """Start it on a free port, and wait until it has said where."""
        self.process = subprocess.Popen(
            [*COMMAND, "serve", *(["--hand-clock"] if hand_clock else [])],
            cwd=self.folder,
            env=environment(PORT="0", **env),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said = self._heard(self._output)

    @property
    def _output(self) -> IO[str]:
        assert self.process.stdout is not None
        return self.process.stdout

    def _heard(self, output: IO[str]) -> str:
        said = ""
        for line in output:
            said += line
            if "Stop" in line:
                return said
        raise AssertionError(f"serve ended with {self.process.wait()}: {said}")

    @property
    def address(self) -> str:
        """Where it says that it is."""
        found = re.search(r"http://127\.0\.0\.1:\d+", self.said)
        assert found is not None, self.said
        return found.group()

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Send it a signal and wait; its exit code. One that has ended tells it again."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.process.wait(timeout=60)
        if not self._output.closed:
            self.said += self._output.read()
            self._output.close()
        return code

    def doudi(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Type a command in its folder."""
        return doudi(*arguments, cwd=self.folder)

    def until(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Type a command again and again until it succeeds, or for a while."""
        deadline = time.monotonic() + READY_S
        while (done := self.doudi(*arguments)).returncode and time.monotonic() < deadline:
            pass
        return done


def registering(served: Served, person: Person) -> httpx.Response:
    """The answer to a command that registers somebody."""
    token = served.doudi("token", "--role", "township_clerk", "--division", TOWNSHIP)
    return httpx.post(
        f"{served.address}/intake/persons",
        json=person.registration(TOWNSHIP),
        headers={
            "Authorization": f"Bearer {token.stdout.strip()}",
            "Idempotency-Key": str(uuid4()),
        },
        trust_env=False,
    )


def register(served: Served, person: Person) -> str:
    """Register somebody, which intake records as an event."""
    answer = registering(served, person)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["person_id"])


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One that runs for all tests of a module, which end it in order if it still runs."""
    found = Served(tmp_path_factory.mktemp("served"))
    found.until("status")
    yield found
    assert found.end() == 0
