"""Aids as they are listed: one document per case."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID

from pydantic import Field

from services.decision.model import AidStage
from services.decision.views.aid_rest import OF_THE_REST, InKindRow, StageRow, fold_grant, fold_rest
from shared.contracts.aid import (
    AidExplained,
    AidExplanationMissed,
    AidFollowedUp,
    AidFollowUpOpened,
    AidGranted,
    AidOpened,
    AidReferredToCounty,
    AidRefusalReason,
    AidRefused,
    AidTier,
    RestStoppedReason,
)
from shared.contracts.appeals import DecisionRevoked
from shared.contracts.decision import CaseRefused, RefusalReason
from shared.contracts.fields import AidCause, AidKind, AidPlace, DivisionCode, Due
from shared.kernel.event import Document as EventDocument
from shared.views.port import Document, ViewSpec
from shared.views.projector import Projection
from shared.views.rows import Row


class AidRow(Row):
    """A case's aid: its stage, with whom it lies, what is due, and figures in fen.

    ``amount_fen`` is all of the money, with the later ``stages``; ``outstanding`` whether any of
    them, or of what is given ``in_kind``, is still to come, ``undelivered`` whether of the latter.
    """

    case_id: UUID = Field(validation_alias="_id")
    division: DivisionCode
    stage: AidStage
    tier: AidTier
    kind: AidKind
    cause: AidCause
    place: AidPlace
    persons: int
    requested_fen: int
    accepted_on: date
    pay_by: date | None = None
    explanation_missed: bool
    amount_fen: int | None = None
    granted_on: date | None = None
    explanation_due: date | None = None
    explained_on: date | None = None
    refused_on: date | None = None
    reason: AidRefusalReason | RefusalReason | None = None
    follow_up_on: date | None = None
    follow_up_opened: bool = False
    followed_up_on: date | None = None
    still_in_hardship: bool | None = None
    assessed_on: date | None = None
    in_kind: tuple[InKindRow, ...] = ()
    delivery_due: date | None = None
    delivery_missed: bool = False
    stages: tuple[StageRow, ...] = ()
    rest_stopped_on: date | None = None
    rest_stopped_because: RestStoppedReason | None = None
    outstanding: bool = False
    undelivered: bool = False


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
                "kind": event.aid.kind.value,
                "cause": event.aid.cause.value,
                "place": event.aid.place.value,
                "persons": len(event.members),
                "requested_fen": event.aid.requested_fen,
                "accepted_on": event.accepted_on.isoformat(),
                "pay_by": _day(event.pay_by),
                "explanation_missed": False,
            }
        case AidReferredToCounty():
            return {**aid, "stage": "referred", "tier": "county"}
        case AidGranted():
            return {
                **aid,
                "stage": "granted",
                "tier": event.tier.value,
                "amount_fen": event.amount_fen,
                "granted_on": day,
                "pay_by": event.pay_by.on.isoformat(),
                "explanation_due": _day(event.explanation_due),
                "follow_up_on": event.follow_up_on.isoformat() if event.follow_up_on else None,
                **fold_grant(event),
            }
        case AidRefused():
            return {**aid, "stage": "refused", "refused_on": day, "reason": event.reason.value}
        case AidExplained():
            return {**aid, "stage": "explained", "explained_on": day}
        case AidExplanationMissed():
            return {**aid, "explanation_missed": True}
        case AidFollowUpOpened():
            return {**aid, "follow_up_opened": True}
        case AidFollowedUp():
            return {**aid, "followed_up_on": day, "still_in_hardship": bool(event.hardship)}
        case CaseRefused() if aid:  # of aid for expenses; of another programme otherwise
            return {**aid, "stage": "refused", "refused_on": day, "reason": event.reason.value}
        case DecisionRevoked() if aid:
            return {**aid, "stage": "opened", "refused_on": None, "reason": None}
    return fold_rest(before, document)


def _day(due: Due | None) -> str | None:
    return None if due is None else due.on.isoformat()


AIDS: Final = Projection(
    ViewSpec(
        "aids",
        indexes=(
            ("division", "stage"),
            ("division", "outstanding"),
            ("division", "delivery_missed"),
            ("division", "undelivered", "delivery_due"),
        ),
        version=2,
    ),
    (
        AidOpened,
        AidReferredToCounty,
        AidGranted,
        AidRefused,
        AidExplained,
        AidExplanationMissed,
        AidFollowUpOpened,
        AidFollowedUp,
        CaseRefused,
        DecisionRevoked,
        *OF_THE_REST,
    ),
    fold,
)
