"""Whether contracts still keep what was released.

A version of an event only ever grows by new optional fields; anything else is a new version with
an upcaster. So a released schema must be found again in today's: every type, every field with
the same values allowed, and nothing new that a writer of the released version did not have to
give. Titles and descriptions may change.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Schema = dict[str, Any]

_WORDING = frozenset({"title", "description", "$schema", "$id", "$defs"})
_OF_OBJECTS = frozenset({"properties", "required"})


def broken(released: Mapping[str, Schema], current: Mapping[str, Schema]) -> list[str]:
    """What of the released schemas today's no longer keep, one sentence each."""
    problems = []
    for event_type, before in released.items():
        now = current.get(event_type)
        if now is None:
            problems.append(f"{event_type}: released, and gone")
            continue
        problems += _compare(_resolved(before, before), _resolved(now, now), event_type)
    return problems


def _resolved(schema: Any, whole: Schema) -> Any:
    """The schema with references replaced by what they name, without wording."""
    if isinstance(schema, list):
        return [_resolved(item, whole) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        return _resolved(whole["$defs"][name] | beside, whole)
    if "properties" in schema:
        fields = {name: _resolved(s, whole) for name, s in schema["properties"].items()}
        schema = schema | {"properties": None}
        return _without_wording(schema, whole) | {"properties": fields}
    return _without_wording(schema, whole)


def _without_wording(schema: Schema, whole: Schema) -> Schema:
    return {key: _resolved(value, whole) for key, value in schema.items() if key not in _WORDING}


def _compare(before: Any, now: Any, where: str) -> list[str]:
    if isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        pairs = zip(before, now, strict=True)
        return [problem for b, n in pairs for problem in _compare(b, n, where)]
    if not isinstance(before, dict) or not isinstance(now, dict):
        return [] if before == now else [f"{where}: was {before}, is {now}"]
    problems = []
    for key in sorted((before.keys() | now.keys()) - _OF_OBJECTS):
        if key not in before or key not in now:
            problems.append(f"{where}: {key} was {before.get(key)}, is {now.get(key)}")
        else:
            problems += _compare(before[key], now[key], where)
    return problems + _compare_fields(before, now, where)


def _compare_fields(before: Schema, now: Schema, where: str) -> list[str]:
    had, has = before.get("properties", {}), now.get("properties", {})
    needed, needs = set(before.get("required", ())), set(now.get("required", ()))
    problems = []
    for name in had:
        if name not in has:
            problems.append(f"{where}.{name}: released, and gone")
        else:
            problems += _compare(had[name], has[name], f"{where}.{name}")
    problems += [
        f"{where}.{n}: was optional, is required" for n in sorted((needs - needed) & had.keys())
    ]
    problems += [
        f"{where}.{n}: was required, is optional" for n in sorted(needed - needs) if n in has
    ]
    problems += [f"{where}.{n}: new, and required" for n in sorted(needs - had.keys())]
    return problems
