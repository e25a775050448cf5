"""Aids as they are listed: one document per case."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID

from pydantic import Field

from services.decision.model import AidStage
from shared.contracts.decision import (
    AidExplained,
    AidExplanationMissed,
    AidGranted,
    AidOpened,
    AidReferredToCounty,
    AidRefusalReason,
    AidRefused,
    AidTier,
)
from shared.contracts.fields import AidCause, AidPlace, DivisionCode
from shared.kernel.event import Document as EventDocument
from shared.views.port import Document, ViewSpec
from shared.views.projector import Projection
from shared.views.rows import Row


class AidRow(Row):
    """A case's aid: its stage, with whom it lies, what is due, and figures in fen."""

    case_id: UUID = Field(validation_alias="_id")
    division: DivisionCode
    stage: AidStage
    tier: AidTier
    cause: AidCause
    place: AidPlace
    persons: int
    requested_fen: int
    accepted_on: date
    pay_by: date
    explanation_missed: bool
    amount_fen: int | None = None
    granted_on: date | None = None
    explanation_due: date | None = None
    explained_on: date | None = None
    refused_on: date | None = None
    reason: AidRefusalReason | None = None


def fold(_key: str, before: Document | None, document: EventDocument[Any]) -> Document | None:
    """A case's aid: its stage, its dates, and figures in fen."""
    event = document.data
    day = document.effective_on.isoformat()
    aid = dict(before or {})
    match event:
        case AidOpened():
            return {
                "division": event.division,
                "stage": "opened",
                "tier": "township",
                "cause": event.aid.cause.value,
                "place": event.aid.place.value,
                "persons": len(event.members),
                "requested_fen": event.aid.requested_fen,
                "accepted_on": event.accepted_on.isoformat(),
                "pay_by": event.pay_by.on.isoformat(),
                "explanation_missed": False,
            }
        case AidReferredToCounty():
            return {**aid, "stage": "referred", "tier": "county"}
        case AidGranted():
            return {
                **aid,
                "stage": "granted",
                "amount_fen": event.amount_fen,
                "granted_on": day,
                "explanation_due": event.explanation_due.on.isoformat(),
            }
        case AidRefused():
            return {**aid, "stage": "refused", "refused_on": day, "reason": event.reason.value}
        case AidExplained():
            return {**aid, "stage": "explained", "explained_on": day}
        case AidExplanationMissed():
            return {**aid, "explanation_missed": True}
    return before


AIDS: Final = Projection(
    ViewSpec("aids", indexes=(("division", "stage"),)),
    (
        AidOpened,
        AidReferredToCounty,
        AidGranted,
        AidRefused,
        AidExplained,
        AidExplanationMissed,
    ),
    fold,
)
