"""The departments: each is asked for a household's data, over HTTP, under the asking event's id.

A department that is away, slow or overloaded is asked again later. One that refuses, does not
know somebody or answers in another form has failed for good: officials check by other means, or
have it asked anew. ID numbers are fetched for the question and kept nowhere.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final
from uuid import UUID

import httpx
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.verification.decisions import (
    RecordAnswer,
    RecordFailure,
    record_answer,
    record_failure,
)
from services.verification.model import CHECK, DEPARTMENT_QUERY, Check, check_of
from shared.access.persons import ConsultedPerson, Standing
from shared.access.registry import RegistryAway, RegistryRefused
from shared.accounts import within_bounds
from shared.contracts.fields import IncomeItem, IncomeKind, IncomeLine, LineSource
from shared.contracts.intake import ConsultationPurpose, PersonField
from shared.contracts.verification import (
    Department,
    DepartmentAsked,
    DepartmentFailure,
    RegisterEntry,
    RegisterKind,
)
from shared.kernel.duties import NeighbourAway, OutsideAway
from shared.kernel.event import MAX_DOCUMENT_BYTES, event_id, read
from shared.kernel.states import fold
from shared.kernel.store import AgendaEntry
from shared.kernel.submission import Submission, answer
from shared.money import Fen
from shared.runtime.definition import Ask
from shared.runtime.service import Service

MAX_ANSWER_BYTES: Final = 1024 * 1024
"""A household's data has a few kilobytes; what is larger is no answer to this question."""

_ENVELOPE_BYTES: Final = 4096
"""More than an event's own fields take, beside its data."""

_ASK_AGAIN: Final = frozenset({408, 425, 429})
"""Refusals that pass by themselves."""

_MOST: Final = 10_000
"""More houses or vehicles than anybody has: a figure beyond is no count."""


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class StatedIncome(_Wire):
    """A person's income of one kind, in fen a month; ``item`` where the register names it."""

    kind: IncomeKind
    amount_fen: Fen
    item: IncomeItem | None = None


class StatedPerson(_Wire):
    """What a department states of a person, by the reference it was given for them."""

    reference: UUID
    income: Annotated[tuple[StatedIncome, ...], Field(max_length=100)] = ()
    deposits_fen: Fen = 0
    houses: Annotated[int, Field(strict=True, ge=0, le=_MOST)] = 0
    vehicles: Annotated[int, Field(strict=True, ge=0, le=_MOST)] = 0
    entries: Annotated[frozenset[RegisterKind], Field(max_length=20)] = frozenset()


class DepartmentReply(_Wire):
    """A department's answer: every person asked about, each once."""

    persons: tuple[StatedPerson, ...]


class Failed(Exception):
    """The department gives no data, for good."""

    def __init__(self, failure: DepartmentFailure) -> None:
        super().__init__(failure)
        self.failure = failure


class Departments:
    """Asks departments about households and makes commands of what they answer."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def ask(self, entry: AgendaEntry) -> Submission:
        """Ask for what one event asked for. Raises ``OutsideAway`` to be asked again later."""
        check, department = await self._question(entry)
        reads = (check_of(entry.subject),)
        try:
            command = await self._answered(entry, check, department)
        except Failed as failed:
            failure = RecordFailure(department=department, failure=failed.failure)
            return answer(entry, reads, record_failure, failure)
        return answer(entry, reads, record_answer, command)

    async def _answered(
        self, entry: AgendaEntry, check: Check, department: Department
    ) -> RecordAnswer:
        if check.opened is None or department not in check.unanswered:
            # Another instance was faster: under this event's id its outcome is recorded already,
            # and this one changes nothing. Nobody is asked a second time.
            raise Failed(DepartmentFailure.REFUSED)
        person_ids = [member.person_id for member in check.opened.members]
        persons = await self._id_numbers(person_ids)
        return recorded(department, person_ids, await self._post(entry, department, persons))

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
        self, entry: AgendaEntry, department: Department, persons: Sequence[ConsultedPerson]
    ) -> bytes:
        """The bytes of a department's answer.

        The whole exchange has one deadline, so that one who sends a byte a second holds nobody.
        """
        settings = self._service.settings
        question = {
            "request_id": str(entry.source_event),
            "purpose": ConsultationPurpose.MEANS_CHECK.value,
            "persons": [
                {"reference": str(person.person_id), "id_number": person.id_number}
                for person in persons
            ],
        }
        url = f"{settings.department_url.rstrip('/')}/{department}/queries"
        try:
            async with asyncio.timeout(settings.gateway_timeout_ms / 1000):
                return await self._exchange(url, str(entry.source_event), question)
        except TimeoutError:
            raise OutsideAway(f"{department}: no answer in time") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise OutsideAway(f"{department}: {type(error).__name__}") from None

    async def _exchange(self, url: str, request_id: str, question: dict[str, Any]) -> bytes:
        headers = {"Idempotency-Key": request_id}
        async with self._service.http.stream(
            "POST", url, json=question, headers=headers, timeout=None
        ) as response:
            _check_status(response.status_code)
            body = bytearray()
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > MAX_ANSWER_BYTES:
                    raise Failed(DepartmentFailure.MALFORMED_ANSWER)
            return bytes(body)


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


def recorded(department: Department, person_ids: Sequence[UUID], body: bytes) -> RecordAnswer:
    """The command of an answer that holds every person asked about, once, and nobody else."""
    try:
        reply = DepartmentReply.model_validate_json(body)
    except ValidationError:
        raise Failed(DepartmentFailure.MALFORMED_ANSWER) from None
    if sorted(person.reference for person in reply.persons) != sorted(person_ids):
        raise Failed(DepartmentFailure.MALFORMED_ANSWER)
    income = tuple(
        IncomeLine(
            person_id=person.reference,
            kind=line.kind,
            source=LineSource(department.value),
            amount_fen=line.amount_fen,
            item=line.item,
        )
        for person in reply.persons
        for line in person.income
    )
    command = RecordAnswer(
        department=department,
        income=income,
        deposits_fen=within_bounds(sum(person.deposits_fen for person in reply.persons)),
        houses=sum(person.houses for person in reply.persons),
        vehicles=sum(person.vehicles for person in reply.persons),
        entries=tuple(
            RegisterEntry(person_id=person.reference, kind=kind)
            for person in reply.persons
            for kind in RegisterKind
            if kind in person.entries
        ),
    )
    if len(command.model_dump_json()) > MAX_DOCUMENT_BYTES - _ENVELOPE_BYTES:
        # Recorded it cannot be; refused it would stand as asked for ever.
        raise Failed(DepartmentFailure.MALFORMED_ANSWER)
    return command


def gateways(service: Service) -> Mapping[str, Ask]:
    """Whom verification asks outside."""
    return {DEPARTMENT_QUERY: Departments(service).ask}
