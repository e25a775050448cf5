"""What is recorded of departments' answers, once they are read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from services.verification.decisions import RecordAnswer
from services.verification.gateways.calling import Failed
from services.verification.gateways.formats import DepartmentReply, StatedPerson, Unreadable
from shared.accounts import within_bounds
from shared.contracts.circumstances import CertifiedDisability
from shared.contracts.departments import (
    Department,
    DepartmentFailure,
    FirstDepartment,
    RegisterEntry,
    RegisterKind,
)
from shared.contracts.fields import IncomeLine, LineSource
from shared.kernel.event import MAX_DOCUMENT_BYTES

_ENVELOPE_BYTES: Final = 16 * 1024
"""More than an event's own fields take, beside its data."""

_LINE_BYTES: Final = 256
"""More than a line of income, an entry in a register or a bank's deposits take."""

INCOME_STATED_BY: Final = frozenset(Department(source) for source in FirstDepartment)
"""Whose income an account can hold; another department that states income is misunderstood."""


def recorded(
    department: Department, person_ids: Sequence[UUID], replies: Sequence[DepartmentReply]
) -> RecordAnswer:
    """The command of answers that hold every person asked about, once, and nobody else.

    Raises ``Unreadable`` where they answer another question, ``Failed`` for more than an event
    holds.
    """
    persons = [person for reply in replies for person in reply.persons]
    deposits_fen = houses = vehicles = 0
    for person in persons:
        deposits_fen += person.deposits_fen
        houses += person.houses
        vehicles += person.vehicles
    # Numbers are compared some ten times faster than the ids they stand for.
    if sorted(p.reference.int for p in persons) != sorted(p.int for p in person_ids):
        raise Unreadable("other persons than were asked about")
    command = RecordAnswer(
        department=department,
        income=_income(department, persons),
        deposits_fen=within_bounds(deposits_fen),
        houses=houses,
        vehicles=vehicles,
        entries=tuple(
            RegisterEntry(person_id=person.reference, kind=kind)
            for person in persons
            if person.entries
            for kind in RegisterKind
            if kind in person.entries
        ),
        as_of=_oldest(replies),
        certificates=_certificates(department, persons),
    )
    require_room(command)
    return command


def require_room(command: RecordAnswer) -> None:
    """An event holds what was answered. Raises ``Failed`` for more.

    Recorded it cannot be; refused it would stand as asked for ever.
    """
    lines = len(command.income) + len(command.entries) + len(command.institutions)
    room_bytes = MAX_DOCUMENT_BYTES - _ENVELOPE_BYTES
    # Weighed only where it may matter: hardly any household has so many lines.
    if lines * _LINE_BYTES > room_bytes and len(command.model_dump_json()) > room_bytes:
        raise Failed(DepartmentFailure.MALFORMED_ANSWER)


def _income(department: Department, persons: Sequence[StatedPerson]) -> tuple[IncomeLine, ...]:
    stated = [(person.reference, line) for person in persons for line in person.income]
    if not stated:
        return ()
    if department not in INCOME_STATED_BY:
        raise Unreadable("income, of a department that states none")
    source = LineSource(department.value)
    return tuple(
        IncomeLine(
            person_id=person_id,
            kind=line.kind,
            source=source,
            amount_fen=line.amount_fen,
            item=line.item,
        )
        for person_id, line in stated
    )


def _certificates(
    department: Department, persons: Sequence[StatedPerson]
) -> tuple[CertifiedDisability, ...]:
    found = [(p.reference, p.disability) for p in persons if p.disability is not None]
    if found and department is not Department.DISABILITY_FEDERATION:
        raise Unreadable("certificates of disability, of a department that keeps none")
    return tuple(CertifiedDisability(person_id=who, disability=what) for who, what in found)


def _oldest(replies: Sequence[DepartmentReply]) -> date | None:
    return min((reply.as_of for reply in replies if reply.as_of is not None), default=None)
