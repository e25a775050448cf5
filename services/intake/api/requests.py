"""Requests for help (求助): received, registered, transferred, fed back."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID, uuid5

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from services.intake.api.access import ReadOwn, Registered, Wire, require_registered
from services.intake.api.progress import QueryCodes
from services.intake.decisions.requests import (
    FeedBack,
    ReceiveRequest,
    RegisterRequest,
    TransferRequest,
    feed_back,
    receiving,
    register,
    transferring,
)
from services.intake.model import Request, RequestStage, application_stream, request_of
from services.intake.views import RequestRow
from shared.access.persons import NewNote, NoteText
from shared.access.policy import Access, Grant
from shared.access.roles import Role
from shared.contracts.fields import DivisionCode, NoteRef
from shared.contracts.intake import WayIn
from shared.contracts.requests import RequestKind
from shared.contracts.screening import OtherHelp
from shared.regions import Level
from shared.runtime.cases import Cases
from shared.runtime.lists import list_page
from shared.runtime.notes import put_note
from shared.runtime.service import Service
from shared.web.commands import Receipt
from shared.web.cursors import Page, Paging
from shared.web.idempotency import Idempotent
from shared.web.preconditions import IfMatch, set_etag
from shared.web.problems import Known, Problem
from shared.web.waiting import Waiting

Requests = Cases[Request, Request]
Text = Annotated[NoteText, Field(repr=False)]
Handler = Annotated[
    Grant,
    Depends(Access([Role.VILLAGE_ASSISTANT, Role.TOWNSHIP_CLERK, Role.COUNTY_OFFICER], "case")),
]


class NewRequest(Wire):
    """What somebody asks for, and where; ``person_id`` where they are registered."""

    way: WayIn
    division: DivisionCode
    words: Text
    person_id: UUID | None = None


class RequestReceipt(Receipt):
    """A request's receipt; ``query_code`` tells the citizen how it stands."""

    request_id: UUID
    query_code: str


class Registration(Wire):
    """What the request is about."""

    kind: RequestKind


class Transfer(Wire):
    """The division that answers the request, and there perhaps a department."""

    division: DivisionCode
    to: OtherHelp | None = None


class Feedback(Wire):
    """What the citizen is told; ``case_id`` is the application that the request became."""

    answer: Text
    case_id: UUID | None = None


class RequestAnswer(Wire):
    """A request as it stands; ``words`` names a note in the vault."""

    request_id: UUID
    stage: RequestStage
    division: DivisionCode
    way: WayIn
    first_handler: UUID
    case_id: UUID | None
    words: NoteRef


def request_routers(service: Service, registered: Registered, codes: QueryCodes) -> list[APIRouter]:
    """The routes of requests; ``registered`` asks the registry in this process."""
    requests = Requests(service, request_of, lambda request: request if request.received else None)
    return [_receiving(service, registered, codes), _handling(requests), _reading(requests)]


def _receiving(service: Service, registered: Registered, codes: QueryCodes) -> APIRouter:
    router = APIRouter(prefix="/requests", tags=["求助 / Requests"])
    receive = receiving(service.regions)

    @router.post("", status_code=201, summary="接收求助 / Take a request in")
    async def receive_request(
        body: NewRequest, grant: Handler, key: Idempotent, response: Response
    ) -> RequestReceipt:
        grant.require(body.division)
        if body.person_id is not None:
            await require_registered(registered, [body.person_id])
        request_id = uuid5(key.command_id, "request")
        code = codes.draw(key.command_id)
        owner = {"case_id": request_id} if body.person_id is None else {"person_id": body.person_id}
        written = NewNote(region=body.division, text=body.words, **owner)
        words, note = await put_note(service, key, written)
        receipt = await service.execute(
            grant,
            key,
            response,
            region=body.division,
            reads=(request_of(request_id),),
            decide=receive,
            command=ReceiveRequest(
                request_id=request_id,
                actor=grant.caller.id,
                way=body.way,
                division=body.division,
                words=words,
                query_code=codes.digest(code),
                person_id=body.person_id,
            ),
            notes=(note,),
        )
        response.headers["Cache-Control"] = "no-store"
        return RequestReceipt(request_id=request_id, query_code=code, **receipt.model_dump())

    return router


def _handling(requests: Requests) -> APIRouter:
    router = APIRouter(prefix="/requests/{request_id}", tags=["求助 / Requests"])
    transfer = transferring(requests.service.regions)

    @router.post("/registration", summary="登记 / Register")
    async def register_request(
        request_id: UUID,
        body: Registration,
        grant: Handler,
        key: Idempotent,
        expected: IfMatch,
        response: Response,
    ) -> Receipt:
        request = await requests.take(request_id, grant, key, response)
        command = RegisterRequest(kind=body.kind)
        return await request.submit(register, command, expected=expected)

    @router.post("/transfer", summary="转办 / Hand on")
    async def transfer_request(
        request_id: UUID,
        body: Transfer,
        grant: Handler,
        key: Idempotent,
        expected: IfMatch,
        response: Response,
    ) -> Receipt:
        request = await requests.take(request_id, grant, key, response)
        command = TransferRequest(division=body.division, to=body.to)
        return await request.submit(transfer, command, expected=expected)

    @router.post("/feedback", summary="反馈 / Answer")
    async def feed_back_request(
        request_id: UUID,
        body: Feedback,
        grant: Handler,
        key: Idempotent,
        expected: IfMatch,
        response: Response,
    ) -> Receipt:
        request = await requests.take(request_id, grant, key, response)
        received = request.state.received
        person_id = received.person_id if received else None
        command = FeedBack(
            actor=grant.caller.id,
            answer=await request.put_note(body.answer, person_id=person_id),
            case_id=body.case_id,
        )
        return await request.submit(
            feed_back,
            command,
            # Without an application the request's own id names a stream that has no event.
            beside=(application_stream(body.case_id or request_id),),
            expected=expected,
        )

    return router


def _reading(requests: Requests) -> APIRouter:
    router = APIRouter(prefix="/requests", tags=["查询 / Reading"])

    @router.get("", summary="求助列表 / Requests")
    async def list_requests(
        grant: ReadOwn,
        paging: Paging,
        waiting: Waiting,
        division: DivisionCode | None = None,
        level: Level | None = None,
        stage: RequestStage | None = None,
    ) -> Page[RequestRow]:
        return await list_page(
            requests.service,
            "requests",
            RequestRow,
            grant.narrowed(division, level),
            paging,
            waiting=waiting,
            equal={"stage": stage},
        )

    @router.get("/{request_id}", summary="求助 / One request")
    async def one_request(request_id: UUID, grant: Handler, response: Response) -> RequestAnswer:
        request = await requests.read(request_id, grant)
        set_etag(response, request.version)
        state = request.state
        received = state.received
        if received is None:
            raise Problem(Known.NOT_FOUND)
        return RequestAnswer(
            request_id=request_id,
            stage=state.stage,
            division=state.division,
            way=received.way,
            first_handler=received.first_handler,
            case_id=state.case_id,
            words=received.words,
        )

    return router
