"""One service in one process: the parts that its routes, loops and gateways share."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import httpx
from fastapi import Response
from prometheus_client import CollectorRegistry

from shared.access.policy import Grant
from shared.access.registry import RegistryClient
from shared.bus.port import Bus
from shared.kernel.decider import Decide, Stream
from shared.kernel.states import StreamState, fold
from shared.kernel.store import Store
from shared.kernel.submission import Note
from shared.kernel.timekeeping import Timekeeper
from shared.kernel.writer import Writer
from shared.policy import Policy
from shared.regions import Regions
from shared.runtime.definition import Definition
from shared.runtime.neighbours import Neighbours
from shared.sealing import KeyRing
from shared.settings import Settings
from shared.views.port import ViewStore
from shared.web import commands
from shared.web.commands import Receipt
from shared.web.idempotency import CommandKey


@dataclass(frozen=True)
class Service:
    """The parts of one service in one process.

    ``neighbours`` are the other services, ``registry`` the person registry among them; ``http``
    calls what lies outside the house. ``metrics`` is what this process measures of the service.
    """

    definition: Definition
    settings: Settings
    store: Store
    writer: Writer
    views: ViewStore
    bus: Bus
    timekeeper: Timekeeper
    policy: Policy
    regions: Regions
    keys: KeyRing
    neighbours: Neighbours
    registry: RegistryClient
    http: httpx.AsyncClient
    metrics: CollectorRegistry

    @property
    def name(self) -> str:
        """The service's name."""
        return self.definition.name

    @property
    def topic(self) -> str:
        """The name of the service's topic."""
        return topic_of(self.settings.cell, self.name)

    def stream_id(self, stream: Stream) -> UUID:
        """A stream's id in this cell and service."""
        return stream.id(self.settings.cell, self.name)

    async def today(self) -> date:
        """The legal date."""
        return await asyncio.to_thread(self.timekeeper.today)

    async def read(self, stream: Stream, version: int | None = None) -> StreamState:
        """A stream folded from the log as it stands, or stood at a version: 0 has no event."""
        rows = await asyncio.to_thread(self.store.read_stream, self.stream_id(stream))
        if version is not None:
            rows = rows[:version]
        return fold(self.definition.domain, stream.aggregate, rows)

    async def execute(
        self,
        grant: Grant,
        key: CommandKey,
        response: Response,
        *,
        region: str,
        reads: Sequence[Stream],
        decide: Decide,
        command: Any,
        expected_version: int | None = None,
        notes: Sequence[Note] = (),
    ) -> Receipt:
        """Have a request's command decided and recorded; its receipt, with the version as ETag.

        ``region`` is the division that handles the case. Raises the ``Refusal`` of a refused
        command, and whatever the writer raises for one that recorded nothing.
        """
        submission = commands.submission(
            grant,
            key,
            command,
            reads=reads,
            decide=decide,
            region=region,
            expected_version=expected_version,
            notes=notes,
        )
        timeout_s = self.settings.command_timeout_ms / 1000
        return await commands.execute(self.writer, submission, response, timeout_s)


def topic_of(cell: str, service: str) -> str:
    """The topic of a service in a cell."""
    return f"doudi.{cell}.{service}"
