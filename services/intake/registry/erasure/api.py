"""The routes of erasing a person.

Whoever asks must deal with the person: others are answered that there is nobody.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from services.intake.registry.api import asker_of, in_time
from services.intake.registry.erasure.model import Stage
from services.intake.registry.erasure.procedure import Erasures, Seen
from shared.access.persons import NoteText
from shared.access.policy import Access, Grant
from shared.access.roles import Role
from shared.contracts.erasure import ErasureGround, HoldGround
from shared.contracts.fields import DivisionCode, NoteRef
from shared.kernel.decider import Refusal
from shared.web.commands import Receipt, answered
from shared.web.idempotency import Idempotent
from shared.web.limits import RateLimiter
from shared.web.preconditions import IfMatch, set_etag
from shared.web.problems import Known, Problem

ERASURE_PATH: Final = "/persons/{person_id}/erasure"
HOLDS_PATH: Final = "/persons/{person_id}/holds"

_SEE = (Role.COUNTY_OFFICER, Role.COUNTY_APPROVER, Role.AUDITOR)
_HOLD = (Role.AUDITOR, Role.COUNTY_OFFICER)
See = Annotated[Grant, Depends(Access(_SEE, "own"))]
Requester = Annotated[Grant, Depends(Access([Role.COUNTY_OFFICER], "case"))]
Approver = Annotated[Grant, Depends(Access([Role.COUNTY_APPROVER], "case"))]
Holder = Annotated[Grant, Depends(Access(_HOLD, "case"))]


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class NewErasure(_Wire):
    """Why a person is to be erased; ``division`` is the one that asks. Names nobody."""

    division: DivisionCode
    ground: ErasureGround
    reason: Annotated[NoteText, Field(repr=False)]


class Rejection(_Wire):
    """Why the person is not erased. Names nobody."""

    reason: Annotated[NoteText, Field(repr=False)]


class NewHold(_Wire):
    """What still needs the person's data; ``division`` is the one concerned. Names nobody."""

    division: DivisionCode
    ground: HoldGround
    explanation: Annotated[NoteText, Field(repr=False)]


class Lifting(_Wire):
    """Why the hold is over. Names nobody."""

    explanation: Annotated[NoteText, Field(repr=False)]


class ErasureReceipt(Receipt):
    """The receipt of a request; ``erasure_id`` owns what is written about it."""

    erasure_id: UUID


class HoldReceipt(Receipt):
    """The receipt of a hold."""

    hold_id: UUID


class HoldAnswer(_Wire):
    """A hold that stands."""

    hold_id: UUID
    ground: HoldGround
    division: DivisionCode
    explanation: NoteRef


class ErasureAnswer(_Wire):
    """How a person's erasure stands. ``reason`` names a note that does not say who it was."""

    person_id: UUID
    stage: Stage
    erasure_id: UUID | None = None
    ground: ErasureGround | None = None
    division: DivisionCode | None = None
    reason: NoteRef | None = None
    erased_at: datetime | None = None
    holds: tuple[HoldAnswer, ...] = ()


def router(erasures: Erasures) -> APIRouter:
    """The routes, for intake's application.

    Slowed down to a pace: that a text is not taken since it names the person must not become a
    way to try names.
    """
    pace = Depends(RateLimiter(per_second=1, burst=60))
    routes = APIRouter(tags=["个人信息删除 / Erasing a person"], dependencies=[pace])
    _asking(routes, erasures)
    _deciding(routes, erasures)
    _holding(routes, erasures)
    return routes


async def _seen(erasures: Erasures, person_id: UUID, grant: Grant) -> Seen:
    """How it stands. Raises 404 for whom no division of the caller deals with."""
    seen = await in_time(erasures.see(person_id, grant.caller.jurisdiction))
    if seen is None:
        raise Problem(Known.NOT_FOUND)
    return seen


def _asking(routes: APIRouter, erasures: Erasures) -> None:
    @routes.get(ERASURE_PATH, summary="删除办理情况 / How an erasure stands")
    async def erasure_state(person_id: UUID, grant: See, response: Response) -> ErasureAnswer:
        grant.narrowed()
        seen = await _seen(erasures, person_id, grant)
        set_etag(response, seen.version)
        return _answer(person_id, seen)

    @routes.post(ERASURE_PATH, status_code=201, summary="申请删除个人信息 / Ask for an erasure")
    async def request_erasure(
        person_id: UUID, body: NewErasure, grant: Requester, key: Idempotent, response: Response
    ) -> ErasureReceipt:
        grant.require(body.division)
        await _seen(erasures, person_id, grant)
        asker = asker_of(grant.caller, key)
        erasure_id, outcome = await in_time(
            erasures.request(person_id, body.ground, body.division, body.reason, asker)
        )
        receipt = answered(outcome, response)
        return ErasureReceipt(erasure_id=erasure_id, **receipt.model_dump())


def _deciding(routes: APIRouter, erasures: Erasures) -> None:
    @routes.post(f"{ERASURE_PATH}/approval", summary="批准删除 / Approve an erasure")
    async def approve_erasure(
        person_id: UUID, grant: Approver, key: Idempotent, expected: IfMatch, response: Response
    ) -> Receipt:
        _erasure_id, division = await _requested(erasures, person_id, grant)
        asker = asker_of(grant.caller, key)
        outcome = await in_time(erasures.approve(person_id, division, asker, expected))
        return answered(outcome, response)

    @routes.post(f"{ERASURE_PATH}/rejection", summary="不予删除 / Reject an erasure")
    async def reject_erasure(
        person_id: UUID,
        body: Rejection,
        grant: Approver,
        key: Idempotent,
        expected: IfMatch,
        response: Response,
    ) -> Receipt:
        erasure_id, division = await _requested(erasures, person_id, grant)
        asker = asker_of(grant.caller, key)
        outcome = await in_time(
            erasures.reject(person_id, erasure_id, division, body.reason, asker, expected)
        )
        return answered(outcome, response)


def _holding(routes: APIRouter, erasures: Erasures) -> None:
    @routes.post(HOLDS_PATH, status_code=201, summary="暂停删除 / Forbid an erasure for now")
    async def place_hold(
        person_id: UUID, body: NewHold, grant: Holder, key: Idempotent, response: Response
    ) -> HoldReceipt:
        grant.require(body.division)
        await _seen(erasures, person_id, grant)
        asker = asker_of(grant.caller, key)
        hold_id, outcome = await in_time(
            erasures.place_hold(person_id, body.ground, body.division, body.explanation, asker)
        )
        receipt = answered(outcome, response)
        return HoldReceipt(hold_id=hold_id, **receipt.model_dump())

    @routes.post(f"{HOLDS_PATH}/{{hold_id}}/lifting", summary="解除暂停 / Lift a hold")
    async def lift_hold(
        person_id: UUID,
        hold_id: UUID,
        body: Lifting,
        grant: Holder,
        key: Idempotent,
        response: Response,
    ) -> Receipt:
        seen = await _seen(erasures, person_id, grant)
        asker = asker_of(grant.caller, key)
        hold = seen.erasure.holds.get(hold_id)
        # A repetition finds its hold lifted; its division is then that of whoever asks.
        division = hold.division if hold is not None else grant.caller.jurisdiction.code
        grant.require(division)
        outcome = await in_time(
            erasures.lift_hold(person_id, hold_id, division, body.explanation, asker)
        )
        return answered(outcome, response)


async def _requested(erasures: Erasures, person_id: UUID, grant: Grant) -> tuple[UUID, str]:
    """The latest request's id and division, in the caller's jurisdiction.

    Raises 404 for whom the caller does not deal with, a refusal where nothing was ever requested.
    """
    requested = (await _seen(erasures, person_id, grant)).erasure.requested
    if requested is None:
        grant.in_decision()
        raise Refusal("no-erasure-requested", facts={"stage": Stage.NONE})
    grant.require(requested.division)
    return requested.erasure_id, requested.division


def _answer(person_id: UUID, seen: Seen) -> ErasureAnswer:
    erasure = seen.erasure
    requested = erasure.requested
    return ErasureAnswer(
        person_id=person_id,
        stage=erasure.stage,
        erasure_id=requested.erasure_id if requested else None,
        ground=requested.ground if requested else None,
        division=requested.division if requested else None,
        reason=requested.reason if requested else None,
        erased_at=erasure.erased_at,
        holds=tuple(
            HoldAnswer(
                hold_id=hold.hold_id,
                ground=hold.ground,
                division=hold.division,
                explanation=hold.explanation,
            )
            for hold in erasure.holds.values()
        ),
    )
