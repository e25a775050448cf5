"""What events are called: Chinese first, English beside."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

_FILE: Final = Path(__file__).parent / "labels.toml"


class Label(NamedTuple):
    """A name in Chinese and in English."""

    zh: str
    en: str


@cache
def _labels() -> dict[str, Label]:
    found = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {
        f"{owner}.{name}": Label(*label)
        for owner, named in found.items()
        for name, label in named.items()
    }


def label_of(event_type: str, regime: str = "") -> Label:
    """What events of a type are called; one that nobody named is called by its type.

    ``regime`` is what an application is decided under (a choice of ``procedure_regime``): where
    its measures have a word of their own (审批, before 审核确认), that is the name.
    """
    _doudi, owner, name, _version = event_type.split(".")
    known = _labels()
    own = known.get(f"{owner}/{regime}.{name}")
    return own or known.get(f"{owner}.{name}", Label(event_type, event_type))
