"""Reviews of a confirmed household: shown, extended, concluded."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from services.decision import decisions
from services.decision.api.access import (
    ClerkOrOfficer,
    Decider,
    Determinations,
    Read,
    Wire,
    submit_by_standards,
)
from services.decision.model import Reviews, reviews_of
from shared.access.persons import NoteText
from shared.contracts.reviews import (
    FamilyMeans,
    HouseholdKind,
    ReviewConcluded,
    ReviewExtended,
    ReviewManner,
    ReviewOpened,
    ReviewOutcome,
    ReviewScheduled,
)
from shared.web.commands import Receipt
from shared.web.idempotency import Idempotent


class Conclusion(Wire):
    """What a review came to; the change that was reported, if one was.

    ``family`` is the whole household's means, where the waiver of its check is over and nobody has
    looked into them since.
    """

    manner: ReviewManner
    outcome: ReviewOutcome
    household: HouseholdKind
    change_id: UUID | None = None
    family: FamilyMeans | None = None
    findings: Annotated[NoteText, Field(repr=False)]


class Extension(Wire):
    """Until when a review may be done, and which emergency moves it."""

    due_on: date
    grounds: Annotated[NoteText, Field(repr=False)]


class OpenReviewAnswer(Wire):
    """The review that is to be done."""

    opened: ReviewOpened
    extended: ReviewExtended | None
    missed: bool


class ReviewsAnswer(Wire):
    """A household's reviews; ``scheduled`` is the last that was, open and done ones included."""

    applicant: UUID
    scheduled: ReviewScheduled | None
    open: OpenReviewAnswer | None
    concluded: tuple[ReviewConcluded, ...]


def router(cases: Determinations) -> APIRouter:
    """The routes of reviews."""
    router = APIRouter(prefix="/cases/{case_id}/reviews", tags=["定期复核 / Reviews"])

    @router.get("", summary="复核情况 / Reviews")
    async def reviews(case_id: UUID, grant: Read) -> ReviewsAnswer:
        case = await cases.read(case_id, grant)
        found: Reviews = (await cases.service.read(reviews_of(case_id))).state
        review = found.open
        return ReviewsAnswer(
            applicant=case.opening.applicant,
            scheduled=found.scheduled,
            open=review
            and OpenReviewAnswer(
                opened=review.opened, extended=review.extended, missed=review.missed
            ),
            concluded=found.concluded,
        )

    @router.post("/{review_id}/extension", summary="延长复核期限 / Extend a review")
    async def extend(
        case_id: UUID,
        review_id: UUID,
        body: Extension,
        grant: Decider,
        key: Idempotent,
        response: Response,
    ) -> Receipt:
        case = await cases.take(case_id, grant, key, response)
        command = decisions.ExtendReview(
            case_id=case_id,
            review_id=review_id,
            actor=grant.caller.id,
            role=grant.caller.role.value,
            due_on=body.due_on,
            grounds=await case.put_note(body.grounds),
        )
        return await case.submit(decisions.extend_review, command, beside=(reviews_of(case_id),))

    @router.post("/{review_id}/conclusion", status_code=201, summary="复核结论 / Conclude a review")
    async def conclude(
        case_id: UUID,
        review_id: UUID,
        body: Conclusion,
        grant: ClerkOrOfficer,
        key: Idempotent,
        response: Response,
    ) -> Receipt:
        case = await cases.take(case_id, grant, key, response)
        command = decisions.ConcludeReview(
            case_id=case_id,
            review_id=review_id,
            reviewer=grant.caller.id,
            **dict(body) | {"findings": await case.put_note(body.findings)},
        )
        beside = (reviews_of(case_id),)
        return await submit_by_standards(case, decisions.conclude_review, command, beside=beside)

    return router
