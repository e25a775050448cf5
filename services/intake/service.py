"""Intake, put together: applications, and the person registry with its vault."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter

from services.intake import api, model
from services.intake.problems import PROBLEMS
from services.intake.reactions import FOREIGN, OWN
from services.intake.registry import model as registry_model
from services.intake.registry.api import router as registry_router
from services.intake.registry.keys.opening import open_key_store
from services.intake.registry.owners import StoreOwner
from services.intake.registry.parts import Parts
from services.intake.registry.problems import PROBLEMS as REGISTRY_PROBLEMS
from services.intake.registry.readings import Readings
from services.intake.registry.registry import Registry
from services.intake.registry.sweep import Sweep
from services.intake.registry.vault import Vault
from services.intake.views import PROJECTIONS
from shared.access.persons import RULES
from shared.kernel.decider import Domain
from shared.runtime.definition import Chore, Definition
from shared.runtime.service import Service

SWEEP: Final = "vault-sweep"


@dataclass(frozen=True)
class People:
    """The registry's parts in one process."""

    registry: Registry
    readings: Readings
    sweep: Sweep


def people(service: Service) -> People:
    """Open the registry over the service's store and the key store beside it."""
    keys = open_key_store(service.settings, service.keys)
    now = service.timekeeper.read
    parts = Parts(service.settings.cell, service.store, service.writer, keys, service.keys, now)
    vault = Vault(service.store, keys)
    registry = Registry(parts, vault)
    owners = {service.name: StoreOwner(service.store, now)}
    return People(registry, Readings(parts, vault), Sweep(vault, registry.holder, owners, now))


def routers(service: Service) -> Sequence[APIRouter]:
    """The routers of applications and of the registry."""
    found = people(service)
    return [*api.routers(service), registry_router(found.registry, found.readings)]


def chores(service: Service) -> Mapping[str, Chore]:
    """The vault is swept of what no event names."""
    sweep = people(service).sweep

    async def step() -> int:
        swept = await sweep.step()
        return swept.kept + swept.removed

    return {SWEEP: step}


def definition() -> Definition:
    """What intake is."""
    return Definition(
        domain=Domain("intake", {**model.AGGREGATES, **registry_model.AGGREGATES}),
        title="申请受理与人员登记 / Intake",
        routers=routers,
        projections=PROJECTIONS,
        own=OWN,
        foreign=FOREIGN,
        chores=chores,
        problems=(*PROBLEMS, *REGISTRY_PROBLEMS),
        rules=RULES,
    )
