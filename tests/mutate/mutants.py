"""Every figure of the parameter files, wrong in each way that somebody could write it wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from shared.policy import ALL, Definition, Entry, Figure, Kind, Policy

DAY: Final = timedelta(days=1)
TENTH: Final = Fraction(1, 10)
"""By how much a ratio is changed: enough for a handful of people to notice."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A series with one figure or one date of one entry changed; ``change`` says how."""

    entry: Entry
    change: str
    series: tuple[Entry, ...]

    @property
    def name(self) -> str:
        """The parameter's."""
        return self.entry.name


def mutants(policy: Policy, names: Sequence[str] = ()) -> Iterator[Mutant]:
    """All of a policy, or of some parameters."""
    for definition in policy.definitions():
        if names and definition.name not in names:
            continue
        entries = policy.entries(definition.name)
        for series in _series(entries):
            for entry in series:
                for change, figure in _figures(definition, entry.figure):
                    yield Mutant(entry, change, _with(series, entry, replace(entry, figure=figure)))
                for change, moved in _dates(entries, series, entry):
                    yield Mutant(entry, change, moved)


def _series(entries: Sequence[Entry]) -> list[tuple[Entry, ...]]:
    keys = dict.fromkeys((entry.programme, entry.scope) for entry in entries)
    return [tuple(e for e in entries if (e.programme, e.scope) == key) for key in keys]


def _figures(definition: Definition, figure: Figure) -> Iterator[tuple[str, Figure]]:
    """Other figures in a figure's place, each with what it is called."""
    if definition.optional and figure is not None:
        yield "none", None
    match figure:
        case None:
            yield from ((str(other), other) for other in _any(definition))
        case bool():
            yield str(not figure).lower(), not figure
        case int():
            yield from ((f"{by:+}", figure + by) for by in (1, -1) if figure + by >= 0)
        case date():
            yield from ((f"{by.days:+} day", figure + by) for by in (DAY, -DAY))
        case Fraction():
            tenths = ((by, figure + by * TENTH) for by in (1, -1))
            yield from ((f"{by:+}/10", other) for by, other in tenths if other >= 0)
        case str():
            yield from ((code, code) for code in definition.choices if code != figure)
        case tuple():
            yield from _lists(definition, figure)


def _lists(definition: Definition, codes: tuple[str, ...]) -> Iterator[tuple[str, Figure]]:
    """Lists with one code less, and with one more."""
    for code in definition.choices:
        if code in codes:
            yield f"without {code}", tuple(c for c in codes if c != code)
        else:
            yield f"with {code}", (*codes, code)


def _any(definition: Definition) -> tuple[Figure, ...]:
    """Figures for where the regime sets none."""
    match definition.kind:
        case Kind.RATIO:
            return (Fraction(1, 2),)
        case Kind.CODE:
            return definition.choices
        case Kind.DATE:
            return (date.max,)
        case _:
            return (1,)


def _dates(
    entries: Sequence[Entry], series: tuple[Entry, ...], entry: Entry
) -> Iterator[tuple[str, tuple[Entry, ...]]]:
    """A day earlier and later, for where it begins, and for where it ends with none to follow.

    Where the place has the same value without the entry, a day more or less changes nothing.
    Where it has none at all, no case is decided by the parameter: the first day of all is moved
    later only.
    """
    at = series.index(entry)
    before = series[at - 1] if at else None
    first, last = entry.valid_from, entry.valid_to
    if _without(entries, entry, before, first) != (entry.figure,):
        yield "begins a day later", _moved(series, entry, before, first + DAY)
    if _without(entries, entry, before, first - DAY) not in ((), (entry.figure,)):
        yield "begins a day earlier", _moved(series, entry, before, first - DAY)
    if entry is not series[-1] or last is None:
        return
    if _without(entries, entry, None, last + DAY) != (entry.figure,):
        yield "ends a day later", _with(series, entry, replace(entry, valid_to=last + DAY))
    if _without(entries, entry, None, last) != (entry.figure,):
        yield "ends a day earlier", _with(series, entry, replace(entry, valid_to=last - DAY))


def _without(
    entries: Sequence[Entry], entry: Entry, before: Entry | None, day: date
) -> tuple[Figure, ...]:
    """What a place has on a day without the entry: what came before it, else a wider value."""
    if before is not None:
        return (before.figure,)
    wider = [
        other
        for other in entries
        if other.valid_from <= day <= (other.valid_to or day)
        and entry.scope.startswith(other.scope)
        and (other.programme, other.scope) != (entry.programme, entry.scope)
        and other.programme in (entry.programme, ALL)
    ]
    nearest = max(wider, key=lambda e: (len(e.scope), e.programme != ALL), default=None)
    return () if nearest is None else (nearest.figure,)


def _moved(
    series: tuple[Entry, ...], entry: Entry, before: Entry | None, first: date
) -> tuple[Entry, ...]:
    moved = _with(series, entry, replace(entry, valid_from=first))
    return _with(moved, before, replace(before, valid_to=first - DAY)) if before else moved


def _with(series: tuple[Entry, ...], entry: Entry, instead: Entry) -> tuple[Entry, ...]:
    return tuple(instead if each == entry else each for each in series)
