"""What a household's being away from home makes decision do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from services.decision.decisions.residence import (
    NoteAidAtHome,
    NotePermit,
    ReviewOfPermit,
    TakePermitUp,
    note_aid_at_home,
    note_permit,
    review_of_permit,
    take_permit_up,
)
from services.decision.model import determination_of, permit_of, reviews_of
from shared.contracts.appeals import DecisionRevoked
from shared.contracts.decision import CaseConfirmed
from shared.contracts.intake import ApplicationAccepted
from shared.contracts.residence import HomeCountyAnswered
from shared.kernel.event import Document, Event
from shared.kernel.reactions import React
from shared.kernel.submission import Submission, reaction


def on_application_accepted(document: Document[ApplicationAccepted]) -> Iterable[Submission]:
    """The permit that a claim rests on has a last day."""
    accepted = document.data
    if accepted.permit_until is not None:
        command = NotePermit(
            programme=accepted.programme,
            division=accepted.division,
            applicant=accepted.applicant,
            until_on=accepted.permit_until,
        )
        reads = (permit_of(document.subject),)
        yield reaction("note-permit", document, reads, note_permit, command)


def on_home_county_answered(document: Document[HomeCountyAnswered]) -> Iterable[Submission]:
    """Who is aided at home is not confirmed here until that has ended."""
    answered = document.data
    command = NoteAidAtHome(county=answered.county, received=answered.received)
    reads = (determination_of(document.subject),)
    yield reaction("note-aid-at-home", document, reads, note_aid_at_home, command)


def on_case_confirmed(document: Document[CaseConfirmed]) -> Iterable[Submission]:
    """A household whose permit ran out before its confirmation is reviewed at once; of a case that
    had ended the permit counts again.
    """
    case_id = document.subject
    reads = (permit_of(case_id), determination_of(case_id), reviews_of(case_id))
    command = ReviewOfPermit(case_id=case_id, pay_from=document.data.pay_from)
    yield reaction("review-of-permit", document, reads, review_of_permit, command)


def on_decision_revoked(document: Document[DecisionRevoked]) -> Iterable[Submission]:
    """The permit of a case counts again whose refusal fell."""
    if document.data.change_id is None:
        reads = (permit_of(document.subject), determination_of(document.subject))
        yield reaction("take-permit-up", document, reads, take_permit_up, TakePermitUp())


FOREIGN: Final[Mapping[type[Event], Iterable[React]]] = {
    ApplicationAccepted: (on_application_accepted,),
    HomeCountyAnswered: (on_home_county_answered,),
}
OWN: Final[Mapping[type[Event], Iterable[React]]] = {
    CaseConfirmed: (on_case_confirmed,),
    DecisionRevoked: (on_decision_revoked,),
}
