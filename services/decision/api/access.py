"""Who may use decision's routes, and what their bodies have in common."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel, ConfigDict

from services.decision.model import Aid, Determination
from shared.access.policy import Access, Grant
from shared.access.roles import Role
from shared.contracts.aid import AidOpened
from shared.contracts.decision import DeterminationOpened
from shared.runtime.cases import Case, Cases

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
Decider = Annotated[Grant, Depends(Access([Role.TOWNSHIP_APPROVER, Role.COUNTY_APPROVER], "case"))]

Determinations = Cases[Determination, DeterminationOpened]
OneCase = Case[Determination, DeterminationOpened]
Aids = Cases[Aid, AidOpened]


class Wire(BaseModel):
    """A body or an answer: frozen, closed, and silent about what it was given."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
