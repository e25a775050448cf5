"""What lies nearest to a question that has no answer: other dates, other places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from typing import Final

from shared.policy.figures import ALL, Entry

_PLACES: Final = 3
"""How many other places are named at most."""


@dataclass(frozen=True, slots=True)
class Near:
    """A value that holds for another date, place or programme than was asked for."""

    programme: str
    scope: str
    valid_from: date
    valid_to: date | None
    source: str

    def __str__(self) -> str:
        where = self.scope or "everywhere"
        until = f"to {self.valid_to}" if self.valid_to else "on"
        return f"{where} from {self.valid_from} {until} ({self.source})"


def nearest_to(
    entries: Iterable[Entry], *, programme: str, region: str, on: date
) -> tuple[Near, ...]:
    """The values nearest to the question, the nearest first; none where no place has one.

    Where the division has one at other times: the last before the date and the first after it.
    Otherwise those of the places that share most digits with the division, best those that hold
    on the date. Otherwise one of each other programme that has one.
    """
    entries = list(entries)
    its_own = [entry for entry in entries if entry.programme in (programme, ALL)]
    here = [entry for entry in its_own if region.startswith(entry.scope)]
    if here:
        return tuple(map(_near, _around(here, on)))
    if its_own:
        return tuple(map(_near, _places(its_own, region, on)))
    others = {entry.programme: entry for entry in sorted(entries, key=lambda e: e.valid_from)}
    return tuple(_near(others[name]) for name in sorted(others))


def _around(entries: Sequence[Entry], on: date) -> list[Entry]:
    """The last that ended before the date, and the first that begins after it."""
    before = [entry for entry in entries if entry.valid_to is not None and entry.valid_to < on]
    after = [entry for entry in entries if entry.valid_from > on]
    last = max(before, key=lambda e: (e.valid_to or on, len(e.scope)), default=None)
    first = min(after, key=lambda e: (e.valid_from, -len(e.scope)), default=None)
    return [entry for entry in (last, first) if entry is not None]


def _places(entries: Sequence[Entry], region: str, on: date) -> list[Entry]:
    """One value of each of the nearest places."""
    best: dict[str, Entry] = {}
    for entry in sorted(entries, key=lambda e: _days_between(e, on)):
        best.setdefault(entry.scope, entry)
    return sorted(
        best.values(),
        key=lambda e: (-_shared_digits(e.scope, region), _days_between(e, on), e.scope),
    )[:_PLACES]


def _shared_digits(scope: str, region: str) -> int:
    """How many digits two codes begin with in common; the first tells the part of the country."""
    return sum(
        1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(scope, region, strict=False))
    )


def _days_between(entry: Entry, on: date) -> int:
    """How many days lie between the value's time and the date; 0 if it holds on it."""
    if on < entry.valid_from:
        return (entry.valid_from - on).days
    return (on - entry.valid_to).days if entry.valid_to and entry.valid_to < on else 0


def _near(entry: Entry) -> Near:
    return Near(
        programme=entry.programme,
        scope=entry.scope,
        valid_from=entry.valid_from,
        valid_to=entry.valid_to,
        source=entry.document.reference,
    )
