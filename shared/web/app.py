"""The one way to make a service's HTTP application."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from prometheus_client import CollectorRegistry
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse

from shared.access.gate import Gate
from shared.access.routes import WITHOUT_TOKEN, policies, require_policies
from shared.access.tokens import Verifier
from shared.sealing import KeyRing
from shared.web import health
from shared.web.cursors import Cursors
from shared.web.errors import Answers, Away
from shared.web.frame import Frame
from shared.web.limits import BodyLimit
from shared.web.metrics import Metrics
from shared.web.openapi import amend
from shared.web.pages import render
from shared.web.problems import Catalogue, Known, Problem, ProblemType
from shared.web.templates import allowed_methods
from shared.web.validation import (
    RULES,
    Rules,
    names_in_schema,
    not_json_typed,
    problem_of_errors,
)

MAX_BODY_BYTES = 256 * 1024

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


class Application(FastAPI):
    """A FastAPI application whose OpenAPI document tells policies and problems as well.

    The document takes some tenths of a second to make, a third of a process's start, and many
    processes are never asked for it: it is made when it is first looked at.
    """

    _amended: dict[str, Any] | None = None
    _names: frozenset[str] = frozenset()

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document; made once, and again when routes were added."""
        document = super().openapi()
        if document is not self._amended:
            amend(document, policies(self), self.state.catalogue)
            self._amended = document
            self._names = names_in_schema(document)
        return document

    def names(self) -> frozenset[str]:
        """Every name that the document declares."""
        self.openapi()
        return self._names


def create_app(
    title: str,
    service: str,
    *,
    verifier: Verifier,
    keys: KeyRing,
    routers: Iterable[APIRouter] = (),
    problems: Iterable[ProblemType] = (),
    rules: Rules | None = None,
    away: Away | None = None,
    checks: Mapping[str, health.Check] | None = None,
    registry: CollectorRegistry | None = None,
    measure: health.Check = health.nothing,
    lifespan: Lifespan | None = None,
    description: str = "",
    version: str = "1",
    max_body_bytes: int = MAX_BODY_BYTES,
) -> Application:
    """A service's application: problems, gate, health, limits and documentation in place.

    ``title`` and ``description`` are Chinese first, English beside. ``keys`` is the service's key
    ring (digests of commands, page cursors). ``problems`` are the service's own kinds of refusal,
    ``rules`` the words for its own kinds of validation error, ``away`` the exceptions that say
    that an engine is away, with its name, ``checks`` what ``/readyz`` asks, ``measure`` what is
    looked up before ``/metrics`` shows the ``registry``.

    Raises ``UnsafeRoute`` for a route without a policy; those added later are checked when the
    application's lifespan begins, and closed by the gate in any case.
    """
    catalogue = Catalogue(problems)
    metrics = Metrics(registry)
    # Given, not included: what a router includes, the framework makes a second time for it.
    given = [route for router in (health.router, *routers) for route in router.routes]
    app = Application(
        routes=given,
        title=title,
        description=description,
        version=version,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_checked(lifespan),
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
        exception_handlers={HTTPException: _pass_on, RequestValidationError: _invalid},
        middleware=[
            Middleware(Frame, answers=Answers(catalogue, away), metrics=metrics),
            Middleware(Gate, verifier=verifier, open_paths=WITHOUT_TOKEN),
            Middleware(BodyLimit, max_bytes=max_body_bytes),
        ],
    )
    app.state.service = service
    app.state.catalogue = catalogue
    app.state.metrics = metrics
    app.state.rules = {**RULES, **(rules or {})}
    app.state.checks = dict(checks or {})
    app.state.measure = measure
    app.state.digest_key = keys.key("http-command")
    app.state.cursors = Cursors(keys.key("page-cursor"))
    app.state.templates = {}
    app.add_route("/docs", _documentation, include_in_schema=False)
    require_policies(app)
    return app


def _checked(lifespan: Lifespan | None) -> Lifespan:
    @asynccontextmanager
    async def checked(app: FastAPI) -> AsyncIterator[None]:
        require_policies(app)
        if lifespan is None:
            yield
            return
        async with lifespan(app):
            yield

    return checked


async def _pass_on(request: Request, error: Exception) -> HTMLResponse:
    if isinstance(error, HTTPException) and error.status_code == 405:
        # The framework names the methods of the first route that fits the path, not of all.
        allowed = ", ".join(allowed_methods(request.scope))
        raise Problem(Known.METHOD_NOT_ALLOWED, headers={"Allow": allowed})
    raise error  # the frame answers it, like every other exception


async def _invalid(request: Request, error: Exception) -> HTMLResponse:
    errors: Sequence[Any] = ()
    if isinstance(error, RequestValidationError):
        # The framework hands on as bytes what came under another type than JSON's.
        if isinstance(error.body, bytes):
            raise not_json_typed()
        errors = error.errors()
    raise problem_of_errors(errors, request.app.names(), request.app.state.rules)


async def _documentation(request: Request) -> HTMLResponse:
    return HTMLResponse(render(request.app.openapi(), request.scope.get("root_path", "")))
