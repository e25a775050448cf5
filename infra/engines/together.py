"""Several engines started at once, and certainly stopped."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Literal

from infra.engines.kafka import KafkaEngine
from infra.engines.mongo import MongoEngine
from infra.engines.port import Engine
from infra.engines.postgres import PostgresEngine

EngineName = Literal["postgres", "mongo", "kafka"]

_KINDS: Mapping[EngineName, Callable[[Path], Engine]] = {
    "postgres": PostgresEngine,
    "mongo": MongoEngine,
    "kafka": KafkaEngine,
}


@contextmanager
def engines(
    folder: Path, names: Collection[EngineName] = ("postgres", "mongo", "kafka")
) -> Iterator[dict[EngineName, Engine]]:
    """Start the named engines side by side, each in ``folder/<name>``; stop them all at the end.

    The end is also an exception, Ctrl-C, and (from the main thread, where nobody handles it yet) a
    SIGTERM, which then raises ``SystemExit``. After a SIGKILL of us the kernel ends them.

    Raises:
        EngineError: one of them did not start; the others have been stopped.
    """
    wanted = {name: _KINDS[name](folder / name) for name in names}
    with sigterm_raises():
        try:
            _at_once(wanted, lambda engine: engine.start())
            yield wanted
        finally:
            _at_once(wanted, lambda engine: engine.stop())


def _at_once(wanted: Mapping[EngineName, Engine], deed: Callable[[Engine], None]) -> None:
    """Do the same to every engine, each in a thread; raises the first failure when all are done."""
    with ThreadPoolExecutor(max_workers=max(1, len(wanted)), thread_name_prefix="engine") as pool:
        done = [pool.submit(deed, engine) for engine in wanted.values()]
    for outcome in done:
        outcome.result()


@contextmanager
def sigterm_raises() -> Iterator[None]:
    """Turn a SIGTERM into ``SystemExit``, where it is ours to hear and nobody handles it yet."""
    mine = threading.current_thread() is threading.main_thread()
    if not mine or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return

    def leave(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
