"""Determinations as they are listed: one document per case."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID

from pydantic import Field

from services.decision.model import Stage
from shared.calendar import Month
from shared.contracts.aid import AidUnderWay
from shared.contracts.appeals import DecisionRevoked, HouseholdReinstated
from shared.contracts.changes import (
    AmountChanged,
    BenefitStopped,
    ChangeReported,
    HouseholdChanged,
    ManualReviewOpened,
    PhaseOutStarted,
)
from shared.contracts.decision import (
    BenefitProposed,
    CaseConfirmed,
    CaseEnded,
    CaseRefused,
    DeterminationOpened,
    EndReason,
    RefusalProposed,
    RefusalReason,
    TownshipApproved,
)
from shared.contracts.fields import DivisionCode, Programme
from shared.contracts.publicity import (
    ObjectionRaised,
    ObjectionResolved,
    PublicityPosted,
    ResurveyOrdered,
)
from shared.contracts.reviews import ReviewConcluded
from shared.contracts.standards import (
    AmountRedetermined,
    StandardReviewOpened,
    StandardReviewReason,
)
from shared.kernel.event import Document as EventDocument
from shared.views.port import Document, ViewSpec
from shared.views.projector import Projection
from shared.views.rows import Row


class DeterminationRow(Row):
    """A case's determination: its stage, dates, and figures in fen a month.

    ``open_change`` is since when a reported change waits, ``last_month`` the last one paid,
    ``standard_review`` why a changed standard was not simply applied. ``family_check_owed``
    is whether the family's check was waived and its means are still to be looked into.
    """

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
    open_change: date | None = None
    under_review: bool | None = None
    standard_review: StandardReviewReason | None = None
    last_month: Month | None = None
    ended_on: date | None = None
    end_reason: EndReason | None = None
    family_check_owed: bool = False


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
                "family_check_owed": event.waiver is not None,
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
        case ResurveyOrdered():
            return {**case, "stage": "resurvey"}
        case ObjectionResolved():
            return {**case, "open_objections": case["open_objections"] - 1}
        case TownshipApproved():
            due_on = event.decision_due.on.isoformat()
            return {**case, "stage": "approved", "approved_on": day, "decision_due": due_on}
        case AidUnderWay():
            return {**case, "stage": "aid_under_way"}
        case CaseConfirmed():
            pay_from = str(event.pay_from)
            case |= {"ended_on": None, "end_reason": None}
            return {**case, "stage": "confirmed", "confirmed_on": day, "pay_from": pay_from}
        case CaseRefused():
            return {
                **case,
                "stage": "refused",
                "refused_on": day,
                "reason": event.reason.value,
                "notice_due": event.notice_due.on.isoformat(),
            }
    return _fold_confirmed(case, event, day) or before


def _fold_confirmed(case: Document, event: Any, day: str) -> Document | None:
    match event:
        case ChangeReported():
            return {**case, "open_change": day, "under_review": False}
        case ManualReviewOpened():
            return {**case, "under_review": True}
        case AmountChanged():
            case |= {"amount_fen": event.amount_fen, "last_month": None}
            return {**case, **_redetermined(event), "stage": "confirmed"}
        case AmountRedetermined(last_month=Month()):
            return case
        case AmountRedetermined():
            amounts = {"amount_fen": event.amount_fen, "standard_fen": event.standard_fen}
            return {**case, **amounts, "standard_review": None}
        case StandardReviewOpened():
            return {**case, "standard_review": event.reason.value}
        case PhaseOutStarted():
            case |= {"amount_fen": event.amount_fen, "last_month": str(event.last_month)}
            return {**case, **_redetermined(event), "stage": "phasing_out"}
        case BenefitStopped():
            last_month = str(event.last_month)
            return {**case, **_redetermined(event), "last_month": last_month, "stage": "stopped"}
        case HouseholdChanged() | HouseholdReinstated():
            return {**case, "persons": len(event.members)}
        case ReviewConcluded() if event.family is not None:
            return {**case, "family_check_owed": False}
        case DecisionRevoked() if event.change_id is None:
            as_it_came = {name: case[name] for name in _OF_ACCOUNT}
            return {**as_it_came, "stage": "opened", "open_objections": 0}
        case CaseEnded() if case:  # of an aid otherwise
            ended = {"ended_on": day, "end_reason": event.reason.value, "open_change": None}
            return {**case, **ended, "stage": "ended"}
    return None


_OF_ACCOUNT: Final = (
    "division",
    "programme",
    "persons",
    "counted_income_fen",
    "opened_on",
    "family_check_owed",
)
"""What a case has from its account: all that is left of it where a refusal fell."""


def _redetermined(event: AmountChanged | PhaseOutStarted | BenefitStopped) -> Document:
    return {
        "counted_income_fen": event.counted_income_fen,
        "standard_fen": event.standard_fen,
        "open_change": None,
        "under_review": None,
        "standard_review": None,
    }


DETERMINATIONS: Final = Projection(
    ViewSpec(
        "determinations",
        indexes=(("division", "stage"), ("programme",), ("family_check_owed",)),
        version=2,
    ),
    (
        DeterminationOpened,
        BenefitProposed,
        RefusalProposed,
        PublicityPosted,
        ObjectionRaised,
        ObjectionResolved,
        ResurveyOrdered,
        TownshipApproved,
        CaseConfirmed,
        CaseRefused,
        ChangeReported,
        ManualReviewOpened,
        AmountChanged,
        AmountRedetermined,
        StandardReviewOpened,
        PhaseOutStarted,
        BenefitStopped,
        AidUnderWay,
        CaseEnded,
        HouseholdChanged,
        HouseholdReinstated,
        DecisionRevoked,
        ReviewConcluded,
    ),
    fold,
)
