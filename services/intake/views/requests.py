"""Requests for help: one document for each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final
from uuid import UUID

from pydantic import Field

from services.intake.model import RequestStage
from shared.contracts.fields import DivisionCode
from shared.contracts.intake import WayIn
from shared.contracts.requests import (
    RequestFedBack,
    RequestKind,
    RequestReceived,
    RequestRegistered,
    RequestStep,
    RequestStepMissed,
    RequestTransferred,
)
from shared.contracts.screening import OtherHelp
from shared.kernel.event import Document as EventDocument
from shared.views.port import Document, ViewSpec
from shared.views.projector import Projection
from shared.views.rows import Row


class RequestRow(Row):
    """A request: whose it is, who was asked first, how far, until when, and what became of it."""

    request_id: UUID = Field(validation_alias="_id")
    division: DivisionCode
    stage: RequestStage
    way: WayIn
    first_handler: UUID
    received_on: date
    due_on: date | None = None
    kind: RequestKind | None = None
    to: OtherHelp | None = None
    case_id: UUID | None = None
    missed: tuple[RequestStep, ...] = ()
    version: int


def _by_request(document: EventDocument[Any]) -> Iterable[str]:
    return (str(document.data.request_id),)


def fold_request(
    _key: str, before: Document | None, document: EventDocument[Any]
) -> Document | None:
    """A request; ``due_on`` is the last day of the step that it waits for."""
    event = document.data
    request = {**(before or {}), "version": document.version}
    match event:
        case RequestReceived():
            return {
                "division": event.division,
                "stage": RequestStage.RECEIVED.value,
                "way": event.way.value,
                "first_handler": str(event.first_handler),
                "received_on": document.effective_on.isoformat(),
                "due_on": event.registration_due.on.isoformat(),
                "missed": [],
                "version": document.version,
            }
        case RequestRegistered():
            stage, due_on = RequestStage.REGISTERED.value, event.transfer_due.on.isoformat()
            return {**request, "stage": stage, "due_on": due_on, "kind": event.kind.value}
        case RequestTransferred():
            to = {"to": event.to.value} if event.to else {}
            stage, due_on = RequestStage.TRANSFERRED.value, event.feedback_due.on.isoformat()
            return {**request, "stage": stage, "due_on": due_on, "division": event.division, **to}
        case RequestFedBack():
            became = {"case_id": str(event.case_id)} if event.case_id else {}
            return {**request, "stage": RequestStage.FED_BACK.value, "due_on": None, **became}
        case RequestStepMissed(step=step):
            return {**request, "missed": [*request["missed"], step.value]}
    return before


REQUESTS: Final = Projection(
    ViewSpec("requests", indexes=(("division", "stage"), ("due_on",))),
    (
        RequestReceived,
        RequestRegistered,
        RequestTransferred,
        RequestFedBack,
        RequestStepMissed,
    ),
    fold_request,
    _by_request,
)
