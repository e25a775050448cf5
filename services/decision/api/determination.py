"""Decision's routes: from proposal to confirmation or refusal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated, Any, NamedTuple
from uuid import UUID, uuid5

from fastapi import APIRouter, Path, Response
from pydantic import Field

from services.decision import decisions
from services.decision.api.access import (
    Clerk,
    Decider,
    Determinations,
    OneCase,
    TownshipApprover,
    Wire,
    submit_by_standards,
)
from services.decision.api.aid_rest import LaterStage, LaterStages
from services.decision.model import aid_of, determination_of, supports_of
from shared.access.persons import NoteText
from shared.contracts.decision import DeferralReason
from shared.contracts.fields import Programme
from shared.contracts.publicity import PublicityRound
from shared.kernel.decider import Decide, Stream
from shared.web.commands import Receipt
from shared.web.idempotency import Idempotent
from shared.web.preconditions import IfMatch

Round = Annotated[PublicityRound, Path(alias="round")]


class Explained(Wire):
    """A proposal's explanation, as it is told to the household."""

    explanation: Annotated[NoteText, Field(repr=False)]


class Proposal(Explained):
    """A proposal; of aid for expenses it may name the case that recognises the household."""

    recognised_case: UUID | None = None


class Objection(Wire):
    """What somebody objects."""

    grounds: Annotated[NoteText, Field(repr=False)]


class Resolution(Wire):
    """What looking into an objection has shown."""

    upheld: bool
    findings: Annotated[NoteText, Field(repr=False)]


class Confirmation(Wire):
    """Of aid for expenses, the parts of its money that are paid on later days."""

    later: LaterStages = ()


class ObjectionReceipt(Receipt):
    """An objection's id, for its resolution."""

    objection_id: UUID


class ConfirmationReceipt(Receipt):
    """``deferred`` says why the case has to wait; it is ``None`` where the case is confirmed."""

    deferred: DeferralReason | None


def routers(cases: Determinations) -> list[APIRouter]:
    """The steps to a decision, and objections on the way."""
    return [_steps(cases), _objections(cases)]


def _steps(cases: Determinations) -> APIRouter:
    router = APIRouter(prefix="/cases/{case_id}", tags=["审核确认 / Determination"])

    @router.post("/proposal", status_code=201, summary="提出拟保障意见 / Propose")
    async def propose(
        case_id: UUID, body: Proposal, grant: Clerk, key: Idempotent, response: Response
    ) -> Receipt:
        case = await cases.take(case_id, grant, key, response)
        way = _proposing(case, body.recognised_case)
        stated = {"actor": grant.caller.id, "explanation": await case.put_note(body.explanation)}
        return await submit_by_standards(case, way.decide, way.command(**stated), beside=way.others)

    @router.post("/publicities/{round}", status_code=201, summary="张榜公示 / Post a publicity")
    async def publicise(
        case_id: UUID, round_: Round, grant: Clerk, key: Idempotent, response: Response
    ) -> Receipt:
        case = await cases.take(case_id, grant, key, response)
        command = decisions.PostPublicity(round=round_)
        return await case.submit(decisions.post_publicity, command)

    @router.post("/approval", summary="乡镇审核 / The township approves")
    async def approve(
        case_id: UUID,
        grant: TownshipApprover,
        key: Idempotent,
        expected: IfMatch,
        response: Response,
    ) -> Receipt:
        case = await cases.take(case_id, grant, key, response)
        command = decisions.Approve(actor=grant.caller.id)
        return await case.submit(decisions.approve, command, expected=expected)

    @router.post("/confirmation", summary="确认 / Confirm")
    async def confirm(
        case_id: UUID,
        grant: Decider,
        key: Idempotent,
        expected: IfMatch,
        response: Response,
        body: Confirmation | None = None,
    ) -> ConfirmationReceipt:
        case = await cases.take(case_id, grant, key, response)
        way = _confirming(case, () if body is None else body.later)
        receipt = await submit_by_standards(
            case,
            way.decide,
            way.command(actor=grant.caller.id, role=grant.caller.role.value),
            beside=way.others,
            expected=expected,
        )
        # As this command left it, so that a repetition is told what the first was told.
        left = await cases.service.read(determination_of(case_id), receipt.version)
        return ConfirmationReceipt(deferred=left.state.deferred, **receipt.model_dump())

    @router.post(
        "/resurvey",
        status_code=201,
        summary="异议成立后重新调查 / Survey anew after an upheld objection",
    )
    async def resurvey(
        case_id: UUID, grant: TownshipApprover, key: Idempotent, response: Response
    ) -> Receipt:
        case = await cases.take(case_id, grant, key, response)
        command = decisions.OrderResurvey(actor=grant.caller.id)
        return await case.submit(decisions.order_resurvey, command)

    @router.post("/refusal", summary="不予确认 / Refuse")
    async def refuse(
        case_id: UUID, grant: Decider, key: Idempotent, expected: IfMatch, response: Response
    ) -> Receipt:
        case = await cases.take(case_id, grant, key, response)
        way = _refusing(case)
        command = way.command(actor=grant.caller.id, role=grant.caller.role.value)
        return await submit_by_standards(
            case, way.decide, command, beside=way.others, expected=expected
        )

    return router


class _Way(NamedTuple):
    """How a programme takes a step: the decision, its command, and what it reads beside the case.

    The standards come after the ``others``.
    """

    decide: Decide
    command: Callable[..., Any]
    others: tuple[Stream, ...] = ()


def _proposing(case: OneCase, recognised_case: UUID | None) -> _Way:
    """How a case is proposed.

    A named case may be any county's (社会救助法, art. 42): nothing of it is answered but that it
    recognises the very household of this case, so it need not be in the caller's jurisdiction.
    """
    command = partial(decisions.Propose, recognised_case=recognised_case)
    if case.opening.programme.is_disability_subsidy:
        return _Way(decisions.propose_subsidy, command, _supports(case))
    if case.opening.programme is not Programme.TEMPORARY_ASSISTANCE:
        return _Way(decisions.propose, command)
    others = [aid_of(case.id)]
    if recognised_case is not None:
        others.append(determination_of(recognised_case))
    return _Way(decisions.propose_expense_aid, command, tuple(others))


def _confirming(case: OneCase, later: Sequence[LaterStage]) -> _Way:
    stated = {"later": tuple(one.stated() for one in later)}
    if case.opening.programme.is_disability_subsidy:
        command = partial(decisions.Decide, **stated)
        return _Way(decisions.confirm_subsidy, command, _supports(case))
    if case.opening.programme is not Programme.TEMPORARY_ASSISTANCE:
        return _Way(decisions.confirm, partial(decisions.Decide, **stated))
    of_aid = partial(decisions.GrantExpenseAid, case_id=case.id, **stated)
    return _Way(decisions.grant_expense_aid, of_aid, (aid_of(case.id),))


def _refusing(case: OneCase) -> _Way:
    if case.opening.programme.is_disability_subsidy:
        return _Way(decisions.refuse_subsidy, decisions.Decide, _supports(case))
    return _Way(decisions.refuse, decisions.Decide)


def _supports(case: OneCase) -> tuple[Stream, ...]:
    """What is known of the person's supports, on which a subsidy rests."""
    return (supports_of(case.opening.applicant),)


def _objections(cases: Determinations) -> APIRouter:
    router = APIRouter(prefix="/cases/{case_id}/objections", tags=["异议 / Objections"])

    @router.post("", status_code=201, summary="提出异议 / Object")
    async def raise_objection(
        case_id: UUID, body: Objection, grant: Clerk, key: Idempotent, response: Response
    ) -> ObjectionReceipt:
        case = await cases.take(case_id, grant, key, response)
        objection_id = uuid5(key.command_id, "objection")
        command = decisions.RaiseObjection(
            objection_id=objection_id, grounds=await case.put_note(body.grounds)
        )
        receipt = await case.submit(decisions.raise_objection, command)
        return ObjectionReceipt(objection_id=objection_id, **receipt.model_dump())

    @router.post("/{objection_id}/resolution", summary="异议核查结论 / Resolve an objection")
    async def resolve(
        case_id: UUID,
        objection_id: UUID,
        body: Resolution,
        grant: TownshipApprover,
        key: Idempotent,
        response: Response,
    ) -> Receipt:
        case = await cases.take(case_id, grant, key, response)
        command = decisions.ResolveObjection(
            objection_id=objection_id,
            upheld=body.upheld,
            findings=await case.put_note(body.findings),
        )
        return await case.submit(decisions.resolve_objection, command)

    return router
