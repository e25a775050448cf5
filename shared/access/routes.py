"""Every route with its policy: for the start, which refuses one without, and for the tests."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import Route

from shared.access.policy import Access
from shared.web.idempotency import command_key

OPEN_PATHS = frozenset({"/livez", "/readyz", "/docs", "/openapi.json"})
"""What is open without a token: health and documentation."""

PROGRESS_PATH = "/progress"

CODE_PATHS = frozenset({PROGRESS_PATH})
"""What is open to whoever holds a citizen's query code, which is sent in the body: a token of its
own, that opens the steps of what it was given for and nothing else."""

BOARD_PATH = "/board"
BOARD_PRINTED_PATH = "/board/printed"

PUBLIC_PATHS = frozenset({BOARD_PATH, BOARD_PRINTED_PATH})
"""What hangs in public by law (公示、公布), and is read by anybody."""

WITHOUT_TOKEN = OPEN_PATHS | CODE_PATHS | PUBLIC_PATHS

_CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class UnsafeRoute(Exception):
    """A route that may not start: open to anybody, repeatable, or blocking the others."""


@dataclass(frozen=True, slots=True)
class RoutePolicy:
    """One route: its methods, template and policy, and whether it takes an idempotency key."""

    methods: frozenset[str]
    path: str
    access: Access
    idempotent: bool
    endpoint: Callable[..., Any]

    @property
    def is_command(self) -> bool:
        """Whether it changes something."""
        return bool(self.methods & _CHANGING) and self.access.command


def policies(app: FastAPI) -> list[RoutePolicy]:
    """Every route of an application but the open ones, in order.

    Raises ``UnsafeRoute`` for a route without exactly one declared policy, a command without an
    idempotency key, a handler that is not ``async``, and for anything (a mount, a socket) whose
    policy cannot be seen.
    """
    found: list[RoutePolicy] = []
    for context in iter_route_contexts(app.routes):
        route, path = context.original_route, context.path or "?"
        if path in WITHOUT_TOKEN and isinstance(route, Route):
            continue
        if not isinstance(route, APIRoute):
            raise UnsafeRoute(f"{path}: a policy can be declared on API routes only")
        found.append(_policy(path, frozenset(context.methods or ()), context.dependant))
    return found


def require_policies(app: FastAPI) -> list[RoutePolicy]:
    """Refuse to start an application with an unsafe route; raises as ``policies`` does."""
    return policies(app)


def _policy(path: str, methods: frozenset[str], dependant: Dependant) -> RoutePolicy:
    name = f"{'/'.join(sorted(methods))} {path}"
    calls = list(_calls(dependant))
    endpoint = calls[0]
    if not inspect.iscoroutinefunction(endpoint):
        raise UnsafeRoute(f"{name}: a handler is async; a blocking one holds up all others")
    declared = {id(call): call for call in calls if isinstance(call, Access)}
    if len(declared) != 1:
        raise UnsafeRoute(f"{name}: declares {len(declared)} access policies instead of one")
    policy = RoutePolicy(
        methods=methods,
        path=path,
        access=next(iter(declared.values())),
        idempotent=command_key in calls,
        endpoint=endpoint,
    )
    if policy.is_command and not policy.idempotent:
        raise UnsafeRoute(f"{name}: a command takes an Idempotency-Key (or says command=False)")
    return policy


def _calls(dependant: Dependant) -> Iterator[Callable[..., Any]]:
    if dependant.call is not None:
        yield dependant.call
    for dependency in dependant.dependencies:
        yield from _calls(dependency)
