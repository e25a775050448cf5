"""Deaths that were to be followed by a check and an adjustment by a date."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any, Final

from services.decision.decisions.reporting import NoteMissedAdjustment, note_missed_adjustment
from services.decision.duties.entries import entry_of
from services.decision.model import determination_of
from shared.contracts.changes import ChangeReported, DeathAdjustmentMissed, HouseholdChanged
from shared.contracts.decision import CaseEnded
from shared.kernel.event import Document
from shared.kernel.store import AgendaChange, AgendaDone, AgendaEntry
from shared.kernel.submission import Submission, duty

ADJUSTMENT_MISSED: Final = "death-adjustment-missed"


def agenda(document: Document[Any]) -> Iterable[AgendaChange]:
    """A death that is not decided about is missed on the day after the last; once, by case."""
    event = document.data
    match event:
        case ChangeReported() if event.adjust_by is not None:
            due_on = event.adjust_by + timedelta(days=1)
            yield entry_of(ADJUSTMENT_MISSED, document.stream, due_on, document)
        case HouseholdChanged() | DeathAdjustmentMissed() | CaseEnded():
            yield AgendaDone(ADJUSTMENT_MISSED, document.stream)


def _missed(entry: AgendaEntry) -> Submission:
    reads = (determination_of(entry.subject),)
    return duty(entry, reads, note_missed_adjustment, NoteMissedAdjustment())


DUTIES: Final[Mapping[str, Callable[[AgendaEntry], Submission]]] = {ADJUSTMENT_MISSED: _missed}
