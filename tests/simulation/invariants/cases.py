"""What becomes of applications: one at a time, and publicities that end on their days."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from uuid import UUID

from shared.contracts.intake import OpenApplicationClaimed, OpenApplicationReleased
from shared.contracts.publicity import PublicityCompleted, PublicityPosted
from tests.simulation.findings import Invariant, require
from tests.simulation.invariants.history import History

if TYPE_CHECKING:
    from tests.simulation.world import World


def applications_stayed_single(history: History) -> None:
    """Nobody was ever in two open applications of a programme."""
    held: dict[UUID, UUID] = {}
    for document in history.events(OpenApplicationClaimed, OpenApplicationReleased):
        event = document.data
        if isinstance(event, OpenApplicationClaimed):
            text = f"{document.stream} is in {held.get(document.stream)} and in {event.case_id}"
            require(document.stream not in held, Invariant.COMMANDS_ONCE, text)
            held[document.stream] = event.case_id
        else:
            held.pop(document.stream, None)


def publicities_ended(world: World, history: History) -> None:
    """What fell due was done once, dated by the day that it fell due."""
    ended = Counter(
        (d.subject, d.data.round, d.effective_on) for d in history.events(PublicityCompleted)
    )
    for document in history.events(PublicityPosted):
        posted = document.data
        if posted.until_on < world.today:
            times = ended.pop((document.subject, posted.round, posted.until_on), 0)
            text = f"{document.subject}: {posted.round} publicity ended {times} times"
            require(times == 1, Invariant.COMMANDS_ONCE, text)
    require(not ended, Invariant.COMMANDS_ONCE, f"ended without being posted: {ended}")
