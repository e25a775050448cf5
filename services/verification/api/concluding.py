"""Asking departments again, waiving the family's check, and completing a check."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from services.verification import decisions
from services.verification.api.access import Checks, Clerk, Waiving, Wire
from shared.access.persons import NoteText
from shared.contracts.departments import Department
from shared.contracts.fields import IncomeTreatment
from shared.web.commands import Receipt
from shared.web.idempotency import Idempotent
from shared.web.preconditions import IfMatch


class DepartmentQuery(Wire):
    """Which department is to be asked anew."""

    department: Department


class FamilyWaiving(Wire):
    """Why the means of the family of those who enter alone are not looked into."""

    grounds: Annotated[NoteText, Field(repr=False)]


class Completion(Wire):
    """What is decided with the account.

    ``basic_pension`` where the regime leaves it unsettled whether the basic pension counts.
    """

    basic_pension: IncomeTreatment | None = None


def router(checks: Checks) -> APIRouter:
    """The routes of departments and of the check's end."""
    router = APIRouter(prefix="/checks/{case_id}", tags=["核对与结论 / Departments and account"])

    @router.post(
        "/department-queries", status_code=201, summary="重新查询部门 / Ask a department again"
    )
    async def ask_again(
        case_id: UUID, body: DepartmentQuery, grant: Clerk, key: Idempotent, response: Response
    ) -> Receipt:
        case = await checks.take(case_id, grant, key, response)
        command = decisions.AskAgain(department=body.department)
        return await case.submit(decisions.ask_again, command)

    @router.post(
        "/family-waiver",
        status_code=201,
        summary="决定免予家庭经济状况核对 / Waive the family's check",
    )
    async def waive(
        case_id: UUID,
        body: FamilyWaiving,
        grant: Waiving,
        key: Idempotent,
        expected: IfMatch,
        response: Response,
    ) -> Receipt:
        case = await checks.take(case_id, grant, key, response)
        command = decisions.WaiveFamilyCheck(
            decider=grant.caller.id, grounds=await case.put_note(body.grounds)
        )
        return await case.submit(decisions.waive_family_check, command, expected=expected)

    @router.post("/completion", summary="完成调查核实 / Complete the check")
    async def complete(
        case_id: UUID,
        grant: Clerk,
        key: Idempotent,
        expected: IfMatch,
        response: Response,
        body: Completion | None = None,
    ) -> Receipt:
        case = await checks.take(case_id, grant, key, response)
        command = decisions.CompleteCheck(
            actor=grant.caller.id, basic_pension=body.basic_pension if body else None
        )
        return await case.submit(decisions.complete, command, expected=expected)

    return router
