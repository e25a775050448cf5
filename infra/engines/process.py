"""Child processes that die with us, wherever in the tree they are, and free ports for them."""

from __future__ import annotations

import os
import queue
import random
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path

from infra.engines.port import EngineFailed, EngineMissing

_POLL_S = 0.02
_LOG_TAIL_LINES = 30
# Below the range from which the system takes ports for outgoing connections (32768 and up on
# Linux): there, a client that keeps calling a dead engine can be given the engine's own port as
# its local one, is then connected to itself, and the engine finds its port taken.
_PORTS = range(15_000, 32_000)
_MOST_CLAIMS = 128
_claims: deque[int] = deque()
_dice = random.SystemRandom()


def free_port() -> int:
    """A port of 127.0.0.1 on which nobody listens, and which no other process here draws.

    It stays ours: a socket holds it, through which a server that reuses addresses (all do) can
    listen, but a second draw cannot.
    """
    for port in _dice.sample(_PORTS, 200):
        claim = socket.socket()
        try:
            claim.bind(("127.0.0.1", port))
        except OSError:
            claim.close()
            continue
        claim.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        _claims.append(claim.detach())
        if len(_claims) > _MOST_CLAIMS:
            os.close(_claims.popleft())
        return port
    raise EngineFailed(f"no free port between {_PORTS.start} and {_PORTS.stop} on 127.0.0.1")


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of 127.0.0.1; ended connections do not count.

    The probe itself does not listen: a child that another thread forks just now would keep it
    listening until it has become another program.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def wait_until(done: Callable[[], bool], seconds: float, *, every: float = _POLL_S) -> bool:
    """Poll until ``done`` or until ``seconds`` have passed; whether it was done."""
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(every)
    return True


class _Nursery:
    """The one thread that starts child processes.

    The kernel's parent-death signal fires when the *thread* that started the child ends. This
    thread ends only with the process, so an engine may be started from a short-lived one.
    """

    def __init__(self) -> None:
        self._orders: queue.SimpleQueue[
            tuple[Callable[[], subprocess.Popen[bytes]], Future[subprocess.Popen[bytes]]]
        ] = queue.SimpleQueue()
        self._guard = threading.Lock()
        self._owner = 0

    def spawn(self, order: Callable[[], subprocess.Popen[bytes]]) -> subprocess.Popen[bytes]:
        """Run the order in the nursery's thread and hand back its process."""
        with self._guard:
            if self._owner != os.getpid():  # the first order, or we are a fork of one
                self._owner = os.getpid()
                threading.Thread(target=self._run, name="nursery", daemon=True).start()
        answer: Future[subprocess.Popen[bytes]] = Future()
        self._orders.put((order, answer))
        return answer.result()

    def _run(self) -> None:
        while True:
            order, answer = self._orders.get()
            try:
                answer.set_result(order())
            except OSError as error:
                answer.set_exception(error)


_nursery = _Nursery()


def dying_with_us(command: Sequence[str], *privileges: str) -> list[str]:
    """The command, wrapped so that the kernel kills it when its parent ends.

    SIGKILL, since a paused child would sleep through anything gentler. ``privileges`` are further
    options of ``setpriv``.
    """
    wrapper = shutil.which("setpriv")
    if wrapper is None:
        raise EngineMissing(
            "setpriv is missing; it comes with util-linux: apt-get install util-linux"
        )
    return [wrapper, "--pdeathsig", "KILL", *privileges, "--", *command]


def run(command: Sequence[str], *, log: Path, what: str, cwd: Path, seconds: float = 300) -> None:
    """Run a preparing command to its end, its output in ``log``; EngineFailed when it fails."""
    with log.open("ab") as output:
        try:
            subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=cwd,
                timeout=seconds,
                check=True,
            )
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            raise EngineFailed(f"{what} failed.\n{tail(log)}") from error


def tail(log: Path) -> str:
    """The last lines of a log, for an error's sentence."""
    with suppress(FileNotFoundError):
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-_LOG_TAIL_LINES:])
    return "(no log)"


class Child:
    """A running child process with whatever it has started itself."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        log: Path,
        cwd: Path,
        env: Mapping[str, str] | None = None,
    ) -> None:
        """Start it; ``env`` is its whole environment, ours where there is none."""

        def order() -> subprocess.Popen[bytes]:
            with log.open("ab") as output:
                return subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    cwd=cwd,
                    env=env,
                    start_new_session=True,  # a terminal's Ctrl-C is for us, who stop it in order
                )

        self._process = _nursery.spawn(order)

    @property
    def pid(self) -> int:
        """The process id of the root of the tree."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the root has not ended."""
        return self._process.poll() is None

    def end(self, how: signal.Signals, *, seconds: float) -> None:
        """Ask with ``how``, wait, and kill what has not ended after ``seconds``."""
        self.resume()  # whoever is paused could not hear us
        tree = _descendants(self.pid)
        if self.alive:
            _send(self.pid, how)
        if not wait_until(lambda: not self.alive and not any(map(_lives, tree)), seconds):
            self.kill()

    def kill(self) -> None:
        """SIGKILL to the whole tree; returns when every process of it is gone."""
        if not self.alive:
            return
        tree = self._held()
        for pid in (self.pid, *tree):
            _send(pid, signal.SIGKILL)
        self._process.wait()
        if not wait_until(lambda: not any(map(_lives, tree)), 10):
            raise EngineFailed(f"processes {tree} outlived SIGKILL by ten seconds")

    def pause(self) -> None:
        """SIGSTOP to the whole tree; returns when the root has stopped."""
        for pid in self._held():
            _send(pid, signal.SIGSTOP)

    def resume(self) -> None:
        """SIGCONT to the whole tree, the root last."""
        for pid in (*_descendants(self.pid), self.pid) if self.alive else ():
            _send(pid, signal.SIGCONT)

    def _held(self) -> list[int]:
        """Stop the root, so that it starts no more, and name everything below it."""
        if not self.alive:
            return []
        _send(self.pid, signal.SIGSTOP)
        wait_until(lambda: not self.alive or _state(self.pid) == "T", 10)
        return _descendants(self.pid)


def _send(pid: int, sign: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, sign)


def _stat(pid: int) -> tuple[str, int] | None:
    """State letter and parent of a process, or None when there is none of that number."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    state, parent, *_ = text.rpartition(")")[2].split()  # the name before it may hold anything
    return state, int(parent)


def _state(pid: int) -> str | None:
    found = _stat(pid)
    return None if found is None else found[0]


def _lives(pid: int) -> bool:
    return _state(pid) not in {None, "Z", "X"}


def _descendants(root: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (found := _stat(int(entry.name))) is not None:
            children.setdefault(found[1], []).append(int(entry.name))
    below = list(children.get(root, ()))
    for pid in below:  # grows while it is walked: breadth first
        below.extend(children.get(pid, ()))
    return below
