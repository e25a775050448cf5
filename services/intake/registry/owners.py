"""Asking the service that owns a command what became of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Final, NamedTuple, Protocol
from uuid import UUID

import httpx
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from shared.access.credentials import CredentialsRefused
from shared.kernel.store import Handled, LogReader
from shared.runtime.notes import notes_named

COMMANDS_PATH: Final = "/ops/commands/{command_id}"
TIMEOUT: Final = httpx.Timeout(5.0, connect=2.0)


class OwnerAway(Exception):
    """The owning service did not say. Nothing is swept on silence."""


class CommandStanding(NamedTuple):
    """What a service knows of a command: whether it was handled, how many events it wrote, and
    which notes they name (``None`` where the service does not tell).

    ``now`` is that service's clock, read before its log was asked: with it a command that was
    not handled, and whose notes had expired by then, never will be.
    """

    now: datetime
    handled: bool
    events: int
    notes: frozenset[UUID] | None = None

    def names(self, note_id: UUID) -> bool:
        """Whether an event of the command names a note, or may do so."""
        return bool(self.events) if self.notes is None else note_id in self.notes


class Owner(Protocol):
    """A service that handles commands."""

    async def standing(self, command_id: UUID) -> CommandStanding:
        """What became of a command. Raises ``OwnerAway``."""


class HandledStore(LogReader, Protocol):
    """A store that knows outcomes, and the events they wrote."""

    def handled(self, command_ids: Sequence[UUID]) -> dict[UUID, Handled]:
        """Outcomes already recorded."""


class StoreOwner:
    """A service whose store is at hand: intake itself."""

    def __init__(self, store: HandledStore, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    async def standing(self, command_id: UUID) -> CommandStanding:
        """What the store has recorded."""
        return await asyncio.to_thread(self._look, command_id)

    def _look(self, command_id: UUID) -> CommandStanding:
        now = self._now()
        known = self._store.handled([command_id]).get(command_id)
        if known is None:
            return CommandStanding(now, handled=False, events=0)
        return CommandStanding(now, True, known.events, notes_named(self._store, known))


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore")

    now: AwareDatetime
    handled: bool
    events: Annotated[int, Field(ge=0)] | None = None
    notes: frozenset[UUID] | None = None


class HttpOwner:
    """Another service, asked over HTTP: ``GET /ops/commands/{command_id}``.

    ``client`` has the service's base URL and belongs to the caller; ``auth`` is for that service,
    with the purpose ``notes``. It tells ``now``, ``handled``, ``events`` and ``notes``;
    ``now`` must be read before the lookup.
    """

    def __init__(self, client: httpx.AsyncClient, auth: httpx.Auth) -> None:
        self._client = client
        self._auth = auth

    async def standing(self, command_id: UUID) -> CommandStanding:
        """What the service says."""
        path = COMMANDS_PATH.format(command_id=command_id)
        try:
            response = await self._client.get(path, auth=self._auth, timeout=TIMEOUT)
        except (httpx.HTTPError, CredentialsRefused) as error:
            raise OwnerAway(type(error).__name__) from None
        if response.status_code != 200:
            raise OwnerAway(f"status {response.status_code}")
        try:
            answer = _Answer.model_validate_json(response.content)
        except ValidationError:
            raise OwnerAway("an answer of another form") from None
        return CommandStanding(answer.now, answer.handled, answer.events or 0, answer.notes)
