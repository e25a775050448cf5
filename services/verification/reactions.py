"""What events make verification do next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from services.verification.decisions import OpenCheck, open_check
from services.verification.model import check_of
from shared.contracts.intake import ApplicationAccepted
from shared.kernel.event import Document, Event
from shared.kernel.reactions import React
from shared.kernel.submission import Submission, reaction


def on_application_accepted(document: Document[ApplicationAccepted]) -> Iterable[Submission]:
    """An accepted application is checked under the regime of its acceptance date."""
    accepted = document.data
    command = OpenCheck(
        programme=accepted.programme,
        division=accepted.division,
        applicant=accepted.applicant,
        members=accepted.members,
        accepted_on=document.effective_on,
        survey_due=accepted.survey_due,
    )
    yield reaction("open-check", document, (check_of(document.subject),), open_check, command)


FOREIGN: Final[Mapping[type[Event], Iterable[React]]] = {
    ApplicationAccepted: (on_application_accepted,)
}
OWN: Final[Mapping[type[Event], Iterable[React]]] = {}
