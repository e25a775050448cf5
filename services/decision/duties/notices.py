"""Notices that were to be served by a date."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any, Final

from services.decision.decisions.notices import NoteMissedNotice, note_missed_notice
from services.decision.duties.entries import entry_of
from services.decision.model import notices_of
from shared.contracts.notices import NoticeDeadlineMissed, NoticeOwed, NoticeServed
from shared.kernel.event import Document
from shared.kernel.store import AgendaChange, AgendaDone, AgendaEntry
from shared.kernel.submission import Submission, duty

NOTICE_MISSED: Final = "notice-missed"


def agenda(document: Document[Any]) -> Iterable[AgendaChange]:
    """A notice that nobody serves is missed on the day after its last."""
    event = document.data
    match event:
        case NoticeOwed():
            due_on = event.due.on + timedelta(days=1)
            yield entry_of(NOTICE_MISSED, event.notice_id, due_on, document)
        case NoticeServed() | NoticeDeadlineMissed():
            yield AgendaDone(NOTICE_MISSED, event.notice_id)


def _missed(entry: AgendaEntry) -> Submission:
    reads = (notices_of(entry.subject),)
    command = NoteMissedNotice(notice_id=entry.key)
    return duty(entry, reads, note_missed_notice, command)


DUTIES: Final[Mapping[str, Callable[[AgendaEntry], Submission]]] = {NOTICE_MISSED: _missed}
