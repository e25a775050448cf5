"""The distributed run, one process at a time: a service's API, its worker, and their neighbours.

The neighbours (issuer and sandboxes) stand in for what a deployment has already; production runs
only APIs and workers.
"""

from __future__ import annotations

import importlib
import socket
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from infra.issuing import development_issuer
from infra.serving import port_of, serve
from shared.access.credentials import SecretAuth, read_secret, write_secret
from shared.access.issuer_app import issuer_app
from shared.access.keys import RemoteKeys
from shared.access.tokens import Verifier
from shared.policy import Policy
from shared.regions import load_regions
from shared.runtime.app import service_app, worker_app
from shared.runtime.build import assemble, open_bus
from shared.runtime.definition import Definition
from shared.runtime.neighbours import HttpNeighbours
from shared.runtime.runner import Part, Runner
from shared.settings import SERVICES, Mode, Settings, SettingsError

PARTS = {"api": Part.API, "worker": Part.WORKER}


def definition_of(name: str) -> Definition:
    """A service's definition; no other service is imported."""
    found: Definition = importlib.import_module(f"services.{name}.service").definition()
    return found


async def run_service(settings: Settings, name: str, part: Part, bound: socket.socket) -> None:
    """One service's API or worker, until it is told to end.

    A worker answers only for its health. Raises ``SettingsError`` in an embedded run, whose one
    process is all of them.
    """
    if settings.mode is not Mode.DISTRIBUTED:
        raise SettingsError(
            "one service alone belongs to the distributed run: set DOUDI_MODE=distributed with "
            "its engines, or start them all with `doudi serve`"
        )
    bus = open_bus(settings)
    async with inside(settings) as house, outside(settings) as world:
        neighbours = HttpNeighbours(
            lambda other: httpx.AsyncClient(
                base_url=settings.service_url_of(other), trust_env=False
            ),
            _credentials(settings, name),
        )
        service = assemble(
            definition_of(name),
            settings,
            bus=bus,
            policy=Policy.load(settings.policy_dirs),
            regions=load_regions(settings.region_dirs),
            neighbours=neighbours,
            http=world,
        )
        runner = Runner(service, part)
        verifier = _verifier(settings, name, house)
        if part is Part.WORKER:
            app = worker_app(service, runner, verifier)
        else:
            app = service_app(service, runner, verifier)
        await runner.start()
        try:
            await serve(app, bound)
        finally:
            await runner.stop()
            await neighbours.close()
            bus.close()


def inside(settings: Settings) -> httpx.AsyncClient:
    """A client for what belongs to the house, which no proxy stands before."""
    return httpx.AsyncClient(trust_env=False, timeout=settings.gateway_timeout_ms / 1000)


def outside(settings: Settings) -> httpx.AsyncClient:
    """A client for departments and banks; a proxy in the environment is used but on loopback."""
    direct = {f"all://{host}": httpx.AsyncHTTPTransport() for host in ("127.0.0.1", "localhost")}
    return httpx.AsyncClient(mounts=direct, timeout=settings.gateway_timeout_ms / 1000)


def _credentials(settings: Settings, name: str) -> Callable[[str, str], httpx.Auth]:
    """The service's credentials at another service, for each purpose."""
    secret = read_secret(settings.service_secret_file_of(name))
    token_url = settings.token_url or f"{str(settings.issuer_url).rstrip('/')}/token"

    def auth(other: str, purpose: str) -> httpx.Auth:
        return SecretAuth(
            token_url,
            service=name,
            secret=secret,
            audience=settings.audience_of(other),
            purpose=purpose,
        )

    return auth


def _verifier(settings: Settings, name: str, house: httpx.AsyncClient) -> Verifier:
    issuer = str(settings.issuer_url)
    keys = RemoteKeys(
        house,
        issuer,
        jwks_url=settings.jwks_url,
        max_age_s=settings.jwks_cache_seconds,
    )
    return Verifier(
        keys,
        issuer=issuer,
        audience=settings.audience_of(name),
        leeway_s=settings.token_leeway_seconds,
    )


async def run_issuer(settings: Settings, bound: socket.socket) -> None:
    """The development issuer; it writes each service's secret where the settings look for it."""
    issuer = development_issuer(settings, issuer_address(settings, port_of(bound)))
    app = issuer_app(issuer, host=settings.host, production=settings.production)
    for name in SERVICES:
        write_secret(settings.service_secret_file_of(name), issuer.service_secret(name))
    await serve(app, bound)


def issuer_address(settings: Settings, port: int) -> str:
    """The issuer's name in its tokens: as set, else its own address."""
    return settings.issuer_url or f"http://{settings.host}:{port}"


async def run_sandbox(settings: Settings, bound: socket.socket) -> None:
    """The sandbox departments, bank and PBoC network, under the embedded run's paths."""
    from infra.sandbox.bank import Ledger, create_bank
    from infra.sandbox.departments import create_departments
    from infra.sandbox.pboc import create_pboc

    ledger = Ledger(settings.data_dir / "sandbox-bank.db")
    departments = create_departments(settings.data_dir / "sandbox-departments.db")

    async def livez(_request: Request) -> JSONResponse:
        return JSONResponse({"status": "alive"})

    app = Starlette(
        routes=[
            Route("/livez", livez),
            Mount("/sandbox/departments", departments),
            Mount("/sandbox/bank", create_bank(ledger)),
            Mount("/sandbox/pboc", create_pboc(settings.data_dir / "sandbox-pboc.db")),
        ]
    )
    try:
        await serve(app, bound)
    finally:
        ledger.close()


def port_in(url: str) -> int:
    """The port that an address names, or its scheme's own."""
    parts = urlsplit(url)
    return parts.port or (443 if parts.scheme == "https" else 80)
