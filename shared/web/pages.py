"""The documentation page of a service: its OpenAPI document as plain HTML.

Nothing is loaded from elsewhere and nothing runs in the browser: an office network that reaches
only the service still gets its documentation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

_STYLE = """
body{font:16px/1.6 system-ui,"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif;
max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c2733}
h2{margin-top:2.5rem;font-size:1.1rem}
code{font:0.9em ui-monospace,monospace;background:#eef2f5;padding:0 .25em;border-radius:.2em}
.method{font-weight:700;color:#0b5c8a}
table{border-collapse:collapse;width:100%;font-size:.9rem}
td,th{border:1px solid #d5dde3;padding:.2rem .5rem;text-align:left;vertical-align:top}
.note{color:#51606d;font-size:.9rem}
"""


def render(document: Mapping[str, Any], root: str = "") -> str:
    """The page of an OpenAPI document. ``root`` is where the application is mounted."""
    info = document["info"]
    schemas = document.get("components", {}).get("schemas", {})
    body = [
        f"<h1>{escape(info['title'])}</h1>",
        f"<p>{escape(info.get('description') or '')}</p>",
        f'<p class="note"><a href="{escape(root)}/openapi.json">OpenAPI</a></p>',
    ]
    for path, item in document.get("paths", {}).items():
        for method, operation in item.items():
            body += _operation(method.upper(), root + path, operation, schemas)
    body += ["<h2>问题类型 / Problem types</h2>", *_problems(info.get("x-doudi-problems", []))]
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(info['title'])}</title><style>{_STYLE}</style></head>"
        f"<body>{''.join(body)}</body></html>"
    )


def _operation(
    method: str, path: str, operation: Mapping[str, Any], schemas: Mapping[str, Any]
) -> Iterator[str]:
    yield f'<h2><span class="method">{method}</span> <code>{escape(path)}</code></h2>'
    yield f"<p>{escape(operation.get('summary', ''))}</p>"
    yield f'<p class="note">{escape(operation.get("description", ""))}</p>'
    access = operation.get("x-doudi-access")
    if access:
        who = ", ".join([*access["roles"], *(f"→ {name}" for name in access["purposes"])])
        reach = escape(access["jurisdiction"])
        yield f'<p class="note">岗位 / Roles: {escape(who)}; 辖区 / Jurisdiction: {reach}</p>'
    rows = [
        _row(p["name"], p["in"], p.get("required", False), p.get("schema", {}))
        for p in operation.get("parameters", [])
    ]
    for media in operation.get("requestBody", {}).get("content", {}).values():
        schema = _resolved(media.get("schema", {}), schemas)
        required = schema.get("required", [])
        for name, part in schema.get("properties", {}).items():
            rows.append(_row(name, "body", name in required, part))
    if rows:
        yield "<table><tr><th>名称 / Name</th><th>位置 / In</th><th>必填 / Required</th>"
        yield f"<th>类型 / Type</th></tr>{''.join(rows)}</table>"


def _row(name: str, place: str, required: bool, schema: Mapping[str, Any]) -> str:
    needed = "✓" if required else ""
    about = f"{_type(schema)} {schema.get('description', '')}".strip()
    cells = (f"<code>{escape(name)}</code>", escape(place), needed, escape(about))
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _type(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            return " | ".join(_type(part) for part in schema[choice])
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    if schema.get("type") == "array":
        return f"[{_type(schema.get('items', {}))}]"
    parts = [schema.get("type", ""), schema.get("format", ""), schema.get("pattern", "")]
    return " ".join(str(part) for part in parts if part)


def _resolved(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in schema:
        return schema
    found: Mapping[str, Any] = schemas.get(str(schema["$ref"]).rsplit("/", 1)[-1], {})
    return found


def _problems(kinds: list[dict[str, Any]]) -> Iterator[str]:
    rows = "".join(
        f"<tr><td>{kind['status']}</td><td><code>{escape(kind['type'])}</code></td>"
        f"<td>{escape(kind['title'])}</td></tr>"
        for kind in sorted(kinds, key=lambda kind: (kind["status"], kind["type"]))
    )
    yield f"<table>{rows}</table>"
