"""What a place sets for itself, as a deployment lays it over the built-in parameters."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Final

SINCE: Final = date(2012, 12, 12)

Value = str | int | list[str] | date
"""As parameter files write it: whole numbers in the parameter's unit, ``1/4``, a code or several,
a date, ``none``.
"""


def notice(
    folder: Path,
    scope: str = "",
    programme: str = "dibao",
    *,
    since: date = SINCE,
    **values: Value | Mapping[date, Value],
) -> Path:
    """The folder, with the file of a place's notice that sets these parameters.

    ``scope`` is the prefix of the place's divisions. A value holds from ``since`` on; where it
    changes, values are given by their first day.
    """
    lines = (f"{name} = [{', '.join(_entries(value, since))}]" for name, value in values.items())
    text = f"""
authority = "place"
scope = "{scope}"

[documents.notice]
title = "A notice of the place"
valid_from = {since}
by_article = false

[values.{programme}]
"""
    (folder / "notice.toml").write_text(text + "\n".join(lines), encoding="utf-8")
    return folder


def _entries(value: Value | Mapping[date, Value], since: date) -> list[str]:
    by_day = value if isinstance(value, Mapping) else {since: value}
    days = sorted(by_day)
    lasts = [f", valid_to = {following - timedelta(days=1)}" for following in days[1:]] + [""]
    return [
        f'{{ document = "notice", value = {_written(by_day[day])}, valid_from = {day}{last} }}'
        for day, last in zip(days, lasts, strict=True)
    ]


def _written(value: Value) -> str:
    return value.isoformat() if isinstance(value, date) else json.dumps(value)
