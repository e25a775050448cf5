"""Lists of what officials owe: notices to serve, reviews to do, appeals to answer."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid5

from services.decision.model import appeal_of, notices_of, reviews_of
from services.decision.views import AppealRow, NoticeRow, ReviewRow, ReviewStage
from services.decision.views.obligations import (
    APPEAL_LIST,
    NOTICE_LIST,
    REVIEW_LIST,
)
from shared.contracts.appeals import (
    AppealKind,
    AppealReplied,
    AppealReplyMissed,
    AppealRulingCarriedOut,
)
from shared.contracts.decision import CaseEnded, EndReason
from shared.contracts.fields import Programme
from shared.contracts.notices import NoticeDeadlineMissed, NoticeServed, ServiceManner
from shared.contracts.reviews import (
    HouseholdKind,
    ReviewConcluded,
    ReviewDeadlineMissed,
    ReviewExtended,
    ReviewManner,
    ReviewOpened,
    ReviewOutcome,
    ReviewScheduled,
)
from shared.kernel.decider import Stream
from shared.kernel.event import Event
from shared.views.projector import Projection
from tests.decision.appeals import APPEAL_ID, filed, ruled
from tests.decision.household import FOUR, OTHER, PROPOSER
from tests.decision.test_notices import NOTICE, due, owed
from tests.documents import document
from tests.verification.household import APPLICANT, CASE, FUJIAN, note

ON = date(2020, 5, 4)
REVIEW = uuid5(CASE, "review")


def folded(projection: Projection, stream: Stream, *events: Event) -> list[dict[str, Any]]:
    """The one document after each event, with its key."""
    rows: list[dict[str, Any]] = []
    before: Any = None
    for event in events:
        told = document(event, case_id=CASE, on=ON).model_copy(
            update={"stream": stream.id("fj", "decision")}
        )
        (key,) = projection.keys(told)
        before = projection.fold(key, before, told)
        rows.append({} if before is None else {"_id": key, **before})
    return rows


def test_a_notice_is_owed_then_missed_then_served() -> None:
    served = NoticeServed(
        notice_id=NOTICE,
        server=PROPOSER,
        manner=ServiceManner.IN_PERSON,
        served_on=ON,
        counts_on=ON,
        recipient=APPLICANT,
        reconsideration_until=date(2020, 7, 3),
        court_until=date(2020, 11, 4),
        proof=note("receipt"),
    )
    missed = NoticeDeadlineMissed(notice_id=NOTICE, due=due(date(2020, 5, 1)))
    rows = folded(NOTICE_LIST, notices_of(CASE), owed(), missed, served)
    found = [NoticeRow.model_validate(row) for row in rows]
    assert [(r.served, r.missed) for r in found] == [(False, False), (False, True), (True, True)]
    assert {(r.case_id, r.division, r.due_on) for r in found} == {(CASE, FUJIAN, date(2020, 5, 1))}
    assert found[-1].served_on == ON
    assert "receipt" not in str(rows)


SCHEDULED = ReviewScheduled(
    review_id=REVIEW,
    division=FUJIAN,
    household=HouseholdKind.STABLE,
    since_on=date(2019, 5, 20),
    interval_months=12,
    opens_on=ON,
    due_on=date(2020, 5, 19),
    parameters=(),
)


def test_a_review_is_ahead_open_overdue_extended_and_done() -> None:
    moved = date(2020, 6, 19)
    concluded = ReviewConcluded(
        review_id=REVIEW,
        reviewer=OTHER,
        manner=ReviewManner.PHONE,
        outcome=ReviewOutcome.NO_CHANGE,
        household=HouseholdKind.STABLE,
        findings=note("findings"),
    )
    after = SCHEDULED.model_copy(
        update={"review_id": uuid5(REVIEW, "next"), "due_on": date(2021, 5, 19)}
    )
    ended = CaseEnded(
        programme=Programme.DIBAO, division=FUJIAN, members=FOUR, reason=EndReason.STOPPED
    )
    *rows, gone = folded(
        REVIEW_LIST,
        reviews_of(CASE),
        SCHEDULED,
        ReviewOpened(review_id=REVIEW, opened_on=ON, due_on=date(2020, 5, 19)),
        ReviewDeadlineMissed(review_id=REVIEW, due_on=date(2020, 5, 19)),
        ReviewExtended(review_id=REVIEW, decider=OTHER, due_on=moved, grounds=note("grounds")),
        concluded,
        after,
        ended,
    )
    found = [ReviewRow.model_validate(row) for row in rows]
    assert [(r.stage, r.overdue, r.due_on) for r in found] == [
        (ReviewStage.SCHEDULED, False, date(2020, 5, 19)),
        (ReviewStage.OPEN, False, date(2020, 5, 19)),
        (ReviewStage.OPEN, True, date(2020, 5, 19)),
        (ReviewStage.OPEN, False, moved),
        (ReviewStage.CONCLUDED, False, moved),
        (ReviewStage.SCHEDULED, False, date(2021, 5, 19)),
    ]
    assert (found[-1].last_outcome, found[-1].extended) == (ReviewOutcome.NO_CHANGE, False)
    assert gone == {}


def test_an_appeal_is_open_answered_late_ruled_and_carried_out() -> None:
    replied = AppealReplied(
        appeal_id=APPEAL_ID, replier=OTHER, replied_on=ON, evidence=(), reply=note("reply")
    )
    rows = folded(
        APPEAL_LIST,
        appeal_of(CASE, APPEAL_ID),
        filed(kind=AppealKind.PETITION),
        AppealReplyMissed(appeal_id=APPEAL_ID, reply_by=date(2020, 7, 10)),
        replied,
        ruled(),
        AppealRulingCarriedOut(appeal_id=APPEAL_ID, restorer=OTHER),
    )
    found = [AppealRow.model_validate(row) for row in rows]
    assert [(r.open, r.reply_owed, r.reply_missed, r.carried_out) for r in found] == [
        (True, True, False, False),
        (True, True, True, False),
        (True, False, True, False),
        (False, False, True, False),
        (False, False, True, True),
    ]
    assert {(r.case_id, r.appeal_id, r.kind) for r in found} == {
        (CASE, APPEAL_ID, AppealKind.PETITION)
    }
