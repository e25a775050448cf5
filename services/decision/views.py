"""Decision's read model: one document per case."""

from __future__ import annotations

from typing import Any, Final

from shared.contracts.decision import (
    BenefitProposed,
    CaseConfirmed,
    CaseRefused,
    DeterminationOpened,
    ObjectionRaised,
    ObjectionResolved,
    PublicityPosted,
    RefusalProposed,
    TownshipApproved,
)
from shared.kernel.event import Document as EventDocument
from shared.views.port import Document, ViewSpec
from shared.views.projector import Projection


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
