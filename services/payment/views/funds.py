"""Reserve funds by their streams: what each holds, and what is out or waited for."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID

from pydantic import Field

from services.payment.model import AdvanceStage
from services.payment.rules import paying_division
from shared.contracts.fields import DivisionCode
from shared.contracts.payment import (
    FundAdvanced,
    FundAdvanceReturned,
    FundAdvanceSettled,
    FundReplenished,
    FundShort,
)
from shared.kernel.event import Document as EventDocument
from shared.views.port import Document, ViewSpec
from shared.views.projector import Projection
from shared.views.rows import Row


class AdvanceRow(Row):
    """An aid that waits for its advance, or whose advance is to be explained; since when."""

    payment_id: UUID
    case_id: UUID
    amount_fen: int
    stage: AdvanceStage
    explained: bool
    since: date


class FundRow(Row):
    """A township's reserve fund: its balance, and its advances that are waiting or open, in fen.

    ``advances`` are in the order in which the fund was asked.
    """

    fund_id: UUID = Field(validation_alias="_id")
    division: DivisionCode
    balance_fen: int
    open_fen: int
    waiting_fen: int
    advances: tuple[AdvanceRow, ...]


def fold_fund(_key: str, before: Document | None, document: EventDocument[Any]) -> Document | None:
    """A fund: balance in fen, and the advances that are waiting or open."""
    event = document.data
    known = before or {"balance_fen": 0, "advances": []}
    advances: dict[str, Document] = {one["payment_id"]: one for one in known["advances"]}
    balance_fen = known["balance_fen"]
    match event:
        case FundReplenished():
            balance_fen = event.balance_fen
        case FundShort():
            _ask(advances, document, AdvanceStage.WAITING)
        case FundAdvanced():
            balance_fen = event.balance_fen
            _ask(advances, document, AdvanceStage.ADVANCED)
        case FundAdvanceSettled():
            known_advance = advances.get(str(event.payment_id))
            if known_advance is not None:
                advances[str(event.payment_id)] = {**known_advance, "explained": True}
        case FundAdvanceReturned():
            balance_fen = event.balance_fen
            advances.pop(str(event.payment_id), None)
    kept = [one for one in advances.values() if _is_waiting(one) or not one["explained"]]
    waiting_fen = sum(one["amount_fen"] for one in kept if _is_waiting(one))
    return {
        "division": paying_division(document.region),
        "balance_fen": balance_fen,
        "open_fen": sum(one["amount_fen"] for one in kept) - waiting_fen,
        "waiting_fen": waiting_fen,
        "advances": kept,
    }


def _ask(advances: dict[str, Document], document: EventDocument[Any], stage: AdvanceStage) -> None:
    """Add an advance, or change the stage of one that waited, in its place."""
    event = document.data
    key = str(event.payment_id)
    advances[key] = {
        "payment_id": key,
        "case_id": str(event.case_id),
        "amount_fen": event.amount_fen,
        "stage": stage.value,
        "explained": key in advances and advances[key]["explained"],
        "since": document.effective_on.isoformat(),
    }


def _is_waiting(advance: Document) -> bool:
    return bool(advance["stage"] == AdvanceStage.WAITING.value)


FUNDS: Final = Projection(
    ViewSpec("funds", indexes=(("division",),)),
    (FundReplenished, FundShort, FundAdvanced, FundAdvanceSettled, FundAdvanceReturned),
    fold_fund,
)
