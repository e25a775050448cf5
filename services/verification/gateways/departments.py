"""The departments: each is asked for a household's data, over HTTP, under the asking event's id.

Asked are households that applied and households on the books, both only by their members' word. A
department that is away, slow or overloaded is asked again later. What it answers is put into the
vault as it came, before anybody reads it; what cannot be read, or answers another question, is kept
and asked again. One that refuses or does not know somebody has failed for good: officials check by
other means, or have it asked anew. ID numbers are fetched for the question and kept nowhere.
"""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final
from uuid import UUID, uuid5

from services.verification.decisions import (
    LoseReceipt,
    NoteReceipt,
    RecordAnswer,
    RecordFailure,
    SetAnswerAside,
)
from services.verification.gateways import batches, identities, pboc
from services.verification.gateways.batches import (
    Batches,
    HouseholdQuestion,
    NotTogether,
    Said,
)
from services.verification.gateways.calling import (
    MAX_ANSWER_BYTES,
    Caller,
    Failed,
    Received,
    Unknown,
)
from services.verification.gateways.formats import ACCEPTED, Unreadable, read_reply
from services.verification.gateways.questions import Question, question_of
from services.verification.gateways.replies import recorded
from services.verification.model import (
    ANSWERS_LATER,
    DEPARTMENT_QUERY,
    DEPARTMENT_RECEIPT,
    PERIODIC_QUERY,
)
from shared.access.persons import (
    MAX_NOTE_CHARACTERS,
    MAX_NOTES,
    ConsultedPerson,
    NewNote,
)
from shared.access.registry import RegistryAway, RegistryRefused
from shared.contracts.departments import Department, DepartmentFailure
from shared.contracts.fields import NoteRef
from shared.contracts.persons import MAX_CONSULTED
from shared.kernel.duties import NeighbourAway, OutsideAway
from shared.kernel.store import AgendaEntry
from shared.kernel.submission import Note, Submission
from shared.runtime.definition import Ask
from shared.runtime.service import Service

_EMPTY: Final = "="
"""What stands for an answer without a byte, which no note can be."""

_BATCH_BYTES: Final = 8 * 1024 * 1024
"""What a batch's answer may have: a household's data has a few kilobytes."""


class Departments:
    """Asks departments about households and makes commands of what they answer."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._caller = Caller(service)
        self._batches = {
            department: Batches(partial(self._sent_together, department))
            for department in Department
            if department in service.settings.departments_asked_in_batches
        }

    async def ask(self, entry: AgendaEntry) -> Submission:
        """Ask for what one event asked for. Raises ``OutsideAway`` to be asked again later."""
        question = await question_of(self._service, entry)
        draft = question.draft
        if not question.open:
            # Another instance was faster, or nobody waits for the answer any more: under this
            # event's id its outcome is recorded already, and this one changes nothing.
            return draft
        department = question.department
        try:
            if not question.authorised:
                raise Failed(DepartmentFailure.NOT_AUTHORISED)
            if question.receipt is not None:
                return await self._fetched(question, question.receipt)
            if department in ANSWERS_LATER:
                return await self._handed_in(question)
            return await self._asked(question)
        except Failed as failed:
            failure = RecordFailure(department=department, failure=failed.failure)
            return replace(draft, command=failure)

    async def _asked(self, question: Question) -> Submission:
        """Ask a department that answers at once: alone, or beside other households."""
        department, draft = question.department, question.draft
        try:
            answers = await self._beside_others(question) or await self._posted(question)
        except Unreadable:
            aside = SetAnswerAside(department=department, received=())
            return replace(draft, command=aside, decide=question.room.set_aside)
        except Unknown:
            raise Failed(DepartmentFailure.PERSON_UNKNOWN) from None
        notes, received = await self._kept(question, [body for _type, body in answers])
        try:
            replies = [read_reply(media_type, body) for media_type, body in answers]
            command = recorded(department, question.people, replies)
        except Unreadable:
            aside = SetAnswerAside(department=department, received=received)
            return replace(draft, command=aside, decide=question.room.set_aside, notes=notes)
        command = command.model_copy(update={"received": received})
        return replace(draft, command=command, decide=question.room.record_answer, notes=notes)

    async def _beside_others(self, question: Question) -> list[tuple[str, bytes]]:
        """The answer about a household on the books, out of a call about several.

        None where the department takes no such calls, or did not take this one.
        """
        batched = self._batches.get(question.department) if question.periodic else None
        if batched is None:
            return []
        asked = HouseholdQuestion(question.request_id, question.people)
        try:
            return [("application/json", await batched.ask(asked))]
        except NotTogether:
            return []

    async def _posted(self, question: Question) -> list[tuple[str, bytes]]:
        """The media types and bytes of a department's answers about one household."""
        department = question.department
        singly = department in self._service.settings.departments_asked_singly
        courtesy = self._caller.courtesy[department]
        # Before the registry is asked: nobody's number is read for a call that may not be made.
        courtesy.take_turn(len(question.people) if singly else 1)
        persons = await identities.id_numbers(self._service, question.people)
        groups = [[person] for person in persons] if singly else [persons]
        answers: list[tuple[str, bytes]] = []
        for group in groups:
            if answers:
                await asyncio.sleep(courtesy.apart_s)
            request_id = question.request_id
            if singly:
                request_id = uuid5(request_id, str(group[0].person_id))
            body = {"purpose": identities.PURPOSE, **identities.asking(request_id, group)}
            received = await self._post(department, "queries", request_id, body)
            answers.append((received.media_type, received.body))
        return answers

    async def _sent_together(
        self, department: Department, questions: Sequence[HouseholdQuestion]
    ) -> Mapping[UUID, Said]:
        """Ask about several households in one call; what came of each, by its request."""
        self._caller.courtesy[department].take_turn(1)
        people = list(dict.fromkeys(who for question in questions for who in question.people))
        numbers: dict[UUID, ConsultedPerson] = {}
        for at in range(0, len(people), MAX_CONSULTED):
            for person in await identities.consulted(
                self._service, people[at : at + MAX_CONSULTED]
            ):
                numbers[person.person_id] = person
        said: dict[UUID, Said] = {}
        asked = []
        for question in questions:
            persons = [numbers[who] for who in question.people]
            try:
                identities.require_readable(persons)
            except (Failed, OutsideAway) as error:
                said[question.request_id] = error
            else:
                asked.append(identities.asking(question.request_id, persons))
        if asked:
            try:
                received = await self._post(
                    department,
                    "batches",
                    uuid5(questions[0].request_id, "/".join(one["request_id"] for one in asked)),
                    {"purpose": identities.PURPOSE, "queries": asked},
                    accept=batches.MEDIA_TYPE,
                    most_bytes=_BATCH_BYTES,
                )
            except (Failed, Unknown):
                raise NotTogether from None
            said |= batches.read_lines(received.body)
        return said

    async def _post(
        self,
        department: Department,
        path: str,
        request_id: UUID,
        body: Mapping[str, Any],
        *,
        accept: str = ACCEPTED,
        most_bytes: int = MAX_ANSWER_BYTES,
    ) -> Received:
        received = await self._caller.call(
            department,
            "POST",
            f"{self._service.settings.department_url.rstrip('/')}/{department}/{path}",
            accept=accept,
            request_id=request_id,
            question=body,
            most_bytes=most_bytes,
        )
        if received.status != 200:
            raise OutsideAway(f"status {received.status}")
        return received

    async def _handed_in(self, question: Question) -> Submission:
        """Hand a question in that is answered later, and keep its receipt number."""
        department = question.department
        self._caller.courtesy[department].take_turn(1)
        persons = await identities.id_numbers(self._service, question.people)
        try:
            received = await self._caller.call(
                department,
                "POST",
                f"{self._service.settings.pboc_url.rstrip('/')}/queries",
                accept=pboc.ACCEPTED,
                request_id=question.request_id,
                question=pboc.question_of(question.request_id, persons),
            )
            receipt = pboc.receipt_in(received.body)
        except Unknown:
            raise Failed(DepartmentFailure.PERSON_UNKNOWN) from None
        except Unreadable:
            raise OutsideAway(f"{department}: took the question without a receipt") from None
        command = NoteReceipt(department=department, receipt=receipt)
        return replace(question.draft, command=command, decide=question.room.note_receipt)

    async def _fetched(self, question: Question, receipt: UUID) -> Submission:
        """Fetch what was answered under a receipt number, once every bank has answered."""
        department, draft = question.department, question.draft
        self._caller.courtesy[department].take_turn(1)
        url = f"{self._service.settings.pboc_url.rstrip('/')}/results/{receipt}"
        try:
            received = await self._caller.call(department, "GET", url, accept=pboc.ACCEPTED)
        except Unknown:
            lost = LoseReceipt(department=department)
            return replace(draft, command=lost, decide=question.room.lose_receipt)
        if received.status != 200:
            raise OutsideAway(f"{department}: not answered yet")
        notes, kept = await self._kept(question, [received.body])
        try:
            command = pboc.deposits_of(received.body, question.people)
        except Unreadable:
            aside = SetAnswerAside(department=department, received=kept)
            return replace(draft, command=aside, decide=question.room.set_aside, notes=notes)
        answer: RecordAnswer = command.model_copy(update={"received": kept})
        return replace(draft, command=answer, decide=question.room.record_answer, notes=notes)

    async def _kept(
        self, question: Question, bodies: Sequence[bytes]
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
            NewNote(region=question.division, text=part or _EMPTY, case_id=question.case_id)
            for part in parts
        ]
        try:
            receipts = await self._service.registry.put_notes(question.draft.command_id, notes)
        except RegistryAway as error:
            raise NeighbourAway(str(error)) from None
        except RegistryRefused as error:
            raise OutsideAway(str(error)) from None
        return tuple(r.as_note() for r in receipts), tuple(r.as_ref() for r in receipts)


def gateways(service: Service) -> Mapping[str, Ask]:
    """Whom verification asks outside: about who applied first, then about who is on the books."""
    departments = Departments(service)
    return dict.fromkeys((DEPARTMENT_QUERY, DEPARTMENT_RECEIPT, PERIODIC_QUERY), departments.ask)
