"""The operators' routes for views: how far they are, and rebuilding one without downtime."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel, ConfigDict

from shared.access.policy import Access, Grant
from shared.access.roles import Role
from shared.contracts.fields import Sha256Hex
from shared.contracts.kernel import (
    ViewRebuildAbandoned,
    ViewRebuildAccepted,
    ViewRebuildOrdered,
)
from shared.kernel import rebuilding
from shared.kernel.decider import Decide
from shared.kernel.outcomes import repeated
from shared.kernel.submission import NATIONWIDE
from shared.runtime.service import Service
from shared.runtime.view_orders import ViewOrders
from shared.views.comparing import Differences
from shared.views.port import ViewSpec
from shared.views.rebuild import Report, Stage
from shared.web.commands import Receipt, answered
from shared.web.idempotency import CommandKey, Idempotent
from shared.web.problems import Known, Problem

Operate = Annotated[Grant, Depends(Access([Role.OPERATOR], "home"))]
View = Annotated[str, Path(pattern=r"^[a-z]+(_[a-z]+)*$", max_length=40)]


class RebuildAnswer(BaseModel):
    """The rebuild of a view that is under way, or the last one that was finished.

    ``position`` is how far it is folded, ``found`` what its last comparison found to differ:
    counted, and the first listed by key and field names. ``accepted`` says that an operator
    accepted a list, named by its digest.
    """

    rebuild_id: UUID
    stage: Stage
    position: int
    found: Differences | None
    accepted: str | None


class ViewAnswer(BaseModel):
    """A view: its release, how often its documents were begun anew, and how far they are."""

    view: str
    version: int
    generation: int
    position: int
    rebuild: RebuildAnswer | None


class ViewsAnswer(BaseModel):
    """Every view of the service; ``head`` is the position of its log's last event."""

    head: int
    views: list[ViewAnswer]


class Acceptance(BaseModel):
    """Which list of differences is accepted, by its digest."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    digest: Sha256Hex


def view_routes(service: Service) -> APIRouter:
    """The routes under ``/ops/views``."""
    router = APIRouter(prefix="/ops/views", tags=["视图 / Views"])
    home = service.settings.home_division

    @router.get("", summary="视图列表 / Views and how far they are")
    async def views(grant: Operate) -> ViewsAnswer:
        grant.require(home)
        specs = [projection.spec for projection in service.definition.projections]
        return ViewsAnswer(
            head=await asyncio.to_thread(service.store.head),
            views=[await _shown(service, spec) for spec in specs],
        )

    @router.get("/{view}", summary="视图及其重建情况 / A view and its rebuild")
    async def one(view: View, grant: Operate) -> ViewAnswer:
        grant.require(home)
        return await _shown(service, _spec(service, view))

    @router.post("/{view}/rebuild", summary="重建视图 / Rebuild a view")
    async def rebuild(
        view: View, grant: Operate, command: Idempotent, response: Response
    ) -> Receipt:
        grant.require(home)
        spec = _spec(service, view)
        ordered = ViewRebuildOrdered(**_of(spec, command.command_id))
        return await _record(service, spec, grant, command, response, rebuilding.order, ordered)

    @router.post("/{view}/rebuild/acceptance", summary="认可差异 / Accept what differs")
    async def accept(
        view: View, body: Acceptance, grant: Operate, command: Idempotent, response: Response
    ) -> Receipt:
        grant.require(home)
        spec = _spec(service, view)
        if earlier := await _earlier(service, command, response):
            return earlier
        under_way = await _under_way(service, spec)
        found = under_way.found
        if found is None or not found.differing or found.digest != body.digest:
            raise Problem(Known.VIEW_DIFFERENCES_OTHER)
        accepted = ViewRebuildAccepted(
            **_of(spec, under_way.rebuild_id), differing=found.differing, digest=found.digest
        )
        return await _record(service, spec, grant, command, response, rebuilding.accept, accepted)

    @router.post("/{view}/rebuild/abandonment", summary="放弃重建 / Give the rebuild up")
    async def abandon(
        view: View, grant: Operate, command: Idempotent, response: Response
    ) -> Receipt:
        grant.require(home)
        spec = _spec(service, view)
        if earlier := await _earlier(service, command, response):
            return earlier
        under_way = await _under_way(service, spec)
        given_up = ViewRebuildAbandoned(**_of(spec, under_way.rebuild_id))
        receipt = await _record(
            service, spec, grant, command, response, rebuilding.abandon, given_up
        )
        # Once this is answered no worker switches any more: it would find nothing beside, or, if
        # it has not looked since, the order gone.
        await service.views.abandon(view)
        return receipt

    return router


def _spec(service: Service, view: str) -> ViewSpec:
    for projection in service.definition.projections:
        if projection.spec.name == view:
            return projection.spec
    known = [projection.spec.name for projection in service.definition.projections]
    raise Problem(Known.NOT_FOUND, members={"allowed": known})


def _of(spec: ViewSpec, rebuild_id: UUID) -> dict[str, Any]:
    return {"view": spec.name, "view_version": spec.version, "rebuild_id": rebuild_id}


async def _shown(service: Service, spec: ViewSpec) -> ViewAnswer:
    progress = await service.views.progress(spec.name)
    return ViewAnswer(
        view=spec.name,
        version=spec.version,
        generation=progress.generation,
        position=progress.position,
        rebuild=await _rebuild(service, spec),
    )


async def _rebuild(service: Service, spec: ViewSpec) -> RebuildAnswer | None:
    orders = ViewOrders(service, spec)
    state, report = await orders.state(), await orders.reported()
    if state.rebuild_id is not None:
        if report is None or report.rebuild != state.rebuild_id:
            report = Report(rebuild=state.rebuild_id, stage=Stage.ORDERED, generation=1, position=0)
    elif report is None or report.stage is not Stage.SWITCHED:
        return None
    return RebuildAnswer(
        rebuild_id=report.rebuild,
        stage=report.stage,
        position=report.position,
        found=report.found,
        accepted=state.accepted,
    )


async def _under_way(service: Service, spec: ViewSpec) -> RebuildAnswer:
    """The rebuild under way. Raises a 409 problem where there is none."""
    found = await _rebuild(service, spec)
    state = await ViewOrders(service, spec).state()
    if found is None or found.rebuild_id != state.rebuild_id:
        raise Problem(Known.VIEW_NOT_REBUILDING)
    return found


async def _earlier(service: Service, key: CommandKey, response: Response) -> Receipt | None:
    """The answer of a command that was recorded before: what it asked for may be over by now."""
    ids = [key.command_id]
    known = (await asyncio.to_thread(service.store.handled, ids)).get(key.command_id)
    return None if known is None else answered(repeated(known, key.body_digest), response)


async def _record(
    service: Service,
    spec: ViewSpec,
    grant: Grant,
    key: CommandKey,
    response: Response,
    decide: Decide,
    command: ViewRebuildOrdered | ViewRebuildAccepted | ViewRebuildAbandoned,
) -> Receipt:
    return await service.execute(
        grant,
        key,
        response,
        region=NATIONWIDE,
        reads=[ViewOrders(service, spec).stream],
        decide=decide,
        command=command,
    )
