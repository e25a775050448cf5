"""The embedded run: all services in one process, on SQLite, with nothing else to install.

The process alone owns its data folder. It carries a development issuer and the sandbox
departments and bank besides, so that the whole life of a case can be lived in it.
"""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route

from infra.pages import front_page
from infra.sandbox.bank import Ledger, create_bank
from infra.sandbox.departments import create_departments
from services.decision.service import definition as decision
from services.intake.service import definition as intake
from services.payment.service import definition as payment
from services.verification.service import definition as verification
from shared.access.credentials import MintedAuth
from shared.access.issuer import SERVICE_TTL_S, Issuer
from shared.access.issuer_app import issuer_app
from shared.access.tokens import Verifier
from shared.policy import Policy
from shared.regions import Jurisdiction, Level, load_regions
from shared.runtime.app import service_app
from shared.runtime.build import assemble, open_bus, topic_specs
from shared.runtime.definition import Definition
from shared.runtime.runner import Part, Runner
from shared.runtime.service import Service
from shared.sealing import KeyRing
from shared.settings import SERVICES, Settings

DEFINITIONS: Mapping[str, Callable[[], Definition]] = {
    "intake": intake,
    "verification": verification,
    "decision": decision,
    "payment": payment,
}


class AlreadyRunning(Exception):
    """Another process owns the data folder."""


class Embedded:
    """The embedded system; ``app`` is its ASGI application, which starts and stops everything.

    Raises ``AlreadyRunning`` where another process owns ``settings.data_dir``.
    """

    def __init__(self, settings: Settings, port: int) -> None:
        self.settings = settings
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        self._owner = _own(settings.data_dir)
        self.issuer = development_issuer(settings, port)
        self._bus = open_bus(settings)
        self._bus.create_topics(topic_specs(settings))
        self._outside: dict[str, httpx.AsyncClient] = {}
        self._ledger = Ledger(settings.data_dir / "sandbox-bank.db")
        self.sandbox = {
            "departments": create_departments(settings.data_dir / "sandbox-departments.db"),
            "bank": create_bank(self._ledger),
        }
        policy = Policy.load(settings.policy_dirs)
        regions = load_regions(settings.region_dirs)
        # Every service asks the registry through intake's own application, in the same process.
        self._to_intake = _Later()
        registry = httpx.AsyncClient(transport=self._to_intake, base_url="http://intake")
        sandbox = httpx.AsyncClient(transport=_Sandbox(self.sandbox))
        self._clients = (registry, sandbox)
        self.services: dict[str, Service] = {}
        self.runners: dict[str, Runner] = {}
        mounts: list[Mount | Route] = [Route("/", self._front)]
        for name in SERVICES:
            service = assemble(
                DEFINITIONS[name](),
                settings,
                bus=self._bus,
                policy=policy,
                regions=regions,
                registry=registry,
                auth_for=self._auth_for(name),
                http=sandbox,
            )
            runner = Runner(service, Part.BOTH)
            verifier = Verifier(
                self.issuer.keys(),
                issuer=self.issuer.url,
                audience=settings.audience_of(name),
                leeway_s=settings.token_leeway_seconds,
            )
            app = service_app(service, runner, verifier)
            if name == "intake":
                self._to_intake.app = httpx.ASGITransport(app)
            self.services[name], self.runners[name] = service, runner
            mounts.append(Mount(f"/{name}", app))
        mounts += [Mount(f"/sandbox/{name}", app) for name, app in self.sandbox.items()]
        issuer = issuer_app(self.issuer, host=settings.host, production=settings.production)
        mounts.append(Mount("/issuer", issuer))
        self.app = Starlette(routes=mounts, lifespan=self._lifespan)

    async def _front(self, _request: Request) -> HTMLResponse:
        return HTMLResponse(front_page(self.settings, [d() for d in DEFINITIONS.values()]))

    def _auth_for(self, name: str) -> Callable[[str], httpx.Auth]:
        def auth(purpose: str) -> httpx.Auth:
            def mint() -> tuple[str, float]:
                token = self.issuer.mint_service(name, "intake", purpose)
                return token, float(SERVICE_TTL_S)

            return MintedAuth(mint)

        return auth

    @asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        for runner in self.runners.values():
            await runner.start()
        try:
            yield
        finally:
            await asyncio.gather(*(runner.stop() for runner in self.runners.values()))
            for client in self._clients:
                await client.aclose()
            self._bus.close()
            self._ledger.close()
            self._owner.close()


class _Later(httpx.AsyncBaseTransport):
    """A transport into an application that is made after its clients."""

    app: httpx.AsyncBaseTransport | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.app is None:
            raise httpx.ConnectError("the application is not made yet", request=request)
        return await self.app.handle_async_request(request)


class _Sandbox(httpx.AsyncBaseTransport):
    """Calls to this process's own sandboxes stay in it; all others go over the network."""

    def __init__(self, apps: Mapping[str, Starlette]) -> None:
        self._apps = {name: httpx.ASGITransport(app) for name, app in apps.items()}
        self._network = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        parts = request.url.path.split("/", 3)
        inside = parts[1] == "sandbox" and len(parts) == 4 and parts[2] in self._apps
        if not inside or request.url.host != "127.0.0.1":
            return await self._network.handle_async_request(request)
        request.url = request.url.copy_with(path=f"/{parts[3]}")
        return await self._apps[parts[2]].handle_async_request(request)

    async def aclose(self) -> None:
        await self._network.aclose()


def development_issuer(settings: Settings, port: int) -> Issuer:
    """The development issuer of this folder, which serves only the loopback address."""
    ring = KeyRing.load(settings.data_dir / "keys" / "issuer.key", create=True)
    home = Jurisdiction(settings.home_division, Level[settings.home_level.upper()])
    url = f"http://{settings.host}:{port}/issuer"
    return Issuer(url, ring, services=SERVICES, home=home)


class _Owner:
    """The lock on a data folder; it ends with the process, however that ends."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._file.close()
            raise AlreadyRunning(f"another process owns {path.parent}; stop it first") from None

    def close(self) -> None:
        with suppress(OSError):
            self._file.close()


def _own(folder: Path) -> _Owner:
    return _Owner(folder / "owner.lock")
