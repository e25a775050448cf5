"""What periodic checks of households on the books make decision do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from services.decision.decisions.early_reviews import OpenReviewOfLead, open_review_of_lead
from services.decision.model import determination_of, reviews_of
from shared.contracts.leads import LeadKind
from shared.contracts.standing_households import ReviewCalledFor
from shared.kernel.event import Document, Event
from shared.kernel.reactions import React
from shared.kernel.submission import Submission, reaction


def on_review_called_for(document: Document[ReviewCalledFor]) -> Iterable[Submission]:
    """What a department said and stands has the case reviewed."""
    called = document.data
    command = OpenReviewOfLead(
        case_id=document.subject,
        lead=called.lead,
        dead=called.contradiction.kind is LeadKind.RECORDED_DEAD,
        concluded_by=called.concluded_by,
    )
    reads = (determination_of(document.subject), reviews_of(document.subject))
    yield reaction("open-review-of-lead", document, reads, open_review_of_lead, command)


FOREIGN: Final[Mapping[type[Event], Iterable[React]]] = {
    ReviewCalledFor: (on_review_called_for,),
}
