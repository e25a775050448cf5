"""Reviews that open before their time: by what was found, or by what has run out."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid5

from services.decision.decisions.command import Command
from services.decision.model import IN_BENEFIT, Determination, Reviews, reviews_of
from services.decision.rules import residence as permits
from services.decision.rules.entitlement import regime_on
from shared.contracts.reviews import ReviewOccasion, ReviewOpened
from shared.kernel.decider import Decision, Fact, Moment


class OpenReviewOfLead(Command):
    """What a department said of a household stands; ``dead`` where it said that somebody died."""

    case_id: UUID
    lead: int
    dead: bool
    concluded_by: UUID | None = None


def open_review_of_lead(
    case: Determination, reviews: Reviews, command: OpenReviewOfLead, at: Moment
) -> Decision:
    """Review a household about which a periodic check found something that stands.

    Who is reviewed from time to time is reviewed now, at the latest when it would have been; who is
    not (a recognised household, a tekun person) is so for this. An open review looks into it as it
    is. A recognition that runs out before is looked into while it lasts. Of a death the review has
    the change reported, which is then followed in its own time.
    Source: 陕民发〔2022〕23号, 2(4).2; 民发〔2022〕83号, 1(3).
    """
    if reviews.open is not None or case.account is None:
        return []
    regime = regime_on(case.account, at.date, at)
    occasion = ReviewOccasion.RECORDED_DEAD if command.dead else ReviewOccasion.PERIODIC_CHECK
    scheduled = early_review(case, reviews, command.case_id, occasion, at)
    if scheduled:
        event = scheduled[0].event.model_copy(update={"concluded_by": command.concluded_by})
        return [Fact(event, reviews_of(command.case_id), policy=regime.version)]
    recognised = case.recognised if case.recognition_ended is None else None
    if case.stage not in IN_BENEFIT and recognised is None:
        return []
    due_on = at.date + timedelta(days=regime.whole("review_opens_days_before"))
    until = recognised.valid_until if recognised is not None else None
    opened = ReviewOpened(
        review_id=uuid5(command.case_id, f"review/lead/{command.lead}"),
        opened_on=at.date,
        due_on=due_on if until is None else min(due_on, until),
        occasion=occasion,
        division=case.account.division,
        concluded_by=command.concluded_by,
    )
    return [Fact(opened, reviews_of(command.case_id), policy=regime.version)]


def early_review(
    case: Determination, reviews: Reviews, case_id: UUID, occasion: ReviewOccasion, at: Moment
) -> list[Fact]:
    """The scheduled review, opened now; nothing where one is open already, or none is ahead."""
    scheduled = reviews.scheduled
    if case.stage not in IN_BENEFIT or scheduled is None or reviews.open is not None:
        return []
    if any(one.review_id == scheduled.review_id for one in reviews.concluded):
        return []
    regime = regime_on(case.known_account(), at.date, at)
    opened = ReviewOpened(
        review_id=scheduled.review_id,
        opened_on=at.date,
        due_on=permits.review_due(at.date, scheduled.due_on, regime),
        occasion=occasion,
    )
    return [Fact(opened, reviews_of(case_id), policy=regime.version)]
