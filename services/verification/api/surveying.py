"""The home visit and the democratic review."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from services.verification import decisions
from services.verification.api.access import Checks, Clerk, Surveyor, Wire
from shared.access.persons import NoteText
from shared.access.roles import Role
from shared.contracts.fields import (
    DeductionKind,
    DeductionLine,
    HouseholdCircumstances,
    IncomeItem,
    IncomeKind,
    IncomeLine,
    LineSource,
    TekunCircumstances,
)
from shared.money import Fen
from shared.web.commands import Receipt
from shared.web.idempotency import Idempotent


class Declared(Wire):
    """What a member states of an income of one kind, in fen a month.

    ``item`` says what exactly it is, where the rules treat it by itself.
    """

    person_id: UUID
    kind: IncomeKind
    amount_fen: Fen
    item: IncomeItem | None = None


class Deducted(Wire):
    """Spending or cost that is to be deducted, in fen a month."""

    kind: DeductionKind
    amount_fen: Fen


class HomeVisit(Wire):
    """A home visit: when, by whom, what the household stated, and what was found.

    ``tekun`` is given with that programme. ``circumstances`` is what was found beside means, of
    every member once; not for tekun.
    """

    visited_on: date
    surveyors: Annotated[
        tuple[UUID, ...],
        Field(
            min_length=1,
            max_length=20,
            description="调查人员编号，即其令牌中的 sub / Their ids: `sub` in their tokens",
        ),
    ]
    income: Annotated[tuple[Declared, ...], Field(max_length=200)] = ()
    deductions: Annotated[tuple[Deducted, ...], Field(max_length=20)] = ()
    tekun: TekunCircumstances | None = None
    circumstances: HouseholdCircumstances | None = None
    findings: Annotated[NoteText, Field(repr=False)]


class DemocraticReview(Wire):
    """A democratic review: who took part, and what the township concludes from it."""

    held_on: date
    present: Annotated[int, Field(ge=1, le=10_000)]
    representatives: Annotated[int, Field(ge=0, le=10_000)]
    agreed: Annotated[int, Field(ge=0, le=10_000)]
    upheld: bool
    minutes: Annotated[NoteText, Field(repr=False)]


def router(checks: Checks) -> APIRouter:
    """The routes of the visit and the review."""
    router = APIRouter(prefix="/checks/{case_id}", tags=["入户调查与评议 / Visit and review"])

    @router.post("/home-visits", status_code=201, summary="登记入户调查 / Record a home visit")
    async def record_home_visit(
        case_id: UUID, body: HomeVisit, grant: Surveyor, key: Idempotent, response: Response
    ) -> Receipt:
        case = await checks.read(case_id, grant)
        findings, note = await checks.put_note(case, key, body.findings)
        command = decisions.RecordHomeVisit(
            visited_on=body.visited_on,
            surveyors=body.surveyors,
            income=tuple(_declared(line) for line in body.income),
            deductions=tuple(
                DeductionLine(kind=line.kind, amount_fen=line.amount_fen)
                for line in body.deductions
            ),
            findings=findings,
            recorder=grant.caller.id,
            as_surveyor=grant.caller.role is Role.TOWNSHIP_SURVEYOR,
            tekun=body.tekun,
            circumstances=body.circumstances,
        )
        return await checks.submit(
            case, grant, key, response, decisions.record_home_visit, command, notes=(note,)
        )

    @router.post("/reviews", status_code=201, summary="登记民主评议 / Record a democratic review")
    async def hold_review(
        case_id: UUID, body: DemocraticReview, grant: Clerk, key: Idempotent, response: Response
    ) -> Receipt:
        case = await checks.read(case_id, grant)
        minutes, note = await checks.put_note(case, key, body.minutes)
        command = decisions.HoldReview(
            held_on=body.held_on,
            present=body.present,
            representatives=body.representatives,
            agreed=body.agreed,
            upheld=body.upheld,
            minutes=minutes,
        )
        return await checks.submit(
            case, grant, key, response, decisions.hold_review, command, notes=(note,)
        )

    return router


def _declared(line: Declared) -> IncomeLine:
    return IncomeLine(
        person_id=line.person_id,
        kind=line.kind,
        source=LineSource.DECLARED,
        amount_fen=line.amount_fen,
        item=line.item,
    )
