"""Where a client acts for others, and what it must be told."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID, uuid5

from shared.contracts.fields import NoteRef
from shared.kernel.decider import Decide, Stream
from shared.kernel.submission import Outcome, Submission
from tests.simulation.clients import Client
from tests.simulation.findings import Invariant, require
from tests.simulation.households import Household

if TYPE_CHECKING:
    from tests.simulation.world import World

WILLING: Final = 0.4
"""How often a client does something that must be refused, where it could."""


class Desk:
    """Where a client acts for others: each hand is a person of its own."""

    def __init__(self, client: Client, subject: UUID) -> None:
        self.client = client
        self.world: World = client.world
        self.subject = subject

    def hand(self, name: str) -> UUID:
        """The official who does a part of this."""
        return uuid5(self.subject, name)

    def note(self, name: str) -> NoteRef:
        """Something written, as its event names it."""
        note_id = uuid5(self.subject, f"note/{name}")
        return NoteRef(note_id=note_id, digest=sha256(note_id.bytes).hexdigest())

    def dares(self) -> bool:
        """Whether something that must be refused is tried here."""
        return self.client.random.random() < WILLING

    def do(
        self,
        service: str,
        decide: Decide,
        command: Any,
        *reads: Stream,
        hand: str,
        role: str = "township_clerk",
        refused: Collection[str] = (),
        **more: Any,
    ) -> Outcome:
        """Send a command as new; it succeeds, or is refused for one of the reasons given."""
        item = command_of(self.world, decide, command, *reads, actor=self.hand(hand), role=role)
        outcome = self.client.send(service, replace(item, **more))
        told = outcome.refusal.code if outcome.refusal else None
        text = f"{self.client.name}: {type(command).__name__} was told {outcome.refusal!r}"
        require(told is None or told in refused, Invariant.CLIENTS_UNTROUBLED, text)
        self.client.note(f"{type(command).__name__}: {told or 'done'}")
        return outcome

    def must_be_refused(self, *args: Any, refused: Collection[str], **more: Any) -> None:
        """Send a command that makes no sense now."""
        outcome = self.do(*args, refused=refused, **more)
        text = f"{self.client.name}: {args[2]!r} was done"
        require(outcome.refusal is not None, Invariant.CLIENTS_UNTROUBLED, text)


class Life(Desk):
    """One application's life. ``early``: somebody tried to confirm before the time."""

    def __init__(self, client: Client, household: Household, case_id: UUID) -> None:
        super().__init__(client, case_id)
        self.household = household
        self.case_id = case_id
        self.early = False

    def sees(self, service: str, view: str, seen: Callable[[dict[str, Any]], object]) -> None:
        """Wait until a view shows something of this case."""
        site = self.world.sites[service]
        self.client.until(lambda: seen(site.view(view, self.case_id)), f"view:{service}")


def command_of(
    world: World, decide: Decide, command: Any, *reads: Stream, actor: UUID, role: str
) -> Submission:
    """A command as its route would make it: with an id of its own and its body's digest."""
    command_id = world.uuid()
    return Submission(
        command_id=command_id,
        command=command,
        reads=reads,
        decide=decide,
        actor=actor,
        role=role,
        region=world.scene.division,
        causation_id=command_id,
        body_digest=sha256(command.model_dump_json().encode()).digest(),
    )
