"""Standards that begin to count: the cases that they touch follow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any, Final

from services.decision.decisions import (
    NoteUnexamined,
    StartRedetermination,
    note_unexamined,
    start_redetermination,
)
from services.decision.model import parts_of, redetermination_of, standards_of
from shared.contracts.standards import StandardForce, StandardKind, StandardSet
from shared.kernel.event import Document
from shared.kernel.store import AgendaChange, AgendaEntry
from shared.kernel.submission import Submission, duty
from shared.policy.standards import PROGRAMME_OF_KIND, digits_of, level_of

UNEXAMINED: Final = "standard-unexamined"


def _kind(kind: StandardKind) -> str:
    return f"{kind.replace('_', '-')}-standard-begins"


def agenda(document: Document[Any]) -> Iterable[AgendaChange]:
    """A standard by which cases are paid begins on the first day of its month; one of a month
    that has begun on the day it is set. On the day after its last one is told of that nobody
    looked at again.
    """
    event = document.data
    if isinstance(event, StandardSet) and event.examine_by is not None:
        yield AgendaEntry(
            UNEXAMINED,
            event.standard_id,
            event.examine_by + timedelta(days=1),
            document.subject,
            document.stream,
            document.id,
            event.division,
        )
    match event:
        case StandardSet(force=StandardForce.STANDARD):
            yield AgendaEntry(
                _kind(event.kind),
                event.standard_id,
                max(event.from_month.first_day, document.effective_on),
                document.subject,
                document.stream,
                document.id,
                event.division,
            )


def _start(kind: StandardKind) -> Callable[[AgendaEntry], Submission]:
    def submission(entry: AgendaEntry) -> Submission:
        division, programme = entry.region, PROGRAMME_OF_KIND[kind]
        level = level_of(division)
        if level is None:
            raise ValueError("only a county, or a division around it, sets standards")
        command = StartRedetermination(
            standard_id=entry.key,
            set_by=division,
            kind=kind,
            programme=programme,
            division=division,
            level=level,
        )
        reads = (
            redetermination_of(entry.key, division, digits_of(level)),
            parts_of(programme, division, level),
            standards_of(division),
        )
        return duty(entry, reads, start_redetermination, command)

    return submission


def _unexamined(entry: AgendaEntry) -> Submission:
    command = NoteUnexamined(standard_id=entry.key)
    return duty(entry, (standards_of(entry.region),), note_unexamined, command)


DUTIES: Final[Mapping[str, Callable[[AgendaEntry], Submission]]] = {
    **{_kind(kind): _start(kind) for kind in PROGRAMME_OF_KIND},
    UNEXAMINED: _unexamined,
}
