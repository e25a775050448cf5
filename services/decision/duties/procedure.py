"""Publicities that end, last months that are over, aid to be explained."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from services.decision.decisions import (
    CompletePublicity,
    EndCase,
    NoteMissedExplanation,
    OpenFollowUp,
    complete_publicity,
    end_case,
    note_missed_explanation,
    open_follow_up,
)
from services.decision.duties.entries import entry_of
from services.decision.model import aid_of, determination_of
from shared.contracts.aid import (
    AidExplained,
    AidExplanationMissed,
    AidFollowedUp,
    AidFollowUpOpened,
    AidGranted,
)
from shared.contracts.changes import AmountChanged, BenefitStopped, PhaseOutStarted
from shared.contracts.decision import CaseEnded, CaseRefused
from shared.contracts.publicity import (
    PublicityCompleted,
    PublicityPosted,
    PublicityRound,
    ResurveyOrdered,
)
from shared.kernel.event import Document
from shared.kernel.store import AgendaChange, AgendaDone, AgendaEntry
from shared.kernel.submission import Submission, duty

CASE_ENDS: Final = "case-ends"
EXPLANATION_MISSED: Final = "aid-explanation-missed"
FOLLOW_UP_OPENS: Final = "aid-follow-up-opens"


def _kind(round_: PublicityRound) -> str:
    return f"{round_}-publicity-ends"


def _key(stream: UUID, round_: PublicityRound) -> UUID:
    return uuid5(stream, _kind(round_))


def agenda(document: Document[Any]) -> Iterable[AgendaChange]:
    """What an event puts on the agenda, and what it takes off.

    A posted publicity ends on the day after its last, unless the case is refused before, or its
    household is to be surveyed anew. A case that is phased out or stopped ends on the day after its
    last month, unless its household is entitled again before. A granted aid that nobody explains is
    missed on the day after the last, and its household is looked after again on the day that the
    grant has set.
    """
    event = document.data
    match event:
        case PublicityPosted():
            due_on = event.until_on + timedelta(days=1)
            yield entry_of(_kind(event.round), _key(document.stream, event.round), due_on, document)
        case PhaseOutStarted() | BenefitStopped():
            due_on = event.last_month.next().first_day
            yield entry_of(CASE_ENDS, document.stream, due_on, document)
        case AmountChanged() | CaseEnded():
            yield AgendaDone(CASE_ENDS, document.stream)
        case PublicityCompleted():
            yield AgendaDone(_kind(event.round), _key(document.stream, event.round))
        case AidGranted():
            if event.explanation_due is not None:
                due_on = event.explanation_due.on + timedelta(days=1)
                yield entry_of(EXPLANATION_MISSED, document.stream, due_on, document)
            if event.follow_up_on is not None:
                yield entry_of(FOLLOW_UP_OPENS, document.stream, event.follow_up_on, document)
        case AidFollowUpOpened() | AidFollowedUp():
            yield AgendaDone(FOLLOW_UP_OPENS, document.stream)
        case AidExplained() | AidExplanationMissed():
            yield AgendaDone(EXPLANATION_MISSED, document.stream)
        case CaseRefused() | ResurveyOrdered():
            for round_ in PublicityRound:
                yield AgendaDone(_kind(round_), _key(document.stream, round_))


def _case_ends(entry: AgendaEntry) -> Submission:
    return duty(entry, (determination_of(entry.subject),), end_case, EndCase())


def _explanation_missed(entry: AgendaEntry) -> Submission:
    reads = (aid_of(entry.subject),)
    return duty(entry, reads, note_missed_explanation, NoteMissedExplanation())


def _follow_up_opens(entry: AgendaEntry) -> Submission:
    return duty(entry, (aid_of(entry.subject),), open_follow_up, OpenFollowUp())


def _publicity_ends(round_: PublicityRound) -> Callable[[AgendaEntry], Submission]:
    def submission(entry: AgendaEntry) -> Submission:
        reads = (determination_of(entry.subject),)
        return duty(entry, reads, complete_publicity, CompletePublicity(round=round_))

    return submission


DUTIES: Final[Mapping[str, Callable[[AgendaEntry], Submission]]] = {
    **{_kind(round_): _publicity_ends(round_) for round_ in PublicityRound},
    CASE_ENDS: _case_ends,
    EXPLANATION_MISSED: _explanation_missed,
    FOLLOW_UP_OPENS: _follow_up_opens,
}
