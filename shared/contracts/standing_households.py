"""Events of verification about households on the books, checked from time to time (定期核对).

On the books is who is aided or kept in mind: on dibao, tekun, recognised as an edge household or
one of rigid-expenditure hardship, or known as a low-income household from the watch list.
Source: 陕民发〔2022〕23号, 2(4).2.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.departments import (
    Department,
    DepartmentFailure,
    ReceivedAnswer,
    UselessAnswer,
)
from shared.contracts.fields import DivisionCode, Fields, IncomeLine, Programme
from shared.contracts.leads import (
    AnsweredLead,
    ClearedLead,
    Contradiction,
    RaisedLead,
    UnansweredLead,
    UpheldLead,
)
from shared.kernel.event import Event
from shared.money import Fen


class Standing(StrEnum):
    """As what a household is on the books; it may be as several."""

    DIBAO = "dibao"
    TEKUN = "tekun"
    EDGE_HOUSEHOLD = "edge_household"
    RIGID_EXPENDITURE_HOUSEHOLD = "rigid_expenditure_household"
    OTHER_LOW_INCOME = "other_low_income"


class Information(StrEnum):
    """Which information is checked: the key one (关键信息), more often, or what else there is."""

    KEY = "key"
    OTHER = "other"


class NotAskedReason(StrEnum):
    """Why nobody was asked on the day of a periodic check.

    ``UNDER_WAY``: everybody who would be is being asked already.
    """

    NOT_PROVIDED_FOR = "not_provided_for"
    NOT_AUTHORISED = "not_authorised"
    FAMILY_CHECK_WAIVED = "family_check_waived"
    UNDER_WAY = "under_way"


class KnownMeans(Fields):
    """What a household is known to have: income in fen a month, deposits, houses, vehicles.

    All lines and things, also those that do not count.
    """

    income: tuple[IncomeLine, ...]
    deposits_fen: Fen
    houses: Annotated[int, Field(ge=0)]
    vehicles: Annotated[int, Field(ge=0)]


class HouseholdEnteredBooks(Event, service="verification", name="household-entered-books"):
    """A household is on the books as something, from now on.

    ``people`` are all whose means count, ``known`` what they are known to have; ``None`` where
    nobody ever looked into it, as with who was aided in an emergency.
    """

    standing: Standing
    programme: Programme
    division: DivisionCode
    people: tuple[UUID, ...]
    known: KnownMeans | None = None


class HouseholdLeftBooks(Event, service="verification", name="household-left-books"):
    """A household is on the books as this no longer; with its last standing the checks end."""

    standing: Standing


class HouseholdPeopleNoted(Event, service="verification", name="household-people-noted"):
    """Somebody left a household on the books, or joined it: whose means count now."""

    people: tuple[UUID, ...]


class KnownMeansNoted(Event, service="verification", name="known-means-noted"):
    """The household reported its means anew: what it is known to have now."""

    known: KnownMeans


class MemberAuthorisationNoted(Event, service="verification", name="member-authorisation-noted"):
    """A member's means may be checked, until ``until_on``, that day included, where it is said."""

    person_id: UUID
    until_on: date | None = None


class MemberAuthorisationWithdrawn(
    Event, service="verification", name="member-authorisation-withdrawn"
):
    """A member took the word back: nobody is asked any more, who is being asked is not heard."""

    person_id: UUID


class PeriodicCheckScheduled(Event, service="verification", name="periodic-check-scheduled"):
    """The next periodic check of a kind of information; ``not_asked`` why this one asked nobody."""

    information: Information
    due_on: date
    not_asked: NotAskedReason | None = None


class PeriodicCheckOpened(Event, service="verification", name="periodic-check-opened"):
    """Departments are asked about a household on the books; none that is being asked already."""

    information: Information
    departments: Annotated[tuple[Department, ...], Field(min_length=1)]


class PeriodicQueryAsked(Event, service="verification", name="periodic-query-asked"):
    """One department is asked again, from ``not_before`` on: its answer was of no use, its receipt
    is not known, or the household objected to what it says.
    """

    department: Department
    not_before: date | None = None


class PeriodicReceiptNoted(Event, service="verification", name="periodic-receipt-noted"):
    """A department took the question and answers later, under a receipt number."""

    department: Department
    receipt: UUID


class PeriodicAnswerReceived(
    ReceivedAnswer, service="verification", name="periodic-answer-received"
):
    """What was read from a department's answer about a household on the books."""


class PeriodicAnswerSetAside(
    UselessAnswer, service="verification", name="periodic-answer-set-aside"
):
    """An answer is kept as it came and not used."""


class PeriodicQueryFailed(Event, service="verification", name="periodic-query-failed"):
    """A department gave no data; it is asked anew with the next check."""

    department: Department
    failure: DepartmentFailure


class StandingLeadRaised(RaisedLead, service="verification", name="standing-lead-raised"):
    """A department says something else than is known of the household: a lead, not a verdict.

    ``declared`` of the contradiction is what was known. ``lead`` numbers the leads of the
    household from 1.
    """


class StandingLeadAnswered(AnsweredLead, service="verification", name="standing-lead-answered"):
    """The household met the lead with a statement, and the office drew its conclusion.

    Where the data stand its case is reviewed; where it objects the department is asked again.
    """


class StandingLeadUpheld(UpheldLead, service="verification", name="standing-lead-upheld"):
    """The department that was asked again said the same; the case is reviewed."""


class StandingLeadCleared(ClearedLead, service="verification", name="standing-lead-cleared"):
    """What was said differently is no longer."""


class StandingLeadLeftUnanswered(
    UnansweredLead, service="verification", name="standing-lead-left-unanswered"
):
    """The last day for an answer passed; the case is reviewed without one."""


class ReviewCalledFor(Event, service="verification", name="review-called-for"):
    """What a department said of a household stands: its case is to be reviewed.

    ``concluded_by`` is who took the household's answer down, where there is one.
    """

    lead: int = Field(ge=1)
    contradiction: Contradiction
    concluded_by: UUID | None = None
