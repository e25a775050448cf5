"""Screenings: a county's rosters of a year, and one task for each person on any of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid5

from shared.contracts.screening import (
    ApplicationOutcome,
    ContestDecided,
    EnrolmentDeadlineMissed,
    ExclusionConfirmed,
    ExclusionProposed,
    ExclusionRejected,
    RosterImported,
    RosterKind,
    RosterPageListed,
    RostersMissed,
    ScreeningApplicationEnded,
    ScreeningApplied,
    ScreeningContested,
    ScreeningDeadlineMissed,
    ScreeningDeclined,
    ScreeningFindingsRecorded,
    ScreeningOpened,
    ScreeningReferred,
    ScreeningSignedOff,
    ScreeningSkipped,
    ScreeningTaskOpened,
    ScreeningTaskTagged,
    SignOffMissed,
)
from shared.kernel.decider import Aggregate, Stream
from shared.kernel.event import Event


class TaskStage(StrEnum):
    """How a person on a roster stands; ``NONE`` before any roster named them."""

    NONE = "none"
    SKIPPED = "skipped"
    OPEN = "open"
    EXCLUSION_PROPOSED = "exclusion_proposed"
    CONTESTED = "contested"
    APPLIED = "applied"
    ENROLLED = "enrolled"
    NOT_ENROLLED = "not_enrolled"
    DECLINED = "declined"
    EXCLUDED = "excluded"
    REFERRED = "referred"


UNFINISHED: Final = frozenset({TaskStage.OPEN, TaskStage.EXCLUSION_PROPOSED, TaskStage.CONTESTED})
"""The stages in which a township or the county still has to judge."""


@dataclass(frozen=True, slots=True)
class Screening:
    """A county's screening of a year: its rosters by kind, and the papers that they came from."""

    opened: ScreeningOpened | None = None
    kinds: frozenset[RosterKind] = frozenset()
    papers: frozenset[str] = frozenset()
    signed_off: ScreeningSignedOff | None = None


@dataclass(frozen=True, slots=True)
class ScreeningTask:
    """One person's task: on which rosters, who visited, what is proposed and what came of it.

    ``taken_up`` is what brought the person here last; ``tags`` are the rosters by kind.
    """

    stage: TaskStage = TaskStage.NONE
    taken_up: ScreeningTaskOpened | ScreeningSkipped | None = None
    tags: tuple[RosterKind, ...] = ()
    rosters: frozenset[UUID] = frozenset()
    surveyors: frozenset[UUID] = frozenset()
    proposed: ExclusionProposed | None = None
    applied: ScreeningApplied | None = None


def evolve_screening(screening: Screening, event: Event) -> Screening:
    """One step of the fold of a county's screening."""
    match event:
        case ScreeningOpened():
            return Screening(event)
        case RosterImported(kind=kind, document_digest=digest):
            return replace(
                screening, kinds=screening.kinds | {kind}, papers=screening.papers | {digest}
            )
        case ScreeningSignedOff():
            return replace(screening, signed_off=event)
        case RosterPageListed() | RostersMissed() | SignOffMissed():
            return screening
        case _:
            raise TypeError(f"{event.type} is no event of a screening")


def evolve_task(task: ScreeningTask, event: Event) -> ScreeningTask:
    """One step of the fold of a person's task; taken up again, it begins anew."""
    stage = stage_after(event) or task.stage
    match event:
        case ScreeningTaskOpened() | ScreeningSkipped():
            return ScreeningTask(stage, event, (event.kind,), frozenset({event.roster_id}))
        case ScreeningTaskTagged(kind=kind, roster_id=roster_id):
            tags = task.tags if kind in task.tags else (*task.tags, kind)
            return replace(task, tags=tags, rosters=task.rosters | {roster_id})
        case ScreeningFindingsRecorded(surveyor=surveyor):
            return replace(task, surveyors=task.surveyors | {surveyor})
        case ExclusionProposed():
            return replace(task, stage=stage, proposed=event)
        case ScreeningApplied():
            return replace(task, stage=stage, applied=event)
        case ScreeningDeadlineMissed() | EnrolmentDeadlineMissed():
            return task
        case _ if stage_after(event):
            return replace(task, stage=stage)
        case _:
            raise TypeError(f"{event.type} is no event of a screening task")


_STAGE_AFTER: Final[Mapping[type[Event], TaskStage]] = {
    ScreeningTaskOpened: TaskStage.OPEN,
    ScreeningSkipped: TaskStage.SKIPPED,
    ExclusionProposed: TaskStage.EXCLUSION_PROPOSED,
    ExclusionRejected: TaskStage.OPEN,
    ExclusionConfirmed: TaskStage.EXCLUDED,
    ScreeningContested: TaskStage.CONTESTED,
    ContestDecided: TaskStage.EXCLUDED,
    ScreeningDeclined: TaskStage.DECLINED,
    ScreeningReferred: TaskStage.REFERRED,
    ScreeningApplied: TaskStage.APPLIED,
}


def stage_after(event: Event) -> TaskStage | None:
    """How a task stands after one of its events; ``None`` where it stands as before."""
    match event:
        case ContestDecided(reason=None):
            return TaskStage.OPEN
        case ScreeningApplicationEnded(outcome=outcome):
            return stage_of(outcome)
    return _STAGE_AFTER.get(type(event))


def stage_of(outcome: ApplicationOutcome) -> TaskStage:
    """How a task stands whose application ended so."""
    enrolled = outcome is ApplicationOutcome.ENROLLED
    return TaskStage.ENROLLED if enrolled else TaskStage.NOT_ENROLLED


SCREENING: Final = Aggregate("screening", Screening(), evolve_screening)
SCREENING_TASK: Final = Aggregate("screening-task", ScreeningTask(), evolve_task)


def screening_of(county: str, year: int) -> Stream:
    """The stream of a county's screening of a year."""
    return Stream(SCREENING.name, f"{county}/{year}")


def task_id_of(county: str, person_id: UUID) -> UUID:
    """A person's task in a county: one, on however many rosters they are."""
    return uuid5(person_id, f"screening-task/{county}")


def screening_task_of(task_id: UUID) -> Stream:
    """The stream of a person's task."""
    return Stream(SCREENING_TASK.name, str(task_id))
