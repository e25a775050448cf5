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

    ``open_change`` is since when a reported change waits, ``open_change_id`` which of the
    ``reported_changes``; ``last_month`` the last one paid, ``standard_review`` why a changed
    standard was not simply applied. ``family_check_owed``
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
    open_change_id: UUID | None = None
    reported_changes: tuple[UUID, ...] = ()
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
            due = event.decision_due
            moved = {} if due is None else {"decision_due": due.on.isoformat()}
            return {**case, "open_objections": case["open_objections"] + 1, **moved}
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
            known = [*case.get("reported_changes", ()), str(event.change_id)]
            return {**case, **_waits(event.change_id, day), "reported_changes": known}
        case ManualReviewOpened():
            return {**case, "under_review": True}
        case AmountRedetermined(last_month=Month()):
            return case
        case AmountRedetermined():
            amounts = {"amount_fen": event.amount_fen, "standard_fen": event.standard_fen}
            return {**case, **amounts, "standard_review": None}
        case StandardReviewOpened():
            return {**case, "standard_review": event.reason.value}
        case HouseholdReinstated():
            return {**case, "persons": len(event.members)}
        case ReviewConcluded() if event.family is not None:
            return {**case, "family_check_owed": False}
        case DecisionRevoked():
            return _revoked(case, event, day)
        case CaseEnded() if case:  # of an aid otherwise
            ended = {"ended_on": day, "end_reason": event.reason.value, **_NOTHING_WAITS}
            return {**case, **ended, "stage": "ended"}
    return _fold_decided(case, event)


def _fold_decided(case: Document, event: Any) -> Document | None:
    match event:
        case AmountChanged():
            case |= {"amount_fen": event.amount_fen, "last_month": None, "stage": "confirmed"}
            return {**case, **_redetermined(case, event)}
        case PhaseOutStarted():
            case |= {"amount_fen": event.amount_fen, "last_month": str(event.last_month)}
            return {**case, **_redetermined(case, event), "stage": "phasing_out"}
        case BenefitStopped():
            case |= {"last_month": str(event.last_month), "stage": "stopped"}
            return {**case, **_redetermined(case, event)}
        case HouseholdChanged():
            return {**case, **_decided(case, event.change_id), "persons": len(event.members)}
    return None


def _revoked(case: Document, event: DecisionRevoked, day: str) -> Document:
    """A refusal leaves the case as it came; a change that is to be decided anew waits again."""
    if event.change_id is None:
        as_it_came = {name: case[name] for name in _OF_ACCOUNT}
        return {**as_it_came, "stage": "opened", "open_objections": 0}
    again = event.redo and str(event.change_id) in case.get("reported_changes", ())
    waits = _waits(event.change_id, day) if again and not case.get("open_change") else {}
    people = {} if event.members is None else {"persons": len(event.members)}
    return {**case, **waits, **people, "standard_review": None}


_OF_ACCOUNT: Final = (
    "division",
    "programme",
    "persons",
    "counted_income_fen",
    "opened_on",
    "family_check_owed",
)
"""What a case has from its account: all that is left of it where a refusal fell."""


_NOTHING_WAITS: Final[Document] = {
    "open_change": None,
    "open_change_id": None,
    "under_review": None,
}


def _waits(change_id: UUID | None, day: str) -> Document:
    return {"open_change": day, "open_change_id": str(change_id), "under_review": False}


def _decided(case: Document, change_id: UUID) -> Document:
    """If it is the open change that is decided, none waits any longer."""
    if case.get("open_change_id") != str(change_id):
        return {}
    return {**_NOTHING_WAITS, "standard_review": None}


def _redetermined(
    case: Document, event: AmountChanged | PhaseOutStarted | BenefitStopped
) -> Document:
    return {
        "counted_income_fen": event.counted_income_fen,
        "standard_fen": event.standard_fen,
        **_decided(case, event.change_id),
    }


DETERMINATIONS: Final = Projection(
    ViewSpec(
        "determinations",
        indexes=(("division", "stage"), ("programme",), ("family_check_owed",)),
        version=3,
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
