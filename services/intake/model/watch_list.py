"""Who was refused and is kept in mind all the same (潜在救助对象): one stream per refused case."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final
from uuid import UUID

from shared.contracts.watch_list import (
    PotentialRecipientRemoved,
    PotentialRecipientReopened,
    PotentialRecipientWatched,
)
from shared.kernel.decider import Aggregate, Stream
from shared.kernel.event import Event


class WatchStage(StrEnum):
    """How a watched case stands; ``NONE`` before it was listed."""

    NONE = "none"
    WATCHED = "watched"
    REOPENED = "reopened"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class WatchListEntry:
    """A refused case on the watch list, and the application that it was reopened as."""

    stage: WatchStage = WatchStage.NONE
    watched: PotentialRecipientWatched | None = None
    reopened_as: UUID | None = None


def evolve_entry(entry: WatchListEntry, event: Event) -> WatchListEntry:
    """One step of the fold of an entry; a case may be listed again after it was closed."""
    match event:
        case PotentialRecipientWatched():
            return WatchListEntry(WatchStage.WATCHED, event)
        case PotentialRecipientReopened(reopened_as=reopened_as):
            return replace(entry, stage=WatchStage.REOPENED, reopened_as=reopened_as)
        case PotentialRecipientRemoved():
            return replace(entry, stage=WatchStage.REMOVED)
        case _:
            raise TypeError(f"{event.type} is no event of a watch-list entry")


WATCH_LIST_ENTRY: Final = Aggregate("watch-list-entry", WatchListEntry(), evolve_entry)


def watch_list_entry_of(case_id: UUID) -> Stream:
    """The stream of a refused case's entry."""
    return Stream.of_case(WATCH_LIST_ENTRY.name, case_id)
