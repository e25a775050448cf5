"""Validation errors told without repeating what was sent.

The validator's own messages and contexts can hold the input (a name, a number, a character of
it), and so can the place of an error (the name of an unknown field, the key of a mapping). So a
field's name is told only if the service's own schema knows it, and the rule only in our words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from pydantic import JsonValue

from shared.web.problems import Known, Problem

MAX_FIELDS = 50
"""How many fields one problem lists; a body can be wrong in thousands of places."""

JSON_TYPE: Final = "application/json"

UNKNOWN_NAME = "*"
"""Stands for a name that the schema does not know."""

Rules = Mapping[str, tuple[str, str]]

RULES: Final[Rules] = {
    "missing": ("必填", "required"),
    "extra_forbidden": ("不接受的字段", "no such field"),
    "string_type": ("应为文本", "must be text"),
    "string_too_short": ("文本过短", "text too short"),
    "string_too_long": ("文本过长", "text too long"),
    "string_pattern_mismatch": ("格式不符", "does not match the pattern"),
    "int_type": ("应为整数", "must be an integer"),
    "int_parsing": ("应为整数", "must be an integer"),
    "int_from_float": ("应为整数", "must be an integer"),
    "bool_type": ("应为是或否", "must be true or false"),
    "bool_parsing": ("应为是或否", "must be true or false"),
    "greater_than": ("数值过小", "too small"),
    "greater_than_equal": ("数值过小", "too small"),
    "less_than": ("数值过大", "too large"),
    "less_than_equal": ("数值过大", "too large"),
    "enum": ("不在可选范围内", "not one of the allowed values"),
    "literal_error": ("不在可选范围内", "not one of the allowed values"),
    "union_tag_invalid": ("不在可选范围内", "not one of the allowed values"),
    "union_tag_not_found": ("缺少类别", "its kind is missing"),
    "uuid_type": ("应为 UUID", "must be a UUID"),
    "uuid_parsing": ("应为 UUID", "must be a UUID"),
    "date_type": ("应为日期 YYYY-MM-DD", "must be a date YYYY-MM-DD"),
    "date_parsing": ("应为日期 YYYY-MM-DD", "must be a date YYYY-MM-DD"),
    "date_from_datetime_parsing": ("应为日期 YYYY-MM-DD", "must be a date YYYY-MM-DD"),
    "date_from_datetime_inexact": ("应为日期 YYYY-MM-DD", "must be a date YYYY-MM-DD"),
    "month": ("应为月份 YYYY-MM", "must be a month YYYY-MM"),
    "datetime_type": ("应为时间", "must be a time"),
    "datetime_parsing": ("应为时间", "must be a time"),
    "timezone_aware": ("时间应带时区", "a time needs its zone"),
    "too_short": ("项目过少", "too few items"),
    "too_long": ("项目过多", "too many items"),
    "list_type": ("应为列表", "must be a list"),
    "dict_type": ("应为对象", "must be an object"),
    "model_type": ("应为对象", "must be an object"),
    "model_attributes_type": ("应为对象", "must be an object"),
}
"""What each kind of error means, in both languages. A service adds its own kinds."""

_GENERAL = ("不符合要求", "not valid")

_ALLOWED: Final = (
    "gt",
    "ge",
    "lt",
    "le",
    "multiple_of",
    "min_length",
    "max_length",
    "pattern",
    "expected",
    "expected_tags",
)
"""The members of an error's context that come from the schema alone, never from the input."""


def problem_of_errors(
    errors: Sequence[Mapping[str, Any]], known_names: frozenset[str], rules: Rules = RULES
) -> Problem:
    """The 422 problem that lists the fields at fault, the rule each breaks and what is allowed.

    ``errors`` are pydantic's, ``known_names`` the names that the service's schema declares. A body
    that is no JSON has no fields: its problem is a 400 that says where reading stopped.
    """
    for error in errors:
        if error.get("type") == "json_invalid":
            return _not_json(error)
    errors = _without_followers(errors)
    fields: list[JsonValue] = [_field(e, known_names, rules) for e in errors[:MAX_FIELDS]]
    members: dict[str, JsonValue] = {"fields": fields}
    if len(errors) > MAX_FIELDS:
        members["fields_in_all"] = len(errors)
    detail = "请按各字段的要求修改 / Correct the fields listed"
    return Problem(Known.INVALID_FIELDS, detail, members=members)


def not_json_typed() -> Problem:
    """The 415 problem of a body that does not say that it is JSON."""
    return Problem(
        Known.MEDIA_TYPE_UNSUPPORTED,
        "请以 Content-Type: application/json 提交 / Send Content-Type: application/json",
        members={"allowed": JSON_TYPE},
    )


def _not_json(error: Mapping[str, Any]) -> Problem:
    *_, place = error.get("loc", (None,))
    if not isinstance(place, int):
        return Problem(Known.BAD_REQUEST, "内容不是有效的 JSON / The body is not valid JSON")
    zh, en = (
        f"内容不是有效的 JSON：第 {place + 1} 个字符",
        f"not valid JSON at character {place + 1}",
    )
    return Problem(Known.BAD_REQUEST, f"{zh} / {en}", members={"character": place + 1})


def _without_followers(errors: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Without a list's "too few" that only its own bad items brought about.

    The validator counts the items that are left; the client sent enough of them.
    """
    spoiled = {
        tuple(loc[:n])
        for loc in (tuple(error.get("loc", ())) for error in errors)
        for n in range(len(loc))
        if isinstance(loc[n], int)
    }
    return [e for e in errors if e.get("type") != "too_short" or tuple(e["loc"]) not in spoiled]


def _field(error: Mapping[str, Any], known_names: frozenset[str], rules: Rules) -> JsonValue:
    kind = str(error.get("type", ""))
    zh, en = rules.get(kind, _GENERAL)
    told: dict[str, JsonValue] = {
        "field": ".".join(_place(error.get("loc", ()), known_names)),
        "rule": kind if kind in rules else "invalid",
        "message": f"{zh} / {en}",
    }
    context = error.get("ctx") or {}
    allowed: dict[str, JsonValue] = {
        name: _plain(context[name]) for name in _ALLOWED if name in context
    }
    if allowed:
        told["allowed"] = allowed
    return told


def _place(loc: Sequence[str | int], known_names: frozenset[str]) -> Iterator[str]:
    for part in loc:
        if isinstance(part, int):
            # A position in a list is short; a number used as a mapping's key may be anything.
            yield str(part) if 0 <= part < 100_000 else UNKNOWN_NAME
        else:
            yield part if part in known_names else UNKNOWN_NAME


def _plain(value: Any) -> JsonValue:
    return value if isinstance(value, bool | int | float) else str(value)


def names_in_schema(openapi: Mapping[str, Any]) -> frozenset[str]:
    """Every name that an OpenAPI document declares: properties, parameters, schemas, tags."""
    names = {"body", "query", "path", "header", "cookie"}
    stack: list[Any] = [openapi]
    while stack:
        node = stack.pop()
        if isinstance(node, list):
            stack.extend(node)
        elif isinstance(node, dict):
            names.update(_declared(node))
            stack.extend(node.values())
    return frozenset(names)


def _declared(node: Mapping[str, Any]) -> Iterator[str]:
    properties = node.get("properties")
    if isinstance(properties, dict):
        yield from properties
    if "in" in node and isinstance(node.get("name"), str):
        yield node["name"]
        yield node["name"].lower()  # a header's error names it in lower case
    schemas = node.get("schemas")
    if isinstance(schemas, dict):
        yield from schemas
    mapping = node.get("mapping")
    if isinstance(mapping, dict):
        yield from mapping
