"""Decision's agenda: publicities that end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from services.decision.decisions import CompletePublicity, complete_publicity
from services.decision.model import determination_of
from shared.contracts.decision import (
    CaseRefused,
    PublicityCompleted,
    PublicityPosted,
    PublicityRound,
)
from shared.kernel.event import Document
from shared.kernel.store import AgendaChange, AgendaDone, AgendaEntry
from shared.kernel.submission import Submission, duty


def _kind(round_: PublicityRound) -> str:
    return f"{round_}-publicity-ends"


def _key(stream: UUID, round_: PublicityRound) -> UUID:
    return uuid5(stream, _kind(round_))


def agenda(document: Document[Any]) -> Iterable[AgendaChange]:
    """A posted publicity ends on the day after its last, unless the case is refused before."""
    event = document.data
    match event:
        case PublicityPosted():
            yield AgendaEntry(
                _kind(event.round),
                _key(document.stream, event.round),
                event.until_on + timedelta(days=1),
                document.subject,
                document.stream,
                document.id,
                document.region,
            )
        case PublicityCompleted():
            yield AgendaDone(_kind(event.round), _key(document.stream, event.round))
        case CaseRefused():
            for round_ in PublicityRound:
                yield AgendaDone(_kind(round_), _key(document.stream, round_))


def _publicity_ends(round_: PublicityRound) -> Callable[[AgendaEntry], Submission]:
    def submission(entry: AgendaEntry) -> Submission:
        reads = (determination_of(entry.subject),)
        return duty(entry, reads, complete_publicity, CompletePublicity(round=round_))

    return submission


DUTIES: Final[Mapping[str, Callable[[AgendaEntry], Submission]]] = {
    _kind(round_): _publicity_ends(round_) for round_ in PublicityRound
}
