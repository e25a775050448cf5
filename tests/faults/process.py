"""``python -m tests.faults.process``: makes processes of the house that faults are planted in.

It imports the house once and forks a process for each order on its standard input, so that a
test may kill dozens of them and need not wait for dozens of interpreters. What runs in each is
``doudi`` itself, with its own arguments and environment.
"""

from __future__ import annotations

import ctypes
import json
import os
import select
import signal
import sys
import traceback
from importlib import import_module
from typing import Any, Final

from infra.garbage import freeze

_EVERYBODYS: Final = (
    "httpcore",
    "infra.cli",
    "infra.distributed",
    "infra.embedded",
    "uvicorn.protocols.http.httptools_impl",
)
"""What is imported once, for all that are forked."""

_DEATH_SIGNAL: Final = 1  # prctl's PR_SET_PDEATHSIG


def main() -> None:
    """Serve orders, one JSON object a line; each is answered with a process id."""
    for module in _EVERYBODYS:
        import_module(module)
    freeze()  # a child that looks for garbage would copy what it looks through
    if len(os.listdir("/proc/self/task")) != 1:
        raise RuntimeError("a thread would not survive the fork: something starts one on import")
    mother = os.getpid()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for order in _orders():
        child = os.fork()
        if child == 0:
            _live(json.loads(order), mother)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


def _orders() -> Any:
    """Lines of the standard input; meanwhile who has ended is buried."""
    buffer = b""
    while True:
        ready, _, _ = select.select([0], [], [], 0.1)
        _bury()
        if not ready:
            continue
        read = os.read(0, 1 << 20)
        if not read:
            return
        *lines, buffer = (buffer + read).split(b"\n")
        yield from lines


def _bury() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass
    except ChildProcessError:
        return


def _live(order: dict[str, Any], mother: int) -> None:
    """Become the process that was ordered; never returns."""
    code = 1
    try:
        ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGKILL)
        if os.getppid() != mother:
            os._exit(1)
        os.setsid()
        os.chdir(order["folder"])
        log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for source, target in ((nothing, 0), (log, 1), (log, 2)):
            os.dup2(source, target)
        os.environ.clear()
        os.environ.update(order["environment"])
        code = _run(order["arguments"])
    except BaseException:  # noqa: BLE001 - its last words belong into its log
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _run(arguments: list[str]) -> int:
    from infra.cli import app
    from tests.faults.planting import plant

    plant(os.environ)
    try:
        app(arguments, prog_name="doudi")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


if __name__ == "__main__":
    main()
