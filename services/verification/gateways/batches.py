"""Several households in one call, to departments that take them so.

Asked is ``POST {department}/batches``; the answer is ``application/x-ndjson``, one line for each
household, by the id of its request, so that each line can be kept with its own case as it came::

    {"request_id": "6f1a…", "status": "answered", "persons": […], "as_of": "2023-05-04"}
    {"request_id": "9c2b…", "status": "person_unknown"}
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ValidationError

from services.verification.gateways.calling import Failed
from services.verification.gateways.formats import Unreadable
from shared.contracts.departments import DepartmentFailure
from shared.kernel.duties import OutsideAway

MEDIA_TYPE: Final = "application/x-ndjson"

MOST_HOUSEHOLDS: Final = 32
"""In one call: as many questions as are under way at once."""

_GATHERED_FOR_S: Final = 0.02
"""How long the first question waits for others that are being asked beside it."""


class NotTogether(Exception):
    """A call was refused as a whole, which says nothing of any household in it."""


class LineStatus(StrEnum):
    """What became of one household's question in a batch."""

    ANSWERED = "answered"
    PERSON_UNKNOWN = "person_unknown"
    REFUSED = "refused"


_FAILURES: Final = {
    LineStatus.PERSON_UNKNOWN: DepartmentFailure.PERSON_UNKNOWN,
    LineStatus.REFUSED: DepartmentFailure.REFUSED,
}


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    request_id: UUID
    status: LineStatus = LineStatus.ANSWERED


@dataclass(frozen=True, slots=True)
class HouseholdQuestion:
    """About whom a household's question is, and under which id it is asked."""

    request_id: UUID
    people: tuple[UUID, ...]


Said = bytes | Failed | Unreadable | OutsideAway
"""A household's line of an answer, or why there is none."""

Send = Callable[[Sequence[HouseholdQuestion]], Awaitable[Mapping[UUID, Said]]]


class Batches:
    """Gathers questions to one department that are asked at the same time into one call."""

    def __init__(self, send: Send, most: int = MOST_HOUSEHOLDS) -> None:
        self._send = send
        self._most = most
        self._waiting: list[tuple[HouseholdQuestion, asyncio.Future[Said]]] = []
        self._sending: set[asyncio.Task[None]] = set()

    async def ask(self, question: HouseholdQuestion) -> bytes:
        """The household's line as it came. Raises what stands in its place, or ``NotTogether``."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Said] = loop.create_future()
        self._waiting.append((question, future))
        if len(self._waiting) >= self._most:
            self._flush()
        elif len(self._waiting) == 1:
            loop.call_later(_GATHERED_FOR_S, self._flush)
        said = await future
        if isinstance(said, bytes):
            return said
        raise said

    def _flush(self) -> None:
        gathered, self._waiting = self._waiting, []
        if gathered:
            task = asyncio.ensure_future(self._sent(gathered))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)

    async def _sent(
        self, gathered: Sequence[tuple[HouseholdQuestion, asyncio.Future[Said]]]
    ) -> None:
        try:
            said = await self._send([question for question, _future in gathered])
        except Exception as error:  # noqa: BLE001 - each question raises it where it is asked
            for _question, future in gathered:
                if not future.done():
                    future.set_exception(error)
            return
        for question, future in gathered:
            if not future.done():
                future.set_result(said.get(question.request_id, Unreadable("left out")))


def read_lines(body: bytes) -> dict[UUID, Said]:
    """The lines of an answer by request; one that names no request is nobody's."""
    found: dict[UUID, Said] = {}
    for line in body.splitlines():
        try:
            read = _Line.model_validate_json(line)
        except (ValidationError, ValueError):
            continue
        if read.request_id in found:
            found[read.request_id] = Unreadable("a household answered twice")
        elif read.status is LineStatus.ANSWERED:
            found[read.request_id] = line
        else:
            found[read.request_id] = Failed(_FAILURES[read.status])
    return found
