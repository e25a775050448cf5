"""What events make decision do next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final
from uuid import uuid5

from services.decision.decisions import (
    EndRecognition,
    OpenAid,
    OpenDetermination,
    OweNotice,
    ReopenConsequence,
    ScheduleComingOfAge,
    ScheduleReview,
    end_recognition,
    open_aid,
    open_determination,
    owe_notice,
    reopen_consequence,
    schedule_coming_of_age,
    schedule_review,
)
from services.decision.model import (
    aid_of,
    coming_of_age_of,
    determination_of,
    notices_of,
    reviews_of,
    work_of,
)
from services.decision.reactions import kin, periodic_checks, residence, standards, supports, terms
from shared.contracts.aid import AidOpened
from shared.contracts.appeals import DecisionRevoked
from shared.contracts.changes import AmountChanged, BenefitStopped, PhaseOutStarted
from shared.contracts.decision import CaseConfirmed, CaseEnded, CaseRefused, DeterminationOpened
from shared.contracts.intake import ApplicationAccepted, EmergencyAccepted
from shared.contracts.notices import NoticeSubject
from shared.contracts.recognition import RecognitionEndReason
from shared.contracts.standards import AmountRedetermined
from shared.contracts.verification import CheckCompleted
from shared.kernel.event import Document, Event
from shared.kernel.reactions import React
from shared.kernel.submission import Submission, reaction


def on_check_completed(document: Document[CheckCompleted]) -> Iterable[Submission]:
    """A completed check's account becomes a determination."""
    check = document.data
    account = DeterminationOpened(
        programme=check.programme,
        division=check.division,
        applicant=check.applicant,
        members=check.members,
        accepted_on=check.accepted_on,
        surveyors=check.surveyors,
        income=check.income,
        deductions=check.deductions,
        counted_income_fen=check.counted_income_fen,
        deposits_fen=check.deposits_fen,
        houses=check.houses,
        vehicles=check.vehicles,
        tekun=check.tekun,
        circumstances=check.circumstances,
        excluded=check.excluded,
        basic_pension=check.basic_pension,
        rigid_spending=check.rigid_spending,
        child=check.child,
        minor=check.minor,
        disability=check.disability,
        applied_on=check.applied_on,
        waiver=check.waiver,
        exempt_property=check.exempt_property,
        review_agreed=check.review_agreed,
        bills=check.bills,
        window_months=check.window_months,
        employment_costs=check.employment_costs,
        imputed=check.imputed,
        missing=check.missing or None,
        left_out=check.left_out,
    )
    reads = (determination_of(document.subject),)
    command = OpenDetermination(account=account)
    yield reaction("open-determination", document, reads, open_determination, command)


def on_application_accepted(document: Document[ApplicationAccepted]) -> Iterable[Submission]:
    """What aid for expenses was asked for is kept, until the check has its account."""
    accepted = document.data
    if accepted.aid is not None:
        opened = AidOpened(
            programme=accepted.programme,
            division=accepted.division,
            applicant=accepted.applicant,
            members=accepted.members,
            aid=accepted.aid,
            accepted_on=document.effective_on,
        )
        reads = (aid_of(document.subject),)
        yield reaction("open-aid", document, reads, open_aid, OpenAid(opened=opened))


def on_emergency_accepted(document: Document[EmergencyAccepted]) -> Iterable[Submission]:
    """An accepted emergency becomes an aid that waits for its grant."""
    accepted = document.data
    opened = AidOpened(
        programme=accepted.programme,
        division=accepted.division,
        applicant=accepted.applicant,
        members=accepted.members,
        aid=accepted.aid,
        accepted_on=document.effective_on,
        pay_by=accepted.pay_by,
    )
    reads = (aid_of(document.subject),)
    yield reaction("open-aid", document, reads, open_aid, OpenAid(opened=opened))


Told = (
    Document[CaseRefused]
    | Document[AmountChanged]
    | Document[PhaseOutStarted]
    | Document[BenefitStopped]
)

_SUBJECT_OF: Final[Mapping[type[Event], NoticeSubject]] = {
    CaseRefused: NoticeSubject.REFUSAL,
    AmountChanged: NoticeSubject.AMOUNT_CHANGED,
    PhaseOutStarted: NoticeSubject.PHASE_OUT,
    BenefitStopped: NoticeSubject.STOP,
}


def on_told(document: Told) -> Iterable[Submission]:
    """What was decided about a household is to be told to it in writing."""
    decided = document.data
    command = OweNotice(
        case_id=document.subject,
        notice_id=uuid5(document.id, "notice"),
        subject=_SUBJECT_OF[type(decided)],
        entry=document.id,
        due=decided.notice_due if isinstance(decided, CaseRefused) else None,
        change_id=None if isinstance(decided, CaseRefused) else decided.change_id,
    )
    reads = (determination_of(document.subject), notices_of(document.subject))
    yield reaction("owe-notice", document, reads, owe_notice, command)


def on_amount_redetermined(document: Document[AmountRedetermined]) -> Iterable[Submission]:
    """A lowered standard that made a household's amount smaller is told like any change.

    Source: 民发〔2012〕220号, art. 32; 民发〔2021〕57号, art. 32.
    """
    if document.data.amount_fen < document.data.amount_before_fen:
        command = OweNotice(
            case_id=document.subject,
            notice_id=uuid5(document.id, "notice"),
            subject=NoticeSubject.AMOUNT_CHANGED,
            entry=document.id,
        )
        reads = (determination_of(document.subject), notices_of(document.subject))
        yield reaction("owe-notice", document, reads, owe_notice, command)


def on_case_confirmed(document: Document[CaseConfirmed]) -> Iterable[Submission]:
    """A confirmed household is reviewed from time to time; a minor comes of age."""
    reads = (determination_of(document.subject), reviews_of(document.subject))
    command = ScheduleReview(case_id=document.subject)
    yield reaction("schedule-review", document, reads, schedule_review, command)
    minors = (determination_of(document.subject), coming_of_age_of(document.subject))
    coming = ScheduleComingOfAge(case_id=document.subject)
    yield reaction("schedule-coming-of-age", document, minors, schedule_coming_of_age, coming)


def on_case_ended(document: Document[CaseEnded]) -> Iterable[Submission]:
    """What a household was recognised as because members were on dibao alone ends with that."""
    reads = (determination_of(document.subject),)
    command = EndRecognition(reason=RecognitionEndReason.CASE_ENDED)
    yield reaction("end-recognition", document, reads, end_recognition, command)


def on_decision_revoked(document: Document[DecisionRevoked]) -> Iterable[Submission]:
    """What is to be decided anew about refused work waits again, as a report does by itself."""
    revoked = document.data
    if revoked.redo and revoked.change_id is not None:
        reads = (work_of(document.subject), determination_of(document.subject))
        command = ReopenConsequence(consequence_id=revoked.change_id)
        yield reaction("reopen-consequence", document, reads, reopen_consequence, command)


_FOREIGN: Final[Mapping[type[Event], Iterable[React]]] = {
    CheckCompleted: (on_check_completed,),
    ApplicationAccepted: (on_application_accepted,),
    EmergencyAccepted: (on_emergency_accepted,),
}
_OWN: Final[Mapping[type[Event], Iterable[React]]] = {
    **dict.fromkeys(_SUBJECT_OF, (on_told,)),
    AmountRedetermined: (on_amount_redetermined,),
    CaseConfirmed: (on_case_confirmed,),
    CaseEnded: (on_case_ended,),
    DecisionRevoked: (on_decision_revoked,),
}


def _together(
    *parts: Mapping[type[Event], Iterable[React]],
) -> dict[type[Event], tuple[React, ...]]:
    """The reactions of several rooms, by event, in the order of the rooms."""
    kinds = dict.fromkeys(kind for part in parts for kind in part)
    return {kind: tuple(react for part in parts for react in part.get(kind, ())) for kind in kinds}


FOREIGN: Final[Mapping[type[Event], Iterable[React]]] = _together(
    _FOREIGN, residence.FOREIGN, periodic_checks.FOREIGN, terms.FOREIGN, kin.FOREIGN
)
OWN: Final[Mapping[type[Event], Iterable[React]]] = _together(
    _OWN, standards.OWN, supports.OWN, residence.OWN, terms.OWN
)
