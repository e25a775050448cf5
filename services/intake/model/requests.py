"""Requests for help that are no application yet: one stream each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final
from uuid import UUID

from shared.contracts.requests import (
    RequestFedBack,
    RequestReceived,
    RequestRegistered,
    RequestStep,
    RequestStepMissed,
    RequestTransferred,
)
from shared.kernel.decider import Aggregate, Stream
from shared.kernel.event import Event


class RequestStage(StrEnum):
    """How far a request is; ``NONE`` before it was received."""

    NONE = "none"
    RECEIVED = "received"
    REGISTERED = "registered"
    TRANSFERRED = "transferred"
    FED_BACK = "fed_back"


WAITS_FOR: Final = {
    RequestStage.RECEIVED: RequestStep.REGISTRATION,
    RequestStage.REGISTERED: RequestStep.TRANSFER,
    RequestStage.TRANSFERRED: RequestStep.FEEDBACK,
}
"""The step that a request waits for."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request, whose it is to answer now, and the application that it became.

    ``division`` is empty before the request was received.
    """

    stage: RequestStage = RequestStage.NONE
    received: RequestReceived | None = None
    division: str = ""
    case_id: UUID | None = None


def evolve_request(request: Request, event: Event) -> Request:
    """One step of the fold of a request."""
    match event:
        case RequestReceived(division=division):
            return Request(RequestStage.RECEIVED, event, division)
        case RequestRegistered():
            return replace(request, stage=RequestStage.REGISTERED)
        case RequestTransferred(division=division):
            return replace(request, stage=RequestStage.TRANSFERRED, division=division)
        case RequestFedBack(case_id=case_id):
            return replace(request, stage=RequestStage.FED_BACK, case_id=case_id)
        case RequestStepMissed():
            return request
        case _:
            raise TypeError(f"{event.type} is no event of a request")


REQUEST: Final = Aggregate("request", Request(), evolve_request)


def request_of(request_id: UUID) -> Stream:
    """The stream of a request."""
    return Stream(REQUEST.name, str(request_id))
