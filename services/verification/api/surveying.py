"""The home visit and the democratic review."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from services.verification import decisions
from services.verification.api.access import Checks, Clerk, Surveyor, Wire
from services.verification.model import bill_of
from shared.access.persons import NoteText
from shared.access.roles import Role
from shared.contracts.children import ChildCircumstances
from shared.contracts.circumstances import (
    DisabilityCircumstances,
    HouseholdCircumstances,
    TekunCircumstances,
)
from shared.contracts.fields import (
    DeductionKind,
    DeductionLine,
    IncomeItem,
    IncomeKind,
    IncomeLine,
    LineSource,
    Supporter,
)
from shared.contracts.home_visits import Bill, ContactlessSurvey, DeclaredProperty, VisitSignatures
from shared.money import Fen
from shared.sealing import SealingKey
from shared.web.commands import Receipt
from shared.web.idempotency import Idempotent


class Declared(Wire):
    """What a member states of an income of one kind, in fen a month.

    ``item`` says what exactly it is, ``paid_by`` of support who pays it, where the rules treat it
    by itself.
    """

    person_id: UUID
    kind: IncomeKind
    amount_fen: Fen
    item: IncomeItem | None = None
    paid_by: Supporter | None = None


class Deducted(Wire):
    """Spending or cost that is to be deducted, in fen a month."""

    kind: DeductionKind
    amount_fen: Fen


class ShownBill(Wire):
    """A bill for rigid spending, in fen: what it is of, and what of it was reimbursed.

    Its ``number`` is kept nowhere: events know it by a keyed digest.
    """

    person_id: UUID
    kind: DeductionKind
    number: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{4,40}$", repr=False)]
    issued_on: date
    amount_fen: Fen
    reimbursed_fen: Fen = 0


class HomeVisit(Wire):
    """A home visit: when, by whom, what the household stated, and what was found.

    ``tekun`` is given with that programme, ``child`` with a child's allowance, ``disability`` with
    the subsidies for disabled people. ``circumstances`` is what was found beside means, of every
    member of a household once. ``bills`` stand behind rigid spending: what they come to a month is
    computed. ``property`` is what the household states to have. ``contactless`` says how a
    household was surveyed that could not be visited in a major emergency; ``signatures`` who signed
    the form, and its digest.
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
    bills: Annotated[tuple[ShownBill, ...], Field(max_length=60)] = ()
    property: DeclaredProperty | None = None
    contactless: ContactlessSurvey | None = None
    signatures: VisitSignatures | None = None
    child: ChildCircumstances | None = None
    disability: DisabilityCircumstances | None = None
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
        case = await checks.take(case_id, grant, key, response)
        digests = checks.service.keys.key("bill-numbers")
        bills = tuple(_bill(shown, digests) for shown in body.bills)
        command = decisions.RecordHomeVisit(
            visited_on=body.visited_on,
            surveyors=body.surveyors,
            income=tuple(_declared(line) for line in body.income),
            deductions=tuple(
                DeductionLine(kind=line.kind, amount_fen=line.amount_fen)
                for line in body.deductions
            ),
            findings=await case.put_note(body.findings),
            recorder=grant.caller.id,
            as_surveyor=grant.caller.role is Role.TOWNSHIP_SURVEYOR,
            tekun=body.tekun,
            circumstances=body.circumstances,
            property=body.property,
            bills=bills,
            case_id=case_id,
            contactless=body.contactless,
            signatures=body.signatures,
            child=body.child,
            disability=body.disability,
        )
        return await case.submit(
            decisions.record_home_visit,
            command,
            beside=tuple(bill_of(bill.number_digest) for bill in bills),
        )

    @router.post("/reviews", status_code=201, summary="登记民主评议 / Record a democratic review")
    async def hold_review(
        case_id: UUID, body: DemocraticReview, grant: Clerk, key: Idempotent, response: Response
    ) -> Receipt:
        case = await checks.take(case_id, grant, key, response)
        command = decisions.HoldReview(
            held_on=body.held_on,
            present=body.present,
            representatives=body.representatives,
            agreed=body.agreed,
            upheld=body.upheld,
            minutes=await case.put_note(body.minutes),
        )
        return await case.submit(decisions.hold_review, command)

    return router


def _declared(line: Declared) -> IncomeLine:
    return IncomeLine(
        person_id=line.person_id,
        kind=line.kind,
        source=LineSource.DECLARED,
        amount_fen=line.amount_fen,
        item=line.item,
        paid_by=line.paid_by,
    )


def _bill(shown: ShownBill, digests: SealingKey) -> Bill:
    """The bill as events know it: however its number was spaced or cased, the same digest."""
    number = shown.number.replace("-", "").upper()
    return Bill(
        person_id=shown.person_id,
        kind=shown.kind,
        number_digest=digests.digest(number.encode()).hex(),
        issued_on=shown.issued_on,
        amount_fen=shown.amount_fen,
        reimbursed_fen=shown.reimbursed_fen,
    )
