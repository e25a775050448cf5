"""What the registry works with, and on what terms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol
from uuid import UUID

from services.intake.registry import rules
from services.intake.registry.keys.port import KeyStore
from services.intake.registry.model import hour_of, minute_of
from services.intake.registry.vault import Annex
from shared.access.caller import Caller
from shared.access.roles import Role
from shared.kernel.decider import Decide, Stream
from shared.kernel.event import Recorded
from shared.kernel.store import Handled
from shared.kernel.submission import Note, Outcome, Submission
from shared.sealing import KeyRing

SERVICE = "intake"


class RegistryStore(Annex, Protocol):
    """What the registry asks of intake's store, outside any turn."""

    def handled(self, command_ids: Sequence[UUID]) -> dict[UUID, Handled]:
        """Outcomes already recorded."""

    def head(self) -> int:
        """The last position, 0 for an empty log."""

    def read_log(self, after: int, limit: int) -> list[Recorded]:
        """The events past a position, in order."""

    def read_stream(self, stream: UUID, after_version: int = 0) -> list[Recorded]:
        """A stream's events in order."""


class Commands(Protocol):
    """Intake's writer."""

    async def execute(self, submission: Submission) -> Outcome:
        """Await a command's outcome."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How long a note waits for its event, and how much one reader may read in a span of time."""

    wait: timedelta = timedelta(hours=1)
    official: rules.Allowance = rules.OFFICIAL
    service: rules.Allowance = rules.SERVICE

    def span_of(self, caller: Caller, now: datetime) -> Stream:
        """The stream that counts what this caller reads now."""
        span = minute_of if self.allowance(caller).per == "minute" else hour_of
        return span(caller.id, now)

    def allowance(self, caller: Caller) -> rules.Allowance:
        """What this caller may read in its span of time."""
        return self.service if caller.role is Role.SERVICE else self.official


STANDARD_TERMS = Terms()


class Parts(NamedTuple):
    """What the registry works with. ``now`` is the service's clock, hand or wall."""

    cell: str
    store: RegistryStore
    commands: Commands
    keys: KeyStore
    ring: KeyRing
    now: Callable[[], datetime]


class Asker(NamedTuple):
    """Who asks, under which command and trace.

    ``body_digest`` is the keyed digest of a command's body; empty for a reading.
    """

    caller: Caller
    command_id: UUID
    body_digest: bytes = b""
    traceparent: str | None = None

    def submission(
        self,
        command: object,
        decide: Decide,
        reads: tuple[Stream, ...],
        region: str,
        notes: tuple[Note, ...] = (),
    ) -> Submission:
        """The asker's command, ready for the writer."""
        return Submission(
            command_id=self.command_id,
            command=command,
            reads=reads,
            decide=decide,
            actor=self.caller.id,
            role=self.caller.role.value,
            region=region,
            causation_id=self.command_id,
            body_digest=self.body_digest,
            traceparent=self.traceparent,
            notes=notes,
        )
