"""Care's aggregate: one care file per case."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from shared.contracts.care import CareOpened
from shared.kernel.decider import Aggregate, Stream
from shared.kernel.event import Event


@dataclass(frozen=True, slots=True)
class CareFile:
    """A person's care; ``opened`` is ``None`` before it began."""

    opened: CareOpened | None = None


def evolve(state: CareFile, event: Event) -> CareFile:
    """Fold one event of a care file."""
    match event:
        case CareOpened():
            return replace(state, opened=event)
    return state


CARE_FILE: Final = Aggregate("care-file", CareFile(), evolve)
AGGREGATES: Final = {CARE_FILE.name: CARE_FILE}


def care_file_of(case_id: UUID) -> Stream:
    """The care file's stream of a case."""
    return Stream.of_case(CARE_FILE.name, case_id)
