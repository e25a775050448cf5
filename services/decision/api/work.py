"""Offers of work to members, and what becomes of the own share of who refuses them."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID, uuid5

from fastapi import APIRouter, Response
from pydantic import Field

from services.decision import decisions
from services.decision.api.access import (
    Clerk,
    Decider,
    Determinations,
    Read,
    Township,
    Wire,
    submit_by_standards,
)
from services.decision.api.change import Hearing
from services.decision.model import OpenConsequence, WorkRecord, work_of
from services.decision.rules import work as rules
from shared.access.persons import NoteText
from shared.contracts.circumstances import LabourAbility, Occupation
from shared.contracts.work import (
    WithheldShare,
    WorkConsequence,
    WorkConsequenceOpened,
    WorkExcuse,
    WorkOfferAnswered,
    WorkOfferKind,
    WorkResponse,
)
from shared.web.commands import Receipt
from shared.web.idempotency import Idempotent
from shared.web.preconditions import IfMatch, set_etag


class NewWorkOffer(Wire):
    """What a member was offered, how they stood then, and what came of it."""

    person_id: UUID
    kind: WorkOfferKind
    offered_on: date
    answered_on: date
    labour: LabourAbility
    occupation: Occupation
    response: WorkResponse
    excuse: WorkExcuse | None = None
    findings: Annotated[NoteText, Field(repr=False)]


class WorkConsequenceChoice(Wire):
    """What becomes of the own share; nothing at all only under a *may*, with a ``reason``."""

    consequence: WorkConsequence
    reason: Annotated[NoteText | None, Field(repr=False)] = None


class WorkOfferReceipt(Receipt):
    """``refusals`` in a row; ``consequence_id`` of what this answer has brought up for decision."""

    offer_id: UUID
    refusals: int
    consequence_id: UUID | None


class WaitingConsequence(Wire):
    """A consequence that is not decided yet, and whether the household was heard about it."""

    opened: WorkConsequenceOpened
    heard: bool


class MemberAtWork(Wire):
    """A member's two rows: refusals of jobs and of poverty projects, each in a row."""

    person_id: UUID
    job_refusals: int
    project_refusals: int


class WorkAnswer(Wire):
    """What a household's members were offered, and what follows; money in fen a month."""

    members: tuple[MemberAtWork, ...]
    offers: tuple[WorkOfferAnswered, ...]
    waiting: tuple[WaitingConsequence, ...]
    withheld: tuple[WithheldShare, ...]
    withheld_fen: int
    amount_fen: int


def router(cases: Determinations) -> APIRouter:
    """The routes of refused work."""
    router = APIRouter(prefix="/cases/{case_id}", tags=["就业与项目 / Work"])

    @router.get("/work", summary="就业与项目介绍情况 / Offers of work")
    async def work(case_id: UUID, grant: Read, response: Response) -> WorkAnswer:
        case = await cases.read(case_id, grant)
        record: WorkRecord = (await cases.service.read(work_of(case_id))).state
        set_etag(response, case.version)
        return WorkAnswer(
            members=tuple(_member(record, person) for person in case.state.people()),
            offers=record.offers,
            waiting=tuple(_waiting(waiting) for waiting in record.waiting.values()),
            withheld=case.state.withheld,
            withheld_fen=case.state.withheld_fen,
            amount_fen=case.state.amount_fen,
        )

    @router.post("/work-offers", status_code=201, summary="记录工作介绍 / Record an offer of work")
    async def record_offer(
        case_id: UUID, body: NewWorkOffer, grant: Clerk, key: Idempotent, response: Response
    ) -> WorkOfferReceipt:
        case = await cases.take(case_id, grant, key, response)
        offer_id = uuid5(key.command_id, "work-offer")
        command = decisions.RecordWorkOffer(
            case_id=case_id,
            offer_id=offer_id,
            consequence_id=uuid5(key.command_id, "work-consequence"),
            recorder=grant.caller.id,
            **body.model_dump(exclude={"findings"}),
            findings=await case.put_note(body.findings),
        )
        receipt = await case.submit(
            decisions.record_work_offer, command, beside=(work_of(case_id),)
        )
        record: WorkRecord = (await cases.service.read(work_of(case_id))).state
        refusals = next(o.refusals for o in record.offers if o.offer_id == offer_id)
        opened = command.consequence_id if command.consequence_id in record.opened else None
        return WorkOfferReceipt(
            offer_id=offer_id,
            refusals=refusals,
            consequence_id=opened,
            **receipt.model_dump(),
        )

    @router.post(
        "/work-consequences/{consequence_id}/hearing",
        status_code=201,
        summary="听取拒绝就业者意见 / Hear the household about refused work",
    )
    async def hear(
        case_id: UUID,
        consequence_id: UUID,
        body: Hearing,
        grant: Township,
        key: Idempotent,
        response: Response,
    ) -> Receipt:
        case = await cases.take(case_id, grant, key, response)
        command = decisions.HearAboutWork(
            case_id=case_id,
            consequence_id=consequence_id,
            statement=await case.put_note(body.statement),
        )
        return await case.submit(decisions.hear_about_work, command, beside=(work_of(case_id),))

    @router.post(
        "/work-consequences/{consequence_id}/decision",
        summary="决定本人低保金的处理 / Decide about a member's own share",
    )
    async def decide(
        case_id: UUID,
        consequence_id: UUID,
        body: WorkConsequenceChoice,
        grant: Decider,
        key: Idempotent,
        expected: IfMatch,
        response: Response,
    ) -> Receipt:
        case = await cases.take(case_id, grant, key, response)
        reason = await case.put_note(body.reason) if body.reason else None
        command = decisions.DecideWorkConsequence(
            case_id=case_id,
            consequence_id=consequence_id,
            actor=grant.caller.id,
            role=grant.caller.role.value,
            consequence=body.consequence,
            explanation=reason,
        )
        return await submit_by_standards(
            case,
            decisions.decide_work_consequence,
            command,
            beside=(work_of(case_id),),
            expected=expected,
        )

    return router


def _member(record: WorkRecord, person_id: UUID) -> MemberAtWork:
    rows = {
        kind: rules.refusals_in_a_row(o.response for o in record.row(person_id, kind))
        for kind in WorkOfferKind
    }
    return MemberAtWork(
        person_id=person_id,
        job_refusals=rows[WorkOfferKind.JOB],
        project_refusals=rows[WorkOfferKind.PROJECT],
    )


def _waiting(waiting: OpenConsequence) -> WaitingConsequence:
    return WaitingConsequence(opened=waiting.opened, heard=waiting.heard)
