"""Reviews: scheduled by a confirmation and by each other, opened when due, concluded, missed."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid5

from services.decision.decisions.command import Command
from services.decision.model import IN_BENEFIT, Determination, Reviews, reviews_of
from services.decision.rules import hands
from services.decision.rules import reviews as rules
from services.decision.rules.entitlement import parameters_used, regime_on
from services.decision.rules.recognition import still_recognised
from shared.calendar import Month, same_day_after
from shared.contracts.fields import NoteRef, Programme
from shared.contracts.recognition import (
    HouseholdRecognised,
    RecognitionEnded,
    RecognitionEndReason,
)
from shared.contracts.reviews import (
    FamilyMeans,
    HouseholdKind,
    ReviewConcluded,
    ReviewDeadlineMissed,
    ReviewExtended,
    ReviewManner,
    ReviewOpened,
    ReviewOutcome,
    ReviewScheduled,
)
from shared.kernel.decider import Decision, Fact, Moment, Refusal


class ScheduleReview(Command):
    """A confirmed household is reviewed from time to time."""

    case_id: UUID


class OpenReviewWhenDue(Command):
    """The day has come on which the scheduled review opens."""

    case_id: UUID


class ExtendReview(Command):
    """Move a review's last day in a major emergency, in a role."""

    case_id: UUID
    review_id: UUID
    actor: UUID
    role: str
    due_on: date
    grounds: NoteRef


class ConcludeReview(Command):
    """Take down what a review came to, and how the household is now."""

    case_id: UUID
    review_id: UUID
    reviewer: UUID
    manner: ReviewManner
    outcome: ReviewOutcome
    household: HouseholdKind
    change_id: UUID | None = None
    findings: NoteRef
    family: FamilyMeans | None = None


class NoteMissedReview(Command):
    """The last day for a review is over."""


def schedule_review(
    case: Determination, reviews: Reviews, command: ScheduleReview, at: Moment
) -> Decision:
    """Schedule the first review: of a household on dibao by what the survey found of it, of a
    subsidy for disabled people in the interval that the place has.

    A case that is confirmed again after its end is reviewed from then on.
    """
    account = case.known_account()
    if account.programme.is_disability_subsidy:
        household = HouseholdKind.UNCHANGING
    elif account.programme is Programme.DIBAO:
        household = rules.household_kind(account.circumstances)
    else:
        return []
    waived_until = _waived_until(case, reviews)
    return [_scheduled(case, command.case_id, household, at.date, at, waived_until)]


def open_review(
    case: Determination, reviews: Reviews, command: OpenReviewWhenDue, at: Moment
) -> Decision:
    """Open the scheduled review, under the regime of this day.

    Where that regime has a longer interval than the one under which it was scheduled, the review
    is scheduled anew instead.
    """
    scheduled = reviews.scheduled
    if scheduled is None or reviews.open is not None or case.stage not in IN_BENEFIT:
        return []
    if any(one.review_id == scheduled.review_id for one in reviews.concluded):
        return []
    waived_until = _waived_until(case, reviews)
    anew = _scheduled(
        case, command.case_id, scheduled.household, scheduled.since_on, at, waived_until
    )
    if isinstance(anew.event, ReviewScheduled) and anew.event.opens_on > at.date:
        return [anew]
    opened = ReviewOpened(
        review_id=scheduled.review_id,
        opened_on=at.date,
        due_on=scheduled.due_on,
        without_waiver=scheduled.without_waiver,
    )
    return [Fact(opened, reviews_of(command.case_id), policy=anew.policy)]


def extend_review(
    case: Determination, reviews: Reviews, command: ExtendReview, at: Moment
) -> Decision:
    """Move an open review's last day, where its regime lets a major emergency do that."""
    review = reviews.open_review(command.review_id)
    regime = regime_on(case.known_account(), review.opened.opened_on, at)
    hands.require_deciding_role(command.role, regime)
    rules.require_extension_allowed(regime)
    if command.due_on <= review.opened.due_on:
        facts: dict[str, int | str] = {"due_on": str(review.opened.due_on)}
        raise Refusal("review-extension-not-later", facts=facts, status=422)
    extended = ReviewExtended(
        review_id=command.review_id,
        decider=command.actor,
        due_on=command.due_on,
        grounds=command.grounds,
    )
    return [Fact(extended, reviews_of(command.case_id), policy=regime.version)]


def conclude_review(
    case: Determination, reviews: Reviews, command: ConcludeReview, at: Moment
) -> Decision:
    """Conclude an open review, late or not, and schedule the next one.

    What has changed is reported as a change first, which is then decided as any other; the review
    names it. The first one that is concluded after the waiver of a family's check looks into the
    family's means. Of a household that is recognised and not in benefit its means decide.
    """
    if case.stage not in IN_BENEFIT and case.recognised is not None:
        return _of_recognised(case, case.recognised, reviews, command, at)
    case.require_in_benefit(Month.of(at.date))
    review = reviews.open_review(command.review_id)
    account = case.known_account()
    regime = regime_on(account, review.opened.opened_on, at)
    emergency = review.extended is not None
    rules.require_manner_allowed(command.manner, regime, emergency=emergency)
    named = (command.change_id is not None) == (command.outcome is ReviewOutcome.CHANGE_REPORTED)
    of_one = command.outcome is ReviewOutcome.END_PROPOSED and account.programme is Programme.DIBAO
    if not named or of_one or command.outcome is ReviewOutcome.NO_LONGER_RECOGNISED:
        raise Refusal("review-change-astray", facts={"outcome": command.outcome}, status=422)
    if command.change_id is not None:
        case.open_change(command.change_id)
    waived_until = _waived_until(case, reviews)
    owed = waived_until is not None and at.date > waived_until
    rules.require_family_means(command.family, owed=owed)
    stream = reviews_of(command.case_id)
    concluded = ReviewConcluded(
        **command.model_dump(exclude={"case_id"}),
        household_entitled=rules.household_entitled(
            case.known_account(), case.family, command.family, regime
        ),
    )
    late = _missed(reviews, at)
    done = [*(Fact(event, stream) for event in late), Fact(concluded, stream)]
    if reviews.scheduled is None:
        return done
    still_waived = None if owed else waived_until
    following = _scheduled(case, command.case_id, command.household, at.date, at, still_waived)
    return [*done, following]


def _of_recognised(
    case: Determination,
    recognised: HouseholdRecognised,
    reviews: Reviews,
    command: ConcludeReview,
    at: Moment,
) -> Decision:
    """Conclude the review of a recognised household: by what it has now it stays, or does not.

    The rules test the means; the outcome that is told has to be theirs. Who took the household's
    answer to the lead down does not end its recognition.
    """
    review = reviews.open_review(command.review_id)
    account = case.known_account()
    if case.recognition_ended is not None:
        since = case.recognition_ended.since.isoformat()
        raise Refusal("recognition-over", facts={"since": since})
    regime = regime_on(account, review.opened.opened_on, at)
    emergency = review.extended is not None
    rules.require_manner_allowed(command.manner, regime, emergency=emergency)
    if command.family is None:
        raise Refusal("recognised-means-missing", status=422)
    stays = still_recognised(account, recognised.status, command.family, regime)
    outcome = ReviewOutcome.NO_CHANGE if stays else ReviewOutcome.NO_LONGER_RECOGNISED
    if command.outcome is not outcome or command.change_id is not None:
        facts: dict[str, int | str] = {"outcome": command.outcome, "by_the_means": outcome}
        raise Refusal("review-outcome-contradicts", facts=facts, status=422)
    stream = reviews_of(command.case_id)
    late = [Fact(event, stream) for event in _missed(reviews, at)]
    concluded = Fact(
        ReviewConcluded(**command.model_dump(exclude={"case_id"})), stream, policy=regime.version
    )
    if stays:
        return [*late, concluded]
    by = review.opened.concluded_by
    hands.require_separate_hands(command.reviewer, {"lead": () if by is None else (by,)})
    ended = RecognitionEnded(
        status=recognised.status,
        reason=RecognitionEndReason.NO_LONGER_QUALIFIES,
        since=at.date,
        members=recognised.members,
    )
    return [*late, concluded, Fact(ended, policy=regime.version)]


def note_missed_review(reviews: Reviews, _command: NoteMissedReview, at: Moment) -> Decision:
    """Nobody concluded a review in time: that is recorded, once."""
    return _missed(reviews, at)


def _missed(reviews: Reviews, at: Moment) -> list[ReviewDeadlineMissed]:
    review = reviews.open
    if review is None or review.missed or at.date <= review.opened.due_on:
        return []
    opened = review.opened
    return [ReviewDeadlineMissed(review_id=opened.review_id, due_on=opened.due_on)]


def _waived_until(case: Determination, reviews: Reviews) -> date | None:
    """Until when the family's check is waived; ``None`` where it never was, or was caught up."""
    waiver = case.known_account().waiver
    caught_up = any(one.family is not None for one in reviews.concluded)
    return None if waiver is None or caught_up else waiver.until_on


def _scheduled(
    case: Determination,
    case_id: UUID,
    household: HouseholdKind,
    since_on: date,
    at: Moment,
    waived_until: date | None,
) -> Fact:
    """The next review by today's regime, counted from the confirmation or the last review.

    While a family is owed the check that was waived, it opens on the day after the waiver's last at
    the latest, and has the time that other reviews have.
    """
    regime = regime_on(case.known_account(), at.date, at)
    months = rules.interval_months(household, regime)
    due_on = same_day_after(since_on, months)
    opens_on = rules.opens_on(since_on, due_on, regime)
    without_waiver = waived_until is not None and opens_on > waived_until
    if waived_until is not None and without_waiver:
        opens_on, due_on = rules.days_after_waiver(waived_until, since_on, regime)
    scheduled = ReviewScheduled(
        review_id=uuid5(case_id, f"review/{since_on}"),
        division=case.known_account().division,
        household=household,
        since_on=since_on,
        interval_months=months,
        opens_on=opens_on,
        due_on=due_on,
        parameters=parameters_used(regime),
        without_waiver=without_waiver or None,
    )
    return Fact(scheduled, reviews_of(case_id), policy=regime.version)
