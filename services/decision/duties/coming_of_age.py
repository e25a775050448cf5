"""Who is told that support ends by age, and whose does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final
from uuid import UUID, uuid5

from services.decision.decisions.coming_of_age import (
    AnnounceComingOfAge,
    ComeOfAge,
    announce_coming_of_age,
    come_of_age,
)
from services.decision.duties.entries import entry_of
from services.decision.model import coming_of_age_of, determination_of
from shared.contracts.coming_of_age import ComingOfAgeAnnounced, ComingOfAgeScheduled
from shared.contracts.decision import CaseEnded
from shared.kernel.event import Document
from shared.kernel.store import AgendaChange, AgendaDone, AgendaEntry
from shared.kernel.submission import SYSTEM_ACTOR, Submission, duty

ANNOUNCED: Final = "coming-of-age-announced"
COMES_OF_AGE: Final = "comes-of-age"
SUPPORT_ENDS: Final = "support-ends-by-age"
_KINDS: Final = (ANNOUNCED, COMES_OF_AGE, SUPPORT_ENDS)


def _key(case_id: UUID, kind: str) -> UUID:
    """A case has one young person, and each of these once at a time."""
    return uuid5(case_id, kind)


def agenda(document: Document[Any]) -> Iterable[AgendaChange]:
    """It is told on its day; on the first of the birthday's month the payee moves, and on the first
    of the last month the end is recorded. What was scheduled before is off.
    """
    event = document.data
    case_id = document.subject
    match event:
        case ComingOfAgeScheduled():
            days = {
                ANNOUNCED: event.announced_on,
                COMES_OF_AGE: event.turns_eighteen.first_day,
                SUPPORT_ENDS: event.last_month.first_day,
            }
            for kind, due_on in days.items():
                yield AgendaDone(kind, _key(case_id, kind))
                yield entry_of(kind, _key(case_id, kind), due_on, document)
        case ComingOfAgeAnnounced():
            yield AgendaDone(ANNOUNCED, _key(case_id, ANNOUNCED))
        case CaseEnded():
            for kind in _KINDS:
                yield AgendaDone(kind, _key(case_id, kind))


def _announced(entry: AgendaEntry) -> Submission:
    reads = (determination_of(entry.subject), coming_of_age_of(entry.subject))
    command = AnnounceComingOfAge(case_id=entry.subject)
    return duty(entry, reads, announce_coming_of_age, command)


def _of_age(entry: AgendaEntry) -> Submission:
    reads = (determination_of(entry.subject), coming_of_age_of(entry.subject))
    command = ComeOfAge(case_id=entry.subject, actor=SYSTEM_ACTOR)
    return duty(entry, reads, come_of_age, command)


DUTIES: Final[Mapping[str, Callable[[AgendaEntry], Submission]]] = {
    ANNOUNCED: _announced,
    COMES_OF_AGE: _of_age,
    SUPPORT_ENDS: _of_age,
}
