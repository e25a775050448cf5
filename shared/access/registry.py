"""The person registry as other services use it: over HTTP, on their own credentials.

What a command's event will name is put into the vault first (``put_notes``); who somebody is, is
read when it is needed and for a stated purpose (``consult``), and never kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeVar
from uuid import UUID

import httpx
from pydantic import BaseModel, ValidationError

from shared.access.credentials import CredentialsRefused
from shared.access.persons import (
    ConsultedPerson,
    ConsultedPersons,
    ConsultRequest,
    NewNote,
    NoteReceipt,
    NoteReceipts,
    PutNotesRequest,
    ReadNote,
    ReadNotesAnswer,
    ReadNotesRequest,
)
from shared.contracts.persons import ConsultationPurpose, PersonField
from shared.web import tracing

NOTES_PURPOSE: Final = "notes"
"""The purpose that a token for putting notes names."""

NOTES_PATH: Final = "/notes"
READINGS_PATH: Final = "/notes/readings"
CONSULTATIONS_PATH: Final = "/persons/consultations"

TIMEOUT: Final = httpx.Timeout(10.0, connect=2.0)

_RETRY_STATUS: Final = frozenset({408, 425, 429})
_Answer = TypeVar("_Answer", bound=BaseModel)


class RegistryAway(Exception):
    """The registry did not answer, or not now; asking again later may help.

    ``retry_after_seconds`` is what the registry asked for, if it did.
    """

    def __init__(self, why: str, retry_after_seconds: int | None = None) -> None:
        super().__init__(f"the person registry is away: {why}")
        self.retry_after_seconds = retry_after_seconds


class RegistryRefused(Exception):
    """The registry said no for good: its status and the stable code of its problem.

    Nothing of what was sent, or of the problem's text, is kept.
    """

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"the person registry refused: {status} {code}")
        self.status = status
        self.code = code


class RegistryClient:
    """Asks the person registry.

    ``client`` has the registry's base URL (an ``httpx.ASGITransport`` in one process) and belongs
    to the caller, who closes it. ``auth_for`` gives the credentials for a purpose; it is called
    once per purpose. Every method raises ``RegistryAway`` (nothing is known to be done; asking
    again has one effect) and ``RegistryRefused``.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        auth_for: Callable[[str], httpx.Auth],
        timeout: httpx.Timeout = TIMEOUT,
    ) -> None:
        self._client = client
        self._auth_for = auth_for
        self._auths: dict[str, httpx.Auth] = {}
        self._timeout = timeout

    async def put_notes(self, command_id: UUID, notes: Iterable[NewNote]) -> list[NoteReceipt]:
        """Put the notes that a command's events will name; one receipt each, in order.

        The same command and text give the same note, however often. No notes, no request.
        """
        notes = tuple(notes)
        if not notes:
            return []
        request = PutNotesRequest(command_id=command_id, notes=notes)
        answer = await self._post(NOTES_PATH, NOTES_PURPOSE, request, NoteReceipts)
        return answer.receipts

    async def consult(
        self,
        person_ids: Sequence[UUID],
        purpose: ConsultationPurpose,
        fields: Iterable[PersonField],
    ) -> list[ConsultedPerson]:
        """Fields of persons (at most 200), in the order asked; recorded as one event."""
        request = ConsultRequest(
            person_ids=tuple(person_ids), purpose=purpose, fields=frozenset(fields)
        )
        answer = await self._post(CONSULTATIONS_PATH, purpose, request, ConsultedPersons)
        return answer.persons

    async def read_notes(
        self, note_ids: Sequence[UUID], purpose: ConsultationPurpose
    ) -> list[ReadNote]:
        """Notes (at most 200), in the order asked; recorded as one event."""
        request = ReadNotesRequest(note_ids=tuple(note_ids), purpose=purpose)
        answer = await self._post(READINGS_PATH, purpose, request, ReadNotesAnswer)
        return answer.notes

    async def _post(
        self, path: str, purpose: str, request: BaseModel, answer: type[_Answer]
    ) -> _Answer:
        auth = self._auths.get(purpose)
        if auth is None:
            auth = self._auths.setdefault(purpose, self._auth_for(purpose))
        headers = {"Content-Type": "application/json"}
        if (trace := tracing.current()) is not None:
            headers["traceparent"] = trace.traceparent
        try:
            response = await self._client.post(
                path,
                content=request.model_dump_json(exclude_none=True),
                headers=headers,
                auth=auth,
                timeout=self._timeout,
            )
        except httpx.HTTPError as error:
            raise RegistryAway(type(error).__name__) from None
        except CredentialsRefused:
            raise RegistryAway("the issuer gives no token") from None
        return _read(response, answer)


def _read(response: httpx.Response, answer: type[_Answer]) -> _Answer:
    status = response.status_code
    if status >= 500 or status in _RETRY_STATUS:
        raise RegistryAway(f"status {status}", _retry_after(response))
    if status >= 400:
        raise RegistryRefused(status, _code(response))
    try:
        return answer.model_validate_json(response.content)
    except ValidationError:
        raise RegistryAway("an answer of another form") from None


def _code(response: httpx.Response) -> str:
    try:
        code = response.json().get("code")
    except (ValueError, AttributeError):
        code = None
    known = isinstance(code, str) and len(code) < 60 and code.replace("-", "").isalpha()
    return code if known else "unknown"


def _retry_after(response: httpx.Response) -> int | None:
    text = response.headers.get("Retry-After", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None
