"""The departments: each is asked for a household's data, over HTTP, under the asking event's id.

A department that is away, slow or overloaded is asked again later. What it answers is put into the
vault as it came, before anybody reads it; what cannot be read, or answers another question, is kept
and asked again. One that refuses or does not know somebody has failed for good: officials check by
other means, or have it asked anew. ID numbers are fetched for the question and kept nowhere.
"""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid5

import httpx

from services.verification.decisions import (
    RecordAnswer,
    RecordFailure,
    SetAnswerAside,
    record_answer,
    record_failure,
    set_answer_aside,
)
from services.verification.gateways.courtesy import Courtesy
from services.verification.gateways.formats import (
    ACCEPTED,
    DepartmentReply,
    StatedPerson,
    Unreadable,
    read_reply,
)
from services.verification.model import CHECK, DEPARTMENT_QUERY, Check, check_of
from shared.access.persons import (
    MAX_NOTE_CHARACTERS,
    MAX_NOTES,
    ConsultedPerson,
    NewNote,
    Standing,
)
from shared.access.registry import RegistryAway, RegistryRefused
from shared.accounts import within_bounds
from shared.contracts.circumstances import CertifiedDisability
from shared.contracts.departments import (
    Department,
    DepartmentAsked,
    DepartmentFailure,
    FirstDepartment,
    RegisterEntry,
    RegisterKind,
)
from shared.contracts.fields import IncomeLine, LineSource, NoteRef
from shared.contracts.persons import ConsultationPurpose, PersonField
from shared.contracts.verification import CheckOpened
from shared.kernel.duties import NeighbourAway, OutsideAway
from shared.kernel.event import MAX_DOCUMENT_BYTES, event_id, read
from shared.kernel.states import fold
from shared.kernel.store import AgendaEntry
from shared.kernel.submission import Note, Submission, answer
from shared.runtime.definition import Ask
from shared.runtime.service import Service

MAX_ANSWER_BYTES: Final = 512 * 1024
"""A household's data has a few kilobytes; what is larger is no answer to this question."""

_ENVELOPE_BYTES: Final = 16 * 1024
"""More than an event's own fields take, beside its data."""

_LINE_BYTES: Final = 256
"""More than a line of income, or an entry in a register, takes."""

_ASK_AGAIN: Final = frozenset({408, 425, 429})
"""Refusals that pass by themselves."""

_EMPTY: Final = "="
"""What stands for an answer without a byte, which no note can be."""

INCOME_STATED_BY: Final = frozenset(Department(source) for source in FirstDepartment)
"""Whose income an account can hold; another department that states income is misunderstood."""


class Failed(Exception):
    """The department gives no data, for good."""

    def __init__(self, failure: DepartmentFailure) -> None:
        super().__init__(failure)
        self.failure = failure


class Departments:
    """Asks departments about households and makes commands of what they answer."""

    def __init__(self, service: Service) -> None:
        self._service = service
        settings = service.settings
        self._courtesy = {
            department: Courtesy(
                per_second=settings.department_calls_per_second,
                failures=settings.department_failures_before_rest,
                rest_s=settings.department_rest_ms / 1000,
            )
            for department in Department
        }

    async def ask(self, entry: AgendaEntry) -> Submission:
        """Ask for what one event asked for. Raises ``OutsideAway`` to be asked again later."""
        check, department = await self._question(entry)
        nothing = RecordFailure(department=department, failure=DepartmentFailure.REFUSED)
        draft = answer(entry, (check_of(entry.subject),), record_failure, nothing)
        if check.opened is None or department not in check.unanswered:
            # Another instance was faster: under this event's id its outcome is recorded already,
            # and this one changes nothing. Nobody is asked a second time.
            return draft
        try:
            return await self._asked(entry, draft, check.opened, department)
        except Failed as failed:
            failure = RecordFailure(department=department, failure=failed.failure)
            return replace(draft, command=failure)

    async def _asked(
        self, entry: AgendaEntry, draft: Submission, opened: CheckOpened, department: Department
    ) -> Submission:
        parents = opened.minor.parents if opened.minor else ()
        person_ids = [*(member.person_id for member in opened.members), *parents]
        singly = department in self._service.settings.departments_asked_singly
        courtesy = self._courtesy[department]
        # Before the registry is asked: nobody's number is read for a call that may not be made.
        courtesy.take_turn(len(person_ids) if singly else 1)
        persons = await self._id_numbers(person_ids)
        groups = [[person] for person in persons] if singly else [persons]
        answers: list[tuple[str, bytes]] = []
        for group in groups:
            if answers:
                await asyncio.sleep(courtesy.apart_s)
            answers.append(await self._post(entry, department, group, singly=singly))
        notes, received = await self._kept(draft, opened, [body for _type, body in answers])
        try:
            replies = [read_reply(media_type, body) for media_type, body in answers]
            command = recorded(department, person_ids, replies)
        except Unreadable:
            aside = SetAnswerAside(department=department, received=received)
            return replace(draft, command=aside, decide=set_answer_aside, notes=notes)
        command = command.model_copy(update={"received": received})
        return replace(draft, command=command, decide=record_answer, notes=notes)

    async def _kept(
        self, draft: Submission, opened: CheckOpened, bodies: Sequence[bytes]
    ) -> tuple[tuple[Note, ...], tuple[NoteRef, ...]]:
        """Put the answers into the vault as they came, in parts; before anything is interpreted.

        As text of their bytes, since a note is text and what came may be none. Raises ``Failed``
        for more parts than one command may name.
        """
        texts = [b64encode(body).decode() for body in bodies]
        parts = [
            text[at : at + MAX_NOTE_CHARACTERS]
            for text in texts
            for at in range(0, max(len(text), 1), MAX_NOTE_CHARACTERS)
        ]
        if len(parts) > MAX_NOTES:
            raise Failed(DepartmentFailure.MALFORMED_ANSWER)
        notes = [
            NewNote(region=opened.division, text=part or _EMPTY, case_id=draft.reads[0].case_id)
            for part in parts
        ]
        try:
            receipts = await self._service.registry.put_notes(draft.command_id, notes)
        except RegistryAway as error:
            raise NeighbourAway(str(error)) from None
        except RegistryRefused as error:
            raise OutsideAway(str(error)) from None
        return tuple(r.as_note() for r in receipts), tuple(r.as_ref() for r in receipts)

    async def _question(self, entry: AgendaEntry) -> tuple[Check, Department]:
        service = self._service
        rows = await asyncio.to_thread(service.store.read_stream, entry.stream)
        check: Check = fold(service.definition.domain, CHECK.name, rows).state
        for row in rows:
            if event_id(row.stream, row.version) == entry.source_event:
                asked = read(row).data
                if isinstance(asked, DepartmentAsked):
                    return check, asked.department
        raise LookupError("a department's query on the agenda without its event")

    async def _id_numbers(self, person_ids: Sequence[UUID]) -> list[ConsultedPerson]:
        try:
            persons = await self._service.registry.consult(
                person_ids, ConsultationPurpose.MEANS_CHECK, [PersonField.ID_NUMBER]
            )
        except RegistryAway as error:
            raise NeighbourAway(str(error)) from None
        except RegistryRefused as error:
            # Ours to mend (credentials, purpose, allowance): no department has failed.
            raise OutsideAway(str(error)) from None
        if any(p.standing in (Standing.DAMAGED, Standing.UNKNOWN) for p in persons):
            # Every member was registered: the vault has lost or cannot open a row, for now.
            raise OutsideAway("the person registry holds a person that it cannot read")
        if any(p.id_number is None for p in persons):
            raise Failed(DepartmentFailure.PERSON_UNKNOWN)
        return persons

    async def _post(
        self,
        entry: AgendaEntry,
        department: Department,
        persons: Sequence[ConsultedPerson],
        *,
        singly: bool,
    ) -> tuple[str, bytes]:
        """The media type and the bytes of a department's answer.

        The whole exchange has one deadline, so that one who sends a byte a second holds nobody.
        """
        settings = self._service.settings
        event = entry.source_event
        request_id = str(uuid5(event, str(persons[0].person_id)) if singly else event)
        question = {
            "request_id": request_id,
            "purpose": ConsultationPurpose.MEANS_CHECK.value,
            "persons": [
                {"reference": str(person.person_id), "id_number": person.id_number}
                for person in persons
            ],
        }
        url = f"{settings.department_url.rstrip('/')}/{department}/queries"
        courtesy = self._courtesy[department]
        try:
            async with asyncio.timeout(settings.gateway_timeout_ms / 1000):
                received = await self._exchange(url, request_id, question)
        except TimeoutError:
            courtesy.failed()
            raise OutsideAway(f"{department}: no answer in time") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            courtesy.failed()
            raise OutsideAway(f"{department}: {type(error).__name__}") from None
        except OutsideAway:
            courtesy.failed()
            raise
        except Failed:
            courtesy.succeeded()
            raise
        courtesy.succeeded()
        return received

    async def _exchange(
        self, url: str, request_id: str, question: dict[str, Any]
    ) -> tuple[str, bytes]:
        headers = {"Idempotency-Key": request_id, "Accept": ACCEPTED}
        async with self._service.http.stream(
            "POST", url, json=question, headers=headers, timeout=None
        ) as response:
            _check_status(response.status_code)
            body = bytearray()
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > MAX_ANSWER_BYTES:
                    raise Failed(DepartmentFailure.MALFORMED_ANSWER)
            return response.headers.get("Content-Type", ""), bytes(body)


def _check_status(status: int) -> None:
    """200 is an answer. Raises ``OutsideAway`` for what passes, ``Failed`` for what does not."""
    if status == 200:
        return
    if status == 404:
        raise Failed(DepartmentFailure.PERSON_UNKNOWN)
    if 400 <= status < 500 and status not in _ASK_AGAIN:
        raise Failed(DepartmentFailure.REFUSED)
    # A redirection, too: personal data does not follow where somebody points.
    raise OutsideAway(f"status {status}")


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
    lines = len(command.income) + len(command.entries)
    room_bytes = MAX_DOCUMENT_BYTES - _ENVELOPE_BYTES
    # Weighed only where it may matter: hardly any household has so many lines.
    if lines * _LINE_BYTES > room_bytes and len(command.model_dump_json()) > room_bytes:
        # Recorded it cannot be; refused it would stand as asked for ever.
        raise Failed(DepartmentFailure.MALFORMED_ANSWER)
    return command


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


def gateways(service: Service) -> Mapping[str, Ask]:
    """Whom verification asks outside."""
    return {DEPARTMENT_QUERY: Departments(service).ask}
