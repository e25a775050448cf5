"""Decisions on requests for help: received, registered, transferred, fed back."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.intake.decisions.command import Command
from services.intake.model import WAITS_FOR, Application, Request, RequestStage
from services.intake.rules import applications, requests
from shared.contracts.fields import NoteRef, Sha256Hex
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
from shared.kernel.decider import Decide, Decision, Fact, Moment, Refusal
from shared.policy import ALL
from shared.regions import Regions


class ReceiveRequest(Command):
    """Take in what somebody asks for; ``person_id`` where they are registered."""

    request_id: UUID
    actor: UUID
    way: WayIn
    division: str
    words: NoteRef
    query_code: Sha256Hex
    person_id: UUID | None = None


class RegisterRequest(Command):
    """Say what the request is about."""

    kind: RequestKind


class TransferRequest(Command):
    """Hand the request to the division that answers it, and there perhaps to a department."""

    division: str
    to: OtherHelp | None = None


class FeedBack(Command):
    """Answer the citizen. Reads the request, and the application that it became, if any."""

    actor: UUID
    answer: NoteRef
    case_id: UUID | None = None


class NoteMissedStep(Command):
    """A step's last day is over."""

    step: RequestStep
    due_on: date


def receiving(regions: Regions) -> Decide:
    """The decision on a request that comes in; it knows the divisions."""

    def receive(request: Request, command: ReceiveRequest, at: Moment) -> Decision:
        """Whoever is asked first takes it in, and answers for it (首问负责)."""
        if request.stage is not RequestStage.NONE:
            raise Refusal("request-received-before")
        applications.require_handling_division(regions, command.division, at.date)
        parameters = at.policy.at(command.division, ALL, at.date)
        received = RequestReceived(
            request_id=command.request_id,
            way=command.way,
            division=command.division,
            first_handler=command.actor,
            words=command.words,
            registration_due=requests.step_due(parameters, RequestStep.REGISTRATION, at.date),
            person_id=command.person_id,
            query_code=command.query_code,
        )
        return [Fact(received, policy=parameters.version)]

    return receive


def register(request: Request, command: RegisterRequest, at: Moment) -> Decision:
    """A received request is registered, once."""
    received = _require(request, RequestStage.RECEIVED)
    parameters = at.policy.at(request.division, ALL, at.date)
    due = requests.step_due(parameters, RequestStep.TRANSFER, at.date)
    registered = RequestRegistered(
        request_id=received.request_id, kind=command.kind, transfer_due=due
    )
    return [Fact(registered, policy=parameters.version)]


def transferring(regions: Regions) -> Decide:
    """The decision that hands a request on; it knows the divisions."""

    def transfer(request: Request, command: TransferRequest, at: Moment) -> Decision:
        """A registered request is handed on, once: passing it along would win time."""
        received = _require(request, RequestStage.REGISTERED)
        applications.require_handling_division(regions, command.division, at.date)
        parameters = at.policy.at(command.division, ALL, at.date)
        transferred = RequestTransferred(
            request_id=received.request_id,
            division=command.division,
            to=command.to,
            feedback_due=requests.step_due(parameters, RequestStep.FEEDBACK, at.date),
        )
        return [Fact(transferred, policy=parameters.version)]

    return transfer


def feed_back(
    request: Request, application: Application, command: FeedBack, _at: Moment
) -> Decision:
    """The citizen is answered; an application that is named as the answer is one."""
    received = _require(request, RequestStage.TRANSFERRED)
    if command.case_id is not None and application.submitted is None:
        raise Refusal("no-such-application", status=422)
    return [
        RequestFedBack(
            request_id=received.request_id,
            answered_by=command.actor,
            answer=command.answer,
            case_id=command.case_id,
        )
    ]


def note_missed_step(request: Request, command: NoteMissedStep, _at: Moment) -> Decision:
    """A step that the request still waits for was not taken in time; else nothing."""
    received = request.received
    if received is None or WAITS_FOR.get(request.stage) is not command.step:
        return []
    return [
        RequestStepMissed(
            request_id=received.request_id,
            step=command.step,
            due_on=command.due_on,
            first_handler=received.first_handler,
        )
    ]


def _require(request: Request, stage: RequestStage) -> RequestReceived:
    if request.received is None or request.stage is not stage:
        raise Refusal("request-elsewhere", facts={"stage": request.stage, "allowed": stage})
    return request.received
