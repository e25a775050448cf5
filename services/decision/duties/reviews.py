"""Reviews that open, and reviews that were to be done by a date."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from services.decision.decisions.reviews import (
    NoteMissedReview,
    OpenReviewWhenDue,
    note_missed_review,
    open_review,
)
from services.decision.duties.entries import entry_of
from services.decision.model import determination_of, reviews_of
from shared.contracts.decision import CaseEnded
from shared.contracts.reviews import (
    ReviewConcluded,
    ReviewDeadlineMissed,
    ReviewExtended,
    ReviewOpened,
    ReviewScheduled,
)
from shared.kernel.event import Document
from shared.kernel.store import AgendaChange, AgendaDone, AgendaEntry
from shared.kernel.submission import Submission, duty

REVIEW_OPENS: Final = "review-opens"
REVIEW_MISSED: Final = "review-missed"


def _key(case_id: UUID) -> UUID:
    """A case has one scheduled review at a time."""
    return uuid5(case_id, REVIEW_OPENS)


def agenda(document: Document[Any]) -> Iterable[AgendaChange]:
    """A scheduled review opens on its day; an open one is missed on the day after its last.

    With the end of the case there is nothing to review.
    """
    event = document.data
    case_id = document.subject
    match event:
        case ReviewScheduled():
            yield entry_of(REVIEW_OPENS, _key(case_id), event.opens_on, document)
        case ReviewOpened() | ReviewExtended():
            yield AgendaDone(REVIEW_OPENS, _key(case_id))
            due_on = event.due_on + timedelta(days=1)
            yield entry_of(REVIEW_MISSED, _key(case_id), due_on, document)
        case ReviewConcluded() | ReviewDeadlineMissed():
            yield AgendaDone(REVIEW_MISSED, _key(case_id))
        case CaseEnded():
            yield AgendaDone(REVIEW_OPENS, _key(case_id))
            yield AgendaDone(REVIEW_MISSED, _key(case_id))


def _opens(entry: AgendaEntry) -> Submission:
    reads = (determination_of(entry.subject), reviews_of(entry.subject))
    return duty(entry, reads, open_review, OpenReviewWhenDue(case_id=entry.subject))


def _missed(entry: AgendaEntry) -> Submission:
    reads = (reviews_of(entry.subject),)
    return duty(entry, reads, note_missed_review, NoteMissedReview())


DUTIES: Final[Mapping[str, Callable[[AgendaEntry], Submission]]] = {
    REVIEW_OPENS: _opens,
    REVIEW_MISSED: _missed,
}
