"""A lead, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from shared.contracts.leads import (
    AnsweredLead,
    ClearedLead,
    Contradiction,
    LeadResponse,
    LeadStanding,
    RaisedLead,
    UnansweredLead,
    UpheldLead,
)

_SAID_AND_DONE: Final = {
    LeadResponse.ACKNOWLEDGED: LeadStanding.ACKNOWLEDGED,
    LeadResponse.EXPLAINED: LeadStanding.EXPLAINED,
}
WAITING: Final = frozenset({LeadStanding.OPEN, LeadStanding.BEING_RECHECKED})
"""How a lead stands that keeps its check from being completed."""


@dataclass(frozen=True, slots=True)
class Lead:
    """A contradiction that was put to the household, and what became of it."""

    raised: RaisedLead
    answered: AnsweredLead | None = None
    rechecked: bool = False
    cleared: bool = False
    unanswered: bool = False

    @property
    def number(self) -> int:
        """Its number among those of the check, or of the household on the books."""
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


LeadEvent = RaisedLead | AnsweredLead | UpheldLead | ClearedLead | UnansweredLead


def evolve_leads(leads: tuple[Lead, ...], event: LeadEvent) -> tuple[Lead, ...]:
    """One step of the fold of a check's leads, or of those of a household on the books."""
    if isinstance(event, RaisedLead):
        return (*leads, Lead(event))
    at = event.lead - 1
    lead = leads[at]
    match event:
        case AnsweredLead():
            lead = replace(lead, answered=event)
        case UpheldLead():
            lead = replace(lead, rechecked=True)
        case ClearedLead():
            lead = replace(lead, cleared=True)
        case UnansweredLead():
            lead = replace(lead, unanswered=True)
    return (*leads[:at], lead, *leads[at + 1 :])
