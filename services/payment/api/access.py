"""Who may use payment's routes, and what their paths and queries have in common."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path, Query
from pydantic import BaseModel, ConfigDict

from shared.access.policy import Access, Grant
from shared.access.roles import Role
from shared.calendar import MONTH_PATTERN, Month
from shared.web.problems import Known, Problem

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


class Wire(BaseModel):
    """What goes over the wire: frozen, closed to unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
