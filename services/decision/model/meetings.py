"""What accompanies a case: meetings held on it, slips of the pen, and which appeals it has."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from shared.contracts.appeals import AppealTakenIn
from shared.contracts.meetings import CaseMeetingHeld, EntryCorrected
from shared.kernel.decider import Aggregate, Stream
from shared.kernel.event import Event


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Meetings, corrections and the ids of appeals, in the order in which they were recorded."""

    meetings: tuple[CaseMeetingHeld, ...] = ()
    corrections: tuple[EntryCorrected, ...] = ()
    appeals: tuple[UUID, ...] = ()


def evolve(state: CaseFile, event: Event) -> CaseFile:
    """Fold one event of a case's file."""
    match event:
        case CaseMeetingHeld():
            return replace(state, meetings=(*state.meetings, event))
        case EntryCorrected():
            return replace(state, corrections=(*state.corrections, event))
        case AppealTakenIn():
            return replace(state, appeals=(*state.appeals, event.appeal_id))
    return state


CASE_FILE: Final = Aggregate("case_file", CaseFile(), evolve)


def case_file_of(case_id: UUID) -> Stream:
    """The file of a case."""
    return Stream.of_case(CASE_FILE.name, case_id)
