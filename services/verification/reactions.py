"""What events make verification do next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from services.verification.decisions import (
    ListCheck,
    OpenCheck,
    OweKinVisit,
    OweSpotCheck,
    list_check,
    open_check,
    owe_kin_visit,
    owe_spot_check,
)
from services.verification.model import check_of, lot_of
from shared.contracts.intake import ApplicationAccepted
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


def on_spot_checks_drawn(document: Document[SpotChecksDrawn]) -> Iterable[Submission]:
    """Each household that was drawn, or named, is owed a visit; named ones on their ground."""
    draw = document.data
    grounds = {case: SpotCheckGround.DRAWN for part in draw.strata for case in part.drawn}
    grounds |= {named.case_id: named.ground for named in draw.named}
    for case_id, ground in grounds.items():
        command = OweSpotCheck(ground=ground, due=draw.due)
        yield reaction("owe-spot-check", document, (check_of(case_id),), owe_spot_check, command)


FOREIGN: Final[Mapping[type[Event], Iterable[React]]] = {
    ApplicationAccepted: (on_application_accepted,)
}
OWN: Final[Mapping[type[Event], Iterable[React]]] = {
    CheckCompleted: (on_check_completed,),
    SpotChecksDrawn: (on_spot_checks_drawn,),
}
