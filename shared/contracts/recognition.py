"""Events of decision about who is recognised as less than dibao, or kept in mind."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.fields import DivisionCode, Member, Programme
from shared.kernel.event import Event


class HardshipGround(StrEnum):
    """Why somebody who is not entitled is kept in mind (存在一定困难)."""

    UNSTEADY_WORK = "unsteady_work"
    ILLNESS = "illness"
    DISABILITY = "disability"
    SCHOOLING = "schooling"
    INCOME_NEAR_STANDARD = "income_near_standard"
    TEKUN_ENDED = "tekun_ended"
    CAME_OF_AGE = "came_of_age"


class HouseholdStatus(StrEnum):
    """What a household can be recognised as, beside dibao."""

    EDGE_HOUSEHOLD = "edge_household"
    RIGID_EXPENDITURE_HOUSEHOLD = "rigid_expenditure_household"


class HouseholdRecognised(Event, service="decision", name="household-recognised"):
    """The household is not entitled to dibao as a whole and is recognised as something less.

    ``valid_until`` is its last day; none where members are on dibao alone: it lasts with that.
    """

    status: HouseholdStatus
    programme: Programme
    division: DivisionCode
    applicant: UUID
    members: tuple[Member, ...]
    valid_until: date | None = None


class RecognitionEndReason(StrEnum):
    """Why a household is no longer recognised."""

    VALIDITY_OVER = "validity_over"
    CASE_ENDED = "case_ended"
    NO_LONGER_QUALIFIES = "no_longer_qualifies"


class RecognitionEnded(Event, service="decision", name="recognition-ended"):
    """A household is no longer recognised; ``since`` is the first day on which it is not.

    It may apply anew (有效期满后重新申请).
    """

    status: HouseholdStatus
    reason: RecognitionEndReason
    since: date
    members: tuple[Member, ...] | None = None


class RecognitionWithdrawn(Event, service="decision", name="recognition-withdrawn"):
    """The refusal fell beside which a household was recognised: from ``since`` on it is not, until
    its case is decided anew.
    """

    status: HouseholdStatus
    members: tuple[Member, ...]
    since: date


class PotentialRecipientListed(Event, service="decision", name="potential-recipient-listed"):
    """A household that was refused, or aided once, is still in hardship, and is kept in mind.

    So is a person whose support as tekun has ended, or who came of age: ``programme`` is what to
    assess them for.

    An alert or a visit can reopen its case without anything being asked twice.
    """

    programme: Programme
    division: DivisionCode
    applicant: UUID
    members: tuple[Member, ...]
    hardship: Annotated[tuple[HardshipGround, ...], Field(min_length=1)]
