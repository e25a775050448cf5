"""The state of a case in one service: as known at a moment, or as in effect on a date.

Both are folds of the log: of what was recorded by the moment, and of that, what counts by the
date, in the order of the dates. Nothing else is kept for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel

from shared.access.policy import Access, Grant
from shared.access.roles import Role
from shared.calendar import Month
from shared.kernel.decider import Stream
from shared.kernel.event import Document, read
from shared.kernel.states import evolve
from shared.kernel.store import LogReader
from shared.runtime.definition import Definition
from shared.runtime.service import Service
from shared.web.problems import Known, Problem

AUDIT = "audit"
"""What oversight asks other services for."""

Audit = Annotated[Grant, Depends(Access([Role.AUDITOR, Role.SERVICE], "case", purposes=[AUDIT]))]
KnownAt = Annotated[
    AwareDatetime | None,
    Query(description="记录时间截至（含） / recorded by (included); now if none"),
]
InEffectOn = Annotated[
    date | None, Query(description="生效日期截至（含） / in effect by (included); no bound if none")
]

History = Sequence[tuple[int, Document[Any]]]
"""A stream's events with their log positions, in the log's order."""


class StreamAnswer(BaseModel):
    """One stream of the case: its aggregate, how many events count, and what they fold to."""

    aggregate: str
    key: str
    events: int
    state: dict[str, Any]


class StateAnswer(BaseModel):
    """A case in one service; streams without an event that counts are left out."""

    service: str
    case_id: UUID
    known_at: datetime | None
    in_effect_on: date | None
    streams: list[StreamAnswer]


def counting(
    history: History, known_at: datetime | None, in_effect_on: date | None
) -> list[Document[Any]]:
    """The events that count, in the order in which they do.

    Those recorded by ``known_at``; with ``in_effect_on`` of these the ones that count from that
    date or an earlier one, ordered by date, and by the log within a date.
    """
    known = [
        (position, document)
        for position, document in history
        if known_at is None or document.recorded_at <= known_at
    ]
    if in_effect_on is not None:
        known = [(p, d) for p, d in known if d.effective_on <= in_effect_on]
        known.sort(key=lambda placed: (placed[1].effective_on, placed[0]))
    return [document for _position, document in known]


def shown(value: Any) -> Any:
    """A state as JSON can hold it; the same value is always shown the same."""
    match value:
        case None | bool() | int() | str() if not isinstance(value, Enum):
            return value
        case Enum():
            return value.value
        case BaseModel():
            return value.model_dump(mode="json")
        case Month():
            return str(value)
        case Mapping():
            return {str(shown(key)): shown(held) for key, held in value.items()}
        case Set():
            return sorted((shown(item) for item in value), key=str)
        case list() | tuple():
            return [shown(item) for item in value]
    if is_dataclass(value):
        return {field.name: shown(getattr(value, field.name)) for field in fields(value)}
    return str(value)


class Past:
    """The past of a service's cases, out of its log. Blocks.

    ``stream_id`` gives a stream's id, ``today`` the legal date.
    """

    def __init__(
        self,
        definition: Definition,
        log: LogReader,
        stream_id: Callable[[Stream], UUID],
        today: Callable[[], date],
    ) -> None:
        self._definition = definition
        self._log = log
        self._stream_id = stream_id
        self._today = today

    def case_at(
        self, case_id: UUID, known_at: datetime | None, in_effect_on: date | None
    ) -> tuple[str | None, list[StreamAnswer]]:
        """The division that the case was first recorded for, and its streams at that time."""
        histories: dict[Stream, History] = {}

        def history_of(stream: Stream) -> History:
            if stream not in histories:
                rows = self._log.read_stream(self._stream_id(stream))
                histories[stream] = [(row.position, read(row)) for row in rows]
            return histories[stream]

        def state_of(stream: Stream) -> Any:
            return self._folded(stream, [document for _, document in history_of(stream)])

        answers = []
        by = Month.of(self._today())
        for stream in self._definition.case_streams(case_id, state_of, by):
            events = counting(history_of(stream), known_at, in_effect_on)
            if events:
                state = shown(self._folded(stream, events))
                name, key = stream.aggregate, stream.key
                answers.append(
                    StreamAnswer(aggregate=name, key=key, events=len(events), state=state)
                )
        placed = [event for history in histories.values() for event in history]
        first = min(placed, key=lambda event: event[0], default=None)
        return (None if first is None else first[1].region), answers

    def _folded(self, stream: Stream, events: Iterable[Document[Any]]) -> Any:
        domain = self._definition.domain
        state = domain.aggregates[stream.aggregate].initial
        for document in events:
            state = evolve(domain, stream.aggregate, state, document.data)
        return state


def history_routes(service: Service) -> APIRouter:
    """The route to a case's state at any moment and date."""
    router = APIRouter(tags=["历史状态 / Past states"])
    past = Past(service.definition, service.store, service.stream_id, service.timekeeper.today)

    @router.get("/cases/{case_id}/state", summary="个案某时状态 / A case's state at a moment")
    async def state(
        case_id: UUID, grant: Audit, known_at: KnownAt = None, in_effect_on: InEffectOn = None
    ) -> StateAnswer:
        division, streams = await asyncio.to_thread(past.case_at, case_id, known_at, in_effect_on)
        if division is None:
            raise Problem(Known.NOT_FOUND)
        grant.require(division)
        return StateAnswer(
            service=service.name,
            case_id=case_id,
            known_at=known_at,
            in_effect_on=in_effect_on,
            streams=streams,
        )

    return router
