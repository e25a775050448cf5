"""The registry over HTTP.

Nothing personal stands in a path or a query: what is searched for and what is read is sent in a
body and answered in one, which no cache may keep.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Request, Response

from services.intake.registry.keys.port import KeyStoreAway
from services.intake.registry.parts import Asker
from services.intake.registry.readers import ROLES, SERVICE_PURPOSES, require_reader
from services.intake.registry.readings import Readings
from services.intake.registry.registry import Registry
from shared.access.caller import Caller
from shared.access.persons import (
    AmendedPerson,
    Amendment,
    ConsultedPersons,
    ConsultRequest,
    FoundPerson,
    LookUpRequest,
    NewPerson,
    NoteReceipts,
    PutNotesRequest,
    ReadNotesAnswer,
    ReadNotesRequest,
    RegisteredPerson,
)
from shared.access.policy import Access, Grant
from shared.access.registry import CONSULTATIONS_PATH, NOTES_PATH, NOTES_PURPOSE, READINGS_PATH
from shared.access.roles import Role
from shared.web import tracing
from shared.web.commands import TIMEOUT_S
from shared.web.idempotency import CommandKey, Idempotent
from shared.web.limits import RateLimiter
from shared.web.problems import Known, Problem

log = logging.getLogger(__name__)

PERSONS_PATH = "/persons"
AMENDMENTS_PATH = "/persons/{person_id}/amendments"
LOOK_UPS_PATH = "/persons/look-ups"

_REGISTER = Access(
    {Role.TOWNSHIP_CLERK, Role.COUNTY_OFFICER, Role.VILLAGE_ASSISTANT}, jurisdiction="case"
)
_AMEND = Access({Role.TOWNSHIP_CLERK, Role.COUNTY_OFFICER}, jurisdiction="case")
_LOOK_UP = Access(
    {Role.TOWNSHIP_CLERK, Role.COUNTY_OFFICER, Role.REGISTRY_KEEPER},
    jurisdiction="own",
    command=False,
)
_READ = Access(ROLES | {Role.SERVICE}, jurisdiction="own", purposes=SERVICE_PURPOSES, command=False)
# Putting a note again is the same note, by its own id: no Idempotency-Key is asked for.
_PUT_NOTES = Access({Role.SERVICE}, jurisdiction="case", purposes={NOTES_PURPOSE}, command=False)

_NO_STORE = {"Cache-Control": "no-store"}
_T = TypeVar("_T")


def router(registry: Registry, readings: Readings) -> APIRouter:
    """The registry's routes, for intake's application.

    Every official's readings are slowed down to a pace by this process, besides the allowance
    per hour that holds across all of them. Services work through whole provinces: they have
    their allowance only.
    """
    routes = APIRouter(tags=["人员登记 / person registry"])
    registering = Depends(RateLimiter(per_second=1, burst=60))
    searching = Depends(RateLimiter(per_second=1, burst=30))
    reading = Depends(_of_officials(RateLimiter(per_second=20, burst=200)))

    @routes.post(PERSONS_PATH, status_code=201, dependencies=[registering])
    async def register_person(
        body: NewPerson, key: Idempotent, grant: Annotated[Grant, Depends(_REGISTER)]
    ) -> RegisteredPerson:
        """登记人员，已登记者返回原编号 / Register a person, or recognise who is known.

        Who holds a known number is told only to whoever knows the holder's name, and counts in
        the hour's allowance of look-ups.
        """
        grant.require(body.region)
        return await in_time(registry.register(body, asker_of(grant.caller, key)))

    @routes.post(AMENDMENTS_PATH, status_code=201)
    async def amend_person(
        person_id: UUID,
        body: Amendment,
        key: Idempotent,
        grant: Annotated[Grant, Depends(_AMEND)],
    ) -> AmendedPerson:
        """更正联系方式和账户 / Correct contact data and account."""
        grant.require(body.region)
        return await in_time(registry.amend(person_id, body, asker_of(grant.caller, key)))

    @routes.post(LOOK_UPS_PATH, dependencies=[searching])
    async def look_up_person(
        body: LookUpRequest, response: Response, grant: Annotated[Grant, Depends(_LOOK_UP)]
    ) -> FoundPerson:
        """按身份号码查找 / Find the person of an ID number. Recorded, with its purpose."""
        grant.narrowed()
        require_reader(grant.caller, body.purpose)
        response.headers.update(_NO_STORE)
        found = await in_time(readings.look_up(body, asker_of(grant.caller)))
        return FoundPerson(person_id=found)

    @routes.post(CONSULTATIONS_PATH, dependencies=[reading], response_model_exclude_none=True)
    async def consult_persons(
        body: ConsultRequest, response: Response, grant: Annotated[Grant, Depends(_READ)]
    ) -> ConsultedPersons:
        """查询人员信息 / Read fields of persons. Recorded as one event, with its purpose."""
        grant.narrowed()
        require_reader(grant.caller, body.purpose)
        response.headers.update(_NO_STORE)
        persons = await in_time(readings.consult(body, asker_of(grant.caller)))
        return ConsultedPersons(persons=persons)

    @routes.post(NOTES_PATH, status_code=201)
    async def put_notes(
        body: PutNotesRequest, grant: Annotated[Grant, Depends(_PUT_NOTES)]
    ) -> NoteReceipts:
        """存入附注 / Put the notes that a command will name. Void unless it is handled in time."""
        for note in body.notes:
            grant.require(note.region)
        owner = grant.caller.service or ""
        receipts = await in_time(registry.put_notes(body.command_id, owner, body.notes))
        return NoteReceipts(receipts=receipts)

    @routes.post(READINGS_PATH, dependencies=[reading], response_model_exclude_none=True)
    async def read_notes(
        body: ReadNotesRequest, response: Response, grant: Annotated[Grant, Depends(_READ)]
    ) -> ReadNotesAnswer:
        """读取附注 / Read notes. Recorded as one event, with its purpose."""
        grant.narrowed()
        require_reader(grant.caller, body.purpose)
        response.headers.update(_NO_STORE)
        notes = await in_time(readings.read_notes(body, asker_of(grant.caller)))
        return ReadNotesAnswer(notes=notes)

    return routes


def _of_officials(limiter: RateLimiter) -> Callable[[Request], Awaitable[None]]:
    """The limiter as a dependency that services pass by."""

    async def limited(request: Request) -> None:
        if request.state.caller.role is not Role.SERVICE:
            await limiter(request)

    return limited


def asker_of(caller: Caller, key: CommandKey | None = None) -> Asker:
    """Who asks: a command by its key, a reading under an id of its own."""
    trace = tracing.current()
    traceparent = trace.traceparent if trace else None
    if key is None:
        return Asker(caller, uuid4(), traceparent=traceparent)
    return Asker(caller, key.command_id, key.body_digest, traceparent)


async def in_time(answer: Awaitable[_T]) -> _T:
    """The answer. Raises 503 problems: it took too long, or the key store is away."""
    try:
        async with asyncio.timeout(TIMEOUT_S):
            return await answer
    except TimeoutError:
        detail = "请以同一幂等键重试 / Retry with the same Idempotency-Key"
        raise Problem(Known.OUTCOME_UNKNOWN, detail, headers={"Retry-After": "1"}) from None
    except KeyStoreAway as error:
        log.warning("an engine is away", extra={"engine": "key-store"}, exc_info=error)
        raise Problem(
            Known.ENGINE_AWAY, members={"engine": "key-store"}, headers={"Retry-After": "5"}
        ) from None
