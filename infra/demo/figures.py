"""A figure of a story beside what it must be."""

from __future__ import annotations

from typing import NamedTuple


class Figure(NamedTuple):
    """What is counted, as it is shown: seen, and what it must be."""

    title: str
    seen: str
    must: str


def wrong(figures: list[Figure]) -> list[str]:
    """Each figure that is off, as a sentence."""
    return [f"{f.title} is {f.seen}, must be {f.must}" for f in figures if f.seen != f.must]
