"""Decision's read model: one document per case."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID

from pydantic import Field

from services.decision.model import Stage
from shared.calendar import Month
from shared.contracts.decision import (
    BenefitProposed,
    CaseConfirmed,
    CaseRefused,
    DeterminationOpened,
    ObjectionRaised,
    ObjectionResolved,
    PublicityPosted,
    RefusalProposed,
    RefusalReason,
    TownshipApproved,
)
from shared.contracts.fields import DivisionCode, Programme
from shared.kernel.event import Document as EventDocument
from shared.views.port import Document, ViewSpec
from shared.views.projector import Projection
from shared.views.rows import Row


class DeterminationRow(Row):
    """A case's determination: its stage, dates, and figures in fen a month."""

    case_id: UUID = Field(validation_alias="_id")
    division: DivisionCode
    programme: Programme
    stage: Stage
    persons: int
    counted_income_fen: int
    opened_on: date
    open_objections: int
    standard_fen: int | None = None
    amount_fen: int | None = None
    reason: RefusalReason | None = None
    proposed_on: date | None = None
    first_publicity_until: date | None = None
    second_publicity_until: date | None = None
    approved_on: date | None = None
    decision_due: date | None = None
    confirmed_on: date | None = None
    pay_from: Month | None = None
    refused_on: date | None = None
    notice_due: date | None = None


def fold(_key: str, before: Document | None, document: EventDocument[Any]) -> Document | None:
    """A case's determination: its stage, figures in fen, open objections, and dates."""
    event = document.data
    day = document.effective_on.isoformat()
    case = dict(before or {})
    match event:
        case DeterminationOpened():
            return {
                "division": event.division,
                "programme": event.programme.value,
                "stage": "opened",
                "persons": len(event.members),
                "counted_income_fen": event.counted_income_fen,
                "opened_on": day,
                "open_objections": 0,
            }
        case BenefitProposed():
            amounts = {"amount_fen": event.amount_fen, "standard_fen": event.standard_fen}
            return {**case, **amounts, "stage": "proposed", "proposed_on": day}
        case RefusalProposed():
            return {**case, "stage": "proposed", "reason": event.reason.value, "proposed_on": day}
        case PublicityPosted():
            return {**case, f"{event.round}_publicity_until": event.until_on.isoformat()}
        case ObjectionRaised():
            return {**case, "open_objections": case["open_objections"] + 1}
        case ObjectionResolved():
            return {**case, "open_objections": case["open_objections"] - 1}
        case TownshipApproved():
            due_on = event.decision_due.on.isoformat()
            return {**case, "stage": "approved", "approved_on": day, "decision_due": due_on}
        case CaseConfirmed():
            pay_from = str(event.pay_from)
            return {**case, "stage": "confirmed", "confirmed_on": day, "pay_from": pay_from}
        case CaseRefused():
            return {
                **case,
                "stage": "refused",
                "refused_on": day,
                "reason": event.reason.value,
                "notice_due": event.notice_due.on.isoformat(),
            }
    return before


DETERMINATIONS: Final = Projection(
    ViewSpec("determinations", indexes=(("division", "stage"), ("programme",))),
    (
        DeterminationOpened,
        BenefitProposed,
        RefusalProposed,
        PublicityPosted,
        ObjectionRaised,
        ObjectionResolved,
        TownshipApproved,
        CaseConfirmed,
        CaseRefused,
    ),
    fold,
)
PROJECTIONS: Final = (DETERMINATIONS,)
