"""Serving an ASGI application from one process: bound before it is made, ended in order."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager
from typing import Any, Final, NoReturn

import uvicorn
import uvloop
from starlette.types import ASGIApp

from infra.garbage import freeze

_GRACE_S: Final = 20
"""How long requests under way are waited for at the end."""


class AddressTaken(Exception):
    """Nobody can listen there: another process does, or the address is not this machine's."""


def bind(host: str, port: int) -> socket.socket:
    """A socket bound to the address (port 0: a free one), which does not listen yet.

    So the port is known, and ours, before the application is made. Raises ``AddressTaken``.
    """
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except (OSError, OverflowError) as error:
        bound.close()
        raise AddressTaken(
            f"{host}:{port} cannot be listened on ({error}): end who listens there, or choose "
            "another port"
        ) from None
    bound.set_inheritable(False)
    return bound


def port_of(bound: socket.socket) -> int:
    """The port that a socket is bound to."""
    return int(bound.getsockname()[1])


async def serve(
    app: ASGIApp, bound: socket.socket, ready: Callable[[], None] = lambda: None
) -> None:
    """Serve until SIGTERM or SIGINT, then close the listening socket before anything else.

    ``ready`` is called once it listens. Returns when the requests under way are answered and the
    application's lifespan has ended.
    """
    config = uvicorn.Config(
        app,
        http="httptools",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_S,
    )
    await _Server(config, ready).serve([bound])


def run(main: Coroutine[Any, Any, None]) -> None:
    """Run a process's main coroutine on the fast event loop."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main)


def leave() -> NoReturn:
    """End the process at once, with success.

    All is closed by now, and the interpreter's own tidying of a service's modules takes seconds
    on a busy machine.
    """
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._tell_ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            freeze()
            self._tell_ready()

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Leave on a signal, once: what ended in order is no death by that signal."""
        loop = asyncio.get_running_loop()
        caught = (signal.SIGINT, signal.SIGTERM)
        for sign in caught:
            loop.add_signal_handler(sign, self.handle_exit, sign, None)
        try:
            yield
        finally:
            for sign in caught:
                loop.remove_signal_handler(sign)
