"""A wire to PostgreSQL that can be cut at a chosen moment."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

from psycopg.conninfo import conninfo_to_dict, make_conninfo


class Wire:
    """Passes bytes on between a client and the server, until told to cut.

    With ``cut_after_commit`` the next COMMIT reaches the server, and when the server has answered
    it the wire is cut before the client hears of it: committed, and nobody knows.
    """

    def __init__(self, url: str) -> None:
        parts = conninfo_to_dict(url)
        self._server = str(parts["host"]), int(str(parts["port"]))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = make_conninfo(
            url, host="127.0.0.1", port=self._listener.getsockname()[1], gssencmode="disable"
        )
        self.cut_after_commit = False
        self.cuts = 0
        self._ends: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def _accept(self) -> None:
        while True:
            try:
                client, _address = self._listener.accept()
            except OSError:  # closed
                return
            server = socket.create_connection(self._server)
            self._ends += [client, server]
            pair = _Pair(self, client, server)
            for run in (pair.to_server, pair.to_client):
                self._threads.append(threading.Thread(target=run, daemon=True))
                self._threads[-1].start()

    def close(self) -> None:
        """Cut everything."""
        # Shut down first: closing alone does not wake a thread that waits in accept or recv.
        for end in (self._listener, *self._ends):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        for thread in self._threads:
            thread.join(10)


class _Pair:
    """One client's connection."""

    def __init__(self, wire: Wire, client: socket.socket, server: socket.socket) -> None:
        self._wire = wire
        self._client = client
        self._server = server
        self._committing = False

    def to_server(self) -> None:
        with suppress(OSError):
            while data := self._client.recv(65536):
                self._committing = self._wire.cut_after_commit and b"COMMIT" in data
                self._server.sendall(data)
        self._hang_up()

    def to_client(self) -> None:
        with suppress(OSError):
            while data := self._server.recv(65536):
                if self._committing and b"COMMIT" in data:  # the server's completion tag
                    self._wire.cut_after_commit = False
                    self._wire.cuts += 1
                    break
                self._client.sendall(data)
        self._hang_up()

    def _hang_up(self) -> None:
        for end in (self._client, self._server):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
