"""Processes of the house as a test holds them: made by ``tests.faults.process``, hurt at will."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from infra.engines.process import dying_with_us, tail, wait_until
from infra.stack.process import ROOT, Process
from tests.faults.points import VARIABLE, Faults


class Nursery:
    """Makes processes. A context manager; at its end nothing it made is left."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._guard = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        command = dying_with_us([sys.executable, "-P", "-m", "tests.faults.process"])
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=environment,
                cwd=self._log.parent,
                start_new_session=True,
            )
        assert self._answer() == "ready", tail(self._log)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.kill()  # and with it, by the kernel, whatever it made
        self._process.wait()
        self._process.stdout.close()

    def spawn(
        self, arguments: Sequence[str], environment: Mapping[str, str], folder: Path, log: Path
    ) -> Offspring:
        """A new process."""
        order: dict[str, Any] = {
            "arguments": list(arguments),
            "environment": dict(environment),
            "folder": str(folder),
            "log": str(log),
        }
        with self._guard:
            assert self._process is not None
            assert self._process.stdin is not None
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            self._process.stdin.flush()
            return Offspring(int(self._answer()))

    def _answer(self) -> str:
        assert self._process is not None
        assert self._process.stdout is not None
        return self._process.stdout.readline().decode().strip()


class Offspring:
    """One process, held by its descriptor: its number may be another's once it has ended."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._descriptor = -1
        with suppress(ProcessLookupError):  # ended and buried before we looked
            self._descriptor = os.pidfd_open(pid)

    def __del__(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)

    @property
    def alive(self) -> bool:
        """Whether it has not ended."""
        return self._descriptor >= 0 and not select.select([self._descriptor], [], [], 0)[0]

    def send(self, sign: signal.Signals) -> None:
        """Send it a signal; nothing where it has ended."""
        if self._descriptor >= 0:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._descriptor, sign)

    def end(self, how: signal.Signals, *, seconds: float) -> None:
        """Ask it to end, wait, and kill it if it does not."""
        self.resume()
        self.send(how)
        if not wait_until(lambda: not self.alive, seconds):
            self.kill()

    def kill(self) -> None:
        """SIGKILL; returns when it is gone."""
        self.send(signal.SIGKILL)
        assert wait_until(lambda: not self.alive, 10), f"{self.pid} outlived SIGKILL"

    def pause(self) -> None:
        """SIGSTOP; returns when it has stopped."""
        self.send(signal.SIGSTOP)
        assert wait_until(lambda: self.stopped or not self.alive, 10), f"{self.pid} does not stop"

    @property
    def stopped(self) -> bool:
        """Whether it is held by SIGSTOP."""
        try:
            text = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8", errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            return False
        return text.rpartition(")")[2].split()[0] == "T"

    def resume(self) -> None:
        """SIGCONT."""
        self.send(signal.SIGCONT)


class Forked(Process):
    """A process of the stack, or the embedded one, that a nursery makes."""

    def __init__(self, plain: Process, nursery: Nursery) -> None:
        super().__init__(
            plain.name,
            plain.arguments,
            port=plain.port,
            health=plain.health,
            environment=plain.environment,
            folder=plain.folder,
        )
        self._nursery = nursery
        self.faults: Faults | None = None
        """What befalls it in the life that begins with the next start."""

    def _spawn(self) -> Any:
        planted = {VARIABLE: self.faults.planted()} if self.faults else {}
        environment = {**self.environment, **planted}
        return self._nursery.spawn(self.arguments, environment, self.folder, self.log)

    @property
    def stopped(self) -> bool:
        """Whether it is held by SIGSTOP."""
        return self._child is not None and self._child.stopped
