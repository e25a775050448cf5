"""What calls for a review of a household on the books, and what becomes of what was asked again."""

from __future__ import annotations

from uuid import UUID

from services.verification.model import Lead, StandingHousehold
from shared.contracts.departments import Department, DepartmentFailure
from shared.contracts.leads import LeadClearance, LeadStanding
from shared.contracts.standing_households import (
    ReviewCalledFor,
    StandingLeadCleared,
    StandingLeadUpheld,
)
from shared.kernel.event import Event


def review_called_for(
    state: StandingHousehold, lead: Lead, concluded_by: UUID | None = None
) -> list[ReviewCalledFor]:
    """A review is called for once by each lead, by whoever concluded so, now or before."""
    if lead.number in state.called:
        return []
    before = lead.answered.concluded_by if lead.answered is not None else None
    return [
        ReviewCalledFor(
            lead=lead.number,
            contradiction=lead.contradiction,
            concluded_by=concluded_by or before,
        )
    ]


def after_failure(
    state: StandingHousehold, department: Department, failure: DepartmentFailure
) -> list[Event]:
    """Nothing is concluded where a department gives no data; what it is asked again about ends.

    It contradicts nobody any more, but where only the household's word is missing: then what it
    said stands. See docs/decisions/0068.
    """
    if failure is DepartmentFailure.NOT_AUTHORISED:
        return unauthorised(state, department)
    return [
        StandingLeadCleared(lead=lead.number, by=LeadClearance.RECHECK)
        for lead in _rechecked(state)
        if lead.contradiction.department is department
    ]


def unauthorised(state: StandingHousehold, department: Department | None = None) -> list[Event]:
    """What departments were asked again about stands once nobody may be asked any more.

    Of one ``department``, or of all.
    """
    return [
        event
        for lead in _rechecked(state)
        if department in (None, lead.contradiction.department)
        for event in (StandingLeadUpheld(lead=lead.number), *review_called_for(state, lead))
    ]


def _rechecked(state: StandingHousehold) -> list[Lead]:
    return [lead for lead in state.leads if lead.standing is LeadStanding.BEING_RECHECKED]
