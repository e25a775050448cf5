"""Recognitions whose last day is over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from services.decision.decisions.recognition import EndRecognition, end_recognition
from services.decision.duties.entries import entry_of
from services.decision.model import determination_of
from shared.contracts.appeals import DecisionRevoked
from shared.contracts.recognition import HouseholdRecognised, RecognitionEnded, RecognitionEndReason
from shared.kernel.event import Document
from shared.kernel.store import AgendaChange, AgendaDone, AgendaEntry
from shared.kernel.submission import Submission, duty

RECOGNITION_ENDS: Final = "recognition-ends"


def _key(case_id: UUID) -> UUID:
    """A case has one recognition at a time."""
    return uuid5(case_id, RECOGNITION_ENDS)


def agenda(document: Document[Any]) -> Iterable[AgendaChange]:
    """A recognition ends on the day after its last, unless the decision beside it fell."""
    event = document.data
    key = _key(document.subject)
    match event:
        case HouseholdRecognised() if event.valid_until is not None:
            due_on = event.valid_until + timedelta(days=1)
            yield entry_of(RECOGNITION_ENDS, key, due_on, document)
        case RecognitionEnded():
            yield AgendaDone(RECOGNITION_ENDS, key)
        case DecisionRevoked() if event.change_id is None:
            yield AgendaDone(RECOGNITION_ENDS, key)


def _ends(entry: AgendaEntry) -> Submission:
    reads = (determination_of(entry.subject),)
    command = EndRecognition(reason=RecognitionEndReason.VALIDITY_OVER)
    return duty(entry, reads, end_recognition, command)


DUTIES: Final[Mapping[str, Callable[[AgendaEntry], Submission]]] = {RECOGNITION_ENDS: _ends}
