"""The means check of a case, as its stream folds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final, TypeVar
from uuid import UUID

from services.verification.model.home_counties import (
    HomeInquiries,
    evolve_home_counties,
)
from services.verification.model.leads import WAITING, Lead, LeadEvent, evolve_leads
from services.verification.model.obligors import ObligorInquiry, ObligorQuery, evolve_inquiry
from shared.contracts.departments import (
    AnswerSetAside,
    Department,
    DepartmentAnswered,
    DepartmentAsked,
    DepartmentFailed,
    DepartmentFailure,
    DepartmentReceiptNoted,
)
from shared.contracts.home_visits import HomeVisitRecorded, SurveyDeadlineMissed
from shared.contracts.kin import KinNoted
from shared.contracts.leads import (
    LeadAnswered,
    LeadCleared,
    LeadLeftUnanswered,
    LeadRaised,
    LeadUpheld,
)
from shared.contracts.obligors import (
    ObligorAnswered,
    ObligorAnswerSetAside,
    ObligorAsked,
    ObligorChecked,
    ObligorConsentNoted,
    ObligorConsentWithdrawn,
    ObligorQueryFailed,
)
from shared.contracts.residence import (
    HomeCountyAnswered,
    HomeCountyAnswerMissed,
    HomeCountyAsked,
)
from shared.contracts.spot_checks import SpotCheckMissed, SpotCheckOwed, SpotVisitRecorded
from shared.contracts.verification import (
    CheckCompleted,
    CheckOpened,
    CheckReopened,
    DataCheckStartMissed,
    DemocraticReviewHeld,
    ReviewDeadlineMissed,
)
from shared.contracts.waivers import FamilyCheckWaived, FamilyWaiver
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
    was of the earlier result, and the ``waiver`` of the family's check likewise. ``surveyors`` are
    all who ever visited, the clerks who recorded visits for them, who set a department's data
    aside, and who waived the family's check. ``leads`` are numbered from 1.
    ``home`` are the questions to counties in which members are registered.
    ``reached`` are departments that were heard of since they were asked.
    ``set_aside`` counts useless answers of a department since it last answered or failed, ``said``
    is what each last answered: without the household's word it is not asked anew, and that stands.
    Once ``reopened``, visit, review, waiver and surveyors are those since.
    ``consents`` are the words of those bound to support somebody, ``obligors`` what was found of
    them, ``inquiries`` what departments say; a word may be known before the check opens.
    """

    opened: CheckOpened | None = None
    departments: Mapping[Department, Standing] = field(default_factory=lambda: MappingProxyType({}))
    said: Mapping[Department, DepartmentAnswered] = field(
        default_factory=lambda: MappingProxyType({})
    )
    visit: HomeVisitRecorded | None = None
    surveyors: tuple[UUID, ...] = ()
    survey_missed: bool = False
    review: DemocraticReviewHeld | None = None
    review_missed: bool = False
    waiver: FamilyWaiver | None = None
    completed: CheckCompleted | None = None
    leads: tuple[Lead, ...] = ()
    set_aside: Mapping[Department, int] = field(default_factory=lambda: MappingProxyType({}))
    spot_check: SpotCheckOwed | None = None
    spot_check_missed: bool = False
    spot_visit: SpotVisitRecorded | None = None
    reopened: CheckReopened | None = None
    consents: Mapping[UUID, ObligorConsentNoted] = field(
        default_factory=lambda: MappingProxyType({})
    )
    obligors: Mapping[UUID, ObligorChecked] = field(default_factory=lambda: MappingProxyType({}))
    inquiries: Mapping[UUID, ObligorInquiry] = field(default_factory=lambda: MappingProxyType({}))
    home: HomeInquiries = field(default_factory=lambda: MappingProxyType({}))
    kin_noted: bool = False
    reached: frozenset[Department] = frozenset()
    start_missed: bool = False

    @property
    def status(self) -> Status:
        """How far the check is."""
        if self.opened is None:
            return Status.NONE
        return Status.OPEN if self.completed is None else Status.COMPLETED

    @property
    def kin_filed(self) -> bool:
        """Whether near kin of officials are of the household, as said when it applied or later."""
        return self.kin_noted or bool(self.opened and self.opened.kin_filed)

    @property
    def answers(self) -> tuple[DepartmentAnswered, ...]:
        """What the departments answered, in the contract's order."""
        standings = (self.departments.get(department) for department in Department)
        return tuple(s for s in standings if isinstance(s, DepartmentAnswered))

    @property
    def home_answers(self) -> tuple[HomeCountyAnswered, ...]:
        """What home counties answered last."""
        return tuple(one.answer for one in self.home.values() if one.answer is not None)

    @property
    def hands(self) -> tuple[UUID, ...]:
        """All who ever had a part in the survey, before it was reopened too."""
        before = () if self.reopened is None else self.reopened.before
        return tuple(dict.fromkeys((*before, *self.surveyors)))

    @property
    def failed(self) -> tuple[Department, ...]:
        """The departments that gave no data and will not."""
        return self._standing(DepartmentFailed)

    @property
    def unanswered(self) -> tuple[Department, ...]:
        """The departments that were asked and have not answered yet."""
        return self._standing(DepartmentAsked)

    @property
    def unreached(self) -> tuple[Department, ...]:
        """The departments that were to be asked and that nobody has reached yet."""
        return tuple(one for one in self.unanswered if one not in self.reached)

    @property
    def waiting_leads(self) -> tuple[Lead, ...]:
        """The leads that nobody has answered yet, or that are being checked again."""
        return tuple(lead for lead in self.leads if lead.standing in WAITING)

    def _standing(self, kind: type[Standing]) -> tuple[Department, ...]:
        return tuple(d for d in Department if isinstance(self.departments.get(d), kind))


def evolve_check(check: Check, event: Event) -> Check:
    """One step of a check's fold."""
    match event:
        case CheckOpened():
            return replace(check, opened=event)
        case DepartmentAsked() | DepartmentAnswered() | DepartmentFailed() | AnswerSetAside():
            return _evolve_departments(check, event)
        case LeadRaised() | LeadAnswered() | LeadUpheld() | LeadCleared() | LeadLeftUnanswered():
            return _evolve_leads(check, event)
        case HomeVisitRecorded():
            recorders = () if event.recorded_by is None else (event.recorded_by,)
            hands = (*check.surveyors, *event.surveyors, *recorders)
            surveyors = tuple(dict.fromkeys(hands))
            anew = replace(check, review=None, review_missed=False, waiver=None)
            return replace(anew, visit=event, surveyors=surveyors)
        case FamilyCheckWaived():
            hands = tuple(dict.fromkeys((*check.surveyors, event.waiver.decider)))
            return replace(check, waiver=event.waiver, surveyors=hands)
        case SurveyDeadlineMissed():
            return replace(check, survey_missed=True)
        case DemocraticReviewHeld():
            return replace(check, review=event)
        case ReviewDeadlineMissed():
            return replace(check, review_missed=True)
        case CheckCompleted():
            return replace(check, completed=event)
        case CheckReopened():
            return replace(
                check,
                reopened=event,
                completed=None,
                visit=None,
                surveyors=(),
                review=None,
                review_missed=False,
                waiver=None,
            )
        case _:
            return _evolve_beside(check, event)


def _evolve_beside(check: Check, event: Event) -> Check:
    """What is found beside the household's own account."""
    match event:
        case SpotCheckOwed() | SpotCheckMissed() | SpotVisitRecorded():
            return _evolve_spot_check(check, event)
        case ObligorConsentNoted() | ObligorConsentWithdrawn() | ObligorChecked():
            return _evolve_obligors(check, event)
        case ObligorAsked() | ObligorAnswered() | ObligorAnswerSetAside() | ObligorQueryFailed():
            return _evolve_inquiries(check, event)
        case DepartmentReceiptNoted():
            return replace(check, reached=check.reached | {event.department})
        case DataCheckStartMissed():
            return replace(check, start_missed=True)
        case KinNoted():
            return replace(check, kin_noted=True)
        case HomeCountyAsked() | HomeCountyAnswered() | HomeCountyAnswerMissed():
            return replace(check, home=evolve_home_counties(check.home, event))
        case _:
            raise TypeError(f"{event.type} is no event of a check")


def _evolve_departments(check: Check, event: Standing | AnswerSetAside) -> Check:
    name = event.department
    if isinstance(event, DepartmentAsked):
        return replace(check, departments=_with(check.departments, name, event))
    check = replace(check, reached=check.reached | {name})
    if isinstance(event, AnswerSetAside):
        useless = check.set_aside.get(name, 0) + 1
        return replace(check, set_aside=_with(check.set_aside, name, useless))
    check = replace(check, set_aside=_with(check.set_aside, name, 0))
    if isinstance(event, DepartmentAnswered):
        check = replace(check, said=_with(check.said, name, event))
    elif event.failure is DepartmentFailure.NOT_AUTHORISED and name in check.said:
        event = check.said[name]
    return replace(check, departments=_with(check.departments, name, event))


def _evolve_leads(check: Check, event: LeadEvent) -> Check:
    surveyors = check.surveyors
    if isinstance(event, LeadAnswered) and not event.data_stand:
        surveyors = tuple(dict.fromkeys((*surveyors, event.concluded_by)))
    return replace(check, leads=evolve_leads(check.leads, event), surveyors=surveyors)


def _evolve_obligors(
    check: Check, event: ObligorConsentNoted | ObligorConsentWithdrawn | ObligorChecked
) -> Check:
    if isinstance(event, ObligorChecked):
        return replace(check, obligors={**check.obligors, event.person_id: event})
    consents = {who: word for who, word in check.consents.items() if who != event.person_id}
    if isinstance(event, ObligorConsentNoted):
        consents[event.person_id] = event
        return replace(check, consents=consents)
    inquiries = {
        who: replace(known, asked=frozenset()) if who == event.person_id else known
        for who, known in check.inquiries.items()
    }
    return replace(check, consents=consents, inquiries=MappingProxyType(inquiries))


def _evolve_inquiries(check: Check, event: ObligorQuery) -> Check:
    inquiry = evolve_inquiry(check.inquiries.get(event.person_id, ObligorInquiry()), event)
    return replace(check, inquiries=MappingProxyType({**check.inquiries, event.person_id: inquiry}))


def _evolve_spot_check(
    check: Check, event: SpotCheckOwed | SpotCheckMissed | SpotVisitRecorded
) -> Check:
    match event:
        case SpotCheckOwed():
            return replace(check, spot_check=event)
        case SpotCheckMissed():
            return replace(check, spot_check_missed=True)
        case SpotVisitRecorded():
            return replace(check, spot_visit=event)


V = TypeVar("V")


def _with(
    known: Mapping[Department, V], department: Department, value: V
) -> Mapping[Department, V]:
    return MappingProxyType({**known, department: value})


DEPARTMENT_QUERY: Final = "department-query"
"""The kind of agenda entry that has a department asked."""

ANSWERS_LATER: Final = frozenset({Department.PBOC_NETWORK})
"""Who takes a question under a receipt number, by which the answer is fetched later."""

DEPARTMENT_RECEIPT: Final = "department-receipt"
"""The kind of agenda entry that has an answer fetched by its receipt number."""

CHECK: Final = Aggregate("check", Check(), evolve_check)


def check_of(case_id: UUID) -> Stream:
    """The stream of a case's check."""
    return Stream.of_case(CHECK.name, case_id)
