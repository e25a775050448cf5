"""Decision's agenda, by subject: what falls due on a date, and what is then to be done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from services.decision.duties import (
    aid,
    appeals,
    coming_of_age,
    deaths,
    notices,
    permits,
    procedure,
    recognition,
    reviews,
    standards,
)
from shared.kernel.event import Document
from shared.kernel.store import AgendaChange, AgendaEntry
from shared.kernel.submission import Submission

_SUBJECTS: Final = (
    procedure,
    aid,
    appeals,
    coming_of_age,
    deaths,
    notices,
    permits,
    recognition,
    reviews,
    standards,
)


def agenda(document: Document[Any]) -> Iterable[AgendaChange]:
    """What an event puts on the agenda, and what it takes off."""
    for subject in _SUBJECTS:
        yield from subject.agenda(document)


DUTIES: Final[Mapping[str, Callable[[AgendaEntry], Submission]]] = {
    kind: duty for subject in _SUBJECTS for kind, duty in subject.DUTIES.items()
}
