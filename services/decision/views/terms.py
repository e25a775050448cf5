"""Cases that are to be decided by a last day, for whoever has to decide them in time."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID

from pydantic import Field

from shared.contracts.decision import CaseConfirmed, CaseRefused
from shared.contracts.decision_terms import (
    DecisionMissed,
    DecisionOwed,
    DecisionTermExtended,
    ExtensionReason,
)
from shared.contracts.fields import DivisionCode, Programme
from shared.kernel.event import Document as EventDocument
from shared.views.port import Document, ViewSpec
from shared.views.projector import Projection
from shared.views.rows import Row


class DecisionTermRow(Row):
    """A case from its acceptance: by when it is to be decided, and when it was.

    ``extended`` is why it has the days of a special case; ``missed`` that its last day passed.
    """

    case_id: UUID = Field(validation_alias="_id")
    division: DivisionCode
    programme: Programme
    accepted_on: date
    due_on: date
    provisional: bool
    open: bool
    missed: bool
    extended: ExtensionReason | None = None
    decided_on: date | None = None


def fold(_key: str, before: Document | None, document: EventDocument[Any]) -> Document | None:
    """A case's last day, from its acceptance to its decision."""
    event = document.data
    if isinstance(event, DecisionOwed):
        return {
            "division": event.division,
            "programme": event.programme.value,
            "accepted_on": event.accepted_on.isoformat(),
            "due_on": event.due.on.isoformat(),
            "provisional": event.due.provisional,
            "open": True,
            "missed": False,
        }
    if before is None:
        return None
    match event:
        case DecisionTermExtended():
            due = {"due_on": event.due.on.isoformat(), "provisional": event.due.provisional}
            return {**before, **due, "missed": False, "extended": event.reason.value}
        case DecisionMissed():
            return {**before, "missed": True}
        case CaseConfirmed() | CaseRefused() if before["open"]:
            return {**before, "open": False, "decided_on": document.effective_on.isoformat()}
    return before


DECISION_TERMS: Final = Projection(
    ViewSpec("decision_terms", indexes=(("division", "open", "due_on"), ("missed",))),
    (DecisionOwed, DecisionTermExtended, DecisionMissed, CaseConfirmed, CaseRefused),
    fold,
)
