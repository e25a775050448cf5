"""Care's commands over HTTP, and the routers."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID, uuid5

from fastapi import APIRouter, Depends, Response

from services.care.api import wire
from services.care.api.reading import Files, reading
from services.care.decisions import agreements, care_file, contacts, reports
from services.care.decisions.standards import by_recorded_standards
from services.care.model import CareFile, care_file_of, care_standards_over
from shared.access.policy import Access, Grant
from shared.access.roles import Role
from shared.contracts.care import CareOpened
from shared.runtime.cases import CaseInHand
from shared.runtime.service import Service
from shared.web.commands import Receipt
from shared.web.idempotency import CommandKey, Idempotent
from shared.web.preconditions import IfMatch

Clerk = Annotated[Grant, Depends(Access([Role.TOWNSHIP_CLERK], "case"))]
Visitor = Annotated[Grant, Depends(Access([Role.WELFARE_VISITOR], "case"))]
CountyOfficer = Annotated[Grant, Depends(Access([Role.COUNTY_OFFICER], "case"))]


def routers(service: Service) -> list[APIRouter]:
    """Care's routers."""
    files = Files(service, care_file_of, lambda file: file.opened)
    return [
        _assessing(files),
        _agreeing(files),
        _rectifying(files),
        _visiting(files),
        reading(files),
    ]


def _assessing(files: Files) -> APIRouter:
    router = APIRouter(prefix="/care-files/{case_id}", tags=["评估与供养方式 / Assessment, mode"])

    @router.post("/assessments", status_code=201, summary="登记自理能力评估 / Record an assessment")
    async def assess(
        case_id: UUID, body: wire.Assessment, grant: Clerk, key: Idempotent, response: Response
    ) -> wire.AssessmentReceipt:
        case = await files.take(case_id, grant, key, response)
        person_id = case.opening.person_id
        command = care_file.Assess(
            assessed_on=body.assessed_on,
            assessors=body.assessors,
            failed=body.failed,
            findings=await case.put_note(body.findings, person_id=person_id),
        )
        receipt = await case.submit(
            by_recorded_standards(care_file.assess),
            command,
            beside=care_standards_over(case.opening.division),
        )
        assessed = (await _left(files, case_id, receipt)).assessments[-1]
        return wire.AssessmentReceipt(
            level=assessed.level,
            care_fen=assessed.care_fen,
            from_month=assessed.from_month,
            **receipt.model_dump(),
        )

    @router.post(
        "/ability-reports",
        status_code=201,
        summary="登记自理能力变化报告 / Report changed self-care",
    )
    async def report(
        case_id: UUID, body: wire.ChangeReport, grant: Clerk, key: Idempotent, response: Response
    ) -> wire.ReportReceipt:
        case = await files.take(case_id, grant, key, response)
        report_id = uuid5(key.command_id, "report")
        command = reports.ReportChange(
            report_id=report_id,
            reported_on=body.reported_on,
            reporter=body.reporter,
            account=await case.put_note(body.account, person_id=case.opening.person_id),
        )
        receipt = await case.submit(reports.report_change, command)
        reported = (await _left(files, case_id, receipt)).reports[-1].reported
        return wire.ReportReceipt(report_id=report_id, due=reported.due, **receipt.model_dump())

    @router.post("/support-mode", status_code=201, summary="选择供养方式 / Choose where supported")
    async def choose_mode(
        case_id: UUID, body: wire.Mode, grant: Clerk, key: Idempotent, response: Response
    ) -> Receipt:
        case = await files.take(case_id, grant, key, response)
        command = care_file.ChooseMode(mode=body.mode)
        return await case.submit(care_file.choose_mode, command)

    return router


def _agreeing(files: Files) -> APIRouter:
    router = APIRouter(prefix="/care-files/{case_id}/agreements", tags=["照料协议 / Agreements"])

    @router.post("", status_code=201, summary="登记照料服务协议 / Record a signed agreement")
    async def sign(
        case_id: UUID, body: wire.SignedAgreement, grant: Clerk, key: Idempotent, response: Response
    ) -> wire.AgreementReceipt:
        case = await files.take(case_id, grant, key, response)
        terms = await _terms(case, body)
        command = agreements.Sign(signed_on=body.signed_on, terms=terms)
        receipt = await case.submit(agreements.sign, command)
        return await _agreed(files, case_id, receipt)

    @router.post("/replacement", status_code=201, summary="更换照料服务人 / Replace the caregiver")
    async def replace_caregiver(
        case_id: UUID,
        body: wire.Parties,
        grant: Clerk,
        key: Idempotent,
        expected: IfMatch,
        response: Response,
    ) -> wire.AgreementReceipt:
        case = await files.take(case_id, grant, key, response)
        terms = await _terms(case, body)
        receipt = await case.submit(
            agreements.replace_caregiver,
            agreements.ReplaceCaregiver(terms=terms),
            expected=expected,
        )
        return await _agreed(files, case_id, receipt)

    return router


def _rectifying(files: Files) -> APIRouter:
    router = APIRouter(
        prefix="/care-files/{case_id}/rectifications", tags=["责令整改 / Rectification"]
    )

    @router.post("", status_code=201, summary="责令整改 / Order a caregiver to mend their ways")
    async def order(
        case_id: UUID, body: wire.Order, grant: CountyOfficer, key: Idempotent, response: Response
    ) -> wire.OrderReceipt:
        case = await files.take(case_id, grant, key, response)
        order_id = uuid5(key.command_id, "rectification")
        command = agreements.OrderRectification(
            order_id=order_id, grounds=await case.put_note(body.grounds)
        )
        receipt = await case.submit(agreements.order_rectification, command)
        last = (await _left(files, case_id, receipt)).require_agreement().rectifications[-1]
        return wire.OrderReceipt(order_id=order_id, due=last.ordered.due, **receipt.model_dump())

    async def finish(
        case_id: UUID,
        order_id: UUID,
        findings: str,
        grant: Grant,
        key: CommandKey,
        response: Response,
        *,
        done: bool,
    ) -> Receipt:
        case = await files.take(case_id, grant, key, response)
        command = agreements.FinishRectification(
            order_id=order_id, done=done, findings=await case.put_note(findings)
        )
        return await case.submit(agreements.finish_rectification, command)

    @router.post("/{order_id}/completion", summary="已整改 / They have mended their ways")
    async def complete(
        case_id: UUID,
        order_id: UUID,
        body: wire.Finding,
        grant: CountyOfficer,
        key: Idempotent,
        response: Response,
    ) -> Receipt:
        return await finish(case_id, order_id, body.findings, grant, key, response, done=True)

    @router.post("/{order_id}/refusal", summary="拒不整改 / They refuse to")
    async def refuse(
        case_id: UUID,
        order_id: UUID,
        body: wire.Finding,
        grant: CountyOfficer,
        key: Idempotent,
        response: Response,
    ) -> Receipt:
        return await finish(case_id, order_id, body.findings, grant, key, response, done=False)

    return router


def _visiting(files: Files) -> APIRouter:
    router = APIRouter(prefix="/care-files/{case_id}/contacts", tags=["探访 / Contacts"])

    @router.post("", status_code=201, summary="登记探访 / Record a visit or a phone call")
    async def record(
        case_id: UUID, body: wire.Contact, grant: Visitor, key: Idempotent, response: Response
    ) -> wire.ContactReceipt:
        case = await files.take(case_id, grant, key, response)
        person_id = case.opening.person_id
        command = contacts.RecordContact(
            visitor=grant.caller.id,
            contact_on=body.contact_on,
            kind=body.kind,
            findings=await case.put_note(body.findings, person_id=person_id),
        )
        receipt = await case.submit(contacts.record_contact, command)
        recorded = (await _left(files, case_id, receipt)).contacts[-1]
        return wire.ContactReceipt(late=recorded.late, **receipt.model_dump())

    return router


async def _terms(case: CaseInHand[CareFile, CareOpened], body: wire.Parties) -> agreements.Terms:
    """What was agreed, its text under the caregiver's key: who has none is not registered."""
    return agreements.Terms(
        agreement_id=uuid5(case.key.command_id, "agreement"),
        until_on=body.until_on,
        caregiver=body.caregiver,
        visitor=body.visitor,
        guardian=body.guardian,
        full_capacity=body.full_capacity,
        note=await case.put_note(body.terms, person_id=body.caregiver),
    )


async def _agreed(files: Files, case_id: UUID, receipt: Receipt) -> wire.AgreementReceipt:
    signed = (await _left(files, case_id, receipt)).agreements[-1].signed
    return wire.AgreementReceipt(
        agreement_id=signed.agreement_id, first_month=signed.first_month, **receipt.model_dump()
    )


async def _left(files: Files, case_id: UUID, receipt: Receipt) -> CareFile:
    """The file as the command left it, so that a repetition is told what the first was told."""
    file: CareFile = (await files.service.read(care_file_of(case_id), receipt.version)).state
    return file
