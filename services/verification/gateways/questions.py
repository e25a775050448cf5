"""What an agenda entry asks: whom, about whom, and what takes the answer in."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final
from uuid import UUID, uuid5

from services.verification.decisions import (
    RecordFailure,
    lose_receipt,
    may_be_asked,
    note_receipt,
    record_answer,
    record_failure,
    set_answer_aside,
)
from services.verification.decisions.obligor_queries import (
    record_obligor_answer,
    record_obligor_failure,
    set_obligor_answer_aside,
)
from services.verification.decisions.periodic import (
    lose_periodic_receipt,
    note_periodic_receipt,
    record_periodic_answer,
    record_periodic_failure,
    set_periodic_answer_aside,
)
from services.verification.model import (
    Check,
    StandingHousehold,
    check_of,
    obligor_key,
    query_key,
    standing_of,
)
from services.verification.rules import may_look
from shared.contracts.departments import (
    Department,
    DepartmentAsked,
    DepartmentFailure,
    DepartmentReceiptNoted,
)
from shared.contracts.obligors import ObligorAsked
from shared.contracts.standing_households import (
    PeriodicCheckOpened,
    PeriodicQueryAsked,
    PeriodicReceiptNoted,
)
from shared.kernel.decider import Decide
from shared.kernel.event import Event, event_id, read
from shared.kernel.store import AgendaEntry
from shared.kernel.submission import Submission, answer
from shared.runtime.service import Service


@dataclass(frozen=True, slots=True)
class Room:
    """What takes in whatever a department says: of a check, or of a household on the books."""

    record_answer: Decide
    set_aside: Decide
    record_failure: Decide
    note_receipt: Decide
    lose_receipt: Decide


_OF_CHECK: Final = Room(record_answer, set_answer_aside, record_failure, note_receipt, lose_receipt)
_OF_BOOKS: Final = Room(
    record_periodic_answer,
    set_periodic_answer_aside,
    record_periodic_failure,
    note_periodic_receipt,
    lose_periodic_receipt,
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question to a department about a household.

    ``open`` while its answer is waited for, ``authorised`` while everybody's word lets it be asked.
    With a ``receipt`` the answer is fetched. ``draft`` is what is submitted where nothing comes.
    """

    case_id: UUID
    division: str
    department: Department
    people: tuple[UUID, ...]
    request_id: UUID
    receipt: UUID | None
    open: bool
    authorised: bool
    periodic: bool
    room: Room
    draft: Submission


async def question_of(service: Service, entry: AgendaEntry) -> Question:
    """What an entry of the agenda asks. Raises ``LookupError`` where its event is not there."""
    event = await _asking_event(service, entry)
    case_id = entry.subject
    check: Check = (await service.read(check_of(case_id))).state
    state: StandingHousehold = (await service.read(standing_of(case_id))).state
    today = await service.today()
    periodic = not isinstance(event, DepartmentAsked | DepartmentReceiptNoted | ObligorAsked)
    department = _department(event, entry)
    division = entry.region
    obligor = event.person_id if isinstance(event, ObligorAsked) else None
    if obligor is not None:
        return _about_obligor(service, entry, check, state, obligor, department, today)
    if periodic:
        people = members = state.people
        waits = bool(state.standings) and department in state.under_way
        division = state.entered.division if state.entered is not None else division
    else:
        opened = check.opened
        members = tuple(member.person_id for member in opened.members) if opened else ()
        people = (*members, *(opened.minor.parents if opened and opened.minor else ()))
        waits = opened is not None and department in check.unanswered
        division = opened.division if opened is not None else division
    own = standing_of(case_id) if periodic else check_of(case_id)
    reads = (own, check_of(case_id)) if periodic else (own,)
    room = _OF_BOOKS if periodic else _OF_CHECK
    nothing = RecordFailure(department=department, failure=DepartmentFailure.REFUSED)
    asked = entry.source_event
    return Question(
        case_id=case_id,
        division=division,
        department=department,
        people=people,
        request_id=uuid5(asked, department.value) if periodic else asked,
        receipt=getattr(event, "receipt", None),
        open=waits,
        authorised=may_be_asked(state, check, members, today),
        periodic=periodic,
        room=room,
        draft=answer(entry, reads, room.record_failure, nothing),
    )


def _about_obligor(
    service: Service,
    entry: AgendaEntry,
    check: Check,
    state: StandingHousehold,
    obligor: UUID,
    department: Department,
    today: date,
) -> Question:
    """A question about somebody bound to support the household, by their own word.

    Or the household's, where that stands for it, as long as everybody's is in force.
    """
    inquiry = check.inquiries.get(obligor)
    opened = check.opened
    authorised = False
    if opened is not None:
        parameters = service.policy.at(opened.division, opened.programme, today)
        members = tuple(member.person_id for member in opened.members)
        household = may_be_asked(state, check, members, today)
        word = check.consents.get(obligor)
        authorised = may_look(parameters, word, today, household=household)
    room = Room(
        partial(record_obligor_answer, obligor),
        partial(set_obligor_answer_aside, obligor),
        partial(record_obligor_failure, obligor),
        note_receipt,
        lose_receipt,
    )
    nothing = RecordFailure(department=department, failure=DepartmentFailure.REFUSED)
    return Question(
        case_id=entry.subject,
        division=opened.division if opened is not None else entry.region,
        department=department,
        people=(obligor,),
        request_id=uuid5(entry.source_event, department.value),
        receipt=None,
        open=inquiry is not None and department in inquiry.asked,
        authorised=authorised,
        periodic=False,
        room=room,
        draft=answer(entry, (check_of(entry.subject),), room.record_failure, nothing),
    )


async def _asking_event(service: Service, entry: AgendaEntry) -> Event:
    rows = await asyncio.to_thread(service.store.read_stream, entry.stream)
    for row in reversed(rows):
        if event_id(row.stream, row.version) == entry.source_event:
            found: Any = read(row).data
            if isinstance(found, _ASKING):
                return found
    raise LookupError("a department's query on the agenda without its event")


_ASKING: Final = (
    DepartmentAsked,
    DepartmentReceiptNoted,
    ObligorAsked,
    PeriodicCheckOpened,
    PeriodicQueryAsked,
    PeriodicReceiptNoted,
)


def _department(event: Any, entry: AgendaEntry) -> Department:
    """Who is asked: of those whom one event asks the one that the entry is of."""
    if isinstance(event, ObligorAsked):
        key_of = partial(obligor_key, entry.stream, event.person_id)
        return next(d for d in event.departments if key_of(d) == entry.key)
    if not isinstance(event, PeriodicCheckOpened):
        named: Department = event.department
        return named
    return next(d for d in event.departments if query_key(entry.stream, d) == entry.key)
