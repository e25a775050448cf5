"""Which route a request met, by its template (``/cases/{case_id}``) and never by its path.

Logs, metrics and command ids use the template: a path may hold what a client made up.
"""

from __future__ import annotations

import re

from fastapi.routing import iter_route_contexts
from starlette.applications import Starlette
from starlette.types import Scope

UNMATCHED = "unmatched"

_PARAMETER = re.compile(r"\\\{[^}]*\\\}")

Templates = dict[int, list[tuple[re.Pattern[str], str]]]


def collect_templates(app: Starlette) -> Templates:
    """The full templates of every route, by the identity of the route object.

    A router may be included more than once, so one route object can have several.
    """
    found: Templates = {}
    for context in iter_route_contexts(app.routes):
        if context.path is not None:
            entry = (_pattern(context.path), context.path)
            found.setdefault(id(context.original_route), []).append(entry)
    return found


def allowed_methods(scope: Scope) -> list[str]:
    """The methods taken at the request's path, by all routes of the template that fits it best.

    As in OpenAPI, a template without parameters comes before one with: ``/cases/look-up`` is not
    a case.
    """
    path = route_path(scope)
    found: dict[str, set[str]] = {}
    for context in iter_route_contexts(scope["app"].routes):
        if context.path is not None and _pattern(context.path).match(path):
            found.setdefault(context.path, set()).update(context.methods or ())
    best = min(found, key=lambda template: template.count("{"), default=None)
    return sorted(found[best]) if best is not None else []


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(_PARAMETER.sub("[^/]+", re.escape(template)) + r"\Z")


def route_path(scope: Scope) -> str:
    """The path within the application, without the prefix that it is mounted under."""
    path, root = str(scope["path"]), str(scope.get("root_path", ""))
    if root and (path == root or path.startswith(root + "/")):
        return path[len(root) :]
    return path


def template_of(scope: Scope) -> str:
    """The template of the route that a request's scope was matched to, or ``unmatched``.

    The templates are kept in the application's ``state.templates``, filled when first needed.
    """
    route, app = scope.get("route"), scope.get("app")
    if route is None or app is None:
        return UNMATCHED
    templates: Templates = app.state.templates
    if id(route) not in templates:
        templates.update(collect_templates(app))
        templates.setdefault(id(route), [])
    path = route_path(scope)
    for pattern, template in templates[id(route)]:
        if pattern.match(path):
            return template
    return UNMATCHED
