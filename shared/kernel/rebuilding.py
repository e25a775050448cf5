"""What operators want of a service's views: rebuilds ordered, differences accepted, abandoned.

A stream of the kernel's own for each version of a view, in every service's log: so it is recorded
who ordered what, and every process of the service reads the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from shared.contracts.kernel import (
    ViewRebuildAbandoned,
    ViewRebuildAccepted,
    ViewRebuildOrdered,
    ViewRebuilt,
)
from shared.kernel.decider import Aggregate, Decision, Moment, Refusal, Stream
from shared.kernel.event import Event

REBUILDING: Final = "view-rebuild"
"""The aggregate of the streams."""


@dataclass(frozen=True, slots=True)
class Rebuilding:
    """The rebuild that is wanted of a view, if one is, and the digest of what was accepted.

    ``ended`` is the last one that was finished or abandoned.
    """

    rebuild_id: UUID | None = None
    accepted: str | None = None
    ended: UUID | None = None


def rebuilding_stream(view: str, version: int) -> Stream:
    """The stream of one version of a view."""
    return Stream(REBUILDING, f"{view}/{version}")


def order(state: Rebuilding, command: ViewRebuildOrdered, _at: Moment) -> Decision:
    """Order a rebuild. Refused while one is under way."""
    if state.rebuild_id is not None:
        raise Refusal("view-rebuild-under-way")
    return [command]


def accept(state: Rebuilding, command: ViewRebuildAccepted, _at: Moment) -> Decision:
    """Accept what was found to differ. Refused unless that rebuild is under way."""
    _require(state, command.rebuild_id)
    return [command]


def abandon(state: Rebuilding, command: ViewRebuildAbandoned, _at: Moment) -> Decision:
    """Give a rebuild up. Refused unless that rebuild is under way."""
    _require(state, command.rebuild_id)
    return [command]


def finish(_state: Rebuilding, command: ViewRebuilt, _at: Moment) -> Decision:
    """State that readers were switched: a fact, also where it was abandoned at that moment."""
    return [command]


def _require(state: Rebuilding, rebuild_id: UUID) -> None:
    if state.rebuild_id != rebuild_id:
        raise Refusal("view-not-rebuilding")


def _evolve(state: Rebuilding, event: Event) -> Rebuilding:
    match event:
        case ViewRebuildOrdered():
            return replace(state, rebuild_id=event.rebuild_id, accepted=None)
        case ViewRebuildAccepted():
            return replace(state, accepted=event.digest)
        case ViewRebuildAbandoned() | ViewRebuilt() if event.rebuild_id == state.rebuild_id:
            return Rebuilding(ended=event.rebuild_id)
    return state


AGGREGATE: Final[Aggregate[Any]] = Aggregate(REBUILDING, Rebuilding(), _evolve)
