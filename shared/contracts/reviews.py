"""Events of decision about reviews (定期复核): scheduled, opened when due, concluded, missed."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.fields import DivisionCode, Fields, NoteRef, ParameterUsed
from shared.kernel.event import Event
from shared.money import Fen


class HouseholdKind(StrEnum):
    """How much a household's means can change, as far as a review's interval asks.

    ``UNCHANGING``: nobody is able to work. ``UNSTABLE``: somebody who is has work that comes and
    goes, or none. ``STABLE``: all others. ``UNKNOWN`` where the survey did not say.
    """

    UNCHANGING = "unchanging"
    STABLE = "stable"
    UNSTABLE = "unstable"
    UNKNOWN = "unknown"


class ReviewManner(StrEnum):
    """How a household was reviewed; without a visit only in a major emergency."""

    HOME_VISIT = "home_visit"
    PHONE = "phone"
    VIDEO = "video"


class ReviewOutcome(StrEnum):
    """What a review came to: nothing has changed, a change was reported and is decided, the end of
    one person's support was proposed, or by its means a household is recognised no longer.
    """

    NO_CHANGE = "no_change"
    CHANGE_REPORTED = "change_reported"
    END_PROPOSED = "end_proposed"
    NO_LONGER_RECOGNISED = "no_longer_recognised"


class ReviewOccasion(StrEnum):
    """Why a review was opened before its time."""

    PERMIT_EXPIRED = "permit_expired"
    PERIODIC_CHECK = "periodic_check"
    RECORDED_DEAD = "recorded_dead"


class FamilyMeans(Fields):
    """What a review found of the whole household's means, in fen; income a month, as it counts."""

    counted_income_fen: Fen
    deposits_fen: Fen
    houses: Annotated[int, Field(ge=0)]
    vehicles: Annotated[int, Field(ge=0)]


class ReviewScheduled(Event, service="decision", name="review-scheduled"):
    """The next review of a household: opened on ``opens_on``, done by ``due_on``.

    ``since_on`` is the confirmation or the last review, from which the interval runs.
    ``without_waiver``: the waiver of the family's check is over by then, and its means are owed a
    look.
    """

    review_id: UUID
    division: DivisionCode
    household: HouseholdKind
    since_on: date
    interval_months: Annotated[int, Field(ge=1)]
    opens_on: date
    due_on: date
    parameters: tuple[ParameterUsed, ...]
    without_waiver: bool | None = None


class ReviewOpened(Event, service="decision", name="review-opened"):
    """A review is to be done by ``due_on``; its regime is that of ``opened_on``.

    ``occasion`` is why it was opened before its time, if it was. ``without_waiver``: the family's
    means, which nobody looked into so far, are looked into. ``division`` is given of a household
    that has no review scheduled, ``concluded_by`` who took down what it said to the lead by which
    the review was called for.
    """

    review_id: UUID
    opened_on: date
    due_on: date
    occasion: ReviewOccasion | None = None
    without_waiver: bool | None = None
    division: DivisionCode | None = None
    concluded_by: UUID | None = None


class ReviewExtended(Event, service="decision", name="review-extended"):
    """In a major emergency a review's last day was moved."""

    review_id: UUID
    decider: UUID
    due_on: date
    grounds: NoteRef


class ReviewConcluded(Event, service="decision", name="review-concluded"):
    """A review is done: nothing has changed, or ``change_id`` was reported.

    ``family`` is what was found of the family's means after the waiver of its check, and
    ``household_entitled`` whether by that the whole household is entitled on the review's day; of
    a recognised household what it has now.
    """

    review_id: UUID
    reviewer: UUID
    manner: ReviewManner
    outcome: ReviewOutcome
    household: HouseholdKind
    change_id: UUID | None = None
    findings: NoteRef
    family: FamilyMeans | None = None
    household_entitled: bool | None = None


class ReviewDeadlineMissed(Event, service="decision", name="review-overdue"):
    """The last day passed by which a review was to be done."""

    review_id: UUID
    due_on: date
