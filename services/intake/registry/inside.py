"""The registry as intake's own routes use it: without leaving the process that holds it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from uuid import UUID

from services.intake.registry.keys.port import KeyStoreAway
from services.intake.registry.registry import Registry
from shared.access.persons import NewNote, NoteReceipt, PutNotesRequest
from shared.access.registry import RegistryAway, RegistryClient, RegistryRefused
from shared.kernel.decider import Refusal
from shared.web.commands import TIMEOUT_S


class RegistryInside(RegistryClient):
    """Puts notes as ``owner`` straight into the registry; everything else goes as ever.

    A request to ourselves would cost as much again as the command that the note is for.
    """

    def __init__(self, client: RegistryClient, registry: Registry, owner: str) -> None:
        super().__init__(client._client, client._auth_for, client._timeout)
        self._registry = registry
        self._owner = owner

    async def put_notes(self, command_id: UUID, notes: Iterable[NewNote]) -> list[NoteReceipt]:
        """Put the notes that a command's events will name; one receipt each, in order."""
        notes = tuple(notes)
        if not notes:
            return []
        asked = PutNotesRequest(command_id=command_id, notes=notes)
        try:
            async with asyncio.timeout(TIMEOUT_S):
                return await self._registry.put_notes(command_id, self._owner, asked.notes)
        except Refusal as refused:
            raise RegistryRefused(refused.status, refused.code) from None
        except KeyStoreAway:
            raise RegistryAway("its key store is away") from None
        except TimeoutError:
            raise RegistryAway("no answer in time") from None
