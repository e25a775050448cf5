"""The operators' routes for parked records: list, inspect, redrive, discard."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar
from uuid import UUID, uuid5

from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from shared.access.persons import NewNote, NoteText
from shared.access.policy import Access, Grant
from shared.access.roles import Role
from shared.bus.parking import ParkedRecord, Parking, Where
from shared.contracts.kernel import ParkReason
from shared.kernel.follower import OWN_LOG
from shared.kernel.outcomes import repeated
from shared.kernel.reactions import Reactions
from shared.kernel.store import Handled
from shared.kernel.submission import NotParked, Unpark
from shared.runtime.notes import put_note
from shared.runtime.service import Service
from shared.sealing import SealingError
from shared.web.commands import Receipt, answered, execute
from shared.web.cursors import Cursors, Page, Paging
from shared.web.idempotency import CommandKey, Idempotent
from shared.web.problems import Known, Problem

T = TypeVar("T")

Operate = Annotated[Grant, Depends(Access([Role.OPERATOR], "home"))]
ConsumerName = Annotated[str, Path(pattern=r"^[a-z]+(-[a-z]+)*$", max_length=40)]
Key = Annotated[str, Path(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(:[0-9]+:[0-9]+)?$")]
Ordinal = Annotated[int, Path(ge=1, lt=2**63)]


class ParkedAnswer(BaseModel):
    """A parked record: where it came from and why it waits; nothing of its content."""

    consumer: str
    key: str
    ordinal: int
    topic: str
    partition: int
    offset: int
    reason: ParkReason
    emptied: bool


class InspectionAnswer(ParkedAnswer):
    """What can be said of a parked record's content without showing it."""

    size_bytes: int
    digest: str
    event_type: str | None
    applicable: bool


class Discard(BaseModel):
    """Why a record is given up; goes into the vault."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    reason: Annotated[NoteText, Field(repr=False)]


def parking_of(service: Service) -> Parking:
    """The service's parked records, with the reactions of its consumers."""
    definition = service.definition
    reactions = {
        service.name: Reactions(definition.foreign),
        OWN_LOG: Reactions(definition.own),
    }
    return Parking(service.store, reactions, service.keys.key("parking"))


def parked_routes(service: Service) -> APIRouter:
    """The routes under ``/ops/parked``."""
    router = APIRouter(prefix="/ops/parked", tags=["搁置记录 / Parked records"])
    home = service.settings.home_division
    parking = parking_of(service)
    cursors = Cursors(service.keys.key("cursors"))

    @router.get("", summary="搁置记录列表 / Parked records")
    async def parked(grant: Operate, paging: Paging) -> Page[ParkedAnswer]:
        grant.require(home)
        place = cursors.open(paging.cursor, "parked")
        after: Where = (str(place[0]), str(place[1]), int(place[2])) if place else ("", "", 0)
        rows = await asyncio.to_thread(parking.records, None, after, paging.limit + 1)
        shown = [ParkedAnswer(**_shown(row)) for row in rows[: paging.limit]]
        following = None
        if len(rows) > paging.limit:
            last = shown[-1]
            following = cursors.seal((last.consumer, last.key, last.ordinal), "parked")
        return Page(items=shown, next=following)

    @router.get("/{consumer}/{key:path}/{ordinal}", summary="检视 / Inspect one")
    async def inspect(
        consumer: ConsumerName,
        key: Key,
        ordinal: Ordinal,
        grant: Operate,
    ) -> InspectionAnswer:
        grant.require(home)
        found = await _looked(parking.inspect, (consumer, _key(key), ordinal))
        return InspectionAnswer(
            **_shown(found.record),
            size_bytes=found.size_bytes,
            digest=found.digest,
            event_type=found.event_type,
            applicable=found.applicable,
        )

    @router.post("/{consumer}/{key:path}/{ordinal}/redrive", summary="重放 / Apply again")
    async def redrive(
        consumer: ConsumerName,
        key: Key,
        ordinal: Ordinal,
        grant: Operate,
        command: Idempotent,
        response: Response,
    ) -> Receipt:
        grant.require(home)

        async def redriving() -> Unpark:
            return await _looked(
                parking.redriving,
                (consumer, _key(key), ordinal),
                command.command_id,
                grant.caller.id,
                grant.caller.role,
                command.body_digest,
            )

        return await take_off(service, command, response, redriving)

    @router.post("/{consumer}/{key:path}/{ordinal}/discard", summary="放弃 / Give up")
    async def discard(
        consumer: ConsumerName,
        key: Key,
        ordinal: Ordinal,
        body: Discard,
        grant: Operate,
        command: Idempotent,
        response: Response,
    ) -> Receipt:
        grant.require(home)

        async def discarding() -> Unpark:
            owner = UUID(key) if len(key) == 36 else uuid5(command.command_id, "keyless")
            # The home division is what this service's own credentials cover.
            note = NewNote(region=home, text=body.reason, case_id=owner)
            _reference, receipt = await put_note(service, command, note)
            return await _looked(
                parking.discarding,
                (consumer, _key(key), ordinal),
                command.command_id,
                grant.caller.id,
                grant.caller.role,
                receipt,
                command.body_digest,
            )

        return await take_off(service, command, response, discarding)

    return router


def _key(key: str) -> str:
    """A key as the store has it: coordinates are written with colons in a path."""
    return key.replace(":", "/")


def _shown(row: ParkedRecord) -> dict[str, Any]:
    return {
        "consumer": row.consumer,
        "key": row.key.replace("/", ":"),
        "ordinal": row.ordinal,
        "topic": row.place.topic,
        "partition": row.place.partition,
        "offset": row.place.offset,
        "reason": row.reason,
        "emptied": row.emptied,
    }


async def _looked(look: Callable[..., T], where: Where, *more: Any) -> T:
    """Look a record up in a thread; a missing one is a 404, one that does not open a 409."""
    try:
        return await asyncio.to_thread(look, where, *more)
    except NotParked:
        raise Problem(Known.NOT_FOUND) from None
    except SealingError as error:
        raise Problem(Known.CONFLICT, str(error)) from None


async def take_off(
    service: Service,
    key: CommandKey,
    response: Response,
    item: Callable[[], Awaitable[Unpark]],
) -> Receipt:
    """Take a record off, or tell what became of that when it was asked for before.

    A record that is off is not parked any more: a retry must find its answer without it.
    """
    ids = [key.command_id]

    async def known() -> Handled | None:
        return (await asyncio.to_thread(service.store.handled, ids)).get(key.command_id)

    earlier = await known()
    if earlier is None:
        try:
            unparking = await item()
        except Problem:
            # Gone: perhaps by this very command, which was under way when it was sent again.
            earlier = await known()
            if earlier is None:
                raise
        else:
            timeout_s = service.settings.command_timeout_ms / 1000
            return await execute(service.writer, unparking, response, timeout_s)
    return answered(repeated(earlier, key.body_digest), response)
