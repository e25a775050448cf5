"""A proxy that cuts a connection when the answer is there and before the asker has it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

COMMITTED: Final = b"C\x00\x00\x00\x0bCOMMIT\x00"
"""PostgreSQL's message that a transaction is committed."""

_CHUNK: Final = 65_536


class Proxy:
    """Stands before a port of this machine; a context manager with threads of its own.

    ``answered`` tells whether what the server just sent is an answer that may be cut off: every
    ``every``-th is, with its connection, both ways. ``asked``, where given, tells of what the
    client sends whether its answer may be (``None``: this is the rest of something).
    """

    def __init__(
        self,
        target: int,
        answered: Callable[[bytes], bool],
        *,
        every: int,
        asked: Callable[[bytes], bool | None] = lambda _: True,
    ) -> None:
        self.cuts = 0
        self._target = target
        self._answered = answered
        self._every = every
        self._asked = asked
        self._seen = 0
        self._guard = threading.Lock()
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]

    def __enter__(self) -> Self:
        self._run(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _end(self._listening)
        self._listening.close()
        with self._guard:
            ends = list(self._open)
        for end in ends:
            _end(end)
        for thread in self._threads:
            thread.join(10)

    def _run(self, work: Callable[..., None], *arguments: socket.socket) -> None:
        thread = threading.Thread(target=work, args=arguments, name="proxy", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):  # the listening socket was closed: it is over
            while True:
                self._run(self._carry, self._listening.accept()[0])

    def _carry(self, client: socket.socket) -> None:
        """Carry one connection both ways until either end is closed, or it is cut."""
        with client:
            try:
                server = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                return
            with self._guard:
                self._open |= {client, server}
            asking = [False]
            back = threading.Thread(target=self._back, args=(server, client, asking), daemon=True)
            back.start()
            with suppress(OSError):
                while chunk := client.recv(_CHUNK):
                    asks = self._asked(chunk)
                    asking[0] = asking[0] if asks is None else asks
                    server.sendall(chunk)
            _end(server)
            back.join(10)
            server.close()
            with self._guard:
                self._open -= {client, server}

    def _back(self, server: socket.socket, client: socket.socket, asking: list[bool]) -> None:
        with suppress(OSError):
            while chunk := server.recv(_CHUNK):
                if asking[0] and self._answered(chunk) and self._cuts():
                    break
                client.sendall(chunk)
        _end(client)

    def _cuts(self) -> bool:
        with self._guard:
            self._seen += 1
            cuts = self._seen % self._every == 0
            self.cuts += cuts
            return cuts


def _end(end: socket.socket) -> None:
    """Wake whoever waits on it."""
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)


def before_postgres(port: int, *, every: int) -> Proxy:
    """Cuts between the server's commit and the service that waits to hear of it."""
    return Proxy(port, lambda chunk: COMMITTED in chunk, every=every)


def before_api(port: int, *, every: int) -> Proxy:
    """Cuts between a command's answer and the client that waits for it."""
    return Proxy(
        port,
        lambda chunk: chunk.startswith(b"HTTP/1.1 2"),
        every=every,
        asked=_is_command,
    )


def _is_command(chunk: bytes) -> bool | None:
    """Whether a command begins here, or another request; its body may come by itself."""
    if chunk.startswith(b"POST "):
        return True
    return False if chunk.startswith((b"GET ", b"PUT ")) else None
