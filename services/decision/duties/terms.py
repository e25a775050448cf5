"""Cases that were to be decided by a last day from their acceptance."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any, Final

from services.decision.decisions.terms import NoteMissedDecision, note_missed_decision
from services.decision.duties.entries import entry_of
from services.decision.model import determination_of, term_of
from shared.contracts.decision import CaseConfirmed, CaseRefused
from shared.contracts.decision_terms import DecisionMissed, DecisionOwed, DecisionTermExtended
from shared.kernel.event import Document
from shared.kernel.store import AgendaChange, AgendaDone, AgendaEntry
from shared.kernel.submission import Submission, duty

DECISION_MISSED: Final = "decision-missed"


def agenda(document: Document[Any]) -> Iterable[AgendaChange]:
    """A decision is missed on the day after its last; an extended one on another day."""
    event, case_id = document.data, document.subject
    match event:
        case DecisionOwed() | DecisionTermExtended():
            yield AgendaDone(DECISION_MISSED, case_id)
            due_on = event.due.on + timedelta(days=1)
            yield entry_of(DECISION_MISSED, case_id, due_on, document)
        case DecisionMissed() | CaseConfirmed() | CaseRefused():
            yield AgendaDone(DECISION_MISSED, case_id)


def _missed(entry: AgendaEntry) -> Submission:
    reads = (term_of(entry.subject), determination_of(entry.subject))
    return duty(entry, reads, note_missed_decision, NoteMissedDecision())


DUTIES: Final[Mapping[str, Callable[[AgendaEntry], Submission]]] = {DECISION_MISSED: _missed}
