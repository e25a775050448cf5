"""The gate before every route: nothing is open without a token but health, documentation, what a
query code opens, and what hangs in public by law.

It stands before routing, so a route that somebody forgot to protect is closed, not open; and it
looks at every success on its way out: without a policy declared and its jurisdiction checked,
what the handler made is not sent.
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.access.policy import Grant
from shared.access.roles import Role
from shared.access.tokens import Verifier
from shared.web import tracing
from shared.web.templates import route_path


class UncheckedAccess(RuntimeError):
    """A handler succeeded though its policy was not declared or not wholly checked."""


class Gate:
    """ASGI middleware that asks for a token on every path but the ``open_paths``."""

    def __init__(self, app: ASGIApp, verifier: Verifier, open_paths: frozenset[str]) -> None:
        self._app = app
        self._verifier = verifier
        self._open_paths = open_paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Verify the token, let the request through, and look at what comes back."""
        if scope["type"] != "http" or route_path(scope) in self._open_paths:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        state = scope.setdefault("state", {})
        caller = state["caller"] = await self._verifier.caller(headers.get("authorization"))
        if caller.role is Role.SERVICE:
            tracing.take_over(headers.get("traceparent"))

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < 400:
                grant: Grant | None = state.get("grant")
                if grant is None or not grant.checked:
                    raise UncheckedAccess("the route answered without checking its policy")
            await send(message)

        await self._app(scope, receive, guarded)
