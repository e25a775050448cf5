"""The other services, as one service reaches them: an HTTP client and credentials for each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import httpx


class Neighbours(Protocol):
    """Whom a service can ask, on its own credentials."""

    def client(self, service: str) -> httpx.AsyncClient:
        """A client whose base URL is the service's."""

    def auth(self, service: str, purpose: str) -> httpx.Auth:
        """This service's credentials at the other, for a purpose."""

    async def close(self) -> None:
        """Let go of the connections."""


class HttpNeighbours(Neighbours):
    """Neighbours over HTTP, or whatever ``client_of`` makes (an application in this process).

    ``auth_for(service, purpose)`` gives the credentials. Clients are made once each.
    """

    def __init__(
        self,
        client_of: Callable[[str], httpx.AsyncClient],
        auth_for: Callable[[str, str], httpx.Auth],
    ) -> None:
        self._client_of = client_of
        self._auth_for = auth_for
        self._clients: dict[str, httpx.AsyncClient] = {}

    def client(self, service: str) -> httpx.AsyncClient:
        """The service's client."""
        known = self._clients.get(service)
        if known is None:
            known = self._clients[service] = self._client_of(service)
        return known

    def auth(self, service: str, purpose: str) -> httpx.Auth:
        """The credentials."""
        return self._auth_for(service, purpose)

    async def close(self) -> None:
        """Close every client."""
        for client in self._clients.values():
            await client.aclose()
