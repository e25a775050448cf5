"""Events of decision about what a person is supported by, and the two disability subsidies.

In a stream of each person's own. They say what the house knows: on what it rests that a person is
entitled to a subsidy for disabled people, when that ends, and who is entitled and receives nothing.
"""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from shared.calendar import Month
from shared.contracts.changes import StopReason
from shared.contracts.circumstances import Disability
from shared.contracts.fields import DivisionCode, Programme
from shared.kernel.event import Event


class Support(StrEnum):
    """What a person has by a case: a programme, or the recognition of their household.

    ``CHILD_ALLOWANCE`` is that paid whole.
    """

    DIBAO = "dibao"
    TEKUN = "tekun"
    CHILD_ALLOWANCE = "child_allowance"
    EDGE_HOUSEHOLD = "edge_household"
    RIGID_EXPENDITURE_HOUSEHOLD = "rigid_expenditure_household"
    DISABILITY_LIVING_SUBSIDY = "disability_living_subsidy"
    DISABILITY_CARE_SUBSIDY = "disability_care_subsidy"


class SupportBegun(Event, service="decision", name="support-begun"):
    """A person has support by a case from a month on; ``disability`` is what that case knows."""

    person_id: UUID
    case_id: UUID
    division: DivisionCode
    support: Support
    since: Month
    disability: Disability | None = None


class SupportOver(Event, service="decision", name="support-over"):
    """A person has support by a case up to ``last_month``; ``died_in`` where they died."""

    person_id: UUID
    case_id: UUID
    support: Support
    last_month: Month
    died_in: Month | None = None


class SupportRestored(Event, service="decision", name="support-restored"):
    """A person's support by a case was never over, nor did they die: what said so fell."""

    person_id: UUID
    case_id: UUID
    support: Support


class SubsidyEndOwed(Event, service="decision", name="subsidy-end-owed"):
    """What a subsidy rested on is over, or what it is not paid beside has begun.

    It is to be stopped with ``last_month``; nobody has to notice it.
    """

    person_id: UUID
    case_id: UUID
    division: DivisionCode
    programme: Programme
    reason: StopReason
    last_month: Month


class SubsidyLeadOpened(Event, service="decision", name="subsidy-lead-opened"):
    """By what the house knows a person is entitled to a subsidy and does not receive it.

    They are to be offered it (应补尽补); ``case_id`` is the case by which it is known.
    """

    person_id: UUID
    case_id: UUID
    division: DivisionCode
    programme: Programme
    since: Month


class SubsidyLeadEnd(StrEnum):
    """Why somebody need not be offered a subsidy any more."""

    RECEIVES_IT = "receives_it"
    REFUSED = "refused"
    GIVEN_UP = "given_up"
    NO_LONGER_ENTITLED = "no_longer_entitled"


class SubsidyLeadClosed(Event, service="decision", name="subsidy-lead-closed"):
    """A person is not to be offered a subsidy, or no longer.

    Who was refused it, or gave it up, is not until something else begins.
    """

    person_id: UUID
    programme: Programme
    reason: SubsidyLeadEnd
