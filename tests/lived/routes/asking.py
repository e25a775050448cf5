"""Asking every route about the story's case, as anybody: what is asked, and what is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx
from fastapi import FastAPI
from starlette.routing import Mount

from infra.demo.office import COUNTY, Official
from infra.embedded import DEFINITIONS
from shared.access.roles import Role
from shared.access.routes import RoutePolicy, policies
from shared.contracts.persons import ConsultationPurpose
from shared.settings import SERVICES
from tests.lived import Place

HOME: Final = "350000000000"

VIEWS: Final = {
    name: made().projections[0].spec.name
    for name, made in DEFINITIONS.items()
    if made().projections
}
"""A view of each service that has one."""

OTHER_CASES: Final = {
    "/aid": "aid_case",
    "/watch-list": "aid_case",
    "/appeals": "appeal_case",
    "/residence-permit/": "appeal_case",
    "/decision-term": "appeal_case",
    "/home-counties/": "asked_of_home",
}
"""Routes about what the story's own case does not have, and the case that has it."""


@dataclass(frozen=True)
class Route:
    """One method of one route of one service."""

    service: str
    method: str
    policy: RoutePolicy

    def __str__(self) -> str:
        return f"{self.method} {self.service}{self.policy.path}"

    @property
    def of_operators(self) -> bool:
        return self.policy.path.startswith("/ops/")

    @property
    def roles(self) -> list[Role]:
        """Who may; a clerk where only services may, so that somebody tries."""
        found = sorted(self.policy.access.roles - {Role.SERVICE})
        return found or [Role.TOWNSHIP_CLERK]


@dataclass(frozen=True)
class Known:
    """What the story left behind: what requests name, and what a stranger must not see.

    ``of_service`` goes before ``values`` where a service has a case of its own. ``figures`` (fen)
    count only where they stand alone.
    """

    values: Mapping[str, str]
    of_service: Mapping[str, Mapping[str, str]]
    bodies: Mapping[str, Any]
    secrets: frozenset[str]
    figures: frozenset[str]


def applications(place: Place) -> dict[str, FastAPI]:
    """The running services' HTTP applications."""
    assert place.run is not None
    mounts = [route for route in place.run.embedded.app.routes if isinstance(route, Mount)]
    found = {mount.path.strip("/"): mount.app for mount in mounts}
    apps = {name: app for name, app in found.items() if name in SERVICES}
    assert all(isinstance(app, FastAPI) for app in apps.values())
    return {name: app for name, app in apps.items() if isinstance(app, FastAPI)}


def routes(place: Place) -> Iterator[Route]:
    """Every method of every route but health and documentation."""
    for service, app in applications(place).items():
        for policy in policies(app):
            if "{view}" in policy.path and service not in VIEWS:
                continue
            for method in sorted(policy.methods - {"HEAD", "OPTIONS"}):
                yield Route(service, method, policy)


def strings_of(value: Any) -> Iterator[str]:
    """Every scalar of a JSON value, as text."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from strings_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings_of(inner)
    else:
        yield str(value)


def official(role: Role, division: str) -> Official:
    """Somebody of the province, or of a county."""
    level = "province" if division == HOME else "county"
    return Official(f"{role} of {division}", role, division, level)


def path_of(route: Route, known: Known) -> str:
    """The route's path for the story's case. Raises ``KeyError`` for a parameter not known here."""
    own = known.of_service.get(route.service, {})
    values = {**known.values, **own, "consumer": route.service}
    values |= {"view": VIEWS.get(route.service, "")}
    case = next(
        (name for part, name in OTHER_CASES.items() if part in route.policy.path), "case_id"
    )
    values["case_id"] = values[case]
    if route.policy.path.startswith("/standards"):
        values["division"] = COUNTY
    parts = route.policy.path.split("/")
    return "/".join(values[part.strip("{}")] if part.startswith("{") else part for part in parts)


def body_of(route: Route, app: FastAPI, known: Known, purpose: str | None) -> Any:
    """The route's body. Raises ``KeyError`` for a route that needs one not known here."""
    operation = app.openapi()["paths"][route.policy.path.replace(":path", "")]
    if not operation[route.method.lower()].get("requestBody", {}).get("required"):
        return None
    body = known.bodies[f"{route.method} {route.service}{route.policy.path}"]
    return body | {"purpose": purpose} if purpose else body


async def ask(
    place: Place, route: Route, known: Known, who: Official, purpose: str | None = None
) -> httpx.Response:
    """One request on the story's case, as somebody."""
    body = body_of(route, applications(place)[route.service], known, purpose)
    return await place.house.call(
        who, route.method, route.service, path_of(route, known), body, if_match='"99"'
    )


def purposes(route: Route) -> list[str | None]:
    """Readings are asked for each purpose there is; everything else once."""
    if route.policy.path in ("/persons/consultations", "/notes/readings"):
        return [purpose.value for purpose in ConsultationPurpose]
    return [None]


def shown(answer: httpx.Response, known: Known) -> set[str]:
    """What of the case an answer shows, beside what the request named itself."""
    named = answer.request.content.decode() + str(answer.request.url)
    media = answer.headers.get("Content-Type", "")
    found = set(strings_of(answer.json())) if "json" in media else {answer.text}
    text = "\n".join(found)
    return (found & known.figures) | {s for s in known.secrets if s in text and s not in named}
