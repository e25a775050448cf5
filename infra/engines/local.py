"""What the three engines have in common: a folder, ports that stay, and one child process."""

from __future__ import annotations

import json
import os
import signal
from abc import ABC, abstractmethod
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from infra.engines.port import EngineFailed, EngineNotOurs
from infra.engines.process import Child, free_port, is_free, tail, wait_until

_START_S = 90  # a start takes one to four seconds; a machine whose cores are all busy, far more
_STOP_S = 30


class LocalEngine(ABC):
    """An engine in a folder, or the one that an address in the environment names.

    A subclass says how to prepare the folder, which command to run, how to ask whether it answers,
    and by which signal it ends in order.
    """

    name: ClassVar[str]
    # The environment variable that overrides the address. Not a setting of the services: tests
    # must never end up at the database of whoever runs them beside a deployment.
    variable: ClassVar[str]
    _port_names: ClassVar[tuple[str, ...]] = ("port",)
    _farewell: ClassVar[signal.Signals] = signal.SIGTERM

    def __init__(self, folder: Path) -> None:
        """Name the folder; nothing is written before the address is asked for or it starts."""
        self.folder = folder.resolve()
        self._given = os.environ.get(self.variable) or None
        self._child: Child | None = None

    @property
    def address(self) -> str:
        """Where clients reach it."""
        return self._given or self._own_address()

    @property
    def running(self) -> bool:
        """Whether its process lives; an engine that is not ours counts as running."""
        return self._given is not None or (self._child is not None and self._child.alive)

    @property
    def pid(self) -> int:
        """The process id of the running engine (of PostgreSQL's postmaster)."""
        return self._ours("look into").pid

    def start(self) -> None:
        """Start it and wait until it answers (see ``Engine.start``)."""
        if self.running:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        self._check_ports()
        self._prepare()
        child = self._child = Child(self._command(), log=self._log, cwd=self.folder)
        try:
            answered = wait_until(lambda: not child.alive or self._ready(), _START_S)
        except BaseException:  # also an interruption: nothing half-started stays behind
            child.kill()
            raise
        if answered and child.alive:
            return
        child.kill()
        how = f"did not answer within {_START_S} s" if not answered else "ended while starting"
        raise EngineFailed(
            f"{self.name} {how}.{self._advice()} {self._log} ends:\n{tail(self._log)}"
        )

    def stop(self) -> None:
        """End it in order (see ``Engine.stop``)."""
        if self._given is None and self._child is not None and self._child.alive:
            self._child.end(self._farewell, seconds=_STOP_S)

    def kill(self) -> None:
        """SIGKILL to all of its processes (see ``Engine.kill``)."""
        self._ours("kill").kill()

    def restart(self) -> None:
        """Stop it if it runs, and start it on the same ports and data."""
        if self._given is not None:
            raise self._not_ours("restart")
        self.stop()
        self.start()

    def pause(self) -> None:
        """Hold all of its processes with SIGSTOP."""
        self._ours("pause").pause()

    def resume(self) -> None:
        """Let a paused engine continue."""
        self._ours("resume").resume()

    @abstractmethod
    def version(self) -> str:
        """Ask the running engine for its version."""

    @abstractmethod
    def _own_address(self) -> str: ...

    @abstractmethod
    def _prepare(self) -> None:
        """Make the folder ready for a start; called before each, so it looks what is there."""

    @abstractmethod
    def _command(self) -> list[str]: ...

    @abstractmethod
    def _ready(self) -> bool:
        """Whether it answers clients; asked again and again while it starts."""

    def _advice(self) -> str:
        """A sentence for a failed start, when its log tells what is wrong."""
        return ""

    @property
    def _log(self) -> Path:
        return self.folder / "log"

    @cached_property
    def _ports(self) -> Mapping[str, int]:
        """The ports, drawn once per folder: clients, and MongoDB's replica set, remember them."""
        file = self.folder / "ports.json"
        if not file.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            drawn: set[int] = set()
            while len(drawn) < len(self._port_names):
                drawn.add(free_port())
            file.write_text(json.dumps(dict(zip(self._port_names, drawn, strict=True))))
        return {name: int(port) for name, port in json.loads(file.read_text()).items()}

    def _check_ports(self) -> None:
        """Nobody else may listen there, or we would take their answers for our engine's."""
        for port in self._ports.values():
            if not is_free(port):
                raise EngineFailed(
                    f"{self.name} cannot start: another process listens on port {port}, which "
                    f"{self.folder} had first. Is this engine running already? If not, end that "
                    "process, or delete the folder, data and all"
                )

    def _ours(self, deed: str) -> Child:
        if self._given is not None:
            raise self._not_ours(deed)
        if self._child is None or not self._child.alive:
            raise EngineFailed(f"{self.name} is not running: nothing to {deed}")
        return self._child

    def _not_ours(self, deed: str) -> EngineNotOurs:
        return EngineNotOurs(
            f"{self.name} is not ours to {deed}: {self.variable} names it. "
            f"Unset {self.variable} to run one that belongs to the tests."
        )
