"""Whatever ends the process that started engines, they end with it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Thread

import pytest

from infra.engines import EngineFailed, MongoEngine, PostgresEngine, engines
from tests.engines.probes import processes_in

STARTER = """
import signal, sys, threading
from pathlib import Path
from infra.engines import engines

# A shell's background jobs ignore it, and so would whoever they start.
signal.signal(signal.SIGINT, signal.default_int_handler)
with engines(Path(sys.argv[1]), ("postgres", "mongo")):
    print("up", flush=True)
    threading.Event().wait()
"""


def _gone(folder: Path) -> bool:
    deadline = time.monotonic() + 20
    while processes_in(folder):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_engines_end_with_their_starter(how: signal.Signals, tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STARTER, str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as starter:
        try:
            assert starter.stdout is not None
            assert starter.stdout.readline() == "up\n"
            assert processes_in(tmp_path / "postgres")
            assert processes_in(tmp_path / "mongo")
            starter.send_signal(how)
            starter.wait(timeout=40)
        finally:
            starter.kill()
    assert starter.returncode == (143 if how is signal.SIGTERM else -how)
    assert _gone(tmp_path)


def test_an_exception_inside_stops_them_all(tmp_path: Path) -> None:
    def work() -> None:
        with engines(tmp_path, ["postgres"]) as running:
            assert running["postgres"].running
            raise LookupError

    with pytest.raises(LookupError):
        work()
    assert processes_in(tmp_path) == set()


def test_one_that_cannot_start_takes_the_others_down(tmp_path: Path) -> None:
    first = MongoEngine(tmp_path / "mongo")
    first.start()
    try:  # its folder is locked now: a second on it must fail
        with pytest.raises(EngineFailed, match="MongoDB"), engines(tmp_path, ("postgres", "mongo")):
            pytest.fail("a second MongoDB on the same folder came up")
        assert processes_in(tmp_path / "postgres") == set()
    finally:
        first.stop()


def test_an_engine_outlives_the_thread_that_started_it(tmp_path: Path) -> None:
    engine = PostgresEngine(tmp_path)
    starting = Thread(target=engine.start)
    starting.start()
    starting.join()
    try:
        assert engine.version()
    finally:
        engine.stop()
