"""A month's run: prepared page by page by one, approved by another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final
from uuid import UUID

from shared.calendar import Month
from shared.contracts.fields import Programme
from shared.contracts.payment import RunApproved, RunLine, RunPageListed, RunPrepared
from shared.kernel.decider import Aggregate, Stream
from shared.kernel.event import Event


class RunStage(StrEnum):
    """How far a month's run is."""

    NONE = "none"
    PREPARED = "prepared"
    APPROVED = "approved"


@dataclass(frozen=True, slots=True)
class Run:
    """The latest run of a township and month, and its lines, page by page."""

    stage: RunStage = RunStage.NONE
    prepared: RunPrepared | None = None
    pages: tuple[tuple[RunLine, ...], ...] = ()
    approver: UUID | None = None

    @property
    def lines(self) -> tuple[RunLine, ...]:
        """All lines in order."""
        return tuple(line for page in self.pages for line in page)


def evolve_run(state: Run, event: Event) -> Run:
    """Fold one event of a month's run; preparing anew replaces an unapproved one."""
    match event:
        case RunPrepared():
            return Run(RunStage.PREPARED, event)
        case RunPageListed():
            return replace(state, pages=(*state.pages, event.lines))
        case RunApproved():
            return replace(state, stage=RunStage.APPROVED, approver=event.approver)
    return state


RUN: Final = Aggregate("run", Run(), evolve_run)


def run_of(programme: Programme, division: str, month: Month) -> Stream:
    """The stream of a township's runs of a month under a programme."""
    return Stream(RUN.name, f"{programme}/{division}/{month}")
