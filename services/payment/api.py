"""Payment's routes: entitlements, monthly runs by separate hands, and payments."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID, uuid5

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import BaseModel, ConfigDict

from services.payment.decisions import ApproveRun, PrepareRun, approve_run, prepare_run
from services.payment.model import (
    Entitlement,
    PaymentStage,
    Run,
    RunStage,
    entitlement_of,
    roster_of,
    run_of,
)
from services.payment.views import EntitlementRow, PaymentRow, RunRow
from shared.access.policy import Access, Grant
from shared.access.roles import Role
from shared.calendar import MONTH_PATTERN, Month
from shared.contracts.fields import DivisionCode, Programme
from shared.contracts.payment import EntitlementOpened, RunLine
from shared.runtime.cases import Cases
from shared.runtime.lists import list_page
from shared.runtime.service import Service
from shared.runtime.waiting import wait
from shared.web.commands import Receipt
from shared.web.cursors import Page, Paging
from shared.web.idempotency import Idempotent
from shared.web.preconditions import IfMatch, set_etag
from shared.web.problems import Known, Problem
from shared.web.waiting import Waiting

READERS = (
    Role.PAYMENT_PREPARER,
    Role.PAYMENT_APPROVER,
    Role.TOWNSHIP_CLERK,
    Role.TOWNSHIP_APPROVER,
    Role.COUNTY_OFFICER,
    Role.COUNTY_APPROVER,
    Role.AUDITOR,
)
Read = Annotated[Grant, Depends(Access(READERS, "case"))]
ReadOwn = Annotated[Grant, Depends(Access(READERS, "own"))]
Prepare = Annotated[Grant, Depends(Access([Role.PAYMENT_PREPARER], "case"))]
Approve = Annotated[Grant, Depends(Access([Role.PAYMENT_APPROVER], "case"))]


async def _month(month: Annotated[str, Path(pattern=MONTH_PATTERN)]) -> Month:
    try:
        return Month.parse(month)
    except ValueError:  # there is no year 0
        raise Problem(Known.INVALID_FIELDS) from None


InPath = Annotated[Month, Depends(_month)]
InQuery = Annotated[str | None, Query(alias="month", pattern=MONTH_PATTERN)]


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class RunRequest(_Wire):
    """Which run is to be prepared; ``division`` is a township."""

    programme: Programme
    division: DivisionCode
    month: Month


class RunApproval(_Wire):
    """Which preparation is approved."""

    run_id: UUID


class RunReceipt(Receipt):
    """A prepared run: ``run_id`` names the preparation to approve."""

    run_id: UUID


class RunAnswer(_Wire):
    """A run as it stands; money in fen."""

    stage: RunStage
    run_id: UUID
    payments: int
    total_fen: int
    preparer: UUID
    approver: UUID | None
    lines: tuple[RunLine, ...]


class EntitlementAnswer(_Wire):
    """What a case is entitled to, in fen a month."""

    programme: Programme
    division: DivisionCode
    payee: UUID
    amount_fen: int
    from_month: Month


def routers(service: Service) -> list[APIRouter]:
    """Payment's routers."""
    return [_runs(service), _reading(service)]


def _runs(service: Service) -> APIRouter:
    router = APIRouter(prefix="/runs", tags=["发放批次 / Runs"])

    @router.post("", status_code=201, summary="编制月度发放批次 / Prepare a month's run")
    async def prepare(
        body: RunRequest, grant: Prepare, key: Idempotent, response: Response
    ) -> RunReceipt:
        grant.require(body.division)
        run_id = uuid5(key.command_id, "run")
        receipt = await service.execute(
            grant,
            key,
            response,
            region=body.division,
            reads=(
                run_of(body.programme, body.division, body.month),
                roster_of(body.programme, body.division),
            ),
            decide=prepare_run,
            command=PrepareRun(
                actor=grant.caller.id,
                run_id=run_id,
                programme=body.programme,
                division=body.division,
                month=body.month,
            ),
        )
        return RunReceipt(run_id=run_id, **receipt.model_dump())

    @router.get("/{programme}/{division}/{month}", summary="查看批次 / A run with its lines")
    async def show(
        programme: Programme, division: DivisionCode, month: InPath, grant: Read, response: Response
    ) -> RunAnswer:
        grant.require(division)
        found = await service.read(run_of(programme, division, month))
        run: Run = found.state
        if run.prepared is None:
            raise Problem(Known.NOT_FOUND)
        set_etag(response, found.version)
        return RunAnswer(
            stage=run.stage,
            run_id=run.prepared.run_id,
            payments=run.prepared.payments,
            total_fen=run.prepared.total_fen,
            preparer=run.prepared.preparer,
            approver=run.approver,
            lines=run.lines,
        )

    @router.post("/{programme}/{division}/{month}/approval", summary="复核批次 / Approve a run")
    async def approve(
        programme: Programme,
        division: DivisionCode,
        month: InPath,
        body: RunApproval,
        grant: Approve,
        key: Idempotent,
        expected: IfMatch,
        response: Response,
    ) -> Receipt:
        grant.require(division)
        return await service.execute(
            grant,
            key,
            response,
            region=division,
            reads=(run_of(programme, division, month), roster_of(programme, division)),
            decide=approve_run,
            command=ApproveRun(actor=grant.caller.id, run_id=body.run_id),
            expected_version=expected,
        )

    @router.get("", summary="批次列表 / Runs")
    async def runs(
        grant: ReadOwn,
        paging: Paging,
        waiting: Waiting,
        division: DivisionCode | None = None,
        month: InQuery = None,
    ) -> Page[RunRow]:
        return await list_page(
            service,
            "runs",
            RunRow,
            grant.narrowed(division),
            paging,
            waiting=waiting,
            equal={"month": month},
        )

    return router


def _reading(service: Service) -> APIRouter:
    router = APIRouter(tags=["待遇与支付 / Entitlements and payments"])

    cases = Cases[Entitlement, EntitlementOpened](service, entitlement_of, lambda case: case.opened)

    @router.get("/cases/{case_id}/entitlement", summary="个案待遇 / A case's entitlement")
    async def entitlement(
        case_id: UUID, grant: Read, response: Response, waiting: Waiting
    ) -> EntitlementAnswer:
        if waiting is not None:
            await wait(service, "entitlements", waiting, case_id)
        case = await cases.read(case_id, grant)
        found = case.opening
        set_etag(response, case.version)
        return EntitlementAnswer(
            programme=found.programme,
            division=found.division,
            payee=found.payee,
            amount_fen=found.amount_fen,
            from_month=found.from_month,
        )

    @router.get("/cases/{case_id}/payments", summary="个案支付记录 / A case's payments")
    async def payments_of_case(
        case_id: UUID, grant: Read, paging: Paging, waiting: Waiting
    ) -> Page[PaymentRow]:
        if waiting is not None:
            await wait(service, "payments", waiting, case_id)
        await cases.read(case_id, grant)
        reach = grant.caller.jurisdiction
        return await list_page(
            service, "payments", PaymentRow, reach, paging, equal={"case_id": str(case_id)}
        )

    @router.get("/payments", summary="支付列表 / Payments")
    async def payments(
        grant: ReadOwn,
        paging: Paging,
        waiting: Waiting,
        division: DivisionCode | None = None,
        month: InQuery = None,
        stage: PaymentStage | None = None,
    ) -> Page[PaymentRow]:
        return await list_page(
            service,
            "payments",
            PaymentRow,
            grant.narrowed(division),
            paging,
            waiting=waiting,
            equal={"month": month, "stage": stage},
        )

    @router.get("/entitlements", summary="待遇列表 / Entitlements")
    async def entitlements(
        grant: ReadOwn, paging: Paging, waiting: Waiting, division: DivisionCode | None = None
    ) -> Page[EntitlementRow]:
        return await list_page(
            service,
            "entitlements",
            EntitlementRow,
            grant.narrowed(division),
            paging,
            waiting=waiting,
        )

    return router
