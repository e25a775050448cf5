"""Which route a request met, by its template (``/cases/{case_id}``) and never by its path.

Logs, metrics and command ids use the template: a path may hold what a client made up.
"""

from __future__ import annotations

import re

from fastapi.routing import iter_route_contexts
from starlette.applications import Starlette
from starlette.types import Scope

UNMATCHED = "unmatched"

Templates = dict[int, list[tuple[re.Pattern[str], str]]]


def collect_templates(app: Starlette) -> Templates:
    """The full templates of every route, by the identity of the route object.

    A router may be included more than once, so one route object can have several.
    """
    found: Templates = {}
    for context in iter_route_contexts(app.routes):
        if context.path is not None:
            pattern = re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(context.path))
            entry = (re.compile(pattern + r"\Z"), context.path)
            found.setdefault(id(context.original_route), []).append(entry)
    return found


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
