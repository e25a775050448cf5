"""What events make care do next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from services.care.decisions.care_file import EndCare, OpenCare, end_care, open_care
from services.care.model import care_file_of
from shared.contracts.decision import CaseConfirmed, CaseEnded
from shared.contracts.fields import Programme
from shared.kernel.event import Document, Event
from shared.kernel.reactions import React
from shared.kernel.submission import Submission, reaction


def on_case_confirmed(document: Document[CaseConfirmed]) -> Iterable[Submission]:
    """A recognised tekun person is to be assessed; the payee is the person."""
    confirmed = document.data
    if confirmed.programme is Programme.TEKUN:
        command = OpenCare(
            division=confirmed.division,
            person_id=confirmed.payee,
            confirmed_on=document.effective_on,
        )
        yield reaction("open-care", document, (care_file_of(document.subject),), open_care, command)


def on_case_ended(document: Document[CaseEnded]) -> Iterable[Submission]:
    """With the support of a tekun person their care ends."""
    if document.data.programme is Programme.TEKUN:
        reads = (care_file_of(document.subject),)
        yield reaction("end-care", document, reads, end_care, EndCare())


FOREIGN: Final[Mapping[type[Event], Iterable[React]]] = {
    CaseConfirmed: (on_case_confirmed,),
    CaseEnded: (on_case_ended,),
}
OWN: Final[Mapping[type[Event], Iterable[React]]] = {}
