"""Work done in forked children: each has all that its parent has, and leaves nothing behind."""

from __future__ import annotations

import contextlib
import os
import pickle
import selectors
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, Any, NamedTuple, TypeVar

J = TypeVar("J")


class Done(NamedTuple):
    """What became of a job: its answer, or ``None`` where the child ended without one in time."""

    job: Any
    answer: Any


@dataclass
class _Child:
    pid: int
    job: Any
    answers: IO[bytes]
    until: float
    folder: str
    said: bytearray = field(default_factory=bytearray)


def in_children(
    jobs: Iterable[J], work: Callable[[J], Any], *, at_once: int, within_s: float
) -> Iterator[Done]:
    """Do ``work`` for each job in a child of its own, several at once; answers as they come.

    A child's output is lost, its temporary files are removed. One that takes longer is killed.
    """
    waiting = iter(jobs)
    running: dict[int, _Child] = {}
    with selectors.DefaultSelector() as selector:
        try:
            while True:
                for job in islice(waiting, at_once - len(running)):
                    child = _fork(job, work, within_s)
                    running[child.pid] = child
                    selector.register(child.answers, selectors.EVENT_READ, child)
                if not running:
                    return
                for key, _events in selector.select(timeout=0.5):
                    child = key.data
                    if part := os.read(child.answers.fileno(), 1 << 16):
                        child.said += part
                        continue
                    selector.unregister(child.answers)
                    yield Done(child.job, _ended(running.pop(child.pid)))
                for child in running.values():
                    if time.monotonic() > child.until:
                        _kill(child)
        finally:
            for child in running.values():
                _kill(child)
                _ended(child)


def _kill(child: _Child) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(child.pid, signal.SIGKILL)


def _fork(job: Any, work: Callable[[Any], Any], within_s: float) -> _Child:
    ours, theirs = os.pipe()
    folder = tempfile.mkdtemp(prefix="mutant-")
    pid = os.fork()
    if pid:
        os.close(theirs)
        return _Child(pid, job, os.fdopen(ours, "rb"), time.monotonic() + within_s, folder)
    try:
        os.close(ours)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        os.environ["PYTEST_DEBUG_TEMPROOT"] = tempfile.tempdir = folder
        with os.fdopen(theirs, "wb") as answers:
            pickle.dump(work(job), answers)
    finally:
        os._exit(0)  # nothing of the parent's is to be ended twice


def _ended(child: _Child) -> Any:
    child.answers.close()
    os.waitpid(child.pid, 0)
    shutil.rmtree(child.folder, ignore_errors=True)
    return pickle.loads(child.said) if child.said else None  # noqa: S301  # our own child's
