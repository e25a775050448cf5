"""A household's reviews: the one that is scheduled or open, and those that are done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from shared.contracts.reviews import (
    ReviewConcluded,
    ReviewDeadlineMissed,
    ReviewExtended,
    ReviewOpened,
    ReviewScheduled,
)
from shared.kernel.decider import Aggregate, Refusal, Stream
from shared.kernel.event import Event


@dataclass(frozen=True, slots=True)
class OpenReview:
    """A review that is to be done: whether its last day was moved, or has passed."""

    opened: ReviewOpened
    extended: ReviewExtended | None = None
    missed: bool = False


@dataclass(frozen=True, slots=True)
class Reviews:
    """A household's reviews, one at a time."""

    scheduled: ReviewScheduled | None = None
    open: OpenReview | None = None
    concluded: tuple[ReviewConcluded, ...] = ()

    def open_review(self, review_id: UUID) -> OpenReview:
        """The review that is to be done; ``Refusal`` if it is another one, or none."""
        if self.open is None or self.open.opened.review_id != review_id:
            raise Refusal("no-such-review", status=404)
        return self.open


def evolve(state: Reviews, event: Event) -> Reviews:
    """Fold one event of a household's reviews."""
    match event:
        case ReviewScheduled():
            return replace(state, scheduled=event, open=None)
        case ReviewOpened():
            return replace(state, open=OpenReview(event))
        case ReviewExtended() if state.open is not None:
            opened = state.open.opened.model_copy(update={"due_on": event.due_on})
            return replace(state, open=OpenReview(opened, event))
        case ReviewDeadlineMissed() if state.open is not None:
            return replace(state, open=replace(state.open, missed=True))
        case ReviewConcluded():
            return replace(state, open=None, concluded=(*state.concluded, event))
    return state


REVIEWS: Final = Aggregate("reviews", Reviews(), evolve)


def reviews_of(case_id: UUID) -> Stream:
    """The reviews of a case's household."""
    return Stream.of_case(REVIEWS.name, case_id)
