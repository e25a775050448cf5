"""Amounts by month: what is due, what a run took up, and where the two differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import add, mul, sub
from typing import Final, NamedTuple

from shared.calendar import Month


class Stretch(NamedTuple):
    """Months in a row with the same amount, both included; ``last_month`` is open if ``None``."""

    from_month: Month
    last_month: Month | None
    value: int


@dataclass(frozen=True, slots=True)
class ByMonth:
    """A whole number for every month there is: fen, or 1 and 0 for yes and no.

    Each step holds from its month until the next step's; before the first it is 0. Steps are in
    order, and no step repeats the number before it, so that equal months are equal values.
    """

    steps: tuple[tuple[Month, int], ...] = ()

    def at(self, month: Month) -> int:
        """The number of a month."""
        found = 0
        for first, value in self.steps:
            if first > month:
                break
            found = value
        return found

    def since(self, month: Month, value: int, last_month: Month | None = None) -> ByMonth:
        """The same before ``month``; from there ``value``, up to ``last_month`` if there is one.

        Whatever was set for later months is cut.
        """
        steps = [step for step in self.steps if step[0] < month]
        if last_month is None:
            return _plain([*steps, (month, value)])
        if last_month < month:
            return _plain([*steps, (month, 0)])
        return _plain([*steps, (month, value), (last_month.next(), 0)])

    def over(self, first: Month, last: Month, value: int) -> ByMonth:
        """The same but for the months from ``first`` to ``last``, which have ``value``."""
        before = [step for step in self.steps if step[0] < first]
        after = [step for step in self.steps if step[0] > last.next()]
        behind = last.next(), self.at(last.next())
        return _plain([*before, (first, value), behind, *after])

    def until(self, last: Month | None) -> ByMonth:
        """The months up to ``last``, and 0 after it; nothing at all for no month."""
        return ByMonth() if last is None else self.since(last.next(), 0)

    def after(self, month: Month | None) -> ByMonth:
        """0 up to ``month``, and the months after it; all of them after no month."""
        if month is None or not self.steps or self.steps[0][0] > month:
            return self
        rest = [step for step in self.steps if step[0] > month.next()]
        return _plain([(month.next(), self.at(month.next())), *rest])

    def present(self) -> ByMonth:
        """1 in every month that is not 0."""
        return _plain([(month, 1 if value else 0) for month, value in self.steps])

    def __add__(self, other: ByMonth) -> ByMonth:
        """Month by month."""
        return _each(add, self, other)

    def __sub__(self, other: ByMonth) -> ByMonth:
        """Month by month."""
        return _each(sub, self, other)

    def __mul__(self, other: ByMonth) -> ByMonth:
        """Month by month."""
        return _each(mul, self, other)

    def stretches(self) -> Iterator[Stretch]:
        """What is not 0, in order."""
        following: list[Month | None] = [*(first for first, _ in self.steps[1:]), None]
        for (first, value), end in zip(self.steps, following, strict=False):
            if value:
                yield Stretch(first, end.previous() if end else None, value)

    def months(self, through: Month) -> Iterator[tuple[Month, int]]:
        """Every month up to ``through`` that is not 0, with its number."""
        for first, last, value in self.stretches():
            for month in first.through(min(last or through, through)):
                yield month, value

    def changes_to(self, other: ByMonth) -> Iterator[Stretch]:
        """The stretches in which another differs, with the other's number, which may be 0."""
        starts = _starts(self, other)
        ends: list[Month | None] = [*(month.previous() for month in starts[1:]), None]
        found: Stretch | None = None
        for first, last in zip(starts, ends, strict=False):
            value = other.at(first)
            if self.at(first) == value:
                following = None
            elif found is not None and found.value == value:
                following = Stretch(found.from_month, last, value)
                found = None
            else:
                following = Stretch(first, last, value)
            if found is not None:
                yield found
            found = following
        if found is not None:
            yield found


NOTHING: Final = ByMonth()
"""0 in every month."""


def _starts(left: ByMonth, right: ByMonth) -> list[Month]:
    return sorted({month for month, _ in (*left.steps, *right.steps)})


def _each(operation: Callable[[int, int], int], left: ByMonth, right: ByMonth) -> ByMonth:
    starts = _starts(left, right)
    return _plain([(month, operation(left.at(month), right.at(month))) for month in starts])


def _plain(steps: list[tuple[Month, int]]) -> ByMonth:
    """Of steps in order: without those that repeat the number before them."""
    kept: list[tuple[Month, int]] = []
    for month, value in steps:
        if value != (kept[-1][1] if kept else 0):
            kept.append((month, value))
    return ByMonth(tuple(kept))
