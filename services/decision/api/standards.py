"""Standards: proposed, set by another hand, read by all who go by them."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID, uuid5

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from services.decision.api.access import READERS, Wire
from services.decision.decisions import (
    ProposeStandard,
    SetStandard,
    propose_standard,
    set_standard,
)
from services.decision.model import Standards, Subject, nearest, standards_of, standards_over
from services.decision.rules.standards import derived_fen
from services.decision.views import RedeterminationRow
from shared.access.persons import NewNote, NoteText
from shared.access.policy import Access, Grant
from shared.access.roles import Role
from shared.calendar import MONTH_PATTERN, Month
from shared.contracts.fields import DivisionCode
from shared.contracts.standards import (
    StandardBasis,
    StandardDerivation,
    StandardFen,
    StandardForce,
    StandardKind,
    StandardProposed,
    StandardSet,
)
from shared.policy.standards import level_of
from shared.regions import Level
from shared.runtime.lists import list_page
from shared.runtime.notes import put_note
from shared.runtime.service import Service
from shared.web.commands import Receipt
from shared.web.cursors import Page, Paging
from shared.web.idempotency import Idempotent
from shared.web.preconditions import IfMatch, set_etag
from shared.web.problems import Known, Problem
from shared.web.waiting import Waiting

_READERS = (*READERS, Role.STANDARDS_OFFICER)
Read = Annotated[Grant, Depends(Access(_READERS, "case"))]
ReadOwn = Annotated[Grant, Depends(Access(_READERS, "own"))]
Propose = Annotated[Grant, Depends(Access([Role.STANDARDS_OFFICER], "case"))]
Approve = Annotated[Grant, Depends(Access([Role.STANDARDS_OFFICER, Role.COUNTY_APPROVER], "case"))]


class Derivation(Wire):
    """What a standard was derived from: residents' yearly spending or income a head, the share of
    it, and what prices have become since, both per mille.
    """

    basis: StandardBasis
    year: Annotated[int, Field(ge=1978, le=2100)]
    per_person_yearly_fen: Annotated[int, Field(gt=0, le=99_999_999_99)]
    share_per_mille: Annotated[int, Field(ge=1, le=1000)]
    price_index_per_mille: Annotated[int, Field(ge=500, le=2000)] | None = None

    def stated(self) -> StandardDerivation:
        """With what it comes to a person and month."""
        figures = self.per_person_yearly_fen, self.share_per_mille, self.price_index_per_mille
        return StandardDerivation(**self.model_dump(), derived_fen=derived_fen(*figures))


class NewStandard(Wire):
    """A standard, or a province's floor, in fen a person and month from a month on."""

    kind: StandardKind
    force: StandardForce = StandardForce.STANDARD
    amount_fen: StandardFen
    from_month: Month
    notice: Annotated[NoteText, Field(repr=False)]
    derivation: Derivation | None = None


class StandardReceipt(Receipt):
    """A proposed standard's id, for the hand that sets it."""

    standard_id: UUID


class StandardsAnswer(Wire):
    """What a division has set, by kind and month, and what is proposed; ``unexamined`` are those
    that nobody looked at again in time.
    """

    division: DivisionCode
    standing: tuple[StandardSet, ...]
    proposed: tuple[StandardProposed, ...]
    unexamined: tuple[UUID, ...]


class InForceAnswer(Wire):
    """The recorded standards by which a division's cases are paid in a month.

    Each is that of the nearest division that has set one. ``below_floor`` are those that lie
    below the floor which the province has set since.
    """

    division: DivisionCode
    month: Month
    standards: tuple[StandardSet, ...]
    below_floor: tuple[StandardKind, ...]


def standards_router(service: Service) -> APIRouter:
    """The routes of standards."""
    router = APIRouter(prefix="/standards/{division}", tags=["保障标准 / Standards"])
    _deciding(router, service)
    _reading(router, service)
    return router


def _deciding(router: APIRouter, service: Service) -> None:
    @router.post("/proposals", status_code=201, summary="拟定保障标准 / Propose a standard")
    async def propose(
        division: DivisionCode,
        body: NewStandard,
        grant: Propose,
        key: Idempotent,
        response: Response,
    ) -> StandardReceipt:
        grant.require(division)
        standard_id = uuid5(key.command_id, "standard")
        # A notice is about no case: it lies under a key of the standard's own.
        note = NewNote(region=division, text=body.notice, case_id=standard_id)
        reference, receipt = await put_note(service, key, note)
        command = ProposeStandard(
            actor=grant.caller.id,
            standard_id=standard_id,
            division=division,
            kind=body.kind,
            force=body.force,
            amount_fen=body.amount_fen,
            from_month=body.from_month,
            notice=reference,
            derivation=body.derivation.stated() if body.derivation else None,
        )
        done = await service.execute(
            grant,
            key,
            response,
            region=division,
            reads=(standards_of(division), *standards_over(division)),
            decide=propose_standard,
            command=command,
            notes=[receipt],
        )
        return StandardReceipt(standard_id=standard_id, **done.model_dump())

    @router.post("/proposals/{standard_id}/approval", summary="核定保障标准 / Set a standard")
    async def approve(
        division: DivisionCode,
        standard_id: UUID,
        grant: Approve,
        key: Idempotent,
        expected: IfMatch,
        response: Response,
    ) -> Receipt:
        grant.require(division)
        return await service.execute(
            grant,
            key,
            response,
            region=division,
            reads=(standards_of(division), *standards_over(division)),
            decide=set_standard,
            command=SetStandard(actor=grant.caller.id, standard_id=standard_id),
            expected_version=expected,
        )


def _reading(router: APIRouter, service: Service) -> None:
    @router.get("", summary="查看保障标准 / What a division has set")
    async def show(division: DivisionCode, grant: Read, response: Response) -> StandardsAnswer:
        grant.require(division)
        found = await service.read(standards_of(division))
        if not found.version:
            raise Problem(Known.NOT_FOUND)
        standards: Standards = found.state
        set_etag(response, found.version)
        return StandardsAnswer(
            division=division,
            standing=tuple(standards.all_set()),
            proposed=tuple(standards.proposed.values()),
            unexamined=tuple(sorted(standards.unexamined)),
        )

    @router.get("/in-force", summary="执行标准 / The standards in force")
    async def in_force(
        division: DivisionCode,
        grant: Read,
        month: Annotated[str | None, Query(pattern=MONTH_PATTERN)] = None,
    ) -> InForceAnswer:
        grant.require(division)
        asked = _month(month) if month else Month.of(await service.today())
        around = [(await service.read(stream)).state for stream in standards_over(division)]
        return _in_force(division, asked, around)

    @router.get(
        "/redeterminations", summary="按新标准重新核定进度 / Progress of a changed standard"
    )
    async def redeterminations(
        division: DivisionCode,
        grant: ReadOwn,
        paging: Paging,
        waiting: Waiting,
        standard_id: UUID | None = None,
        over: bool | None = None,
    ) -> Page[RedeterminationRow]:
        level = level_of(division)
        return await list_page(
            service,
            "redeterminations",
            RedeterminationRow,
            grant.narrowed(division, Level(level) if level else Level.TOWNSHIP),
            paging,
            waiting=waiting,
            equal={"standard_id": str(standard_id) if standard_id else None, "over": over},
        )


def _month(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError:  # there is no year 0
        raise Problem(Known.INVALID_FIELDS) from None


def _in_force(division: str, month: Month, around: list[Standards]) -> InForceAnswer:
    """What holds in a month, of the divisions around one from the widest."""
    of_kinds = (nearest(around, kind, month) for kind in StandardKind)
    found = [standard for standard in of_kinds if standard is not None]
    floors = {
        kind: around[0].on(Subject(kind, StandardForce.FLOOR), month) for kind in StandardKind
    }
    below = [
        standard.kind
        for standard in found
        if (floor := floors[standard.kind]) and standard.amount_fen < floor.amount_fen
    ]
    return InForceAnswer(
        division=division, month=month, standards=tuple(found), below_floor=tuple(below)
    )
