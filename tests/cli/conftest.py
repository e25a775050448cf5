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

import pytest

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
    """A ``doudi serve --hand-clock`` over the ``data`` of a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said = ""
        self.start()

    def start(self) -> None:
        """Start it on a free port, and wait until it has said where."""
        self.process = subprocess.Popen(
            [*COMMAND, "serve", "--hand-clock"],
            cwd=self.folder,
            env=environment(PORT="0"),
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


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One that runs for all tests of a module, which end it in order if it still runs."""
    found = Served(tmp_path_factory.mktemp("served"))
    found.until("status")
    yield found
    assert found.end() == 0
