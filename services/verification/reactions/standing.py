"""Who comes onto the books and leaves them, and by whose word they are checked there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from services.verification.decisions.books import (
    EnterBooks,
    LeaveBooks,
    NoteAuthorisation,
    NoteAuthorisationWithdrawn,
    NoteKnownMeans,
    NotePeople,
    enter_books,
    leave_books,
    note_authorisation,
    note_authorisation_withdrawn,
    note_known_means,
    note_people,
)
from services.verification.model import check_of, standing_of
from shared.contracts.appeals import DecisionRevoked, HouseholdReinstated, MembersReturned
from shared.contracts.authorisations import (
    AuthorisationWithdrawn,
    AuthorisedAs,
    CheckAuthorised,
)
from shared.contracts.changes import ChangeReported, HouseholdChangeCause, HouseholdChanged
from shared.contracts.decision import CaseConfirmed, CaseEnded
from shared.contracts.fields import Member, Programme
from shared.contracts.recognition import HouseholdRecognised, HouseholdStatus, RecognitionEnded
from shared.contracts.standing_households import KnownMeans, Standing
from shared.contracts.watch_list import (
    PotentialRecipientRemoved,
    PotentialRecipientReopened,
    PotentialRecipientWatched,
)
from shared.kernel.event import Document, Event
from shared.kernel.reactions import React
from shared.kernel.submission import Submission, reaction

_CONFIRMED: Final = {Programme.DIBAO: Standing.DIBAO, Programme.TEKUN: Standing.TEKUN}
_RECOGNISED: Final = {
    HouseholdStatus.EDGE_HOUSEHOLD: Standing.EDGE_HOUSEHOLD,
    HouseholdStatus.RIGID_EXPENDITURE_HOUSEHOLD: Standing.RIGID_EXPENDITURE_HOUSEHOLD,
}


def on_case_confirmed(document: Document[CaseConfirmed]) -> Iterable[Submission]:
    """Who is on dibao or tekun is on the books."""
    confirmed = document.data
    standing = _CONFIRMED.get(confirmed.programme)
    if standing is not None:
        yield _entering(
            document, standing, confirmed.programme, confirmed.division, confirmed.members
        )


def on_household_recognised(document: Document[HouseholdRecognised]) -> Iterable[Submission]:
    """So is who is recognised as something less."""
    known = document.data
    standing = _RECOGNISED[known.status]
    yield _entering(document, standing, known.programme, known.division, known.members)


def on_watched(document: Document[PotentialRecipientWatched]) -> Iterable[Submission]:
    """So is another low-income household that is kept in mind."""
    watched = document.data
    standing = Standing.OTHER_LOW_INCOME
    yield _entering(document, standing, watched.programme, watched.division, watched.members)


def on_case_ended(document: Document[CaseEnded]) -> Iterable[Submission]:
    """A case that is over takes its household off the books; one of other aid was not on them."""
    standing = _CONFIRMED.get(document.data.programme)
    if standing is not None:
        yield _leaving(document, standing)


def on_recognition_ended(document: Document[RecognitionEnded]) -> Iterable[Submission]:
    """So does a recognition that is over."""
    yield _leaving(document, _RECOGNISED[document.data.status])


def on_decision_revoked(document: Document[DecisionRevoked]) -> Iterable[Submission]:
    """What was recognised beside a refusal falls with it; who joined by a change never did."""
    revoked = document.data
    if revoked.change_id is None:
        yield _leaving(document, *_RECOGNISED.values())
    elif revoked.left:
        yield _noting(document, left=revoked.left)


def on_members_returned(document: Document[MembersReturned]) -> Iterable[Submission]:
    """Whose leaving fell on appeal never left."""
    yield _noting(document, joined=document.data.persons)


def on_household_reinstated(document: Document[HouseholdReinstated]) -> Iterable[Submission]:
    """Whose means count while a decision waits, and once it stands; a family's count all along."""
    reinstated = document.data
    left = tuple(one for one in reinstated.left or () if one not in (reinstated.family or ()))
    if left or reinstated.returned:
        yield _noting(document, left=left, joined=reinstated.returned or ())


def on_unwatched(
    document: Document[PotentialRecipientReopened] | Document[PotentialRecipientRemoved],
) -> Iterable[Submission]:
    """Who left the watch list, or applied again, is not kept in mind any more."""
    yield _leaving(document, Standing.OTHER_LOW_INCOME)


def on_household_changed(document: Document[HouseholdChanged]) -> Iterable[Submission]:
    """Whose means count changes with the household; who is on dibao no longer alone stays in it."""
    changed = document.data
    stays = changed.cause is HouseholdChangeCause.NO_LONGER_ALONE
    yield _noting(document, left=() if stays else changed.left, joined=changed.joined)


def _noting(
    document: Document[Any], *, left: tuple[UUID, ...] = (), joined: tuple[UUID, ...] = ()
) -> Submission:
    reads = (standing_of(document.subject),)
    command = NotePeople(left=left, joined=joined)
    return reaction("note-people", document, reads, note_people, command)


def on_change_reported(document: Document[ChangeReported]) -> Iterable[Submission]:
    """What a household has reported is known of it; of a child nothing of means is reported."""
    reported = document.data
    if reported.child is not None:
        return
    income = (*reported.income, *(one.line for one in reported.excluded or ()))
    held = reported.property
    command = NoteKnownMeans(
        income=income,
        property=None if held is None else KnownMeans(income=income, **dict(held)),
    )
    reads = (standing_of(document.subject),)
    yield reaction("note-known-means", document, reads, note_known_means, command)


def on_check_authorised(document: Document[CheckAuthorised]) -> Iterable[Submission]:
    """A member's word is kept, from before the check is opened."""
    word = document.data
    if word.standing is AuthorisedAs.MEMBER:
        command = NoteAuthorisation(person_id=word.person_id, until_on=word.until_on)
        reads = (standing_of(document.subject),)
        yield reaction("note-authorisation", document, reads, note_authorisation, command)


def on_authorisation_withdrawn(
    document: Document[AuthorisationWithdrawn],
) -> Iterable[Submission]:
    """A member's word that was taken back ends the checks of the household."""
    command = NoteAuthorisationWithdrawn(person_id=document.data.person_id)
    reads = (standing_of(document.subject), check_of(document.subject))
    yield reaction(
        "note-authorisation-withdrawn", document, reads, note_authorisation_withdrawn, command
    )


def _entering(
    document: Document[CaseConfirmed]
    | Document[HouseholdRecognised]
    | Document[PotentialRecipientWatched],
    standing: Standing,
    programme: Programme,
    division: str,
    members: Iterable[Member],
) -> Submission:
    case_id: UUID = document.subject
    command = EnterBooks(
        case_id=case_id,
        standing=standing,
        programme=programme,
        division=division,
        people=tuple(member.person_id for member in members),
    )
    reads = (standing_of(case_id), check_of(case_id))
    return reaction("enter-books", document, reads, enter_books, command)


def _leaving(document: Document[Any], *standings: Standing) -> Submission:
    command = LeaveBooks(standings=standings)
    reads = (standing_of(document.subject),)
    return reaction("leave-books", document, reads, leave_books, command)


FOREIGN: Final[Mapping[type[Event], Iterable[React]]] = {
    CaseConfirmed: (on_case_confirmed,),
    HouseholdRecognised: (on_household_recognised,),
    PotentialRecipientWatched: (on_watched,),
    CaseEnded: (on_case_ended,),
    RecognitionEnded: (on_recognition_ended,),
    DecisionRevoked: (on_decision_revoked,),
    PotentialRecipientReopened: (on_unwatched,),
    PotentialRecipientRemoved: (on_unwatched,),
    HouseholdChanged: (on_household_changed,),
    HouseholdReinstated: (on_household_reinstated,),
    MembersReturned: (on_members_returned,),
    ChangeReported: (on_change_reported,),
    CheckAuthorised: (on_check_authorised,),
    AuthorisationWithdrawn: (on_authorisation_withdrawn,),
}
