"""The sweep: what expired in the vault is kept if an event names it, and goes if none does.

A row is never taken away on the vault's own guess. The service that owns its command says whether
the command was handled; unhandled after the row's expiry and a grace, by that service's own clock,
it never will be, because the turn refuses a command whose notes have expired. Any number of sweeps
may run at once, and one may die anywhere.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import NamedTuple
from uuid import UUID

from services.intake.registry.owners import CommandStanding, Owner, OwnerAway
from services.intake.registry.parts import SERVICE
from services.intake.registry.records import NoteHead, PersonHead
from services.intake.registry.vault import NOTE, PERSON, Vault, head_of
from shared.kernel.store import AnnexRow

log = logging.getLogger(__name__)

GRACE = timedelta(minutes=10)
"""Longer than any transaction may take and than two machines' clocks may differ."""

POSTPONED = timedelta(minutes=10)
"""When a row whose owner does not answer is looked at again; the others go on meanwhile."""


class Swept(NamedTuple):
    """What one step did: rows kept for good, taken away, and left for later."""

    kept: int
    removed: int
    postponed: int


class _Verdict(Enum):
    KEEP = auto()
    REMOVE = auto()
    LATER = auto()


class Sweep:
    """Sweeps the vault, at most ``rows`` rows of each kind a step.

    ``holder`` tells who is registered on an identity's stream, ``owners`` are the services by
    name (with intake itself), ``now`` is intake's clock. Steps may raise ``StoreAway`` and
    ``KeyStoreAway``.
    """

    def __init__(
        self,
        vault: Vault,
        holder: Callable[[UUID], UUID | None],
        owners: Mapping[str, Owner],
        now: Callable[[], datetime],
        *,
        grace: timedelta = GRACE,
        rows: int = 200,
    ) -> None:
        self._vault = vault
        self._holder = holder
        self._owners = owners
        self._now = now
        self._grace = grace
        self._rows = rows
        self._silent: set[str] = set()

    async def step(self) -> Swept:
        """Look once at what has expired; the counts say what became of it."""
        now = await asyncio.to_thread(self._now)
        past = now - self._grace
        self._silent.clear()
        verdicts: list[_Verdict] = []
        for kind, judge in ((PERSON, self._person), (NOTE, self._note)):
            for row in await asyncio.to_thread(self._vault.expired, kind, past, self._rows):
                verdict = await judge(row)
                await asyncio.to_thread(self._carry_out, verdict, row, now)
                verdicts.append(verdict)
        return Swept(
            verdicts.count(_Verdict.KEEP),
            verdicts.count(_Verdict.REMOVE),
            verdicts.count(_Verdict.LATER),
        )

    async def _person(self, row: AnnexRow) -> _Verdict:
        head = head_of(row, PersonHead)
        if head is None:
            return _Verdict.LATER
        standing = await self._ask(SERVICE, head.command_id)
        person_id = UUID(row.key)
        if await asyncio.to_thread(self._holder, head.stream) == person_id:
            # Registered, and the process died before it could say so here.
            await asyncio.to_thread(self._vault.relate, person_id, head.region)
            return _Verdict.KEEP
        settled = standing is not None and (standing.handled or self._is_over(row, standing))
        return _Verdict.REMOVE if settled else _Verdict.LATER

    async def _note(self, row: AnnexRow) -> _Verdict:
        head = head_of(row, NoteHead)
        standing = await self._ask(head.owner, head.command_id) if head is not None else None
        if standing is None:
            return _Verdict.LATER
        if standing.handled:
            # Another text under the same key left a note that its command's events do not name.
            return _Verdict.KEEP if standing.names(UUID(row.key)) else _Verdict.REMOVE
        return _Verdict.REMOVE if self._is_over(row, standing) else _Verdict.LATER

    def _is_over(self, row: AnnexRow, standing: CommandStanding) -> bool:
        return row.expires_at is not None and standing.now >= row.expires_at + self._grace

    async def _ask(self, service: str, command_id: UUID) -> CommandStanding | None:
        """What the owner says; ``None``, and asked no more in this step, if it does not."""
        if service in self._silent:
            return None
        owner = self._owners.get(service)
        try:
            if owner is None:
                raise OwnerAway("no such service")
            return await owner.standing(command_id)
        except OwnerAway as error:
            self._silent.add(service)
            log.warning("notes of a service are not swept: %s", error, extra={"owner": service})
            return None

    def _carry_out(self, verdict: _Verdict, row: AnnexRow, now: datetime) -> None:
        match verdict:
            case _Verdict.KEEP:
                self._vault.keep(row.kind, row.key)
            case _Verdict.REMOVE:
                self._vault.sweep(row, now)
            case _Verdict.LATER:
                self._vault.postpone(row, now + POSTPONED)
