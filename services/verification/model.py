"""What verification's streams fold to: one check per case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from shared.contracts.verification import (
    CheckCompleted,
    CheckOpened,
    DemocraticReviewHeld,
    Department,
    DepartmentAnswered,
    DepartmentAsked,
    DepartmentFailed,
    HomeVisitRecorded,
    ReviewDeadlineMissed,
    SurveyDeadlineMissed,
)
from shared.kernel.decider import Aggregate, Stream
from shared.kernel.event import Event


class Status(StrEnum):
    """How far a check is; ``NONE`` before it was opened."""

    NONE = "none"
    OPEN = "open"
    COMPLETED = "completed"


Standing = DepartmentAsked | DepartmentAnswered | DepartmentFailed
"""What was last heard of a department: asked only, answered, or failed for good."""


@dataclass(frozen=True, slots=True)
class Check:
    """The means check of a household.

    ``visit`` and ``review`` are the last ones: another visit puts the review aside, since it
    was of the earlier result. ``surveyors`` are all who ever visited, and the clerks who recorded
    visits for them.
    """

    opened: CheckOpened | None = None
    departments: Mapping[Department, Standing] = field(default_factory=lambda: MappingProxyType({}))
    visit: HomeVisitRecorded | None = None
    surveyors: tuple[UUID, ...] = ()
    survey_missed: bool = False
    review: DemocraticReviewHeld | None = None
    review_missed: bool = False
    completed: CheckCompleted | None = None

    @property
    def status(self) -> Status:
        """How far the check is."""
        if self.opened is None:
            return Status.NONE
        return Status.OPEN if self.completed is None else Status.COMPLETED

    @property
    def answers(self) -> tuple[DepartmentAnswered, ...]:
        """What the departments answered, in the contract's order."""
        standings = (self.departments.get(department) for department in Department)
        return tuple(s for s in standings if isinstance(s, DepartmentAnswered))

    @property
    def failed(self) -> tuple[Department, ...]:
        """The departments that gave no data and will not."""
        return self._standing(DepartmentFailed)

    @property
    def unanswered(self) -> tuple[Department, ...]:
        """The departments that were asked and have not answered yet."""
        return self._standing(DepartmentAsked)

    def _standing(self, kind: type[Standing]) -> tuple[Department, ...]:
        return tuple(d for d in Department if isinstance(self.departments.get(d), kind))


def evolve_check(check: Check, event: Event) -> Check:
    """One step of a check's fold."""
    match event:
        case CheckOpened():
            return replace(check, opened=event)
        case DepartmentAsked() | DepartmentAnswered() | DepartmentFailed():
            departments = {**check.departments, event.department: event}
            return replace(check, departments=MappingProxyType(departments))
        case HomeVisitRecorded():
            recorders = () if event.recorded_by is None else (event.recorded_by,)
            hands = (*check.surveyors, *event.surveyors, *recorders)
            surveyors = tuple(dict.fromkeys(hands))
            return replace(
                check, visit=event, surveyors=surveyors, review=None, review_missed=False
            )
        case SurveyDeadlineMissed():
            return replace(check, survey_missed=True)
        case DemocraticReviewHeld():
            return replace(check, review=event)
        case ReviewDeadlineMissed():
            return replace(check, review_missed=True)
        case CheckCompleted():
            return replace(check, completed=event)
        case _:
            raise TypeError(f"{event.type} is no event of a check")


DEPARTMENT_QUERY: Final = "department-query"
"""The kind of agenda entry that has a department asked."""

CHECK = Aggregate("check", Check(), evolve_check)

AGGREGATES: dict[str, Aggregate[Any]] = {CHECK.name: CHECK}


def check_of(case_id: UUID) -> Stream:
    """The stream of a case's check."""
    return Stream.of_case(CHECK.name, case_id)
