"""What events make intake do next.

A decided case closes its application; a refused one, and one that is over, frees its household
to apply anew, and whoever comes to be in a case holds no place in another. A household that is
refused in hardship is kept in mind. Everybody on a page of a roster gets a task, and tasks are told
how their application ended.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from services.intake.decisions import (
    ClaimMembers,
    CloseApplication,
    NotePublicity,
    NoteRecognition,
    ReleaseOpenApplication,
    claim_members,
    close,
    note_publicity,
    note_recognition,
    release_open_application,
)
from services.intake.decisions.screening_tasks import EndApplication, end_application
from services.intake.decisions.taking_up import SCREENED_FOR, TakeUp, take_up
from services.intake.decisions.watch_list import WatchHousehold, watch
from services.intake.model import (
    application_stream,
    open_application_stream,
    screening_task_of,
    task_id_of,
    watch_list_entry_of,
)
from shared.contracts.aid import AidGranted, AidRefused
from shared.contracts.appeals import DecisionRevoked, HouseholdReinstated, MembersReturned
from shared.contracts.changes import HouseholdChanged
from shared.contracts.decision import CaseConfirmed, CaseEnded, CaseRefused, DeterminationOpened
from shared.contracts.fields import Programme
from shared.contracts.intake import ApplicationClosed, ApplicationWithdrawn
from shared.contracts.publicity import PublicityPosted
from shared.contracts.recognition import HouseholdRecognised, PotentialRecipientListed
from shared.contracts.screening import ApplicationOutcome, RosterPageListed
from shared.kernel.event import Document, Event
from shared.kernel.reactions import React
from shared.kernel.submission import Submission, reaction

Granted = Document[CaseConfirmed] | Document[AidGranted]
Denied = Document[CaseRefused] | Document[AidRefused]


def on_granted(document: Granted) -> Iterable[Submission]:
    """A confirmed case, or a granted aid, closes its application; its members stay in it.

    One that was refused, or over, and is confirmed on appeal has them again.
    """
    granted = document.data
    first_month = granted.pay_from if isinstance(granted, CaseConfirmed) else None
    yield _closing(document, CloseApplication(refused=False, first_month=first_month))
    if isinstance(granted, CaseConfirmed):
        persons = (member.person_id for member in granted.members)
        yield from _claiming(document, granted.programme, persons)


def on_refused(document: Denied) -> Iterable[Submission]:
    """A refused case, or a refused aid, closes its application."""
    yield _closing(document, CloseApplication(refused=True))


def on_application_closed(document: Document[ApplicationClosed]) -> Iterable[Submission]:
    """Every member of a refused household may apply anew; the tasks behind it are told the end."""
    closed = document.data
    if closed.refused:
        yield from _releasing(document)
    outcome = ApplicationOutcome.REFUSED if closed.refused else ApplicationOutcome.ENROLLED
    yield from _ending(document, outcome)


def on_application_withdrawn(document: Document[ApplicationWithdrawn]) -> Iterable[Submission]:
    """The tasks behind a withdrawn application are told the end."""
    yield from _ending(document, ApplicationOutcome.WITHDRAWN)


def _ending(
    document: Document[ApplicationClosed] | Document[ApplicationWithdrawn],
    outcome: ApplicationOutcome,
) -> Iterable[Submission]:
    command = EndApplication(case_id=document.subject, outcome=outcome)
    for task_id in document.data.screening_tasks or ():
        reads = (screening_task_of(task_id),)
        yield reaction("end-application", document, reads, end_application, command)


def on_roster_page_listed(document: Document[RosterPageListed]) -> Iterable[Submission]:
    """Everybody on the page gets a task, or a tag to the one they have."""
    page = document.data
    for entry in page.entries:
        task_id = task_id_of(page.division, entry.person_id)
        cases = (open_application_stream(of, entry.person_id) for of in SCREENED_FOR)
        command = TakeUp(
            task_id=task_id,
            person_id=entry.person_id,
            division=entry.division,
            year=page.year,
            kind=page.kind,
            roster_id=page.roster_id,
            screening_due=page.screening_due,
            enrolment_due=page.enrolment_due,
        )
        reads = (screening_task_of(task_id), *cases)
        yield reaction("take-up", document, reads, take_up, command)


def on_case_ended(document: Document[CaseEnded]) -> Iterable[Submission]:
    """Every member of a household whose case is over may apply anew."""
    yield from _releasing(document)


def on_potential_recipient_listed(
    document: Document[PotentialRecipientListed],
) -> Iterable[Submission]:
    """A household that was refused in hardship enters the watch list."""
    listed = document.data
    command = WatchHousehold(
        programme=listed.programme,
        division=listed.division,
        applicant=listed.applicant,
        members=listed.members,
        hardship=listed.hardship,
    )
    reads = (watch_list_entry_of(document.subject),)
    yield reaction("watch-household", document, reads, watch, command)


def on_household_recognised(document: Document[HouseholdRecognised]) -> Iterable[Submission]:
    """What a refused household is recognised as is shown with its application."""
    reads = (application_stream(document.subject),)
    command = NoteRecognition(status=document.data.status)
    yield reaction("note-recognition", document, reads, note_recognition, command)


def on_determination_opened(document: Document[DeterminationOpened]) -> Iterable[Submission]:
    """Who does not count into the household may apply with another one, or for themselves."""
    account = document.data
    for one in account.left_out or ():
        yield _release(document, account.programme, one.person_id)


def on_household_changed(document: Document[HouseholdChanged]) -> Iterable[Submission]:
    """Who has left a household may apply with another one; who has joined it may not."""
    changed = document.data
    for person_id in changed.left:
        yield _release(document, changed.programme, person_id)
    yield from _claiming(document, changed.programme, changed.joined)


def on_members_returned(document: Document[MembersReturned]) -> Iterable[Submission]:
    """Who never left a household, since the decision fell, is of it again."""
    returned = document.data
    yield from _claiming(document, returned.programme, returned.persons)


def on_household_reinstated(document: Document[HouseholdReinstated]) -> Iterable[Submission]:
    """Who is of a household again while a decision waits, and who is not, or again not."""
    again = document.data
    for person_id in again.left or ():
        yield _release(document, again.programme, person_id)
    yield from _claiming(document, again.programme, again.returned or ())


def on_decision_revoked(document: Document[DecisionRevoked]) -> Iterable[Submission]:
    """An application whose refusal fell is open again; who had joined by what fell did not."""
    fell = document.data
    for person_id in fell.left or ():
        yield _release(document, fell.programme, person_id)
    members = (member.person_id for member in fell.members or ())
    yield from _claiming(document, fell.programme, members)


def _releasing(
    document: Document[ApplicationClosed] | Document[CaseEnded],
) -> Iterable[Submission]:
    over = document.data
    for member in over.members:
        yield _release(document, over.programme, member.person_id)


def _release(document: Document[Any], programme: Programme, person_id: UUID) -> Submission:
    reads = (open_application_stream(programme, person_id),)
    command = ReleaseOpenApplication(case_id=document.subject)
    return reaction("release-open-application", document, reads, release_open_application, command)


def _claiming(
    document: Document[Any], programme: Programme, persons: Iterable[UUID]
) -> Iterable[Submission]:
    command = ClaimMembers(
        case_id=document.subject, programme=programme, persons=tuple(dict.fromkeys(persons))
    )
    if command.persons:
        reads = tuple(open_application_stream(programme, person) for person in command.persons)
        yield reaction("claim-members", document, reads, claim_members, command)


def on_publicity_posted(document: Document[PublicityPosted]) -> Iterable[Submission]:
    """Until when a case is in publicity can be asked by its household's code."""
    reads = (application_stream(document.subject),)
    command = NotePublicity(until_on=document.data.until_on)
    yield reaction("note-publicity", document, reads, note_publicity, command)


def _closing(document: Granted | Denied, command: CloseApplication) -> Submission:
    reads = (application_stream(document.subject),)
    return reaction("close-application", document, reads, close, command)


FOREIGN: Final[Mapping[type[Event], Iterable[React]]] = {
    CaseConfirmed: (on_granted,),
    AidGranted: (on_granted,),
    CaseRefused: (on_refused,),
    AidRefused: (on_refused,),
    CaseEnded: (on_case_ended,),
    PublicityPosted: (on_publicity_posted,),
    PotentialRecipientListed: (on_potential_recipient_listed,),
    HouseholdRecognised: (on_household_recognised,),
    HouseholdChanged: (on_household_changed,),
    MembersReturned: (on_members_returned,),
    HouseholdReinstated: (on_household_reinstated,),
    DecisionRevoked: (on_decision_revoked,),
    DeterminationOpened: (on_determination_opened,),
}
OWN: Final[Mapping[type[Event], Iterable[React]]] = {
    ApplicationClosed: (on_application_closed,),
    ApplicationWithdrawn: (on_application_withdrawn,),
    RosterPageListed: (on_roster_page_listed,),
}
