"""Runs by their ids."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, Literal
from uuid import UUID

from pydantic import Field

from shared.calendar import Month
from shared.contracts.fields import DivisionCode, Programme
from shared.contracts.payment import RunApproved, RunPrepared
from shared.kernel.event import Document as EventDocument
from shared.views.port import Document, ViewSpec
from shared.views.projector import Projection
from shared.views.rows import Row


class RunRow(Row):
    """A township's run of a month: how many payments, their total in fen, and whose hands."""

    run_id: UUID = Field(validation_alias="_id")
    division: DivisionCode
    programme: Programme
    month: Month
    last_month: Month
    payments: int
    total_fen: int
    stage: Literal["prepared", "replaced", "approved"]
    preparer: UUID
    approver: UUID | None = None


def _by_run(document: EventDocument[Any]) -> Iterable[str]:
    """The run, and the one whose place it takes."""
    event = document.data
    replaced = event.replaces if isinstance(event, RunPrepared) else None
    return tuple(str(run_id) for run_id in (event.run_id, replaced) if run_id)


def fold_run(key: str, before: Document | None, document: EventDocument[Any]) -> Document | None:
    """A township's run of a month: its payments, total in fen, stage and hands.

    A preparation whose place another took stays, as ``replaced``.
    """
    event = document.data
    match event:
        case RunPrepared() if key != str(event.run_id):
            return {**(before or {}), "stage": "replaced"}
        case RunPrepared():
            several = {} if event.last_month is None else {"last_month": str(event.last_month)}
            return {
                **several,
                "division": event.division,
                "programme": event.programme.value,
                "month": str(event.month),
                "last_month": str(event.last_month or event.month),
                "payments": event.payments,
                "total_fen": event.total_fen,
                "stage": "prepared",
                "preparer": str(event.preparer),
            }
        case RunApproved():
            return {**(before or {}), "stage": "approved", "approver": str(event.approver)}
    return before


RUNS: Final = Projection(
    ViewSpec("runs", indexes=(("division", "month"), ("stage",)), version=2),
    (RunPrepared, RunApproved),
    fold_run,
    _by_run,
)
