"""A confirmed household's changes: reported, heard about, decided."""

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
    Township,
    Wire,
    submit_by_standards,
)
from services.decision.decisions import AtStandard
from shared.access.persons import NoteText
from shared.contracts.changes import HouseholdChange, HouseholdChangeCause, PropertyHeld
from shared.contracts.children import ChildCircumstances
from shared.contracts.fields import (
    DeductionKind,
    DeductionLine,
    IncomeItem,
    IncomeKind,
    IncomeLine,
    IncomeTreatment,
    LineSource,
    Relation,
    Sha256Hex,
    Supporter,
)
from shared.money import Fen
from shared.web.commands import Receipt
from shared.web.idempotency import Idempotent
from shared.web.preconditions import IfMatch


class Income(Wire):
    """A member's income of one kind, in fen a month, and who states it.

    ``item`` says what exactly it is, ``paid_by`` of support who pays it, where the rules treat it
    by itself.
    """

    person_id: UUID
    kind: IncomeKind
    source: LineSource = LineSource.DECLARED
    amount_fen: Fen
    item: IncomeItem | None = None
    paid_by: Supporter | None = None


class Deducted(Wire):
    """Spending or cost that is to be deducted, in fen a month."""

    kind: DeductionKind
    amount_fen: Fen


class Joining(Wire):
    """Somebody who belongs to the household from now on."""

    person_id: UUID
    relation: Relation


class NewHousehold(Wire):
    """Who left and who joined, and why; who is paid from now on, where the payee has left.

    ``certificate`` is the SHA-256 of the paper that proves a death.
    """

    cause: HouseholdChangeCause
    left: Annotated[tuple[UUID, ...], Field(max_length=20)] = ()
    joined: Annotated[tuple[Joining, ...], Field(max_length=20)] = ()
    certificate: Sha256Hex | None = None
    payee: UUID | None = None


class Property(Wire):
    """All that the household has: deposits and the like in fen, houses, vehicles."""

    deposits_fen: Fen
    houses: Annotated[int, Field(ge=0, le=1000)]
    vehicles: Annotated[int, Field(ge=0, le=1000)]


class NewChange(Wire):
    """The household's whole account anew: all its income, and all that is deducted.

    Of members who entered alone it is their whole family's. ``property`` where that changed.
    ``basic_pension`` where the regime leaves it unsettled whether the basic pension counts.
    ``child`` is what a child's allowance rests on now, and then all that is reported.
    ``happened_on`` where it counts from before today; ``household`` where somebody left or joined.
    """

    income: Annotated[tuple[Income, ...], Field(max_length=200)] = ()
    deductions: Annotated[tuple[Deducted, ...], Field(max_length=20)] = ()
    happened_on: date | None = None
    household: NewHousehold | None = None
    explanation: Annotated[NoteText, Field(repr=False)]
    basic_pension: IncomeTreatment | None = None
    child: ChildCircumstances | None = None
    property: Property | None = None


class Hearing(Wire):
    """What the household says before its aid is reduced or stopped."""

    statement: Annotated[NoteText, Field(repr=False)]


class ChangeDecision(Wire):
    """What the regime leaves to the approver.

    ``phase_out_months`` where it leaves a range, 0 for none at all, with a ``reason``;
    ``at_standard`` after a manual review.
    """

    phase_out_months: Annotated[int | None, Field(ge=0, le=120)] = None
    at_standard: AtStandard | None = None
    reason: Annotated[NoteText | None, Field(repr=False)] = None


class ChangeReceipt(Receipt):
    """A change's id, for its hearing and its decision."""

    change_id: UUID


def router(cases: Determinations) -> APIRouter:
    """The routes of changes."""
    router = APIRouter(prefix="/cases/{case_id}/changes", tags=["动态管理 / Changes"])

    @router.post("", status_code=201, summary="报告收入、财产、家庭变化 / Report a change")
    async def report(
        case_id: UUID, body: NewChange, grant: Clerk, key: Idempotent, response: Response
    ) -> ChangeReceipt:
        case = await cases.take(case_id, grant, key, response)
        change_id = uuid5(key.command_id, "change")
        command = decisions.ReportChange(
            change_id=change_id,
            reporter=grant.caller.id,
            income=tuple(IncomeLine(**line.model_dump()) for line in body.income),
            deductions=tuple(DeductionLine(**line.model_dump()) for line in body.deductions),
            explanation=await case.put_note(body.explanation),
            basic_pension=body.basic_pension,
            happened_on=body.happened_on,
            child=body.child,
            household=body.household and HouseholdChange(**body.household.model_dump()),
            property=body.property and PropertyHeld(**body.property.model_dump()),
        )
        receipt = await case.submit(decisions.report_change, command)
        return ChangeReceipt(change_id=change_id, **receipt.model_dump())

    @router.post("/{change_id}/hearing", status_code=201, summary="听取意见 / Hear the household")
    async def hear(
        case_id: UUID,
        change_id: UUID,
        body: Hearing,
        grant: Township,
        key: Idempotent,
        response: Response,
    ) -> Receipt:
        case = await cases.take(case_id, grant, key, response)
        command = decisions.HoldHearing(
            change_id=change_id, statement=await case.put_note(body.statement)
        )
        return await case.submit(decisions.hold_hearing, command)

    @router.post("/{change_id}/decision", summary="决定调整、渐退或停发 / Decide a change")
    async def decide(
        case_id: UUID,
        change_id: UUID,
        body: ChangeDecision,
        grant: Decider,
        key: Idempotent,
        expected: IfMatch,
        response: Response,
    ) -> Receipt:
        case = await cases.take(case_id, grant, key, response)
        reason = await case.put_note(body.reason) if body.reason else None
        command = decisions.DecideChange(
            actor=grant.caller.id,
            role=grant.caller.role.value,
            change_id=change_id,
            phase_out_months=body.phase_out_months,
            at_standard=body.at_standard,
            explanation=reason,
        )
        return await submit_by_standards(case, decisions.decide_change, command, expected=expected)

    return router
