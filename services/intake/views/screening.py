"""Screening tasks, and the ledger (工作台账) of each township and year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from pydantic import Field

from services.intake.model import TaskStage, stage_after, stage_of
from shared.contracts.fields import DivisionCode
from shared.contracts.screening import (
    ContestDecided,
    EnrolmentDeadlineMissed,
    ExclusionConfirmed,
    ExclusionProposed,
    ExclusionReason,
    ExclusionRejected,
    OtherHelp,
    RosterKind,
    ScreeningApplicationEnded,
    ScreeningApplied,
    ScreeningContested,
    ScreeningDeadlineMissed,
    ScreeningDeclined,
    ScreeningFindingsRecorded,
    ScreeningReferred,
    ScreeningSkipped,
    ScreeningTaskOpened,
    ScreeningTaskTagged,
    SkipReason,
)
from shared.kernel.event import Document as EventDocument
from shared.kernel.event import Event
from shared.views.port import Document, ViewSpec
from shared.views.projector import Projection
from shared.views.rows import Row

_EVENTS: Final[tuple[type[Event], ...]] = (
    ScreeningTaskOpened,
    ScreeningTaskTagged,
    ScreeningSkipped,
    ScreeningFindingsRecorded,
    ExclusionProposed,
    ExclusionConfirmed,
    ExclusionRejected,
    ScreeningContested,
    ContestDecided,
    ScreeningDeclined,
    ScreeningReferred,
    ScreeningApplied,
    ScreeningApplicationEnded,
    ScreeningDeadlineMissed,
    EnrolmentDeadlineMissed,
)


class ScreeningTaskRow(Row):
    """A person on a roster: who looks, on which rosters, how far, and what came of it."""

    task_id: UUID = Field(validation_alias="_id")
    division: DivisionCode
    year: int
    stage: TaskStage
    person_id: UUID
    tags: tuple[RosterKind, ...]
    taken_up_on: date
    screening_due_on: date | None = None
    visited_on: date | None = None
    skipped: SkipReason | None = None
    excluded: ExclusionReason | None = None
    referred_to: OtherHelp | None = None
    case_id: UUID | None = None
    missed_on: date | None = None
    version: int


def _by_task(document: EventDocument[Any]) -> Iterable[str]:
    return (str(document.data.task_id),)


def fold_task(_key: str, before: Document | None, document: EventDocument[Any]) -> Document | None:
    """A person's task; taken up again in another year, it begins anew."""
    event = document.data
    stage = stage_after(event)
    stands = {"stage": stage.value} if stage else {}
    task = {**(before or {}), **stands, "version": document.version}
    match event:
        case ScreeningTaskOpened() | ScreeningSkipped():
            return {**_taken_up(event, document), **stands}
        case ScreeningTaskTagged(kind=kind):
            tags = [*task["tags"], *(() if kind.value in task["tags"] else (kind.value,))]
            return {**task, "tags": tags}
        case ScreeningFindingsRecorded(visited_on=visited_on):
            return {**task, "visited_on": visited_on.isoformat()}
        case ExclusionConfirmed() | ContestDecided():
            return {**task, **_excluded(event)}
        case ScreeningReferred(referred_to=referred_to):
            return {**task, "referred_to": referred_to.value}
        case ScreeningApplied(case_id=case_id):
            return {**task, "case_id": str(case_id)}
        case ScreeningDeadlineMissed() | EnrolmentDeadlineMissed():
            return {**task, "missed_on": event.due_on.isoformat()}
    return task


def _excluded(event: ExclusionConfirmed | ContestDecided) -> Document:
    told = {"referred_to": event.referred_to.value} if event.referred_to else {}
    reason = {"excluded": event.reason.value} if event.reason else {}
    return {**reason, **told}


def _taken_up(
    event: ScreeningTaskOpened | ScreeningSkipped, document: EventDocument[Any]
) -> Document:
    task: Document = {
        "division": event.division,
        "year": event.year,
        "person_id": str(event.person_id),
        "tags": [event.kind.value],
        "taken_up_on": document.effective_on.isoformat(),
        "version": document.version,
    }
    if isinstance(event, ScreeningSkipped):
        return {**task, "skipped": event.reason.value}
    due = event.screening_due
    return {**task, "screening_due_on": due.isoformat()} if due else task


class ScreeningLedgerRow(Row):
    """How many of a township's people were taken up in a year, and what came of them.

    ``persons`` = ``skipped`` + ``open`` + ``applied`` + ``declined`` + ``excluded`` + ``referred``;
    of the applied, so many are ``enrolled`` and ``not_enrolled`` by now. ``missed`` counts days
    that passed before a step was taken.
    """

    ledger: str = Field(validation_alias="_id")
    division: DivisionCode
    year: int
    persons: int
    skipped: int
    open: int
    contested: int
    applied: int
    enrolled: int
    not_enrolled: int
    declined: int
    excluded: int
    referred: int
    missed: int


_COUNTED: Final = (
    "persons",
    "skipped",
    "open",
    "contested",
    "applied",
    "enrolled",
    "not_enrolled",
    "declined",
    "excluded",
    "referred",
    "missed",
)


def _by_ledger(document: EventDocument[Any]) -> Iterable[str]:
    return (f"{document.data.division}-{document.data.year}",)


def fold_ledger(
    _key: str, before: Document | None, document: EventDocument[Any]
) -> Document | None:
    """A township's ledger of a year: every event of a task moves its counts."""
    event = document.data
    ledger = before or {
        "division": event.division,
        "year": event.year,
        **dict.fromkeys(_COUNTED, 0),
    }
    return {**ledger, **{name: ledger[name] + by for name, by in _moves(event).items()}}


def _moves(event: Event) -> Mapping[str, int]:
    match event:
        case ScreeningTaskOpened(after_skip=True):
            return {"skipped": -1, "open": 1}
        case ContestDecided(reason=None):
            return {"contested": -1}
        case ScreeningApplicationEnded(outcome=outcome):
            return {stage_of(outcome).value: 1}
    return _MOVES.get(type(event), {})


_MOVES: Final[Mapping[type[Event], Mapping[str, int]]] = {
    ScreeningTaskOpened: {"persons": 1, "open": 1},
    ScreeningSkipped: {"persons": 1, "skipped": 1},
    ScreeningContested: {"contested": 1},
    ContestDecided: {"contested": -1, "open": -1, "excluded": 1},
    ExclusionConfirmed: {"open": -1, "excluded": 1},
    ScreeningDeclined: {"open": -1, "declined": 1},
    ScreeningReferred: {"open": -1, "referred": 1},
    ScreeningApplied: {"open": -1, "applied": 1},
    ScreeningDeadlineMissed: {"missed": 1},
    EnrolmentDeadlineMissed: {"missed": 1},
}


SCREENING_TASKS: Final = Projection(
    ViewSpec("screening_tasks", indexes=(("division", "stage"), ("year",))),
    _EVENTS,
    fold_task,
    _by_task,
)
SCREENING_LEDGER: Final = Projection(
    ViewSpec("screening_ledger", indexes=(("division", "year"),)), _EVENTS, fold_ledger, _by_ledger
)
