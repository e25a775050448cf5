"""Intake, put together: applications, and the person registry with its vault."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from fastapi import APIRouter

from services.intake import api, model
from services.intake.duties import DUTIES, agenda
from services.intake.problems import PROBLEMS
from services.intake.reactions import FOREIGN, OWN
from services.intake.registry import model as registry_model
from services.intake.registry.api import router as registry_router
from services.intake.registry.erasure import model as erasure_model
from services.intake.registry.erasure.api import router as erasure_router
from services.intake.registry.erasure.destruction import KeyDestruction
from services.intake.registry.erasure.listed import ListedKeys
from services.intake.registry.erasure.procedure import Erasures
from services.intake.registry.inside import RegistryInside
from services.intake.registry.keys.opening import open_key_store
from services.intake.registry.owners import HttpOwner, Owner, StoreOwner
from services.intake.registry.parts import Parts
from services.intake.registry.problems import PROBLEMS as REGISTRY_PROBLEMS
from services.intake.registry.readings import Readings
from services.intake.registry.registry import Registry
from services.intake.registry.sweep import Sweep
from services.intake.registry.vault import Vault
from services.intake.views import PROJECTIONS
from shared.access.persons import RULES
from shared.access.registry import NOTES_PURPOSE
from shared.kernel.decider import Domain
from shared.kernel.store import AgendaEntry
from shared.kernel.submission import Submission
from shared.runtime.definition import Ask, Chore, Definition
from shared.runtime.service import Service
from shared.settings import SERVICES

SWEEP: Final = "vault-sweep"

AGGREGATES: Final = {
    **model.AGGREGATES,
    **registry_model.AGGREGATES,
    **erasure_model.AGGREGATES,
}


@dataclass(frozen=True)
class People:
    """The registry's parts in one process."""

    registry: Registry
    readings: Readings
    sweep: Sweep
    erasures: Erasures
    destruction: KeyDestruction


def people(service: Service) -> People:
    """Open the registry over the service's store and the key store beside it."""
    held = open_key_store(service.settings, service.keys)
    keys = ListedKeys(held, service.store, service.stream_id(erasure_model.THE_LIST))
    now = service.timekeeper.read
    parts = Parts(service.settings.cell, service.store, service.writer, keys, service.keys, now)
    vault = Vault(service.store, keys)
    registry = Registry(parts, vault, service.regions)
    owners: dict[str, Owner] = {service.name: StoreOwner(service.store, now)}
    for name in SERVICES:
        if name != service.name:
            client = service.neighbours.client(name)
            owners[name] = HttpOwner(client, service.neighbours.auth(name, NOTES_PURPOSE))
    return People(
        registry,
        Readings(parts, vault),
        Sweep(vault, registry.holder, owners, now),
        Erasures(parts, vault, registry),
        KeyDestruction(parts),
    )


def definition() -> Definition:
    """What intake is. The registry's parts are opened once, with whatever asks for them first."""
    opened: list[People] = []

    def people_of(service: Service) -> People:
        if not opened:
            opened.append(people(service))
        return opened[0]

    def routers(service: Service) -> Sequence[APIRouter]:
        found = people_of(service)
        inside = RegistryInside(service.registry, found.registry, service.name)
        applications = api.routers(replace(service, registry=inside), found.registry.registered)
        registering = registry_router(found.registry, found.readings)
        return [*applications, registering, erasure_router(found.erasures)]

    def gateways(service: Service) -> Mapping[str, Ask]:
        async def destroy(entry: AgendaEntry) -> Submission:
            return await people_of(service).destruction.destroy(entry)

        return {erasure_model.KEY_DESTRUCTION: destroy}

    def chores(service: Service) -> Mapping[str, Chore]:
        sweep = people_of(service).sweep

        async def step() -> int:
            swept = await sweep.step()
            return swept.kept + swept.removed

        return {SWEEP: step}

    return Definition(
        domain=Domain("intake", AGGREGATES, agenda),
        title="申请受理与人员登记 / Intake",
        routers=routers,
        projections=PROJECTIONS,
        own=OWN,
        foreign=FOREIGN,
        duties=DUTIES,
        gateways=gateways,
        chores=chores,
        problems=(*PROBLEMS, *REGISTRY_PROBLEMS),
        rules=RULES,
    )
