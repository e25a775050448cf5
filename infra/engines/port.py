"""The port of an engine for development: a real PostgreSQL, MongoDB or Kafka one can hurt."""

from __future__ import annotations

from typing import Protocol


class EngineError(Exception):
    """An engine for development could not do what was asked."""


class EngineMissing(EngineError):
    """The engine's program is not on this machine; the sentence says how to get it."""


class EngineFailed(EngineError):
    """The engine did not start, or did not stop, in time; the sentence ends with its last log."""


class EngineNotOurs(EngineError):
    """The engine was named by an address in the environment: it is not ours to kill or pause."""


class Engine(Protocol):
    """One engine in a folder of its own, on ports of 127.0.0.1 that stay the same.

    The folder keeps the data and the ports: a new object on the same folder continues where the
    last one ended. An engine dies with the process that started it. All methods block until what
    they say has happened and may be called from any thread, one at a time.
    """

    @property
    def name(self) -> str:
        """What the engine is called: ``PostgreSQL``, ``MongoDB`` or ``Apache Kafka``."""

    @property
    def address(self) -> str:
        """Where clients reach it: a URI, for Kafka ``host:port``. Known before the start."""

    @property
    def running(self) -> bool:
        """Whether its process lives (paused or not). An engine that is not ours counts as one."""

    def version(self) -> str:
        """Ask the running engine for its version, such as ``18.4``."""

    def start(self) -> None:
        """Start it and wait until it answers; nothing when it runs.

        Raises:
            EngineMissing: its program is not here.
            EngineFailed: it ended or did not answer in time.
        """

    def stop(self) -> None:
        """End it in order and wait; killed when it does not end in time. Nothing when ended."""

    def kill(self) -> None:
        """End all of its processes at once with SIGKILL, as a power cut would.

        Raises:
            EngineNotOurs: the address came from the environment.
        """

    def restart(self) -> None:
        """Stop it if it runs, and start it on the same ports and data."""

    def pause(self) -> None:
        """Hold all of its processes with SIGSTOP: connections stay open, nothing answers."""

    def resume(self) -> None:
        """Let a paused engine continue (SIGCONT)."""
