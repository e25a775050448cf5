"""Monthly runs: prepared by one, approved by another."""

from __future__ import annotations

from uuid import UUID, uuid5

from fastapi import APIRouter, Response

from services.payment.api.access import Approve, InPath, InQuery, Prepare, Read, ReadOwn, Wire
from services.payment.decisions import ApproveRun, PrepareRun, approve_run, prepare_run
from services.payment.model import Run, RunStage, roster_of, run_of
from services.payment.views import RunRow
from shared.calendar import Month
from shared.contracts.fields import DivisionCode, Programme
from shared.contracts.payment import RunLine
from shared.runtime.lists import list_page
from shared.runtime.service import Service
from shared.web.commands import Receipt
from shared.web.cursors import Page, Paging
from shared.web.idempotency import Idempotent
from shared.web.preconditions import IfMatch, set_etag
from shared.web.problems import Known, Problem
from shared.web.waiting import Waiting


class RunRequest(Wire):
    """Which run is to be prepared; ``division`` is a township."""

    programme: Programme
    division: DivisionCode
    month: Month


class RunApproval(Wire):
    """Which preparation is approved."""

    run_id: UUID


class RunReceipt(Receipt):
    """A prepared run: ``run_id`` names the preparation to approve."""

    run_id: UUID


class RunAnswer(Wire):
    """A run as it stands; money in fen. ``last_month`` is the last that it takes up."""

    stage: RunStage
    run_id: UUID
    payments: int
    total_fen: int
    preparer: UUID
    approver: UUID | None
    last_month: Month
    lines: tuple[RunLine, ...]


def runs_router(service: Service) -> APIRouter:
    """The routes of runs."""
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
            last_month=run.prepared.last_month or run.prepared.month,
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
