"""Who may use verification's routes, and what their bodies have in common."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel, ConfigDict

from services.verification.model import Check
from shared.access.policy import Access, Grant
from shared.access.roles import Role
from shared.contracts.verification import CheckOpened
from shared.runtime.cases import Cases

READERS = (
    Role.TOWNSHIP_CLERK,
    Role.TOWNSHIP_SURVEYOR,
    Role.TOWNSHIP_APPROVER,
    Role.COUNTY_OFFICER,
    Role.COUNTY_APPROVER,
    Role.AUDITOR,
)
Read = Annotated[Grant, Depends(Access(READERS, "case"))]
ReadOwn = Annotated[Grant, Depends(Access(READERS, "own"))]
Surveyor = Annotated[Grant, Depends(Access([Role.TOWNSHIP_SURVEYOR, Role.TOWNSHIP_CLERK], "case"))]
Clerk = Annotated[Grant, Depends(Access([Role.TOWNSHIP_CLERK], "case"))]

Waiving = Annotated[Grant, Depends(Access([Role.TOWNSHIP_APPROVER, Role.COUNTY_OFFICER], "case"))]

Checks = Cases[Check, CheckOpened]


class Wire(BaseModel):
    """A body or an answer: frozen, closed, and silent about what it was given."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
