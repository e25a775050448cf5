"""Appeals that were to be answered by a date."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any, Final

from services.decision.decisions.appeals import NoteMissedReply, note_missed_reply
from services.decision.duties.entries import entry_of
from services.decision.model import appeal_of
from shared.contracts.appeals import AppealFiled, AppealReplied, AppealReplyMissed, AppealRuled
from shared.kernel.event import Document
from shared.kernel.store import AgendaChange, AgendaDone, AgendaEntry
from shared.kernel.submission import Submission, duty

REPLY_MISSED: Final = "appeal-reply-missed"


def agenda(document: Document[Any]) -> Iterable[AgendaChange]:
    """An appeal that nobody answers is missed on the day after the last, unless it is over."""
    event = document.data
    match event:
        case AppealFiled() if event.reply_by is not None:
            due_on = event.reply_by + timedelta(days=1)
            yield entry_of(REPLY_MISSED, event.appeal_id, due_on, document)
        case AppealReplied() | AppealReplyMissed() | AppealRuled():
            yield AgendaDone(REPLY_MISSED, event.appeal_id)


def _missed(entry: AgendaEntry) -> Submission:
    reads = (appeal_of(entry.subject, entry.key),)
    return duty(entry, reads, note_missed_reply, NoteMissedReply(appeal_id=entry.key))


DUTIES: Final[Mapping[str, Callable[[AgendaEntry], Submission]]] = {REPLY_MISSED: _missed}
