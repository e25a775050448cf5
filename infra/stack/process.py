"""One process of the stack, which can be hurt like an engine and comes back at its address."""

from __future__ import annotations

import signal
import sys
from collections.abc import Mapping, Sequence
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Final

from infra.engines.process import Child, dying_with_us, tail, wait_until

ROOT: Final = Path(__file__).parents[2]
_STOP_S: Final = 30.0
_ANSWER_S: Final = 3.0


class StackFailed(Exception):
    """The stack, or a process of it, did not start; the sentence ends with the last log."""


class Process:
    """A ``doudi run …`` as a child of this process, with which it dies.

    ``environment`` is its whole environment, ``health`` the path that answers 200 once it can
    work. It listens on the same port after every restart; its log is one file, appended to.
    """

    def __init__(
        self,
        name: str,
        arguments: Sequence[str],
        *,
        port: int,
        health: str,
        environment: Mapping[str, str],
        folder: Path,
    ) -> None:
        self.name = name
        self.arguments = tuple(arguments)
        self.port = port
        self.health = health
        self.environment = dict(environment)
        self.folder = folder
        self.url = f"http://127.0.0.1:{port}"
        self.log = folder / "logs" / f"{name}.log"
        self._child: Child | None = None

    @property
    def alive(self) -> bool:
        """Whether it runs (paused or not)."""
        return self._child is not None and self._child.alive

    @property
    def pid(self) -> int:
        """Its process id; of the last one where it has ended."""
        if self._child is None:
            raise StackFailed(f"{self.name} was never started")
        return self._child.pid

    def start(self) -> None:
        """Start it, and return at once; nothing when it runs."""
        if self.alive:
            return
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self._child = self._spawn()

    def _spawn(self) -> Child:
        command = dying_with_us([sys.executable, "-P", "-m", "infra.cli", *self.arguments])
        return Child(command, log=self.log, cwd=self.folder, env=self.environment)

    def ready(self) -> bool:
        """Whether it says that it can work."""
        return self._asked()[0] == 200

    def trouble(self) -> str:
        """What its health says."""
        return self._asked()[1]

    def _asked(self) -> tuple[int, str]:
        """The status and body that its health answers; 0 and the error where it does not."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=_ANSWER_S)
        try:
            connection.request("GET", self.health)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(errors="replace")
        except (OSError, HTTPException) as error:
            return 0, type(error).__name__
        finally:
            connection.close()

    def wait_ready(self, seconds: float) -> None:
        """Return once it can work. Raises ``StackFailed`` when it ends before, or is late."""
        done = wait_until(lambda: not self.alive or self.ready(), seconds, every=0.05)
        if not self.alive:
            raise StackFailed(f"{self.name} ended while starting. {self.last_words()}")
        if not done:
            raise StackFailed(
                f"{self.name} is not ready after {seconds:.0f} s: {self.trouble()}. "
                f"{self.last_words()}"
            )

    def last_words(self) -> str:
        """Where its log lies and how it ends."""
        return f"{self.log} ends:\n{tail(self.log)}"

    def stop(self) -> None:
        """End it in order (SIGTERM) and wait; killed when it does not end in time."""
        if self._child is not None and self._child.alive:
            self._child.end(signal.SIGTERM, seconds=_STOP_S)

    def kill(self) -> None:
        """SIGKILL; returns when it is gone."""
        if self._child is not None:
            self._child.kill()

    def restart(self, seconds: float = 60.0) -> None:
        """End it in order if it runs, start it at the same address, wait until it can work."""
        self.stop()
        self.start()
        self.wait_ready(seconds)

    def pause(self) -> None:
        """SIGSTOP: its connections stay open, it does nothing."""
        if self._child is not None:
            self._child.pause()

    def resume(self) -> None:
        """SIGCONT."""
        if self._child is not None:
            self._child.resume()
