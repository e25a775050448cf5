"""What oversight asks the other services: their logs' marks, and a case's state."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import date, datetime
from typing import Any, Final, TypeVar
from uuid import UUID

import httpx
from pydantic import BaseModel, ValidationError

from shared.access.credentials import CredentialsRefused
from shared.runtime.history import AUDIT, StateAnswer
from shared.runtime.proof import MarkPage
from shared.runtime.service import Service

_PAGE: Final = 2000
_BEFORE_ALL: Final = -(2**63)
"""Positions count from 1; what an intruder put before the first is to be seen too."""

_TIMEOUT_S: Final = 30.0

A = TypeVar("A", bound=BaseModel)


class ServiceAway(Exception):
    """Another service gave no answer that can be used; asking again later may help."""

    def __init__(self, service: str, why: str) -> None:
        super().__init__(f"{service}: {why}")
        self.service = service


class Others:
    """Asks the services, on oversight's credentials. Every method raises ``ServiceAway``."""

    def __init__(self, service: Service) -> None:
        self._neighbours = service.neighbours
        self._auths: dict[str, httpx.Auth] = {}

    async def relayed(self, service: str) -> int:
        """How far a service's topic has its log."""
        answer = await self._get(service, "/ops/log/marks", MarkPage, {"limit": 1})
        if answer is None:
            raise ServiceAway(service, "knows no marks of its log")
        return answer.relayed

    async def marks(self, service: str) -> AsyncIterator[MarkPage]:
        """The marks of a service's whole log, page by page."""
        after: int | None = _BEFORE_ALL
        while after is not None:
            asked = {"after": after, "limit": _PAGE}
            page = await self._get(service, "/ops/log/marks", MarkPage, asked)
            if page is None:
                raise ServiceAway(service, "knows no marks of its log")
            yield page
            after = page.next

    async def state(
        self, service: str, case_id: UUID, known_at: datetime, in_effect_on: date | None
    ) -> StateAnswer | None:
        """A case in one service, ``None`` where that has nothing of it."""
        asked = {"known_at": known_at.isoformat()}
        if in_effect_on is not None:
            asked["in_effect_on"] = in_effect_on.isoformat()
        return await self._get(service, f"/cases/{case_id}/state", StateAnswer, asked)

    async def _get(
        self, service: str, path: str, answer: type[A], asked: Mapping[str, Any]
    ) -> A | None:
        auth = self._auths.setdefault(service, self._neighbours.auth(service, AUDIT))
        client = self._neighbours.client(service)
        try:
            response = await client.get(path, params=asked, auth=auth, timeout=_TIMEOUT_S)
        except httpx.HTTPError as error:
            raise ServiceAway(service, type(error).__name__) from None
        except CredentialsRefused:
            raise ServiceAway(service, "the issuer gives no token") from None
        if response.status_code == httpx.codes.NOT_FOUND:
            return None
        if response.status_code != httpx.codes.OK:
            raise ServiceAway(service, f"status {response.status_code}")
        try:
            return answer.model_validate_json(response.content)
        except ValidationError:
            raise ServiceAway(service, "an answer of another form") from None
