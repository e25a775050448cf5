"""Who may use decision's routes, and what their bodies have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Depends
from pydantic import BaseModel, ConfigDict

from services.decision.decisions import by_recorded_standards
from services.decision.model import Aid, Determination, standards_over
from shared.access.policy import Access, Grant
from shared.access.roles import Role
from shared.contracts.aid import AidOpened
from shared.contracts.decision import DeterminationOpened
from shared.kernel.decider import Decide, Stream
from shared.runtime.cases import CaseInHand, Cases
from shared.web.commands import Receipt

READERS = (
    Role.TOWNSHIP_CLERK,
    Role.TOWNSHIP_APPROVER,
    Role.COUNTY_OFFICER,
    Role.COUNTY_APPROVER,
    Role.AUDITOR,
)
Read = Annotated[Grant, Depends(Access(READERS, "case"))]
ReadOwn = Annotated[Grant, Depends(Access(READERS, "own"))]
Clerk = Annotated[Grant, Depends(Access([Role.TOWNSHIP_CLERK], "case"))]
TownshipApprover = Annotated[Grant, Depends(Access([Role.TOWNSHIP_APPROVER], "case"))]
Township = Annotated[Grant, Depends(Access([Role.TOWNSHIP_CLERK, Role.TOWNSHIP_APPROVER], "case"))]
Officer = Annotated[Grant, Depends(Access([Role.COUNTY_OFFICER], "case"))]
ClerkOrOfficer = Annotated[
    Grant, Depends(Access([Role.TOWNSHIP_CLERK, Role.COUNTY_OFFICER], "case"))
]
Decider = Annotated[Grant, Depends(Access([Role.TOWNSHIP_APPROVER, Role.COUNTY_APPROVER], "case"))]

Determinations = Cases[Determination, DeterminationOpened]
OneCase = CaseInHand[Determination, DeterminationOpened]
Aids = Cases[Aid, AidOpened]


class Wire(BaseModel):
    """A body or an answer: frozen, closed, and silent about what it was given."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


async def submit_by_standards(
    case: OneCase,
    decide: Decide,
    command: Any,
    *,
    beside: Sequence[Stream] = (),
    expected: int | None = None,
) -> Receipt:
    """Submit a command whose decision goes by the standards recorded around the case's division.

    It reads them after the streams ``beside``. Raises as ``CaseInHand.submit`` does.
    """
    return await case.submit(
        by_recorded_standards(decide, len(beside)),
        command,
        beside=(*beside, *standards_over(case.opening.division)),
        expected=expected,
    )
