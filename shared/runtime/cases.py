"""Cases as routes meet them: read under their jurisdiction, and acted upon."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from fastapi import Response

from shared.access.persons import NewNote
from shared.access.policy import Grant
from shared.contracts.fields import NoteRef
from shared.kernel.decider import Decide, Stream
from shared.kernel.submission import Note
from shared.runtime.notes import put_note
from shared.runtime.service import Service
from shared.web.commands import Receipt
from shared.web.idempotency import CommandKey
from shared.web.problems import Known, Problem


class Opening(Protocol):
    """The event that brought a case to a service."""

    @property
    def division(self) -> str:
        """The division that handles the case."""


S = TypeVar("S")
E = TypeVar("E", bound=Opening)


@dataclass(frozen=True, slots=True)
class Case(Generic[S, E]):
    """A case in one service: its state, the event that brought it there, and its version."""

    id: UUID
    state: S
    opening: E
    version: int


@dataclass(frozen=True, slots=True)
class CaseInHand(Case[S, E]):
    """A case with the request that acts on it: what is written goes along with the command."""

    service: Service
    stream: Stream
    grant: Grant
    key: CommandKey
    response: Response
    notes: list[Note] = field(default_factory=list)

    async def put_note(self, text: str, *, person_id: UUID | None = None) -> NoteRef:
        """Put what somebody wrote into the vault, under a person's key or else the case's.

        Raises as ``shared.runtime.notes.put_note`` does.
        """
        owner = {"case_id": self.id} if person_id is None else {"person_id": person_id}
        written = NewNote(region=self.opening.division, text=text, **owner)
        reference, note = await put_note(self.service, self.key, written)
        self.notes.append(note)
        return reference

    async def submit(
        self,
        decide: Decide,
        command: Any,
        *,
        beside: Sequence[Stream] = (),
        expected: int | None = None,
    ) -> Receipt:
        """Submit a command with the notes put for it; its receipt.

        ``beside`` are the streams that the decision reads after the case's own. Raises as
        ``Service.execute`` does.
        """
        return await self.service.execute(
            self.grant,
            self.key,
            self.response,
            region=self.opening.division,
            reads=(self.stream, *beside),
            decide=decide,
            command=command,
            expected_version=expected,
            notes=self.notes,
        )


class Cases(Generic[S, E]):
    """The cases of a service that keeps one stream for each."""

    def __init__(
        self,
        service: Service,
        stream_of: Callable[[UUID], Stream],
        opening_of: Callable[[S], E | None],
    ) -> None:
        self.service = service
        self._stream_of = stream_of
        self._opening_of = opening_of

    async def read(self, case_id: UUID, grant: Grant) -> Case[S, E]:
        """A case from the log. Raises 404, or 403 outside the jurisdiction."""
        found = await self.service.read(self._stream_of(case_id))
        opening = self._opening_of(found.state)
        if opening is None:
            raise Problem(Known.NOT_FOUND)
        grant.require(opening.division)
        return Case(case_id, found.state, opening, found.version)

    async def take(
        self, case_id: UUID, grant: Grant, key: CommandKey, response: Response
    ) -> CaseInHand[S, E]:
        """A case read for a command on it. Raises as ``read`` does."""
        case = await self.read(case_id, grant)
        return CaseInHand(
            case.id,
            case.state,
            case.opening,
            case.version,
            self.service,
            self._stream_of(case_id),
            grant,
            key,
            response,
        )
