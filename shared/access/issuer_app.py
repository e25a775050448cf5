"""The development issuer over HTTP: discovery, keys, and tokens for the asking."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any, Final
from urllib.parse import parse_qs
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.access.issuer import (
    DEFAULT_TTL_S,
    SERVICE_TTL_S,
    Issuer,
    TokenRefused,
    require_development,
)
from shared.access.roles import Role
from shared.access.tokens import MAX_LIFETIME_S
from shared.regions import Jurisdiction, Level
from shared.settings.model import is_loopback
from shared.web.errors import Answers
from shared.web.frame import Frame
from shared.web.limits import BodyLimit
from shared.web.metrics import Metrics
from shared.web.problems import Catalogue, Known, Problem
from shared.web.validation import problem_of_errors

MAX_BODY_BYTES: Final = 8192
_HOST: Final = re.compile(r"(\[[0-9a-f:]+\]|[a-z0-9.-]+)(?::[0-9]{1,5})?")

Handler = Callable[[Request], Awaitable[Response]]


class TokenRequest(BaseModel):
    """What a developer asks for: a person in a role, in a division.

    ``level`` is the division's level by name, ``audience`` a service or ``all``.
    """

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    subject: UUID = Field(default_factory=uuid4)
    role: Role
    division: str = Field(pattern=r"^[0-9]{12}$")
    level: Level = Level.TOWNSHIP
    audience: str = "all"
    ttl_seconds: int = Field(DEFAULT_TTL_S, ge=1, le=MAX_LIFETIME_S)


_NAMES: Final = frozenset(TokenRequest.model_fields)


class LocalNamesOnly:
    """Refuses requests made under a name of another machine (DNS rebinding in a browser)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look at the ``Host`` header. Raises a 400 problem."""
        if scope["type"] == "http":
            named = _HOST.fullmatch(Headers(scope=scope).get("host", "").lower())
            if named is None or not is_loopback(named[1].strip("[]")):
                raise Problem(Known.BAD_REQUEST, "只接受本机请求 / Only from this machine")
        await self._app(scope, receive, send)


def issuer_app(issuer: Issuer, *, host: str, production: bool) -> Starlette:
    """The issuer's application, to be served or mounted at ``issuer.url``.

    ``POST /token`` takes JSON (``TokenRequest``: any token, for development) or a form (client
    credentials: a service's own secret, its purpose as ``scope``). ``host`` is the address that
    will be bound. Raises ``IssuerRefused`` off the loopback address and in production.
    """
    require_development(host, production=production)

    async def discovery(_: Request) -> Response:
        return JSONResponse(issuer.discovery())

    async def keys(_: Request) -> Response:
        return JSONResponse(issuer.jwks())

    async def token(request: Request) -> Response:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        # A browser sends JSON across origins only if we allowed it, which we never do.
        if kind == "application/json":
            return JSONResponse(_for_person(issuer, await request.body()))
        if kind == "application/x-www-form-urlencoded":
            return _for_service(issuer, await request.body())
        allowed = ["application/json", "application/x-www-form-urlencoded"]
        raise Problem(Known.MEDIA_TYPE_UNSUPPORTED, members={"allowed": allowed})

    app = Starlette(
        routes=[
            Route("/.well-known/openid-configuration", discovery),
            Route("/jwks.json", keys),
            Route("/token", token, methods=["POST"]),
        ],
        exception_handlers={HTTPException: _pass_on},
        middleware=[
            Middleware(Frame, answers=Answers(Catalogue()), metrics=Metrics()),
            Middleware(LocalNamesOnly),
            Middleware(BodyLimit, max_bytes=MAX_BODY_BYTES),
        ],
    )
    app.state.templates = {}
    return app


async def _pass_on(_: Request, error: Exception) -> Response:
    raise error  # the frame answers it


def _for_person(issuer: Issuer, body: bytes) -> dict[str, Any]:
    try:
        asked = TokenRequest.model_validate_json(body)
        jurisdiction = Jurisdiction(asked.division, asked.level)
        token = issuer.mint(
            asked.subject, asked.role, jurisdiction, asked.audience, asked.ttl_seconds
        )
    except ValidationError as error:
        raise problem_of_errors(error.errors(), _NAMES) from None
    except TokenRefused as error:
        raise Problem(Known.INVALID_FIELDS, str(error)) from None
    except ValueError:
        detail = "区划与层级不符 / The division is not one of that level"
        raise Problem(Known.INVALID_FIELDS, detail) from None
    return {
        "access_token": token,
        "token_type": "Bearer",
        "expires_in": asked.ttl_seconds,
        "subject": str(asked.subject),
    }


def _for_service(issuer: Issuer, body: bytes) -> Response:
    """RFC 6749 section 4.4; errors in the form of its section 5.2."""
    form = {name: values[0] for name, values in parse_qs(body.decode("ascii", "replace")).items()}
    if form.get("grant_type") != "client_credentials":
        return JSONResponse({"error": "unsupported_grant_type"}, 400)
    service = form.get("client_id", "")
    if not issuer.knows_secret(service, form.get("client_secret", "")):
        return JSONResponse({"error": "invalid_client"}, 401)
    try:
        token = issuer.mint_service(service, form.get("audience", ""), form.get("scope", ""))
    except TokenRefused:
        return JSONResponse({"error": "invalid_scope"}, 400)
    return JSONResponse(
        {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": SERVICE_TTL_S,
            "scope": form.get("scope", ""),
        }
    )
