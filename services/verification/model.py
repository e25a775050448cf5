"""What verification's streams fold to: a check per case, and the uses of each bill."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, TypeVar
from uuid import UUID

from shared.contracts.verification import (
    AnswerSetAside,
    BillPresented,
    CheckCompleted,
    CheckOpened,
    Contradiction,
    DemocraticReviewHeld,
    Department,
    DepartmentAnswered,
    DepartmentAsked,
    DepartmentFailed,
    HomeVisitRecorded,
    LeadAnswered,
    LeadCleared,
    LeadLeftUnanswered,
    LeadRaised,
    LeadResponse,
    LeadStanding,
    LeadUpheld,
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


_SAID_AND_DONE: Final = {
    LeadResponse.ACKNOWLEDGED: LeadStanding.ACKNOWLEDGED,
    LeadResponse.EXPLAINED: LeadStanding.EXPLAINED,
}
_WAITING: Final = frozenset({LeadStanding.OPEN, LeadStanding.BEING_RECHECKED})


@dataclass(frozen=True, slots=True)
class Lead:
    """A contradiction that was put to the household, and what became of it."""

    raised: LeadRaised
    answered: LeadAnswered | None = None
    rechecked: bool = False
    cleared: bool = False
    unanswered: bool = False

    @property
    def number(self) -> int:
        """Its number in the check."""
        return self.raised.lead

    @property
    def contradiction(self) -> Contradiction:
        """What says what against what."""
        return self.raised.contradiction

    @property
    def standing(self) -> LeadStanding:
        """What became of it."""
        if self.cleared:
            return LeadStanding.CLEARED
        if self.answered is None:
            return LeadStanding.UNANSWERED if self.unanswered else LeadStanding.OPEN
        if self.answered.response is LeadResponse.OBJECTED:
            return LeadStanding.UPHELD if self.rechecked else LeadStanding.BEING_RECHECKED
        if not self.answered.data_stand:
            return LeadStanding.SET_ASIDE
        return _SAID_AND_DONE[self.answered.response]


@dataclass(frozen=True, slots=True)
class BillUses:
    """Where a bill was presented, by the digest of its number."""

    presented: tuple[BillPresented, ...] = ()

    def other_case(self, case_id: UUID) -> UUID | None:
        """The case that used it first, if it is another one."""
        return next((p.case_id for p in self.presented if p.case_id != case_id), None)

    def used_by(self, case_id: UUID) -> bool:
        """Whether a case has presented it."""
        return any(presented.case_id == case_id for presented in self.presented)


def evolve_bill(uses: BillUses, event: Event) -> BillUses:
    """One step of a bill's fold."""
    match event:
        case BillPresented():
            return BillUses((*uses.presented, event))
        case _:
            raise TypeError(f"{event.type} is no event of a bill")


@dataclass(frozen=True, slots=True)
class Check:
    """The means check of a household.

    ``visit`` and ``review`` are the last ones: another visit puts the review aside, since it
    was of the earlier result. ``surveyors`` are all who ever visited, the clerks who recorded
    visits for them, and who set a department's data aside. ``leads`` are numbered from 1.
    ``set_aside`` counts useless answers of a department since it last answered or failed.
    """

    opened: CheckOpened | None = None
    departments: Mapping[Department, Standing] = field(default_factory=lambda: MappingProxyType({}))
    visit: HomeVisitRecorded | None = None
    surveyors: tuple[UUID, ...] = ()
    survey_missed: bool = False
    review: DemocraticReviewHeld | None = None
    review_missed: bool = False
    completed: CheckCompleted | None = None
    leads: tuple[Lead, ...] = ()
    set_aside: Mapping[Department, int] = field(default_factory=lambda: MappingProxyType({}))

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

    @property
    def waiting_leads(self) -> tuple[Lead, ...]:
        """The leads that nobody has answered yet, or that are being checked again."""
        return tuple(lead for lead in self.leads if lead.standing in _WAITING)

    def _standing(self, kind: type[Standing]) -> tuple[Department, ...]:
        return tuple(d for d in Department if isinstance(self.departments.get(d), kind))


def evolve_check(check: Check, event: Event) -> Check:
    """One step of a check's fold."""
    match event:
        case CheckOpened():
            return replace(check, opened=event)
        case DepartmentAsked():
            return replace(check, departments=_with(check.departments, event.department, event))
        case DepartmentAnswered() | DepartmentFailed():
            return replace(
                check,
                departments=_with(check.departments, event.department, event),
                set_aside=_with(check.set_aside, event.department, 0),
            )
        case AnswerSetAside():
            useless = check.set_aside.get(event.department, 0) + 1
            return replace(check, set_aside=_with(check.set_aside, event.department, useless))
        case LeadRaised() | LeadAnswered() | LeadUpheld() | LeadCleared() | LeadLeftUnanswered():
            return _evolve_leads(check, event)
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


V = TypeVar("V")


def _with(
    known: Mapping[Department, V], department: Department, value: V
) -> Mapping[Department, V]:
    return MappingProxyType({**known, department: value})


LeadEvent = LeadRaised | LeadAnswered | LeadUpheld | LeadCleared | LeadLeftUnanswered


def _evolve_leads(check: Check, event: LeadEvent) -> Check:
    if isinstance(event, LeadRaised):
        return replace(check, leads=(*check.leads, Lead(event)))
    lead = check.leads[event.lead - 1]
    surveyors = check.surveyors
    match event:
        case LeadAnswered():
            lead = replace(lead, answered=event)
            if not event.data_stand:
                surveyors = tuple(dict.fromkeys((*surveyors, event.concluded_by)))
        case LeadUpheld():
            lead = replace(lead, rechecked=True)
        case LeadCleared():
            lead = replace(lead, cleared=True)
        case LeadLeftUnanswered():
            lead = replace(lead, unanswered=True)
    at = event.lead - 1
    leads = (*check.leads[:at], lead, *check.leads[at + 1 :])
    return replace(check, leads=leads, surveyors=surveyors)


DEPARTMENT_QUERY: Final = "department-query"
"""The kind of agenda entry that has a department asked."""

CHECK = Aggregate("check", Check(), evolve_check)

BILL = Aggregate("bill", BillUses(), evolve_bill)

AGGREGATES: dict[str, Aggregate[Any]] = {CHECK.name: CHECK, BILL.name: BILL}


def check_of(case_id: UUID) -> Stream:
    """The stream of a case's check."""
    return Stream.of_case(CHECK.name, case_id)


def bill_of(number_digest: str) -> Stream:
    """The stream of a bill, wherever it is presented."""
    return Stream(BILL.name, number_digest)
