"""Reading entitlements and payments."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from services.payment.api.access import InQuery, Read, ReadOwn, Wire
from services.payment.api.fraud import FraudAnswer, fraud_answer
from services.payment.model import Entitlement, PaymentStage, entitlement_of
from services.payment.views import (
    DifferenceRow,
    EntitlementRow,
    PartRow,
    PaymentRow,
    difference_rows,
    part_rows,
)
from shared.calendar import Month
from shared.contracts.fields import DivisionCode, Programme
from shared.contracts.payment import EntitlementOpened, EntitlementPart
from shared.runtime.cases import Cases
from shared.runtime.lists import list_page
from shared.runtime.service import Service
from shared.runtime.waiting import wait
from shared.web.cursors import Page, Paging
from shared.web.preconditions import set_etag
from shared.web.waiting import Waiting


class EntitlementAnswer(Wire):
    """What a case is entitled to: what is paid of each part, in fen a month.

    ``last_month`` is that of an entitlement that has ended. ``differences`` are months taken up
    by runs with another amount than is due, ``frauds`` what of it was found to be obtained by
    fraud, with the fine.
    """

    programme: Programme
    division: DivisionCode
    payee: UUID
    from_month: Month
    last_month: Month | None
    ended: bool
    parts: tuple[PartRow, ...]
    differences: tuple[DifferenceRow, ...]
    frauds: tuple[FraudAnswer, ...]


def reading_router(service: Service) -> APIRouter:
    """The routes that show entitlements and payments."""
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
            from_month=found.from_month,
            last_month=case.state.last_month,
            ended=not case.state.is_open,
            parts=tuple(
                row for part in EntitlementPart for row in part_rows(part, case.state.due(part))
            ),
            differences=tuple(difference_rows(case.state.differences)),
            frauds=tuple(map(fraud_answer, case.state.frauds)),
        )

    @router.get("/cases/{case_id}/payments", summary="个案支付记录 / A case's payments")
    async def payments_of_case(
        case_id: UUID, grant: ReadOwn, paging: Paging, waiting: Waiting
    ) -> Page[PaymentRow]:
        if waiting is not None:
            await wait(service, "payments", waiting, case_id)
        return await list_page(
            service,
            "payments",
            PaymentRow,
            grant.narrowed(),
            paging,
            equal={"case_id": str(case_id)},
        )

    @router.get("/payments", summary="支付列表 / Payments")
    async def payments(
        grant: ReadOwn,
        paging: Paging,
        waiting: Waiting,
        division: DivisionCode | None = None,
        month: InQuery = None,
        stage: PaymentStage | None = None,
        overdue: bool | None = None,
    ) -> Page[PaymentRow]:
        return await list_page(
            service,
            "payments",
            PaymentRow,
            grant.narrowed(division),
            paging,
            waiting=waiting,
            equal={"month": month, "stage": stage, "overdue": overdue},
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
