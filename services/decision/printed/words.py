"""What codes and figures are called in print: Chinese first, English beside."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Final

from shared.contracts.fields import Due, NoteRef
from shared.money import format_yuan

_FILE: Final = Path(__file__).with_name("words.toml")


@cache
def _words() -> dict[str, dict[str, tuple[str, str]]]:
    found = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {kind: {code: (zh, en) for code, (zh, en) in of.items()} for kind, of in found.items()}


def known(kind: str) -> frozenset[str]:
    """The codes of a kind that have a name."""
    return frozenset(_words()[kind])


def said(kind: str, code: str) -> str:
    """A code's name in both languages. Raises ``KeyError`` for one without a name."""
    zh, en = pair(kind, code)
    return f"{zh} / {en}"


def pair(kind: str, code: str) -> tuple[str, str]:
    """A code's name in Chinese and in English. Raises as ``said`` does."""
    return _words()[kind][code]


def yuan(fen: int) -> str:
    """An amount with thousands apart: ``2,200.00``."""
    whole, _, decimals = format_yuan(fen).partition(".")
    return f"{int(whole):,}.{decimals}"


def day_of(due: Due) -> str:
    """A last day, and whether its working days were counted before their calendar was out."""
    provisional = "（暂定 / provisional）" if due.provisional else ""
    return f"{due.on}{provisional}"


def filed(note: NoteRef) -> str:
    """Where what was said or written is to be found: it is in the vault, and not in print."""
    return f"  笔录档号 / record filed under: {note.note_id}"
