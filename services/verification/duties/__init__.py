"""Verification's agenda, by subject: what falls due on a date, and who is to be asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from services.verification.duties import checks, standing
from services.verification.duties.checks import (
    HOME_COUNTY_SILENT,
    LEAD_UNANSWERED,
    REVIEW_MISSED,
    SPOT_CHECK_MISSED,
    SURVEY_MISSED,
)
from services.verification.duties.standing import STANDING_LEAD_UNANSWERED, periodic_check
from shared.kernel.event import Document
from shared.kernel.store import AgendaChange, AgendaEntry
from shared.kernel.submission import Submission

_SUBJECTS: Final = (checks, standing)


def agenda(document: Document[Any]) -> Iterable[AgendaChange]:
    """What an event puts on the agenda, and what it takes off."""
    for subject in _SUBJECTS:
        yield from subject.agenda(document)


DUTIES: Final[Mapping[str, Callable[[AgendaEntry], Submission]]] = {
    kind: duty for subject in _SUBJECTS for kind, duty in subject.DUTIES.items()
}

__all__ = [
    "DUTIES",
    "HOME_COUNTY_SILENT",
    "LEAD_UNANSWERED",
    "REVIEW_MISSED",
    "SPOT_CHECK_MISSED",
    "STANDING_LEAD_UNANSWERED",
    "SURVEY_MISSED",
    "agenda",
    "periodic_check",
]
