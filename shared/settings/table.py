"""The settings as a page of the documentation."""

from __future__ import annotations

from pathlib import Path

from pydantic.fields import FieldInfo

from shared.settings.groups import Bounds, Deployment, Engines, Identity, Neighbours, Tables
from shared.settings.model import PER_SERVICE, PREFIX

_HEAD = """# Settings

Read from the environment. An unknown variable with the prefix `DOUDI_` stops the start, and so
does whatever production refuses. Made by `python -m shared.settings`; a test keeps it fresh.
"""


def settings_page() -> str:
    """The page as it stands in ``docs/settings.md``."""
    return f"{_HEAD}\n{settings_table()}"


def settings_table() -> str:
    """All settings as one Markdown table per group: variable, default, what it is for."""
    parts = []
    for group in (Deployment, Engines, Neighbours, Identity, Tables, Bounds):
        rows = [_row(name, field) for name, field in group.model_fields.items()]
        head = f"**{(group.__doc__ or '').strip().rstrip('.')}**"
        parts.append("\n".join([head, "", "| variable | default | for |", "|---|---|---|", *rows]))
    return "\n\n".join(parts) + "\n"


def _row(name: str, field: FieldInfo) -> str:
    stem = PER_SERVICE.get(name)
    variable = f"{stem}<SERVICE>" if stem else PREFIX + name.upper()
    return f"| `{variable}` | {_default(field)} | {(field.description or '').replace('|', '/')} |"


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True, validated_data={})
    if value is None or value in ({}, ()):
        return "–"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value.as_posix() if isinstance(value, Path) else value}`"
