"""What events make of a check: opened, its obligors' words noted, reopened, spot-checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from services.verification.decisions import (
    ListCheck,
    NoteConsent,
    NoteConsentWithdrawn,
    NoteKin,
    OpenCheck,
    OweKinVisit,
    OweSpotCheck,
    ReopenCheck,
    list_check,
    note_consent,
    note_consent_withdrawn,
    note_kin,
    open_check,
    owe_kin_visit,
    owe_spot_check,
    reopen,
)
from services.verification.model import check_of, lot_of
from shared.contracts.authorisations import (
    AuthorisationWithdrawn,
    AuthorisedAs,
    CheckAuthorised,
)
from shared.contracts.intake import ApplicationAccepted, KinFiled
from shared.contracts.kin import KinNoted
from shared.contracts.publicity import ResurveyOrdered
from shared.contracts.spot_checks import SpotCheckGround, SpotChecksDrawn
from shared.contracts.verification import CheckCompleted
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
        kin_filed=None if accepted.kin is None else bool(accepted.kin),
        minor=accepted.minor,
        applied_on=accepted.applied_on,
        residences=accepted.residences or (),
    )
    yield reaction("open-check", document, (check_of(document.subject),), open_check, command)


def on_check_authorised(document: Document[CheckAuthorised]) -> Iterable[Submission]:
    """The word of somebody bound to support is noted; members' came with the application."""
    word = document.data
    if word.standing is AuthorisedAs.OBLIGOR:
        command = NoteConsent(
            person_id=word.person_id, signed_by=word.signed_by, until_on=word.until_on
        )
        reads = (check_of(document.subject),)
        yield reaction("note-consent", document, reads, note_consent, command)


def on_authorisation_withdrawn(
    document: Document[AuthorisationWithdrawn],
) -> Iterable[Submission]:
    """An obligor's word that was taken back lets nobody look any more."""
    command = NoteConsentWithdrawn(person_id=document.data.person_id)
    reads = (check_of(document.subject),)
    yield reaction("note-consent-withdrawn", document, reads, note_consent_withdrawn, command)


def on_check_completed(document: Document[CheckCompleted]) -> Iterable[Submission]:
    """A completed check joins those of its county that spot checks are drawn of.

    Where kin of officials are of the household, the county owes it a visit without any draw.
    """
    completed = document.data
    command = ListCheck(
        case_id=document.subject,
        division=completed.division,
        accepted_on=completed.accepted_on,
        completed_on=document.effective_on,
    )
    reads = (lot_of(completed.division, completed.programme),)
    yield reaction("list-check", document, reads, list_check, command)
    check = (check_of(document.subject),)
    yield reaction("owe-kin-visit", document, check, owe_kin_visit, OweKinVisit())


def on_kin_filed(document: Document[KinFiled]) -> Iterable[Submission]:
    """Kin of officials may become known after the acceptance; that nobody is changes nothing."""
    if document.data.kin:
        check = (check_of(document.subject),)
        yield reaction("note-kin", document, check, note_kin, NoteKin())


def on_kin_noted(document: Document[KinNoted]) -> Iterable[Submission]:
    """Where the check is complete, the county owes the visit from now."""
    check = (check_of(document.subject),)
    yield reaction("owe-kin-visit", document, check, owe_kin_visit, OweKinVisit())


def on_spot_checks_drawn(document: Document[SpotChecksDrawn]) -> Iterable[Submission]:
    """Each household that was drawn, or named, is owed a visit; named ones on their ground."""
    draw = document.data
    grounds = {case: SpotCheckGround.DRAWN for part in draw.strata for case in part.drawn}
    grounds |= {named.case_id: named.ground for named in draw.named}
    for case_id, ground in grounds.items():
        command = OweSpotCheck(ground=ground, due=draw.due)
        yield reaction("owe-spot-check", document, (check_of(case_id),), owe_spot_check, command)


def on_resurvey_ordered(document: Document[ResurveyOrdered]) -> Iterable[Submission]:
    """A household whose proposal fell by an objection is surveyed anew."""
    check = (check_of(document.subject),)
    yield reaction("reopen-check", document, check, reopen, ReopenCheck())


FOREIGN: Final[Mapping[type[Event], Iterable[React]]] = {
    ApplicationAccepted: (on_application_accepted,),
    ResurveyOrdered: (on_resurvey_ordered,),
    CheckAuthorised: (on_check_authorised,),
    AuthorisationWithdrawn: (on_authorisation_withdrawn,),
    KinFiled: (on_kin_filed,),
}
OWN: Final[Mapping[type[Event], Iterable[React]]] = {
    CheckCompleted: (on_check_completed,),
    SpotChecksDrawn: (on_spot_checks_drawn,),
    KinNoted: (on_kin_noted,),
}
