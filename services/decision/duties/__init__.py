"""Decision's agenda, by subject: what falls due on a date, and what is then to be done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import uuid5

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
    terms,
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
    terms,
)


def agenda(document: Document[Any]) -> Iterable[AgendaChange]:
    """What an event puts on the agenda, and what it takes off."""
    for subject in _SUBJECTS:
        yield from subject.agenda(document)


def _of_its_event(duty: Callable[[AgendaEntry], Submission]) -> Callable[[AgendaEntry], Submission]:
    """A duty that is done for each event that puts it on the agenda.

    What fell is decided anew, and what ended is open again: a case can be due to end with the same
    month twice. Whatever falls due looks at what was recorded, so that to do it again is harmless.
    """

    def submission(entry: AgendaEntry) -> Submission:
        once = duty(entry)
        return replace(once, command_id=uuid5(once.command_id, str(entry.source_event)))

    return submission


DUTIES: Final[Mapping[str, Callable[[AgendaEntry], Submission]]] = {
    kind: _of_its_event(duty) for subject in _SUBJECTS for kind, duty in subject.DUTIES.items()
}
