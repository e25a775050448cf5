"""What officials still owe, as it is listed: notices, reviews, answers to appeals."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from pydantic import Field

from shared.contracts.appeals import (
    AppealFiled,
    AppealKind,
    AppealOrgan,
    AppealReplied,
    AppealReplyMissed,
    AppealRuled,
    AppealRuling,
    AppealRulingCarriedOut,
    AppealSuspensionOrdered,
)
from shared.contracts.decision import CaseEnded
from shared.contracts.fields import DivisionCode
from shared.contracts.notices import (
    NoticeDeadlineMissed,
    NoticeOwed,
    NoticeServed,
    NoticeSubject,
    ServiceManner,
)
from shared.contracts.reviews import (
    HouseholdKind,
    ReviewConcluded,
    ReviewDeadlineMissed,
    ReviewExtended,
    ReviewOpened,
    ReviewOutcome,
    ReviewScheduled,
)
from shared.kernel.event import Document as EventDocument
from shared.views.port import Document, ViewSpec
from shared.views.projector import Projection
from shared.views.rows import Row


class NoticeRow(Row):
    """A notice: until when it is owed, whether it was served, and whether its last day passed."""

    notice_id: UUID = Field(validation_alias="_id")
    case_id: UUID
    division: DivisionCode
    subject: NoticeSubject
    decided_on: date
    due_on: date
    served: bool
    missed: bool
    manner: ServiceManner | None = None
    served_on: date | None = None
    counts_on: date | None = None


class ReviewStage(StrEnum):
    """How far a household's review is: ahead, to be done, or done with none after it."""

    SCHEDULED = "scheduled"
    OPEN = "open"
    CONCLUDED = "concluded"


class ReviewRow(Row):
    """A case's review: when it opens, by when it is done, whether its last day passed."""

    case_id: UUID = Field(validation_alias="_id")
    review_id: UUID
    division: DivisionCode
    stage: ReviewStage
    household: HouseholdKind
    opens_on: date
    due_on: date
    overdue: bool
    extended: bool
    last_outcome: ReviewOutcome | None = None
    last_concluded_on: date | None = None


class AppealRow(Row):
    """An appeal or petition: by when it is answered, whether it is open, and what was ruled."""

    appeal_stream: UUID = Field(validation_alias="_id")
    case_id: UUID
    appeal_id: UUID
    division: DivisionCode
    kind: AppealKind
    organ: AppealOrgan
    subject: NoticeSubject
    filed_on: date
    in_time: bool
    reply_by: date | None = None
    replied_on: date | None = None
    reply_owed: bool
    reply_missed: bool
    suspended: bool
    open: bool
    ruling: AppealRuling | None = None
    ruled_on: date | None = None
    carried_out: bool


def _of_notice(document: EventDocument[Any]) -> list[str]:
    return [str(document.data.notice_id)]


def _of_appeal(document: EventDocument[Any]) -> list[str]:
    return [str(document.stream)]


def fold_notice(
    _key: str, before: Document | None, document: EventDocument[Any]
) -> Document | None:
    """A notice, from the day on which it came to be owed."""
    event = document.data
    match event:
        case NoticeOwed():
            return {
                "case_id": str(document.subject),
                "division": event.division,
                "subject": event.subject.value,
                "decided_on": event.decided_on.isoformat(),
                "due_on": event.due.on.isoformat(),
                "served": False,
                "missed": False,
            }
        case NoticeServed() if before is not None:
            return {
                **before,
                "served": True,
                "manner": event.manner.value,
                "served_on": event.served_on.isoformat(),
                "counts_on": event.counts_on.isoformat(),
            }
        case NoticeDeadlineMissed() if before is not None:
            return {**before, "missed": True}
    return before


def _unscheduled(event: ReviewOpened, division: str) -> Document:
    """The review of a household that has none scheduled."""
    return {
        "review_id": str(event.review_id),
        "division": division,
        "household": HouseholdKind.UNKNOWN.value,
        "opens_on": event.opened_on.isoformat(),
        "overdue": False,
        "extended": False,
    }


def fold_review(
    _key: str, before: Document | None, document: EventDocument[Any]
) -> Document | None:
    """A case's review that is ahead or to be done; none once the case has ended."""
    event = document.data
    known = before or {}
    match event:
        case ReviewScheduled():
            last: Document = {name: known[name] for name in _LAST if name in known}
            return {
                **last,
                "review_id": str(event.review_id),
                "division": event.division,
                "stage": ReviewStage.SCHEDULED.value,
                "household": event.household.value,
                "opens_on": event.opens_on.isoformat(),
                "due_on": event.due_on.isoformat(),
                "overdue": False,
                "extended": False,
            }
        case ReviewOpened() if before is not None or event.division is not None:
            due = event.due_on.isoformat()
            anew = {} if event.division is None else _unscheduled(event, event.division)
            return {**known, **anew, "stage": ReviewStage.OPEN.value, "due_on": due}
        case ReviewExtended() if before is not None:
            due = event.due_on.isoformat()
            return {**before, "due_on": due, "extended": True, "overdue": False}
        case ReviewDeadlineMissed() if before is not None:
            return {**before, "overdue": True}
        case ReviewConcluded() if before is not None:
            return {
                **before,
                "stage": ReviewStage.CONCLUDED.value,
                "overdue": False,
                "last_outcome": event.outcome.value,
                "last_concluded_on": document.effective_on.isoformat(),
            }
        case CaseEnded():
            return None
    return before


def fold_appeal(
    _key: str, before: Document | None, document: EventDocument[Any]
) -> Document | None:
    """An appeal, from its filing to what was done about its ruling."""
    event = document.data
    match event:
        case AppealFiled():
            return {
                "case_id": str(document.subject),
                "appeal_id": str(event.appeal_id),
                "division": event.division,
                "kind": event.kind.value,
                "organ": event.organ.value,
                "subject": event.subject.value,
                "filed_on": event.filed_on.isoformat(),
                "in_time": event.in_time,
                "reply_by": event.reply_by.isoformat() if event.reply_by else None,
                "reply_owed": True,
                "reply_missed": False,
                "suspended": False,
                "open": True,
                "carried_out": False,
            }
        case AppealReplied() if before is not None:
            return {**before, "reply_owed": False, "replied_on": event.replied_on.isoformat()}
        case AppealReplyMissed() if before is not None:
            return {**before, "reply_missed": True}
        case AppealSuspensionOrdered() if before is not None:
            return {**before, "suspended": True}
        case AppealRuled() if before is not None:
            return {
                **before,
                "open": False,
                "reply_owed": False,
                "ruling": event.ruling.value,
                "ruled_on": event.ruled_on.isoformat(),
            }
        case AppealRulingCarriedOut() if before is not None:
            return {**before, "carried_out": True}
    return before


_LAST: Final = ("last_outcome", "last_concluded_on")
NOTICE_LIST: Final = Projection(
    ViewSpec("notices", indexes=(("division", "served", "due_on"), ("missed",), ("subject",))),
    (NoticeOwed, NoticeServed, NoticeDeadlineMissed),
    fold_notice,
    _of_notice,
)
REVIEW_LIST: Final = Projection(
    ViewSpec("reviews", indexes=(("division", "stage", "due_on"), ("overdue",))),
    (
        ReviewScheduled,
        ReviewOpened,
        ReviewExtended,
        ReviewDeadlineMissed,
        ReviewConcluded,
        CaseEnded,
    ),
    fold_review,
)
APPEAL_LIST: Final = Projection(
    ViewSpec("appeals", indexes=(("division", "open", "reply_by"), ("kind",), ("reply_owed",))),
    (
        AppealFiled,
        AppealReplied,
        AppealReplyMissed,
        AppealSuspensionOrdered,
        AppealRuled,
        AppealRulingCarriedOut,
    ),
    fold_appeal,
    _of_appeal,
)
