"""Determinations as they stand, and the lists of them and what they found."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import PlainTextResponse

from services.decision.api.access import Determinations, Read, ReadOwn, Wire
from services.decision.model import (
    Change,
    Determination,
    Stage,
    aid_of,
    appeal_of,
    case_file_of,
    coming_of_age_of,
    determination_of,
    notices_of,
    permit_of,
    reviews_of,
    standards_over,
    term_of,
    terminations_of,
    work_of,
)
from services.decision.printed import page
from services.decision.views import DeterminationRow, RecognisedHouseholdRow, SubsidyLeadRow
from shared.contracts.appeals import AppealTakenIn
from shared.contracts.assessments import AssessmentDrawnUp
from shared.contracts.changes import BenefitStopped, ChangeReported, PhaseOutStarted
from shared.contracts.children import ChildCircumstances
from shared.contracts.decision import (
    BenefitProposed,
    CaseConfirmed,
    CaseEnded,
    CaseRefused,
    DeferralReason,
    DeterminationOpened,
    RefusalProposed,
)
from shared.contracts.fields import DivisionCode, Member, Programme
from shared.contracts.publicity import PublicityRound
from shared.contracts.recognition import HouseholdRecognised, HouseholdStatus, RecognitionEnded
from shared.contracts.special_aid import SpecialAidReferred
from shared.contracts.standards import StandardSet
from shared.kernel.event import Document, read
from shared.runtime.lists import list_page
from shared.runtime.service import Service
from shared.runtime.waiting import wait
from shared.web.cursors import Page, Paging
from shared.web.preconditions import set_etag
from shared.web.waiting import Waiting


class PublicityAnswer(Wire):
    """One round of publicity."""

    round: PublicityRound
    from_on: date
    until_on: date
    completed: bool


class ChangeAnswer(Wire):
    """A reported change that is not decided yet.

    ``heard``: the household was heard about it. ``under_review``: it lies exactly at the
    standard, and officials look into it.
    """

    reported: ChangeReported
    heard: bool
    under_review: bool


class DeterminationAnswer(Wire):
    """A case's determination as it stands; money in fen a month.

    ``assessment`` is what the account comes to for each kind of assistance, ``recognised`` what
    the household is beside dibao, ``recognition_ended`` that it is so no longer, ``special_aid``
    to what other aid it was referred. ``deferred`` is why the last attempt to confirm it has to
    wait. Once it is confirmed ``amount_fen`` is what was last set, ``members``, ``payee`` and
    ``child`` as they are now, ``change`` what waits for a decision, ``leaving`` the phase-out or
    stop that runs, ``kin_owed`` that nobody has said yet if officials are near kin,
    ``standard_review`` the lowered standard that officials look into.
    """

    stage: Stage
    account: DeterminationOpened
    assessment: AssessmentDrawnUp | None
    proposal: BenefitProposed | RefusalProposed | None
    publicities: tuple[PublicityAnswer, ...]
    open_objections: tuple[UUID, ...]
    deferred: DeferralReason | None
    confirmed: CaseConfirmed | None
    refused: CaseRefused | None
    recognised: HouseholdRecognised | None
    recognition_ended: RecognitionEnded | None
    special_aid: SpecialAidReferred | None
    amount_fen: int
    members: tuple[Member, ...]
    payee: UUID | None
    child: ChildCircumstances | None
    kin_owed: bool
    change: ChangeAnswer | None
    leaving: PhaseOutStarted | BenefitStopped | None
    standard_review: UUID | None
    ended: CaseEnded | None


def reading(cases: Determinations) -> APIRouter:
    """A case's determination from the log, and the lists from the views."""
    router = APIRouter(tags=["查询 / Reading"])

    @router.get("/cases/{case_id}/determination", summary="个案审核情况 / A case's determination")
    async def determination(
        case_id: UUID, grant: Read, response: Response, waiting: Waiting
    ) -> DeterminationAnswer:
        if waiting is not None:
            await wait(cases.service, "determinations", waiting, case_id)
        case = await cases.read(case_id, grant)
        set_etag(response, case.version)
        return _answer(case.state)

    @router.get(
        "/cases/{case_id}/determination/printed",
        summary="打印审核意见书 / The determination in print",
        response_class=PlainTextResponse,
    )
    async def printed(case_id: UUID, grant: Read, waiting: Waiting) -> PlainTextResponse:
        if waiting is not None:
            await wait(cases.service, "determinations", waiting, case_id)
        case = await cases.read(case_id, grant)
        service = cases.service
        documents = await asyncio.to_thread(_history, service, case_id)
        standards = await asyncio.to_thread(_standards, service, case.opening.division)
        printed = page(case_id, documents, service.policy, service.regions, standards)
        return PlainTextResponse(printed)

    _lists(router, cases)
    return router


def _lists(router: APIRouter, cases: Determinations) -> None:
    @router.get("/determinations", summary="审核列表 / Determinations")
    async def determinations(
        grant: ReadOwn,
        paging: Paging,
        waiting: Waiting,
        division: DivisionCode | None = None,
        stage: Stage | None = None,
        programme: Programme | None = None,
        family_check_owed: bool | None = None,
    ) -> Page[DeterminationRow]:
        return await list_page(
            cases.service,
            "determinations",
            DeterminationRow,
            grant.narrowed(division),
            paging,
            waiting=waiting,
            equal={
                "stage": stage,
                "programme": programme,
                "family_check_owed": family_check_owed,
            },
        )

    @router.get(
        "/recognised-households", summary="已认定的困难家庭 / Households that are recognised"
    )
    async def recognised_households(
        grant: ReadOwn,
        paging: Paging,
        waiting: Waiting,
        division: DivisionCode | None = None,
        status: HouseholdStatus | None = None,
        active: bool | None = None,
        applicant: UUID | None = None,
    ) -> Page[RecognisedHouseholdRow]:
        return await list_page(
            cases.service,
            "recognised_households",
            RecognisedHouseholdRow,
            grant.narrowed(division),
            paging,
            waiting=waiting,
            equal={
                "status": status,
                "active": active,
                "applicant": str(applicant) if applicant else None,
            },
        )

    @router.get(
        "/subsidy-leads", summary="应告知可申领残疾人补贴的人员 / People to be offered a subsidy"
    )
    async def subsidy_leads(
        grant: ReadOwn,
        paging: Paging,
        waiting: Waiting,
        division: DivisionCode | None = None,
        programme: Programme | None = None,
        open_: Annotated[bool | None, Query(alias="open")] = None,
    ) -> Page[SubsidyLeadRow]:
        return await list_page(
            cases.service,
            "subsidy_leads",
            SubsidyLeadRow,
            grant.narrowed(division),
            paging,
            waiting=waiting,
            equal={"programme": programme, "open": open_},
        )


def _history(service: Service, case_id: UUID) -> list[Document[Any]]:
    """All that is recorded of a case, in the order of the log, its appeals among it. Blocks."""
    own = (
        term_of,
        determination_of,
        aid_of,
        work_of,
        notices_of,
        reviews_of,
        permit_of,
        terminations_of,
        coming_of_age_of,
        case_file_of,
    )
    rows = [row for of in own for row in service.store.read_stream(service.stream_id(of(case_id)))]
    placed = [(row.position, read(row)) for row in rows]
    taken_in = [d.data.appeal_id for _, d in placed if isinstance(d.data, AppealTakenIn)]
    for appeal_id in taken_in:
        of_appeal = service.store.read_stream(service.stream_id(appeal_of(case_id, appeal_id)))
        placed += [(row.position, read(row)) for row in of_appeal]
    return [document for _, document in sorted(placed, key=lambda one: one[0])]


def _standards(service: Service, division: str) -> dict[UUID, Document[StandardSet]]:
    """The standards that the division and those around it have set, by id. Blocks."""
    streams = (service.stream_id(stream) for stream in standards_over(division))
    found = (read(row) for stream in streams for row in service.store.read_stream(stream))
    return {one.data.standard_id: one for one in found if isinstance(one.data, StandardSet)}


def _answer(case: Determination) -> DeterminationAnswer:
    return DeterminationAnswer(
        stage=case.stage,
        account=case.known_account(),
        assessment=case.assessment,
        proposal=case.proposal,
        publicities=tuple(
            PublicityAnswer(
                round=round_,
                from_on=publicity.posted.from_on,
                until_on=publicity.posted.until_on,
                completed=publicity.completed,
            )
            for round_, publicity in sorted(case.publicities.items())
        ),
        open_objections=tuple(sorted(case.objections)),
        deferred=case.deferred,
        confirmed=case.confirmed,
        refused=case.refused,
        recognised=case.recognised,
        special_aid=case.special_aid,
        recognition_ended=case.recognition_ended,
        amount_fen=case.amount_fen,
        members=case.members,
        payee=case.payee,
        child=case.child,
        kin_owed=case.kin_owed,
        change=_change(case.change) if case.change else None,
        leaving=case.leaving,
        standard_review=case.standard_review and case.standard_review.standard_id,
        ended=case.ended,
    )


def _change(change: Change) -> ChangeAnswer:
    return ChangeAnswer(
        reported=change.reported, heard=change.heard, under_review=change.under_review
    )
