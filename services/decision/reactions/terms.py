"""What an acceptance, and an objection, say of the day by which a case is decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from services.decision.decisions.terms import (
    ExtendForObjection,
    OweDecision,
    extend_for_objection,
    owe_decision,
)
from services.decision.model import determination_of, term_of
from shared.contracts.intake import ApplicationAccepted
from shared.contracts.publicity import ObjectionRaised
from shared.kernel.event import Document, Event
from shared.kernel.reactions import React
from shared.kernel.submission import Submission, reaction


def on_application_accepted(document: Document[ApplicationAccepted]) -> Iterable[Submission]:
    """An accepted application is to be decided by the day that intake has counted."""
    accepted = document.data
    if accepted.decide_by is not None:
        command = OweDecision(
            programme=accepted.programme,
            division=accepted.division,
            applicant=accepted.applicant,
            accepted_on=document.effective_on,
            due=accepted.decide_by,
        )
        reads = (term_of(document.subject), determination_of(document.subject))
        yield reaction("owe-decision", document, reads, owe_decision, command)


def on_objection_raised(document: Document[ObjectionRaised]) -> Iterable[Submission]:
    """What somebody objected to is a special case."""
    reads = (term_of(document.subject), determination_of(document.subject))
    command = ExtendForObjection()
    yield reaction("extend-for-objection", document, reads, extend_for_objection, command)


FOREIGN: Final[Mapping[type[Event], Iterable[React]]] = {
    ApplicationAccepted: (on_application_accepted,)
}
OWN: Final[Mapping[type[Event], Iterable[React]]] = {ObjectionRaised: (on_objection_raised,)}
