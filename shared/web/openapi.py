"""What the OpenAPI document says beyond the handlers' types: who may, with what, and refusals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from shared.access.routes import RoutePolicy
from shared.web.problems import MEDIA_TYPE, Catalogue

_REQUIRED_HEADERS: Final[Mapping[str, dict[str, Any]]] = {
    "idempotency-key": {"type": "string", "format": "uuid"},
    "if-match": {"type": "string", "pattern": '^"(0|[1-9][0-9]{0,17})"$'},
}

_PROBLEM_SCHEMA: Final[dict[str, Any]] = {
    "title": "Problem",
    "description": "RFC 9457. `type` is stable; further members depend on it.",
    "type": "object",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string", "description": "中文 / English"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "code": {"type": "string"},
        "detail": {"type": "string", "description": "中文 / English"},
        "instance": {"type": "string", "format": "uri"},
    },
    "additionalProperties": True,
}


def amend(document: dict[str, Any], policies: Iterable[RoutePolicy], catalogue: Catalogue) -> None:
    """Complete a generated document in place; doing it twice changes nothing more.

    Every operation gets its problems and, unless it is open, its security and its policy
    (``x-doudi-access``); headers that the handlers check themselves are marked as required.
    """
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas["Problem"] = _PROBLEM_SCHEMA
    for replaced in ("HTTPValidationError", "ValidationError"):
        schemas.pop(replaced, None)
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    }
    document["info"]["x-doudi-problems"] = [
        {"type": kind.uri, "status": kind.status, "title": kind.title} for kind in catalogue
    ]
    protected = {(method, _documented(p.path)): p for p in policies for method in p.methods}
    for path, item in document.get("paths", {}).items():
        for method, operation in item.items():
            policy = protected.get((method.upper(), path))
            _amend_operation(operation, policy)


def _documented(path: str) -> str:
    """A route's path as the document writes it: without converters (``{key:path}``)."""
    return re.sub(r":[a-z]+}", "}", path)


def _amend_operation(operation: dict[str, Any], policy: RoutePolicy | None) -> None:
    responses = operation.setdefault("responses", {})
    responses.pop("422", None)
    responses["default"] = _problem("未能办理的原因 / Why it could not be done")
    if policy is None:
        operation["security"] = []
        return
    operation["security"] = [{"token": []}]
    access = policy.access
    operation["x-doudi-access"] = {
        "roles": sorted(access.roles),
        "jurisdiction": access.jurisdiction,
        "purposes": sorted(access.purposes),
    }
    responses["401"] = _problem("令牌缺失或无效 / The token is missing or not valid")
    responses["403"] = _problem("岗位或辖区不符 / Wrong role or jurisdiction")
    responses["422"] = _problem("内容不符合要求 / The content is not valid")
    for parameter in operation.get("parameters", []):
        schema = _REQUIRED_HEADERS.get(str(parameter.get("name", "")).lower())
        if parameter.get("in") == "header" and schema is not None:
            parameter |= {"required": True, "schema": dict(schema)}


def _problem(description: str) -> dict[str, Any]:
    return {
        "description": description,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
