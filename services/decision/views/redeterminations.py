"""How far standards were applied: one document per standard and township."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from pydantic import Field

from shared.calendar import Month
from shared.contracts.fields import DivisionCode, Programme
from shared.contracts.standards import (
    RedeterminationListed,
    RedeterminationPageApplied,
    StandardKind,
)
from shared.kernel.event import Document as EventDocument
from shared.policy.standards import CARE_TIERS
from shared.views.port import Document, ViewSpec
from shared.views.projector import Projection
from shared.views.rows import Row


class RedeterminationRow(Row):
    """A township's cases under a changed standard: how many are listed and gone through.

    ``redetermined`` got another amount, ``referred`` are left to officials, ``unchanged`` stay as
    they are. ``before_fen`` and ``after_fen`` are what the redetermined were and are paid a month.
    ``arrears_fen`` is what a standard of a past month adds to the months that have begun. What
    care applies is not among them.
    """

    redetermination_id: UUID = Field(validation_alias="_id")
    standard_id: UUID
    kind: StandardKind
    programme: Programme
    division: DivisionCode
    from_month: Month
    cases: int
    pages: int
    pages_applied: int
    over: bool
    redetermined: int
    referred: int
    unchanged: int
    before_fen: int
    after_fen: int
    arrears_fen: int = 0


_SUMS: Final = ("redetermined", "referred", "unchanged", "before_fen", "after_fen")


def fold(_key: str, before: Document | None, document: EventDocument[Any]) -> Document | None:
    """A township's cases under a changed standard, page by page."""
    event = document.data
    match event:
        case RedeterminationListed() if event.kind not in CARE_TIERS:
            return {
                "standard_id": str(event.standard_id),
                "kind": event.kind.value,
                "programme": event.programme.value,
                "division": event.division,
                "from_month": str(event.from_month),
                "cases": event.cases,
                "pages": event.pages,
                "pages_applied": 0,
                "over": event.pages == 0,
                "arrears_fen": 0,
                **dict.fromkeys(_SUMS, 0),
            }
        case RedeterminationPageApplied() if before is not None:
            applied = before["pages_applied"] + 1
            sums = {name: before[name] + getattr(event, name) for name in _SUMS}
            return {
                **before,
                **sums,
                "arrears_fen": before.get("arrears_fen", 0) + (event.arrears_fen or 0),
                "pages_applied": applied,
                "over": applied == before["pages"],
            }
    return before


REDETERMINATIONS: Final = Projection(
    ViewSpec("redeterminations", indexes=(("division", "over"), ("standard_id",)), version=2),
    (RedeterminationListed, RedeterminationPageApplied),
    fold,
)
