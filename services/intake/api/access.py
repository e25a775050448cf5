"""Who may use intake's routes for applications, and what their bodies have in common."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, JsonValue

from services.intake.model import Application
from services.intake.problems.applying import MEMBER_NOT_REGISTERED
from shared.access.policy import Access, Grant
from shared.access.roles import Role
from shared.contracts.intake import ApplicationSubmitted
from shared.runtime.cases import Cases
from shared.web.problems import Problem

READERS = (
    Role.VILLAGE_ASSISTANT,
    Role.TOWNSHIP_CLERK,
    Role.TOWNSHIP_SURVEYOR,
    Role.TOWNSHIP_APPROVER,
    Role.COUNTY_OFFICER,
    Role.COUNTY_APPROVER,
    Role.AUDITOR,
)
Read = Annotated[Grant, Depends(Access(READERS, "case"))]
ReadOwn = Annotated[Grant, Depends(Access(READERS, "own"))]
Window = Annotated[Grant, Depends(Access([Role.VILLAGE_ASSISTANT, Role.TOWNSHIP_CLERK], "case"))]
Clerk = Annotated[Grant, Depends(Access([Role.TOWNSHIP_CLERK], "case"))]

Registered = Callable[[Sequence[UUID]], Awaitable[set[UUID]]]
"""Which of some persons are registered."""

Applications = Cases[Application, ApplicationSubmitted]


class Wire(BaseModel):
    """A body or an answer: frozen, closed, and silent about what it was given."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


async def require_registered(registered: Registered, persons: Sequence[UUID]) -> None:
    """Raises a 422 problem that names, by position, the persons whom the registry does not know."""
    known = await registered(persons)
    positions: list[JsonValue] = [
        position for position, person in enumerate(persons, 1) if person not in known
    ]
    if positions:
        raise Problem(MEMBER_NOT_REGISTERED, members={"positions": positions})
