"""What cases mean for their people's subsidies: noted of each person; ends follow by themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from services.decision.decisions import (
    NoteSubsidyRefused,
    NoteSupport,
    NoteSupportOver,
    RestoreSupport,
    StopSubsidy,
    by_recorded_standards,
    note_subsidy_refused,
    note_support,
    note_support_over,
    restore_support,
    stop_subsidy,
)
from services.decision.model import determination_of, standards_over, supports_of
from shared.calendar import Month
from shared.contracts.appeals import DecisionRevoked, HouseholdReinstated, MembersReturned
from shared.contracts.changes import HouseholdChangeCause, HouseholdChanged
from shared.contracts.decision import CaseConfirmed, CaseEnded, CaseRefused
from shared.contracts.fields import Programme
from shared.contracts.recognition import (
    HouseholdRecognised,
    RecognitionEnded,
    RecognitionWithdrawn,
)
from shared.contracts.subsidies import SubsidyEndOwed, Support
from shared.kernel.event import Document, Event
from shared.kernel.reactions import React
from shared.kernel.submission import SYSTEM_ACTOR, Submission, reaction


def on_case_confirmed(document: Document[CaseConfirmed]) -> Iterable[Submission]:
    """Every member has support by a confirmed case.

    A household's standing is there from its confirmation on, one person's support from the first
    month that it is paid.
    """
    confirmed = document.data
    since = confirmed.pay_from
    if not confirmed.programme.is_of_one_person:
        since = min(since, Month.of(document.effective_on))
    for member in confirmed.members:
        yield _begun(document, member.person_id, Support(confirmed.programme.value), since)


def on_household_recognised(document: Document[HouseholdRecognised]) -> Iterable[Submission]:
    """Every member of a recognised household has its standing from that month on."""
    recognised = document.data
    since = Month.of(document.effective_on)
    for member in recognised.members:
        yield _begun(document, member.person_id, Support(recognised.status.value), since)


def on_household_changed(document: Document[HouseholdChanged]) -> Iterable[Submission]:
    """Who left has the household's support no more, who joined has it from then on."""
    changed = document.data
    support = Support(changed.programme.value)
    died = changed.cause is HouseholdChangeCause.DEATH
    for person_id in changed.left:
        command = NoteSupportOver(
            person_id=person_id,
            case_id=document.subject,
            support=support,
            last_month=changed.from_month.previous(),
            died_in=Month.of(changed.happened_on) if died else None,
        )
        yield _over(document, command)
    for person_id in changed.joined:
        yield _begun(document, person_id, support, changed.from_month)


def on_members_returned(document: Document[MembersReturned]) -> Iterable[Submission]:
    """Whose leaving fell on appeal has the household's support as if they had never left."""
    returned = document.data
    for person_id in returned.persons:
        command = RestoreSupport(
            person_id=person_id,
            case_id=document.subject,
            support=Support(returned.programme.value),
        )
        reads = (supports_of(person_id),)
        yield reaction("restore-support", document, reads, restore_support, command)


def on_household_reinstated(document: Document[HouseholdReinstated]) -> Iterable[Submission]:
    """Who is of the household again while a decision waits has its support from then on, and has it
    no more once that stands.
    """
    reinstated = document.data
    support = Support(reinstated.programme.value)
    for person_id in reinstated.returned or ():
        yield _begun(document, person_id, support, reinstated.from_month)
    yield from _over_for(document, reinstated.left, reinstated.from_month)


def on_decision_revoked(document: Document[DecisionRevoked]) -> Iterable[Submission]:
    """Who joined the household by a decision that fell never had its support."""
    revoked = document.data
    if revoked.from_month is not None:
        yield from _over_for(document, revoked.left, revoked.from_month)


def _over_for(
    document: Document[HouseholdReinstated] | Document[DecisionRevoked],
    left: tuple[UUID, ...] | None,
    from_month: Month,
) -> Iterable[Submission]:
    for person_id in left or ():
        command = NoteSupportOver(
            person_id=person_id,
            case_id=document.subject,
            support=Support(document.data.programme.value),
            last_month=from_month.previous(),
        )
        yield _over(document, command)


def on_case_ended(document: Document[CaseEnded]) -> Iterable[Submission]:
    """Nobody has support by a case that is over."""
    ended = document.data
    if ended.programme is Programme.TEMPORARY_ASSISTANCE or ended.last_month is None:
        return
    for member in ended.members:
        command = NoteSupportOver(
            person_id=member.person_id,
            case_id=document.subject,
            support=Support(ended.programme.value),
            last_month=ended.last_month,
        )
        yield _over(document, command)


def on_recognition_ended(
    document: Document[RecognitionEnded] | Document[RecognitionWithdrawn],
) -> Iterable[Submission]:
    """Nobody has a recognition's standing after its last day's month."""
    ended = document.data
    for member in ended.members or ():
        command = NoteSupportOver(
            person_id=member.person_id,
            case_id=document.subject,
            support=Support(ended.status.value),
            last_month=Month.of(ended.since - timedelta(days=1)),
        )
        yield _over(document, command)


def on_case_refused(document: Document[CaseRefused]) -> Iterable[Submission]:
    """Who was refused a subsidy is not offered it again for the same."""
    refused = document.data
    if refused.programme.is_disability_subsidy:
        command = NoteSubsidyRefused(person_id=refused.applicant, programme=refused.programme)
        reads = (supports_of(refused.applicant),)
        yield reaction("note-subsidy-refused", document, reads, note_subsidy_refused, command)


def on_subsidy_end_owed(document: Document[SubsidyEndOwed]) -> Iterable[Submission]:
    """A subsidy whose ground is gone is stopped."""
    owed = document.data
    command = StopSubsidy(
        change_id=uuid5(document.id, "stop"),
        actor=SYSTEM_ACTOR,
        reason=owed.reason,
        last_month=owed.last_month,
    )
    reads = (determination_of(owed.case_id), *standards_over(owed.division))
    yield reaction("stop-subsidy", document, reads, by_recorded_standards(stop_subsidy), command)


def _begun(document: Document[Any], person_id: UUID, support: Support, since: Month) -> Submission:
    command = NoteSupport(
        person_id=person_id,
        case_id=document.subject,
        division=document.data.division,
        support=support,
        since=since,
    )
    reads = (supports_of(person_id), determination_of(document.subject))
    return reaction(f"note-{support.value}", document, reads, note_support, command)


def _over(document: Document[Any], command: NoteSupportOver) -> Submission:
    reads = (supports_of(command.person_id),)
    name = f"note-{command.support.value}-over"
    return reaction(name, document, reads, note_support_over, command)


OWN: Final[Mapping[type[Event], Iterable[React]]] = {
    CaseConfirmed: (on_case_confirmed,),
    HouseholdRecognised: (on_household_recognised,),
    HouseholdChanged: (on_household_changed,),
    HouseholdReinstated: (on_household_reinstated,),
    DecisionRevoked: (on_decision_revoked,),
    MembersReturned: (on_members_returned,),
    CaseEnded: (on_case_ended,),
    RecognitionEnded: (on_recognition_ended,),
    RecognitionWithdrawn: (on_recognition_ended,),
    CaseRefused: (on_case_refused,),
    SubsidyEndOwed: (on_subsidy_end_owed,),
}
