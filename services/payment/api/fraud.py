"""Money obtained by fraud: found by the county, fined by other hands, and the fine paid."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID, uuid5

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from services.payment.api.access import ReadOwn, Wire
from services.payment.decisions import (
    FindFraud,
    ImposeFine,
    RecordFinePaid,
    find_fraud,
    impose_fine,
    record_fine_paid,
)
from services.payment.model import Entitlement, Fraud, entitlement_of, payment_of
from services.payment.rules import months_of_finding
from services.payment.views import FraudRow
from shared.access.persons import NoteText
from shared.access.policy import Access, Grant
from shared.access.roles import Role
from shared.calendar import Month
from shared.contracts.fields import DivisionCode
from shared.contracts.fraud import FraudFineImposed, FraudFinePaid, FraudFound
from shared.contracts.payment import EntitlementOpened
from shared.money import MAX_TOTAL_FEN
from shared.runtime.cases import Cases
from shared.runtime.lists import list_page
from shared.runtime.service import Service
from shared.web.commands import Receipt
from shared.web.cursors import Page, Paging
from shared.web.idempotency import Idempotent
from shared.web.waiting import Waiting

Officer = Annotated[Grant, Depends(Access([Role.COUNTY_OFFICER], "case"))]
Decider = Annotated[Grant, Depends(Access([Role.COUNTY_APPROVER], "case"))]
Text = Annotated[NoteText, Field(repr=False)]


class FindingRequest(Wire):
    """Who obtained which months by deceit, through which day that went on, and on what grounds."""

    person_id: UUID
    first_month: Month
    last_month: Month
    until_on: date
    grounds: Text


class FineRequest(Wire):
    """How high the fine is, in fen, and on what grounds."""

    amount_fen: Annotated[int, Field(strict=True, gt=0, le=MAX_TOTAL_FEN)]
    grounds: Text


class FinePayment(Wire):
    """The day on which the fine was paid in full."""

    paid_on: date


class FindingReceipt(Receipt):
    """The finding's id, and what was obtained in fen."""

    finding_id: UUID
    obtained_fen: int


class FineReceipt(Receipt):
    """The fine's id, and the lowest and highest that the law allowed, in fen."""

    fine_id: UUID
    minimum_fen: int
    maximum_fen: int


class FraudAnswer(Wire):
    """A finding as it stands, with its fine."""

    found: FraudFound
    fine: FraudFineImposed | None
    paid: FraudFinePaid | None


def fraud_answer(fraud: Fraud) -> FraudAnswer:
    """What is told of a finding."""
    return FraudAnswer(found=fraud.found, fine=fraud.fine, paid=fraud.paid)


def fraud_router(service: Service) -> APIRouter:
    """The routes of findings and fines."""
    router = APIRouter(tags=["骗取救助的罚款 / Fines for fraud"])
    cases = Cases[Entitlement, EntitlementOpened](service, entitlement_of, lambda case: case.opened)

    async def left(case_id: UUID, receipt: Receipt, finding_id: UUID) -> Fraud:
        found: Entitlement = (await service.read(entitlement_of(case_id), receipt.version)).state
        return next(one for one in found.frauds if one.found.finding_id == finding_id)

    @router.post(
        "/cases/{case_id}/fraud-findings", status_code=201, summary="认定骗取救助 / Find fraud"
    )
    async def find(
        case_id: UUID, body: FindingRequest, grant: Officer, key: Idempotent, response: Response
    ) -> FindingReceipt:
        case = await cases.take(case_id, grant, key, response)
        finding_id = uuid5(key.command_id, "finding")
        command = FindFraud(
            finding_id=finding_id,
            finder=grant.caller.id,
            person_id=body.person_id,
            first_month=body.first_month,
            last_month=body.last_month,
            until_on=body.until_on,
            grounds=await case.put_note(body.grounds, person_id=body.person_id),
        )
        months = months_of_finding(body.first_month, body.last_month)
        beside = tuple(payment_of(case_id, month) for month in months)
        receipt = await case.submit(find_fraud, command, beside=beside)
        fraud = await left(case_id, receipt, finding_id)
        return FindingReceipt(
            finding_id=finding_id, obtained_fen=fraud.found.obtained_fen, **receipt.model_dump()
        )

    @router.post(
        "/cases/{case_id}/fraud-findings/{finding_id}/fine",
        status_code=201,
        summary="处以罚款 / Impose a fine",
    )
    async def fine(
        case_id: UUID,
        finding_id: UUID,
        body: FineRequest,
        grant: Decider,
        key: Idempotent,
        response: Response,
    ) -> FineReceipt:
        case = await cases.take(case_id, grant, key, response)
        fine_id = uuid5(key.command_id, "fine")
        command = ImposeFine(
            finding_id=finding_id,
            fine_id=fine_id,
            imposer=grant.caller.id,
            amount_fen=body.amount_fen,
            grounds=await case.put_note(body.grounds),
        )
        receipt = await case.submit(impose_fine, command)
        imposed = (await left(case_id, receipt, finding_id)).fine
        if imposed is None:
            raise ValueError("a fine that was imposed is with its finding")
        return FineReceipt(
            fine_id=fine_id,
            minimum_fen=imposed.minimum_fen,
            maximum_fen=imposed.maximum_fen,
            **receipt.model_dump(),
        )

    @router.post(
        "/cases/{case_id}/fraud-findings/{finding_id}/fine/payment",
        status_code=201,
        summary="登记罚款缴纳 / Record that a fine was paid",
    )
    async def paid(
        case_id: UUID,
        finding_id: UUID,
        body: FinePayment,
        grant: Officer,
        key: Idempotent,
        response: Response,
    ) -> Receipt:
        case = await cases.take(case_id, grant, key, response)
        command = RecordFinePaid(finding_id=finding_id, paid_on=body.paid_on)
        return await case.submit(record_fine_paid, command)

    @router.get("/fraud-findings", summary="骗取救助认定及罚款列表 / Findings of fraud, with fines")
    async def findings(
        grant: ReadOwn,
        paging: Paging,
        waiting: Waiting,
        division: DivisionCode | None = None,
        fined: bool | None = None,
        paid: bool | None = None,
    ) -> Page[FraudRow]:
        return await list_page(
            service,
            "frauds",
            FraudRow,
            grant.narrowed(division),
            paging,
            waiting=waiting,
            equal={"fined": fined, "paid": paid},
        )

    return router
