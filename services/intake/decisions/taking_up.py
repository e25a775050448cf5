"""The decision on somebody who stands on a roster: a task, a tag to the one they have, or none."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID

from services.intake.decisions.command import Command
from services.intake.model import OpenApplication, ScreeningTask, TaskStage
from shared.contracts.fields import Programme
from shared.contracts.screening import (
    RosterKind,
    ScreeningSkipped,
    ScreeningTaskOpened,
    ScreeningTaskTagged,
    SkipReason,
)
from shared.kernel.decider import Decision

SCREENED_FOR: Final = (Programme.DIBAO, Programme.TEKUN)
"""What a screening looks for; a person in a case of either is left to its management."""

_SKIPPED: Final = {
    Programme.DIBAO: SkipReason.IN_DIBAO_CASE,
    Programme.TEKUN: SkipReason.IN_TEKUN_CASE,
}


class TakeUp(Command):
    """Take up somebody on a roster. Reads the task and the person's cases of ``SCREENED_FOR``."""

    task_id: UUID
    person_id: UUID
    division: str
    year: int
    kind: RosterKind
    roster_id: UUID
    screening_due: date | None
    enrolment_due: date | None


def take_up(task: ScreeningTask, *rest: Any) -> Decision:
    """One task for a person on however many rosters; none for who is in a case already.

    Called with the person's open applications, in the order of ``SCREENED_FOR``. A further roster
    of the year, or one of a year before that comes late, tags the task that there is, finished or
    not; a later year's opens it anew.
    """
    *open_applications, command, _at = rest
    if command.roster_id in task.rosters:
        return []
    seen = task.taken_up
    if seen is not None and seen.year < command.year:
        seen = None
    year, division = (seen or command).year, (seen or command).division
    reason = _skip_reason(open_applications)
    after_skip = seen is not None and task.stage is TaskStage.SKIPPED and reason is None
    if seen is not None and not after_skip:
        return [
            ScreeningTaskTagged(
                task_id=command.task_id,
                division=division,
                year=year,
                kind=command.kind,
                roster_id=command.roster_id,
            )
        ]
    taken_up = {
        "task_id": command.task_id,
        "division": division,
        "year": year,
        "person_id": command.person_id,
        "kind": command.kind,
        "roster_id": command.roster_id,
    }
    if reason is not None:
        return [ScreeningSkipped(**taken_up, reason=reason)]
    return [
        ScreeningTaskOpened(
            **taken_up,
            after_skip=after_skip,
            screening_due=command.screening_due,
            enrolment_due=command.enrolment_due,
        )
    ]


def _skip_reason(open_applications: list[OpenApplication]) -> SkipReason | None:
    for programme, state in zip(SCREENED_FOR, open_applications, strict=True):
        if state.barred:
            return SkipReason.BEING_ERASED
        if state.case_id is not None:
            return _SKIPPED[programme]
    return None
