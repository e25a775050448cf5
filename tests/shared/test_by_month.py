"""Amounts by month, held against a dictionary that has every month for itself."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.payment.model import ByMonth, Stretch
from shared.calendar import Month

MAY = Month(2020, 5)
HORIZON = 24
INDEX = st.integers(0, HORIZON - 1)
FEN = st.integers(0, 3).map(lambda n: n * 100_00)
"""Few amounts, so that neighbours are often the same."""


def month(index: int) -> Month:
    return MAY.next(index)


@st.composite
def settings_(draw: st.DrawFn) -> tuple[int, int | None, int]:
    first = draw(INDEX)
    last = draw(st.none() | st.integers(first, HORIZON))
    return first, last, draw(FEN)


SETTINGS = st.lists(settings_(), max_size=6)


def built(settings: list[tuple[int, int | None, int]]) -> ByMonth:
    amounts = ByMonth()
    for first, last, fen in settings:
        amounts = amounts.since(month(first), fen, None if last is None else month(last))
    return amounts


def by_hand(settings: list[tuple[int, int | None, int]]) -> list[int]:
    """Every month from one before MAY to some past the horizon."""
    found = [0] * (HORIZON + 4)
    for first, last, fen in settings:
        for index in range(first, len(found) - 1):
            found[index + 1] = fen if last is None or index <= last else 0
    return found


def seen(amounts: ByMonth) -> list[int]:
    return [amounts.at(month(index)) for index in range(-1, HORIZON + 3)]


@given(SETTINGS)
def test_a_later_setting_cuts_everything_from_its_month_on(
    settings: list[tuple[int, int | None, int]],
) -> None:
    assert seen(built(settings)) == by_hand(settings)


@given(SETTINGS, st.integers(0, HORIZON + 2))
def test_the_sum_over_months_is_the_sum_over_stretches(
    settings: list[tuple[int, int | None, int]], through: int
) -> None:
    amounts = built(settings)
    by_stretch = sum(
        fen * max(0, first.months_until(min(last or month(through), month(through))) + 1)
        for first, last, fen in amounts.stretches()
    )
    by_the_month = sum(fen for _, fen in amounts.months(month(through)))
    assert by_the_month == by_stretch == sum(seen(amounts)[: through + 2])


@given(SETTINGS, INDEX, st.integers(0, 6), st.integers(1, 6), FEN)
def test_splitting_a_setting_changes_nothing(
    settings: list[tuple[int, int | None, int]], first: int, cut: int, more: int, fen: int
) -> None:
    start, middle, end = month(first), month(first + cut), month(first + cut + more)
    whole = built(settings).since(start, fen, end)
    parts = built(settings).since(start, fen, middle).since(middle.next(), fen, end)
    assert parts == whole


@given(SETTINGS, SETTINGS)
def test_equal_months_are_equal_values(
    left: list[tuple[int, int | None, int]], right: list[tuple[int, int | None, int]]
) -> None:
    assert (built(left) == built(right)) == (seen(built(left)) == seen(built(right)))


@given(SETTINGS, SETTINGS)
def test_two_are_added_subtracted_and_multiplied_month_by_month(
    left: list[tuple[int, int | None, int]], right: list[tuple[int, int | None, int]]
) -> None:
    a, b = built(left), built(right)
    pairs = list(zip(seen(a), seen(b), strict=True))
    assert seen(a + b) == [x + y for x, y in pairs]
    assert seen(a - b) == [x - y for x, y in pairs]
    assert seen(a * b) == [x * y for x, y in pairs]


@given(SETTINGS, INDEX)
def test_a_month_parts_what_is_until_it_from_what_is_after(
    settings: list[tuple[int, int | None, int]], index: int
) -> None:
    amounts = built(settings)
    months = seen(amounts)
    assert seen(amounts.until(month(index))) == [*months[: index + 2], *[0] * (HORIZON + 2 - index)]
    assert amounts.until(month(index)) + amounts.after(month(index)) == amounts
    assert amounts.after(None) == amounts
    assert amounts.until(None) == ByMonth()


@given(SETTINGS, INDEX, st.integers(0, 6), st.integers(-2, 2))
def test_some_months_in_between_are_changed_and_no_others(
    settings: list[tuple[int, int | None, int]], first: int, length: int, value: int
) -> None:
    amounts = built(settings)
    changed = amounts.over(month(first), month(first + length), value)
    for index in range(-1, HORIZON + 12):
        inside = first <= index <= first + length
        assert changed.at(month(index)) == (value if inside else amounts.at(month(index)))


@given(SETTINGS, SETTINGS)
def test_changes_lead_from_one_to_the_other(
    left: list[tuple[int, int | None, int]], right: list[tuple[int, int | None, int]]
) -> None:
    before, after = built(left), built(right)
    changes = list(before.changes_to(after))
    for index in range(-1, HORIZON + 3):
        at = month(index)
        told = [c.value for c in changes if c.from_month <= at <= (c.last_month or at)]
        assert told == ([] if before.at(at) == after.at(at) else [after.at(at)])
    assert not list(after.changes_to(after))


def test_changes_beside_each_other_are_told_as_one_where_they_come_to_the_same() -> None:
    before = ByMonth().since(MAY, 100, month(2)).since(month(2), 200)
    after = ByMonth().since(MAY, 300, month(5))
    assert list(before.changes_to(after)) == [
        Stretch(MAY, month(5), 300),
        Stretch(month(6), None, 0),
    ]


def test_a_setting_that_ends_before_it_begins_only_cuts() -> None:
    before = ByMonth().since(MAY, 100)
    assert before.since(month(3), 200, month(2)) == ByMonth().since(MAY, 100, month(2))
