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

from infra.issuing import development_issuer
from infra.pages import front_page
from infra.sandbox.bank import Ledger, create_bank
from infra.sandbox.departments import create_departments
from infra.sandbox.pboc import create_pboc
from services.care.service import definition as care
from services.decision.service import definition as decision
from services.intake.service import definition as intake
from services.oversight.service import definition as oversight
from services.payment.service import definition as payment
from services.verification.service import definition as verification
from shared.access.credentials import MintedAuth
from shared.access.issuer import SERVICE_TTL_S
from shared.access.issuer_app import issuer_app
from shared.access.tokens import Verifier
from shared.policy import Policy
from shared.regions import load_regions
from shared.runtime.app import service_app
from shared.runtime.build import assemble, open_bus, topic_specs
from shared.runtime.definition import Definition
from shared.runtime.neighbours import HttpNeighbours
from shared.runtime.runner import Part, Runner
from shared.runtime.service import Service
from shared.settings import SERVICES, Settings

DEFINITIONS: Mapping[str, Callable[[], Definition]] = {
    "intake": intake,
    "verification": verification,
    "decision": decision,
    "payment": payment,
    "care": care,
    "oversight": oversight,
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
        self._owner = own(settings.data_dir)
        self.issuer = development_issuer(settings, f"http://{settings.host}:{port}/issuer")
        self._bus = open_bus(settings)
        self._bus.create_topics(topic_specs(settings))
        self._ledger = Ledger(settings.data_dir / "sandbox-bank.db")
        self.sandbox = {
            "departments": create_departments(settings.data_dir / "sandbox-departments.db"),
            "bank": create_bank(self._ledger),
            "pboc": create_pboc(settings.data_dir / "sandbox-pboc.db"),
        }
        policy = Policy.load(settings.policy_dirs)
        regions = load_regions(settings.region_dirs)
        # Services ask each other through their applications, without leaving the process.
        self._inside: dict[str, _Later] = {name: _Later() for name in SERVICES}
        self._sandbox_client = httpx.AsyncClient(transport=_Sandbox(self.sandbox))
        self._neighbours: list[HttpNeighbours] = []
        self.services: dict[str, Service] = {}
        self.runners: dict[str, Runner] = {}
        mounts: list[Mount | Route] = [Route("/", self._front)]
        for name in SERVICES:
            neighbours = HttpNeighbours(self._client, self._credentials(name))
            self._neighbours.append(neighbours)
            service = assemble(
                DEFINITIONS[name](),
                settings,
                bus=self._bus,
                policy=policy,
                regions=regions,
                neighbours=neighbours,
                http=self._sandbox_client,
            )
            runner = Runner(service, Part.BOTH)
            verifier = Verifier(
                self.issuer.keys(),
                issuer=self.issuer.url,
                audience=settings.audience_of(name),
                leeway_s=settings.token_leeway_seconds,
            )
            app = service_app(service, runner, verifier)
            self._inside[name].app = httpx.ASGITransport(app)
            self.services[name], self.runners[name] = service, runner
            mounts.append(Mount(f"/{name}", app))
        mounts += [Mount(f"/sandbox/{name}", app) for name, app in self.sandbox.items()]
        issuer = issuer_app(self.issuer, host=settings.host, production=settings.production)
        mounts.append(Mount("/issuer", issuer))
        self.app = Starlette(routes=mounts, lifespan=self._lifespan)

    async def _front(self, _request: Request) -> HTMLResponse:
        return HTMLResponse(front_page(self.settings, [d() for d in DEFINITIONS.values()]))

    def _client(self, name: str) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=self._inside[name], base_url=f"http://{name}")

    def _credentials(self, name: str) -> Callable[[str, str], httpx.Auth]:
        def auth(other: str, purpose: str) -> httpx.Auth:
            def mint() -> tuple[str, float]:
                return self.issuer.mint_service(name, other, purpose), float(SERVICE_TTL_S)

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
            for neighbours in self._neighbours:
                await neighbours.close()
            await self._sandbox_client.aclose()
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


class Owner:
    """The lock on a data folder; it ends with the process, however that ends."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._file.close()
            raise AlreadyRunning(f"another process owns {path.parent}; stop it first") from None

    def close(self) -> None:
        """Let go of the folder."""
        with suppress(OSError):
            self._file.close()


def own(folder: Path) -> Owner:
    """Own a data folder until closed. Raises ``AlreadyRunning`` where another process does."""
    folder.mkdir(parents=True, exist_ok=True)
    return Owner(folder / "owner.lock")
