"""What events make care do next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from services.care.decisions.care_file import EndCare, OpenCare, end_care, open_care
from services.care.decisions.standards import (
    ApplyCareStandard,
    NoteStandard,
    apply_care_standard,
    note_standard,
)
from services.care.model import care_file_of, care_standards_of
from shared.contracts.care import CareStandardNoted
from shared.contracts.decision import CaseConfirmed, CaseEnded
from shared.contracts.fields import Programme
from shared.contracts.standards import (
    RedeterminationPageListed,
    StandardForce,
    StandardSet,
)
from shared.kernel.event import Document, Event
from shared.kernel.reactions import React
from shared.kernel.submission import Submission, reaction
from shared.policy.standards import CARE_TIERS


def on_case_confirmed(document: Document[CaseConfirmed]) -> Iterable[Submission]:
    """A recognised tekun person is to be assessed: the one member, whoever is paid for a minor."""
    confirmed = document.data
    if confirmed.programme is Programme.TEKUN:
        (person,) = confirmed.members
        command = OpenCare(
            division=confirmed.division,
            person_id=person.person_id,
            confirmed_on=document.effective_on,
        )
        yield reaction("open-care", document, (care_file_of(document.subject),), open_care, command)


def on_case_ended(document: Document[CaseEnded]) -> Iterable[Submission]:
    """With the support of a tekun person their care ends."""
    if document.data.programme is Programme.TEKUN:
        reads = (care_file_of(document.subject),)
        yield reaction("end-care", document, reads, end_care, EndCare())


def on_standard_set(document: Document[StandardSet]) -> Iterable[Submission]:
    """A standard for a tier of care is noted, for the assessments to come."""
    standard = document.data
    if standard.kind in CARE_TIERS and standard.force is StandardForce.STANDARD:
        noted = CareStandardNoted(
            standard_id=standard.standard_id,
            division=standard.division,
            level=standard.level,
            kind=standard.kind,
            amount_fen=standard.amount_fen,
            from_month=standard.from_month,
        )
        reads = (care_standards_of(standard.division),)
        command = NoteStandard(standard=noted)
        yield reaction("note-standard", document, reads, note_standard, command)


def on_page_listed(document: Document[RedeterminationPageListed]) -> Iterable[Submission]:
    """A standard for a tier of care counts for those on the page who have that level."""
    page = document.data
    level = CARE_TIERS.get(page.kind)
    if level is not None:
        command = ApplyCareStandard(
            standard_id=page.standard_id,
            level=level,
            amount_fen=page.amount_fen,
            from_month=page.from_month,
            cases=page.cases,
        )
        reads = tuple(care_file_of(case_id) for case_id in page.cases)
        yield reaction("apply-care-standard", document, reads, apply_care_standard, command)


FOREIGN: Final[Mapping[type[Event], Iterable[React]]] = {
    CaseConfirmed: (on_case_confirmed,),
    CaseEnded: (on_case_ended,),
    StandardSet: (on_standard_set,),
    RedeterminationPageListed: (on_page_listed,),
}
OWN: Final[Mapping[type[Event], Iterable[React]]] = {}
