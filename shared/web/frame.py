"""What surrounds every request: its trace, its headers, its line in the log, its problem."""

from __future__ import annotations

import logging
from time import perf_counter
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.web import tracing
from shared.web.errors import Answers
from shared.web.metrics import Metrics
from shared.web.templates import template_of

log = logging.getLogger("doudi.request")

SECURITY_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""Sent with every answer unless it has its own: nothing of a case stays in a cache or a frame."""

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Frame:
    """The outermost ASGI middleware. No exception passes it unanswered."""

    def __init__(self, app: ASGIApp, answers: Answers, metrics: Metrics) -> None:
        self._app = app
        self._answers = answers
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Bind the trace, add the headers, answer exceptions, count and note the request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        # What a caller names is taken over behind the gate, from services only.
        begun = tracing.start()
        bound = tracing.bind(begun)
        started_at = perf_counter()
        status: int | None = None
        code: str | None = None

        async def framed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["traceparent"] = (tracing.current() or begun).traceparent
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, framed)
        except Exception as error:
            problem = self._answers.problem_of(error)
            code = problem.kind.code
            if status is not None:
                raise  # part of the answer is out: the server breaks the connection off
            trace = tracing.current() or begun
            response = problem.response(f"urn:doudi:trace:{trace.trace_id}")
            await response(scope, receive, framed)
        finally:
            self._note(scope, status, code, perf_counter() - started_at)
            tracing.unbind(bound)

    def _note(self, scope: Scope, status: int | None, code: str | None, seconds: float) -> None:
        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        route = template_of(scope)
        self._metrics.answered(method, route, status or 0, seconds, code)
        fields = {
            "method": method,
            "route": route,
            "status": status,
            "milliseconds": round(seconds * 1000, 2),
        }
        caller = scope.get("state", {}).get("caller")
        if caller is not None:
            fields |= {"actor": caller.id, "role": caller.role.value}
        if code is not None:
            fields["problem"] = code
        log.info("request", extra=fields)
