"""Residence permits that claims rest on, for whoever has to ask for a new one."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID

from pydantic import Field

from services.decision.model import PermitStanding
from shared.contracts.decision import CaseEnded, CaseRefused
from shared.contracts.fields import DivisionCode
from shared.contracts.residence import PermitExpired, PermitNoted, PermitRenewed, PermitRunsOut
from shared.kernel.event import Document as EventDocument
from shared.views.port import Document, ViewSpec
from shared.views.projector import Projection
from shared.views.rows import Row


class PermitRow(Row):
    """A permit: whose claim rests on it, until when it is good, and how it stands."""

    case_id: UUID = Field(validation_alias="_id")
    division: DivisionCode
    applicant: UUID
    until_on: date
    standing: PermitStanding


def fold(_key: str, before: Document | None, document: EventDocument[Any]) -> Document | None:
    """A permit as it stands; gone with its case."""
    event = document.data
    match event:
        case PermitNoted():
            return {
                "division": event.division,
                "applicant": str(event.applicant),
                "until_on": event.until_on.isoformat(),
                "standing": PermitStanding.VALID.value,
            }
        case CaseRefused() | CaseEnded():
            return None
    if before is None:
        return None
    match event:
        case PermitRenewed():
            valid = PermitStanding.VALID.value
            return {**before, "until_on": event.until_on.isoformat(), "standing": valid}
        case PermitRunsOut():
            return {**before, "standing": PermitStanding.RUNS_OUT.value}
        case PermitExpired():
            return {**before, "standing": PermitStanding.EXPIRED.value}
    return before


RESIDENCE_PERMITS: Final = Projection(
    ViewSpec("residence_permits", indexes=(("division", "standing"), ("standing",), ("until_on",))),
    (PermitNoted, PermitRunsOut, PermitRenewed, PermitExpired, CaseRefused, CaseEnded),
    fold,
)
